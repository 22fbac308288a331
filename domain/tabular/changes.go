package tabular

import (
	"reflect"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/org"
	"twinledger/domain/seal"
)

// HeaderChanges heads the column of the changes of a school, community or person.
// A cell has one line for each change, in the order in which they were recorded.
const HeaderChanges = "变更"

// changeKinds are all kinds of changes, and whether only a school has them.
var changeKinds = map[org.ChangeKind]bool{
	org.ChangeConfirmed: false, org.ChangeIdentified: false, org.ChangeAliased: false,
	org.ChangeRenamed: true, org.ChangeMerged: true, org.ChangeSplit: true, org.ChangePlacedUnder: true,
}

// A changeCell is an [org.Change] in the form in which it is written into a cell.
type changeCell struct {
	Kind        string            `json:"turn"`
	On          calendar.Occurred `json:"occurred"`
	Name        seal.Text         `json:"name"`
	Others      []string          `json:"others"`
	Memberships bool              `json:"memberships"`
}

// WriteChanges writes the changes of one school, community or person as the text of
// a cell. The caller has opened (unsealed) the names before.
func WriteChanges(changes []org.Change, names Names) string {
	w := writer{names: names}
	cells := make([]changeCell, len(changes))
	for i, t := range changes {
		kind, _ := t.Kind.Words()
		cells[i] = changeCell{Kind: kind, Name: seal.Text{Clear: t.Name}, Memberships: t.Memberships}
		if t.On != "" {
			cells[i].On = calendar.OnDay(t.On)
		}
		for _, key := range t.Keys {
			cells[i].Others = append(cells[i].Others, w.word(key, event.StreamKind(key), ""))
		}
	}
	return guard(w.value(reflect.ValueOf(cells), "changes", ""))
}

// ReadChanges reads a cell that [WriteChanges] wrote for an entity of a kind. It fails
// with a fault whose place names the column and the value.
func ReadChanges(text, kind string, keys Keys) ([]org.Change, error) {
	var cells []changeCell
	r := reader{keys: keys}
	if err := r.value(reflect.ValueOf(&cells).Elem(), bare(text), "changes", ""); err != nil {
		return nil, at(err, HeaderChanges, text)
	}
	var out []org.Change
	for _, t := range cells {
		one := org.Change{Kind: changeKindOf(t.Kind), Name: t.Name.Clear, Memberships: t.Memberships}
		if one.Kind == "" || kind != "school" && changeKinds[one.Kind] {
			return nil, at(ErrUnknownWord, HeaderChanges, t.Kind)
		}
		if t.On.Precision() == calendar.PrecisionDay {
			one.On = calendar.Day(t.On.Value())
		} else if t.On != "" {
			return nil, at(ErrUnreadable, HeaderChanges, string(t.On))
		}
		for _, name := range t.Others {
			key, err := r.word(name, kind, "")
			if err != nil {
				return nil, at(err, HeaderChanges, name)
			}
			one.Keys = append(one.Keys, key)
		}
		out = append(out, one)
	}
	return out, nil
}

// changeKindOf returns the kind that a word stands for, "" when it stands for none. A
// closing 为 may be left out: 更名, 分设.
func changeKindOf(word string) org.ChangeKind {
	bare := strings.TrimSuffix(word, "为")
	for kind := range changeKinds {
		if zh, _ := kind.Words(); bare != "" && bare == strings.TrimSuffix(zh, "为") {
			return kind
		}
	}
	return ""
}
