package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// correctionMoments is at how many random moments the import of a corrected file
// is killed.
const correctionMoments = 10

// TestKilledWhileCorrecting kills real processes with SIGKILL while they import a
// corrected file, lets the same command finish, and finds log and read models as
// if nothing had happened.
func TestKilledWhileCorrecting(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first, second := filepath.Join(folder, "first.csv"), filepath.Join(folder, "second.csv")
	former, now := recordLines(60)
	writeLines(t, first, former)
	writeLines(t, second, now)
	opened := filepath.Join(t.TempDir(), "opened")
	mustRun(t, nil, "-d", opened, "init", "--district", "样例县", "--assume", "2009-2019")
	mustRun(t, nil, "-d", opened, "import", "--source", "甲校", first)
	correcting := []string{"import", "--source", "甲校", second}

	corrected := filepath.Join(t.TempDir(), "corrected")
	copyFolder(t, opened, corrected)
	start := time.Now()
	out := mustRun(t, nil, append([]string{"-d", corrected}, correcting...)...)
	length := time.Since(start)
	if want := "新增 added 5，更正 corrected 15，删除 removed 6"; !strings.Contains(out, want) {
		t.Fatalf("%q is missing:\n%s", want, out)
	}
	want := canonicalDump(t, corrected)

	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, an undisturbed import took %s", seed, length)
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // moments need no secrecy
	for i := range correctionMoments {
		moment := random.Float64()
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			folder, after := killedAt(t, work{from: opened, args: correcting, length: length}, moment)
			t.Logf("killed after %s", after.Round(time.Millisecond))
			mustRun(t, nil, append([]string{"-d", folder}, correcting...)...)
			if diff := cmp.Diff(want, canonicalDump(t, folder)); diff != "" {
				t.Errorf("after being killed and continued (-undisturbed +continued):\n%s", diff)
			}
		})
	}
}

// recordLines returns a file of n lessons, and the same with every fourth one
// changed, every tenth one gone and five new ones; the others keep their number.
func recordLines(n int) (former, now []string) {
	heading := "序号,日期,共同体,类别,形式,内容,学科,派出单位,接收单位,人员,数量,单位,佐证材料,备注"
	former, now = append(former, heading), append(now, heading)
	row := func(i int, subject string) string {
		return fmt.Sprintf("%d,2018-%02d-%02d,某共同体,示范课,送课,第%d课,%s,甲校,乙校,李老师,%d,节,,", i, 3+i/25, 1+i%25, i, subject, i)
	}
	for i := range n {
		former = append(former, row(i, "语文"))
		switch {
		case i%10 == 5:
		case i%4 == 0:
			now = append(now, row(i, "数学"))
		default:
			now = append(now, row(i, "语文"))
		}
	}
	for i := range 5 {
		now = append(now, row(n+i, "音乐"))
	}
	return former, now
}

func writeLines(t *testing.T, path string, lines []string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}
