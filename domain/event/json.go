package event

// isJSON tells whether b is one JSON value without white space around it that
// encoding/json takes. It is about twice as fast as json.Valid; of what is nested more
// deeply than any event is, it says that it is none.
func isJSON(b []byte) bool {
	rest, ok := skipValue(b, 0)
	return ok && len(rest) == 0
}

// deepest is how many values within one another isJSON reads.
const deepest = 100

// skipValue returns what follows the JSON value that b begins with; ok is false when it
// begins with none.
func skipValue(b []byte, depth int) (rest []byte, ok bool) {
	if len(b) == 0 || depth > deepest {
		return nil, false
	}
	switch c := b[0]; {
	case c == '"':
		return skipText(b[1:])
	case c == '{':
		return skipMembers(b[1:], depth+1, '}')
	case c == '[':
		return skipMembers(b[1:], depth+1, ']')
	case c == '-' || isDigit(c):
		return skipNumber(b)
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if len(b) >= len(word) && string(b[:len(word)]) == word {
			return b[len(word):], true
		}
	}
	return nil, false
}

// skipMembers skips the members of an object or the elements of an array, up to and
// with the bracket that ends it.
func skipMembers(b []byte, depth int, end byte) (rest []byte, ok bool) {
	b = skipSpace(b)
	if len(b) > 0 && b[0] == end {
		return b[1:], true
	}
	for {
		if end == '}' {
			if len(b) == 0 || b[0] != '"' {
				return nil, false
			}
			if b, ok = skipText(b[1:]); !ok {
				return nil, false
			}
			if b = skipSpace(b); len(b) == 0 || b[0] != ':' {
				return nil, false
			}
			b = skipSpace(b[1:])
		}
		if b, ok = skipValue(b, depth); !ok {
			return nil, false
		}
		if b = skipSpace(b); len(b) == 0 {
			return nil, false
		}
		switch b[0] {
		case end:
			return b[1:], true
		case ',':
			b = skipSpace(b[1:])
		default:
			return nil, false
		}
	}
}

// skipText skips a text up to and with the quotation mark that ends it.
func skipText(b []byte) (rest []byte, ok bool) {
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return b[i+1:], true
		case c < ' ':
			return nil, false
		case c == '\\':
			if i++; i == len(b) {
				return nil, false
			}
			switch b[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				if i+4 >= len(b) || !isHex(b[i+1]) || !isHex(b[i+2]) || !isHex(b[i+3]) || !isHex(b[i+4]) {
					return nil, false
				}
				i += 4
			default:
				return nil, false
			}
		}
	}
	return nil, false
}

// skipNumber skips a number: a sign, a whole number that does not begin with 0, digits
// behind a point, and an exponent.
func skipNumber(b []byte) (rest []byte, ok bool) {
	if b[0] == '-' {
		b = b[1:]
	}
	if len(b) > 0 && b[0] == '0' {
		b = b[1:]
	} else if b, ok = skipDigits(b); !ok {
		return nil, false
	}
	if len(b) > 0 && b[0] == '.' {
		if b, ok = skipDigits(b[1:]); !ok {
			return nil, false
		}
	}
	if len(b) > 0 && (b[0] == 'e' || b[0] == 'E') {
		if b = b[1:]; len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		if b, ok = skipDigits(b); !ok {
			return nil, false
		}
	}
	return b, true
}

// skipDigits skips one digit or more.
func skipDigits(b []byte) (rest []byte, ok bool) {
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	return b[n:], n > 0
}

func skipSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\n' || b[0] == '\r') {
		b = b[1:]
	}
	return b
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
