package main

import (
	"fmt"
	"io"
	"strings"

	"twinledger/adapters/httpapi"
	"twinledger/domain/intake/reading"
)

// mostFounded is how many new schools or communities are named.
const mostFounded = 20

// printFounded names the schools and communities that the ledger does not have and that a file
// brings, with those that they may be: a name that is written otherwise makes a second school.
func printFounded(w io.Writer, r httpapi.ImportReport) {
	words := map[string][2]string{"school": {"台账中没有的学校", "schools that the ledger does not have"}, "community": {"台账中没有的共同体", "communities that the ledger does not have"}}
	for _, kind := range []string{"school", "community"} {
		var named []string
		count := 0
		for _, f := range r.Founded {
			if f.Kind != kind {
				continue
			}
			if count++; count > mostFounded {
				continue
			}
			text := f.Name + foundedAt(f.Row)
			if len(f.Like) > 0 {
				text += "，可能就是 perhaps " + strings.Join(f.Like, "、")
			}
			named = append(named, text)
		}
		if count == 0 {
			continue
		}
		more := ""
		if count > mostFounded || r.UnlistedFounded > 0 {
			more = "……"
		}
		fmt.Fprintf(w, "  %s %s：%s%s\n", words[kind][0], words[kind][1], strings.Join(named, "；"), more)
	}
	if r.NewPeople > 0 {
		fmt.Fprintf(w, "  台账中没有的人员 people that the ledger does not have：%d\n", r.NewPeople)
	}
}

func foundedAt(row reading.RowAt) string { return fmt.Sprintf("（第 %s 行）", row) }
