// Package ledger holds the first record of every ledger.
package ledger

import (
	"regexp"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// Opened is the first record: which ledger this is, and by which rules its
// bytes are to be read.
type Opened struct {
	Ledger  string  `json:"ledger"` // ten lower-case base32 characters
	Zone    string  `json:"zone"`   // in which instants become days
	Formats Formats `json:"formats"`
	Secret  string  `json:"secret"` // names the installation's secret without telling it
}

// Formats are the versions of the stored forms.
type Formats struct {
	Envelope    int `json:"envelope"`
	Time        int `json:"time"`
	RowIdentity int `json:"row_identity"`
	Seal        int `json:"seal"`
	Programme   int `json:"programme"`
}

// Current are the formats that this binary writes.
var Current = Formats{Envelope: 1, Time: 1, RowIdentity: 1, Seal: 1, Programme: 1}

var form = regexp.MustCompile(`^[a-z2-7]{10}$`)

// What opening refuses with.
var (
	ErrBadLedger = fault.New(fault.Invalid, "ledger.bad-id",
		"台账编号应为十位小写 base32 字符。", "A ledger's id is ten lower-case base32 characters.")
	ErrAlreadyOpen = fault.New(fault.Refused, "ledger.already-open",
		"该台账已经建立。", "This ledger is already open.")
	ErrForeignSecret = fault.New(fault.Refused, "ledger.foreign-secret",
		"密钥库与台账不配套：请恢复本台账自己的密钥备份后再写入。", "The key vault does not belong to this ledger: restore this ledger's own keys before writing.")
)

// Key returns the key of the ledger's own stream.
func Key(ledger string) string { return "ledger-" + event.UUIDv5(ledger, "ledger").String() }

type state struct{ open bool }

var decider = command.Decider[state]{Kind: "ledger", Apply: func(s state, e event.Event) state {
	if _, opened := e.Fact.(Opened); opened {
		s.open = true
	}
	return s
}}

// Register declares the ledger's own events.
func Register(r *event.Registry) { event.Define[Opened](r, "ledger.opened") }

// Open is the body of ledger.open.
type Open struct {
	Secret string `json:"secret"`
}

// Commands returns the command that opens a ledger.
func Commands() []command.Definition {
	return []command.Definition{command.Define("ledger.open", decider, open, command.Internal(),
		command.KeyedBy(func(ledger string, _ seal.Vault, _ Open) string { return Key(ledger) }))}
}

func open(s state, meta command.Meta, c Open) ([]any, error) {
	if s.open {
		return nil, ErrAlreadyOpen
	}
	if !form.MatchString(meta.Ledger) {
		return nil, ErrBadLedger.With("ledger", meta.Ledger)
	}
	return []any{Opened{meta.Ledger, "+08:00", Current, c.Secret}}, nil
}
