// Package seal keeps people's names and prose out of sight: events name people
// by id, and what may name them lies sealed under keys that stand outside the
// log and its backup. Whoever destroys a person's key makes that person's name
// unreadable everywhere, without touching the log.
package seal

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"twinledger/domain/fault"
)

// A Text is either in clear or sealed, never both.
type Text struct {
	Clear  string  `json:"clear,omitempty"`
	Sealed *Sealed `json:"sealed,omitempty"`
}

// ErrBadText refuses what is no text; a misspelt field would lose what it says.
var ErrBadText = fault.New(fault.Invalid, "seal.bad-text",
	"文字应写作字符串，或 {\"clear\": \"…\"}；请核对。", "Write a text as a string, or as {\"clear\": \"…\"}; check it.")

// UnmarshalJSON reads the stored object, or a plain string as clear text; all
// else is ErrBadText.
func (t *Text) UnmarshalJSON(b []byte) error {
	*t = Text{}
	if clear, is := clearText(b); is {
		t.Clear = clear
		return nil
	}
	if sealed, is := sealedText(b); is {
		t.Sealed = sealed
		return nil
	}
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &t.Clear)
	}
	type stored Text
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode((*stored)(t)); err != nil {
		return ErrBadText.With("value", strings.ToValidUTF8(string(b[:min(len(b), 60)]), "")).Because(err)
	}
	return nil
}

// clearText reads the forms in which most texts are stored: {} and {"clear":"…"},
// whose text needs no escape. Every ledger holds so many of them that reading them
// without encoding/json is worth while. is is false for all other forms.
func clearText(b []byte) (text string, is bool) {
	const before, behind = `{"clear":"`, `"}`
	if string(b) == "{}" {
		return "", true
	}
	if len(b) < len(before)+len(behind) || string(b[:len(before)]) != before || string(b[len(b)-len(behind):]) != behind {
		return "", false
	}
	text = string(b[len(before) : len(b)-len(behind)])
	return text, isPlain(text)
}

// sealedText reads the form in which sealed texts are stored, for the same reason:
// {"sealed":{"form":1,"keys":["…"],"box":"…"}}. is is false for all other forms.
func sealedText(b []byte) (sealed *Sealed, is bool) {
	rest, is1 := strings.CutPrefix(string(b), `{"sealed":{"form":1,"keys":["`)
	list, rest, is2 := strings.Cut(rest, `"],"box":"`)
	box, is3 := strings.CutSuffix(rest, `"}}`)
	if !is1 || !is2 || !is3 || !isPlain(box) {
		return nil, false
	}
	keys := strings.Split(list, `","`)
	for _, key := range keys {
		if !isPlain(key) {
			return nil, false
		}
	}
	return &Sealed{Form: 1, Keys: keys, Box: box}, true
}

// isPlain tells whether a text stands between the quotation marks of JSON as it is.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c == '"' || c == '\\' || c < ' ' {
			return false
		}
	}
	return utf8.ValidString(text)
}

// IsZero tells whether there is no text at all; white space alone is none.
func (t Text) IsZero() bool { return strings.TrimSpace(t.Clear) == "" && t.Sealed == nil }

// A Sealed is a text under one or more keys, nested: the first key opens the
// outermost layer. Form 1 is AES-256-GCM per layer with a random 12-byte nonce
// in front, authenticated with the place it was sealed for.
type Sealed struct {
	Form int      `json:"form"`
	Keys []string `json:"keys"` // e.g. "person-0198…", "source-0198…"
	Box  string   `json:"box"`  // base64 of nonce, ciphertext and tag
}

// A Vault keeps the installation's secret and the keys.
type Vault interface {
	// SecretID names the secret without telling it.
	SecretID() string

	// MAC returns the HMAC-SHA-256, under the secret, of purpose and parts. No
	// two different lists of parts give the same input to it.
	MAC(purpose string, parts ...string) [32]byte

	// Seal seals text for a place (stream key and field) under keys, at least
	// one. Missing keys are made first and are durable when Seal returns.
	Seal(ctx context.Context, text, place string, keys ...string) (Sealed, error)

	// Open returns the text. It fails with ErrNoKey when a key is gone and with
	// ErrTampered when the box or the place is not what was sealed.
	Open(ctx context.Context, s Sealed, place string) (string, error)
}

// What a Vault refuses with.
var (
	ErrNoKey = fault.New(fault.NotFound, "seal.no-key",
		"打开此内容所需的密钥不在；姓名或备注无法显示。", "A key that opens this text is missing; the name or remark cannot be shown.")
	ErrTampered = fault.New(fault.Internal, "seal.tampered",
		"密封内容与封存时不符；请用备份核对。", "A sealed text is not what was sealed; compare with a backup.")
)

// Names knows the names of the people in the ledger.
type Names interface {
	// In returns the keys of the people whose names occur in text, sorted and
	// without repetition.
	In(text string) []string
}

// A Sealer seals the texts of one command for the stream that it addresses.
type Sealer struct {
	Vault    Vault
	Names    Names
	Stream   string // key of the stream, e.g. "lesson-0198…"
	Fallback string // key of the source, for prose that may name people not known by id
}

// InClear reports whether one of the words names somebody: a person whom the ledger
// knows, or one who looks like a person. Words that are always stored in clear must not.
func (s Sealer) InClear(words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return LooksLikeName(word) || len(s.Names.In(word)) > 0 })
}

// OfficesInClear is InClear for the names of offices, which must not have the form of a
// person's name either: 王小明 is no office.
func (s Sealer) OfficesInClear(offices ...string) bool {
	return s.InClear(offices...) || slices.ContainsFunc(offices, func(office string) bool { return IsLikeName(office) })
}

// Topic leaves a title or topic in clear unless it names somebody. One that contains
// known names is sealed under the keys of these people. One that only looks as if it named
// somebody ([LooksLikeName]) is sealed under the fallback key. An already sealed text
// stays; white space alone becomes no text.
func (s Sealer) Topic(ctx context.Context, field string, t Text) (Text, error) {
	if strings.TrimSpace(t.Clear) == "" {
		return Text{Sealed: t.Sealed}, nil
	}
	named := s.Names.In(t.Clear)
	if len(named) == 0 && LooksLikeName(t.Clear) {
		named = []string{s.Fallback}
	}
	if len(named) == 0 {
		return t, nil
	}
	return s.under(ctx, field, t, named)
}

// Prose seals a remark, a finding or a reason, always: under everybody it names
// and, as it may name others, under the fallback key. White space alone becomes
// no text, so that it cannot pass for one once it is sealed.
func (s Sealer) Prose(ctx context.Context, field string, t Text) (Text, error) {
	if strings.TrimSpace(t.Clear) == "" {
		return Text{Sealed: t.Sealed}, nil
	}
	return s.under(ctx, field, t, append(s.Names.In(t.Clear), s.Fallback))
}

// Under seals t under exactly these keys.
func (s Sealer) Under(ctx context.Context, field string, t Text, keys ...string) (Text, error) {
	if strings.TrimSpace(t.Clear) == "" {
		return Text{Sealed: t.Sealed}, nil
	}
	return s.under(ctx, field, t, keys)
}

func (s Sealer) under(ctx context.Context, field string, t Text, keys []string) (Text, error) {
	sealed, err := s.Vault.Seal(ctx, t.Clear, Place(s.Stream, field), keys...)
	if err != nil {
		return Text{}, err
	}
	return Text{Sealed: &sealed}, nil
}

// Place names the place of a text: a stream's key and the field in its event.
func Place(stream, field string) string { return stream + "/" + field }
