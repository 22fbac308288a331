package event

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // UUIDv5 is defined on SHA-1 (RFC 9562, section 5.5)
	"encoding/hex"
	"strconv"
	"strings"
)

// A UUID is written as 36 lower-case characters wherever it is stored.
type UUID [16]byte

// namespace is Twinledger's own; every ledger's namespace lies under it.
var namespace = UUID{0x6f, 0x1d, 0x3b, 0x52, 0x77, 0x0c, 0x4b, 0x1e, 0x9a, 0x35, 0x20, 0x26, 0x11, 0x22, 0x74, 0x6c}

// String returns the written form.
func (u UUID) String() string {
	h := hex.EncodeToString(u[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// IsID tells whether s is a UUID in the written form.
func IsID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}

// IsKey tells whether s is the key of a stream: a kind in small letters and
// underscores, a dash and a UUID.
func IsKey(s string) bool {
	kind := len(s) - len("-00000000-0000-0000-0000-000000000000")
	return kind > 0 && s[kind] == '-' && isWord(s[:kind]) && IsID(s[kind+1:])
}

// isStreamName tells whether s is tl.<ledger>.<key>, where a ledger's id is ten
// lower-case base32 characters.
func isStreamName(s string) bool {
	const before, ledger = len("tl."), 10
	if len(s) <= before+ledger || s[:before] != "tl." || s[before+ledger] != '.' {
		return false
	}
	for _, c := range []byte(s[before : before+ledger]) {
		if (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return IsKey(s[before+ledger+1:])
}

// isTypeName tells whether s is the name of a type of event, such as
// lesson.reported.
func isTypeName(s string) bool {
	kind, verb, parted := strings.Cut(s, ".")
	return parted && isWord(kind) && isWord(verb)
}

// isWord tells whether s consists of small letters and underscores.
func isWord(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && c != '_' {
			return false
		}
	}
	return s != ""
}

// UUIDv5 returns the name-based UUID of parts under the ledger's namespace
// (RFC 9562, section 5.5). Parts are joined by newlines, which no part may
// contain unless it is the last.
func UUIDv5(ledger string, parts ...string) UUID {
	return version5(version5(namespace, ledger), joinLines(parts))
}

// UUIDv8 makes a UUID of the first 16 bytes of a keyed hash (RFC 9562,
// section 5.8).
func UUIDv8(mac [32]byte) UUID {
	u := UUID(mac[:16])
	return u.stamp(8)
}

// IDOf returns the id of a command's index-th event in a stream.
func IDOf(ledger, command, stream string, index int) string {
	return UUIDv5(ledger, "event", command, stream, strconv.Itoa(index)).String()
}

// StreamOf returns the name of the stream that a creating command opens.
func StreamOf(ledger, command, kind string) string {
	return StreamName(ledger, kind+"-"+UUIDv5(ledger, "stream", command, kind).String())
}

func version5(space UUID, name string) UUID {
	h := sha1.New() //nolint:gosec // as above
	h.Write(space[:])
	h.Write([]byte(name))
	u := UUID(h.Sum(nil)[:16])
	return u.stamp(5)
}

func (u UUID) stamp(version byte) UUID {
	u[6] = u[6]&0x0f | version<<4
	u[8] = u[8]&0x3f | 0x80
	return u
}

func joinLines(parts []string) string {
	n := 0
	for _, p := range parts {
		n += len(p) + 1
	}
	b := make([]byte, 0, n)
	for i, p := range parts {
		if i > 0 {
			b = append(b, '\n')
		}
		b = append(b, p...)
	}
	return string(b)
}

// KeysIn calls found with every text in an event's data that is the key of a stream,
// as often as it stands there.
func KeysIn(data []byte, found func(key string)) {
	const shortest = len("x-00000000-0000-0000-0000-000000000000")
	for {
		from := bytes.IndexByte(data, '"')
		if from < 0 {
			return
		}
		data = data[from+1:]
		to := bytes.IndexByte(data, '"')
		if to < 0 {
			return
		}
		// Whatever stands between two quotation marks is looked at, whether it is a
		// text or stands between two of them: an escaped mark cannot lead astray.
		if text := data[:to]; to >= shortest && text[to-37] == '-' && IsKey(string(text)) {
			found(string(text))
		}
		data = data[to:]
	}
}
