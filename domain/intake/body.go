package intake

import (
	"reflect"

	"twinledger/domain/command"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// The bodies of commands that report and correct records differ by the kind's type of facts.
// A row's facts are a value of that type, known only when the program runs, so that these
// functions set the fields of a body by reflection.

// reportBody returns the body of a command that reports facts: the one that a definition
// takes, with the facts in it.
func reportBody(d command.Definition, facts any) any {
	body := reflect.New(reflect.TypeOf(d.Example())).Elem()
	body.Field(0).Set(reflect.ValueOf(facts))
	return body.Interface()
}

// correctBody returns the body of a command that corrects a record: facts replace what its
// opening event said.
func correctBody(d command.Definition, facts any, reason seal.Text) any {
	body := reflect.New(reflect.TypeOf(d.Example())).Elem()
	body.FieldByName("Facts").Set(reflect.ValueOf(facts))
	body.FieldByName("Reason").Set(reflect.ValueOf(reason))
	return body.Interface()
}

// voidBody returns the body of a command that voids an event of a stream, "" the one that
// opened it.
func voidBody(d command.Definition, target string, reason seal.Text) any {
	body := reflect.New(reflect.TypeOf(d.Example())).Elem()
	body.FieldByName("Target").SetString(target)
	body.FieldByName("Reason").Set(reflect.ValueOf(reason))
	return body.Interface()
}

// of returns facts as those of a district.
func of(facts any, district string) any { return with(facts, "District", district) }

// from returns facts as read at a place of a file, where their kind keeps that.
func from(facts any, source *record.Source) any { return with(facts, "Source", source) }

// with returns facts with a field set, where their type has it.
func with(facts any, field string, value any) any {
	out := reflect.New(reflect.TypeOf(facts)).Elem()
	out.Set(reflect.ValueOf(facts))
	if f := out.FieldByName(field); f.IsValid() && f.Type() == reflect.TypeOf(value) {
		f.Set(reflect.ValueOf(value))
	}
	return out.Interface()
}

// malformed returns what is wrong with facts, nil when nothing is.
func malformed(d command.Definition, facts any) error {
	stated, ok := reportBody(d, facts).(interface{ Stated() (any, error) })
	if !ok {
		return nil
	}
	_, err := stated.Stated()
	return err
}

// normal returns facts in the form in which they are stored.
func normal(d command.Definition, facts any) any {
	stated, ok := reportBody(d, facts).(interface{ Stated() (any, error) })
	if !ok {
		return facts
	}
	stored, _ := stated.Stated()
	return stored
}
