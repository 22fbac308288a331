package command

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// ErrControlCharacter refuses a text with a character that nobody sees and that
// breaks the line, the table or the terminal in which the text is shown.
var ErrControlCharacter = fault.New(fault.Invalid, "command.control-character",
	"文字中有控制字符，或在只能写一行的地方换了行；请删去后重新提交（备注、说明、原因等可以换行）。",
	"A text holds a control character, or a line break where there is room for one line; take it out and send it again (remarks, notes and reasons may have line breaks).")

// linesTag is the tag of a field in a command's body whose texts need not be one
// line: with "several" they may have line breaks and tabs; with "any" nothing is
// refused, for the form in which they are stored leaves such characters out.
const linesTag = "lines"

// checkTexts refuses control characters and line separators in what a person or
// another program sends. The field is named as JSON does.
func checkTexts(req Request) error {
	for _, of := range []struct{ field, text string }{{"unit", req.Unit}, {"cause", req.Cause}, {"correlation", req.Correlation}} {
		if err := checkText(of.text, of.field, false); err != nil {
			return err
		}
	}
	return checkLines(reflect.ValueOf(req.Body), "data", false)
}

// checkLines checks every text within v; several tells whether these may have
// several lines.
func checkLines(v reflect.Value, path string, several bool) error {
	if !v.IsValid() {
		return nil
	}
	if text, is := reflect.TypeAssert[seal.Text](v); is {
		return checkText(text.Clear, path, several)
	}
	switch v.Kind() {
	case reflect.String:
		return checkText(v.String(), path, several)
	case reflect.Pointer, reflect.Interface:
		return checkLines(v.Elem(), path, several)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if err := checkLines(v.Index(i), fmt.Sprintf("%s[%d]", path, i), several); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := checkField(v.Type().Field(i), v.Field(i), path, several); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkField checks a field of an object. One that JSON does not name stands for
// the object itself.
func checkField(field reflect.StructField, v reflect.Value, path string, several bool) error {
	lines := field.Tag.Get(linesTag)
	if !field.IsExported() || lines == "any" {
		return nil
	}
	if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
		path += "." + name
	}
	return checkLines(v, path, several || lines == "several")
}

func checkText(text, path string, several bool) error {
	text = strings.ReplaceAll(text, "\r\n", "\n") // as forms on web pages send a line break
	for _, r := range text {
		breaks := unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || r == '\n' || r == '\t'
		if unicode.IsControl(r) && !breaks || breaks && !several {
			return ErrControlCharacter.With("field", path).With("character", fmt.Sprintf("%U", r))
		}
	}
	return nil
}
