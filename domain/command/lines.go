package command

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// ErrControlCharacter refuses a text with a character that nobody sees and that
// breaks the line, the table or the terminal in which the text is shown.
var ErrControlCharacter = fault.New(fault.Invalid, "command.control-character",
	"文字中有控制字符，或在只能写一行的地方换了行；请删去后重新提交（备注、说明、原因等可以换行）。",
	"A text holds a control character, or a line break where there is room for one line; take it out and send it again (remarks, notes and reasons may have line breaks).")

// ErrUnreadable refuses a text with the character that stands for one which could
// not be read: what was meant is lost already, before it was sent.
var ErrUnreadable = fault.New(fault.Invalid, "command.unreadable-character",
	"文字中有无法识别的字符（�），多半是文件、终端或程序的编码不是 UTF-8；请改用 UTF-8，核对文字后重新提交。",
	"A text holds a character that could not be read (�): most likely the file, terminal or program does not use UTF-8; use UTF-8, check the text and send it again.")

// Which line breaks and control characters a text may have.
type lines int

const (
	oneLine  lines = iota
	several        // line breaks and tabs
	anything       // for the form in which it is stored leaves them out
)

// linesTag is the tag of a field in a command's body whose texts need not be one
// line: with "several" they may have line breaks and tabs; with "any" every control
// character, for the form in which they are stored leaves such characters out.
const linesTag = "lines"

// checkTexts refuses control characters and line separators in what a person or
// another program sends. The field is named as JSON does.
func checkTexts(req Request) error {
	for _, of := range []struct{ field, text string }{{"unit", req.Unit}, {"cause", req.Cause}, {"correlation", req.Correlation}} {
		if err := checkText(of.text, of.field, oneLine); err != nil {
			return err
		}
	}
	return checkLines(reflect.ValueOf(req.Body), "data", oneLine)
}

// checkLines checks every text within v, which may have what allowed says.
func checkLines(v reflect.Value, path string, allowed lines) error {
	if !v.IsValid() {
		return nil
	}
	if text, is := reflect.TypeAssert[seal.Text](v); is {
		return checkText(text.Clear, path, allowed)
	}
	switch v.Kind() {
	case reflect.String:
		return checkText(v.String(), path, allowed)
	case reflect.Pointer, reflect.Interface:
		return checkLines(v.Elem(), path, allowed)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if err := checkLines(v.Index(i), fmt.Sprintf("%s[%d]", path, i), allowed); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := checkField(v.Type().Field(i), v.Field(i), path, allowed); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkField checks a field of an object. One that JSON does not name stands for
// the object itself.
func checkField(field reflect.StructField, v reflect.Value, path string, allowed lines) error {
	if !field.IsExported() {
		return nil
	}
	switch field.Tag.Get(linesTag) {
	case "several":
		allowed = max(allowed, several)
	case "any":
		allowed = anything
	}
	if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
		path += "." + name
	}
	return checkLines(v, path, allowed)
}

func checkText(text, path string, allowed lines) error {
	text = strings.ReplaceAll(text, "\r\n", "\n") // as forms on web pages send a line break
	for _, r := range text {
		if r == utf8.RuneError {
			return ErrUnreadable.With("field", path)
		}
		breaks := unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || r == '\n' || r == '\t'
		if allowed < anything && unicode.IsControl(r) && !breaks || allowed < several && breaks {
			return ErrControlCharacter.With("field", path).With("character", fmt.Sprintf("%U", r))
		}
	}
	return nil
}
