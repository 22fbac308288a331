package sheet

import (
	"bytes"
	"path"
	"strings"

	"twinledger/domain/fault"
)

// A rowCounter counts the rows of a workbook's sheets that hold something, in the bytes of
// their parts as they are unpacked. A workbook with far too many rows is so refused before it
// is taken into memory. It passes over what it does not recognise, such as names with a
// prefix, for the scan of the sheet counts again.
type rowCounter struct {
	left  int    // rows that may still come
	sheet bool   // the part is a sheet's
	rest  []byte // the end of what was written, whose tag goes on in what follows
	holds bool   // the row that is open holds something
}

// longestTag is longer than any tag that a program writes. Behind a longer one nothing is
// counted: to look for its end again and again would take for ever.
const longestTag = 1 << 20

// begin says which part follows.
func (c *rowCounter) begin(part string) {
	part = strings.ToLower(strings.ReplaceAll(part, `\`, "/"))
	c.sheet = path.Base(path.Dir(part)) == "worksheets" && path.Ext(part) == ".xml"
	c.rest, c.holds = c.rest[:0], false
}

// Write counts the rows that end in text. It fails as soon as there are too many.
func (c *rowCounter) Write(text []byte) (int, error) {
	if !c.sheet {
		return len(text), nil
	}
	c.rest = append(c.rest, text...)
	read := 0
	for c.sheet {
		start := bytes.IndexByte(c.rest[read:], '<')
		if start < 0 {
			read = len(c.rest)
			break
		}
		read += start
		// The sign behind a tag tells whether an element has content.
		end := bytes.IndexByte(c.rest[read:], '>')
		if end < 0 || read+end+1 == len(c.rest) {
			c.sheet = len(c.rest)-read <= longestTag
			break
		}
		if !c.count(c.rest[read+1:read+end], c.rest[read+end+1] != '<') {
			return 0, tooManyRows(fault.Place{})
		}
		read += end + 1
	}
	c.rest = append(c.rest[:0], c.rest[read:]...)
	return len(text), nil
}

// count notes a tag, and tells whether no row is one too many.
func (c *rowCounter) count(tag []byte, content bool) bool {
	name, _, _ := bytes.Cut(tag, []byte(" "))
	switch string(name) {
	case "row":
		c.holds = false
	case "v", "f":
		c.holds = c.holds || content
	case "is":
		c.holds = true
	case "/row":
		if c.holds {
			c.left--
		}
		c.holds = false
	}
	return c.left >= 0
}
