package tabular

import (
	"reflect"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/org"
	"twinledger/domain/seal"
)

// HeaderTurns is above what was said of a school, community or person since it
// first came up: one line for each, in the order in which it was said.
const HeaderTurns = "变更"

// sorts are the words for the sorts of turns.
var sorts = map[org.Sort]string{
	org.SortConfirmed: "确认", org.SortIdentified: "认定为", org.SortAliased: "又名", org.SortRenamed: "更名", org.SortMerged: "并入",
	org.SortSplit: "分设", org.SortPlacedUnder: "隶属",
}

// ofSchools are the sorts that only a school takes.
var ofSchools = map[org.Sort]bool{org.SortRenamed: true, org.SortMerged: true, org.SortSplit: true, org.SortPlacedUnder: true}

// A turn is an [org.Turn] as its cell is written.
type turn struct {
	Sort        string            `json:"turn"`
	On          calendar.Occurred `json:"occurred"`
	Name        seal.Text         `json:"name"`
	Others      []string          `json:"others"`
	Memberships bool              `json:"memberships"`
}

// WriteTurns writes what was said of the school, community or person of a stream;
// names are to have been opened.
func WriteTurns(turns []org.Turn, names Names) string {
	w := writer{names: names}
	told := make([]turn, len(turns))
	for i, t := range turns {
		told[i] = turn{Sort: sorts[t.Sort], Name: seal.Text{Clear: t.Name}, Memberships: t.Memberships}
		if t.On != "" {
			told[i].On = calendar.OnDay(t.On)
		}
		for _, key := range t.Keys {
			told[i].Others = append(told[i].Others, w.word(key, event.StreamKind(key), ""))
		}
	}
	return guard(w.value(reflect.ValueOf(told), "turns", ""))
}

// ReadTurns reads what [WriteTurns] wrote of something of a kind. It fails with a
// fault whose place names the column and the value.
func ReadTurns(text, kind string, keys Keys) ([]org.Turn, error) {
	var told []turn
	r := reader{keys: keys}
	if err := r.value(reflect.ValueOf(&told).Elem(), bare(text), "turns", ""); err != nil {
		return nil, at(err, HeaderTurns, text)
	}
	var out []org.Turn
	for _, t := range told {
		one := org.Turn{Sort: sortOf(t.Sort), Name: t.Name.Clear, Memberships: t.Memberships}
		if one.Sort == "" || kind != "school" && ofSchools[one.Sort] {
			return nil, at(ErrUnknownWord, HeaderTurns, t.Sort)
		}
		if t.On.Precision() == calendar.PrecisionDay {
			one.On = calendar.Day(t.On.Value())
		} else if t.On != "" {
			return nil, at(ErrUnreadable, HeaderTurns, string(t.On))
		}
		for _, name := range t.Others {
			key, err := r.word(name, kind, "")
			if err != nil {
				return nil, at(err, HeaderTurns, name)
			}
			one.Keys = append(one.Keys, key)
		}
		out = append(out, one)
	}
	return out, nil
}

func sortOf(word string) org.Sort {
	for sort, zh := range sorts {
		if zh == word {
			return sort
		}
	}
	return ""
}
