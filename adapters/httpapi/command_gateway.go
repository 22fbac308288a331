package httpapi

import (
	"context"
	"encoding/base64"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
)

// A CommandGateway takes every request that changes the ledger: commands and imports.
// The program that holds the data folder implements it on its own ledger. A [Client]
// implements it by sending the request to that program's address, and answers alike.
// It is safe for concurrent use.
type CommandGateway interface {
	// CarryOut carries out a command that has its id, its actor and a body of
	// its definition's type. Of what happened, the events' id, type, stream and
	// revision are always given. The same request again has no effect and is
	// answered with what is stored. A refusal is a fault.
	CarryOut(ctx context.Context, req command.Request) (command.Outcome, error)

	// Import takes in a file. The report says what is true also with an error;
	// that of a file which is refused as a whole has no rows.
	Import(ctx context.Context, order ImportOrder) (ImportReport, error)

	// UndoImport undoes a whole import, or is refused and undoes nothing. Each list of the
	// answer holds the first [MostListed] of each kind, and counts the others.
	UndoImport(ctx context.Context, order UndoOrder) (intake.Undoing, error)
}

// A Follower tells when the read models hold what was appended. It is safe for
// concurrent use.
type Follower interface {
	// Await returns nil as soon as the read models that are served hold every
	// record up to that of token. It fails with [event.ErrBadToken] for a token
	// that the log has not given, with a fault when they have stopped, and with
	// ctx's error when that ends first.
	Await(ctx context.Context, token event.Token) error
}

// TokenText writes a token in the form that min_position takes, where it is as
// opaque as in the log.
func TokenText(t event.Token) string { return base64.RawURLEncoding.EncodeToString([]byte(t)) }

// tokenOf reads what TokenText wrote.
func tokenOf(text string) (event.Token, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", event.ErrBadToken.With("token", text)
	}
	return event.Token(b), nil
}

// A FaultJSON is a fault as it travels: what is wrong, in both languages, and
// where.
type FaultJSON struct {
	Kind    string       `json:"kind" enum:"internal,invalid,not-found,conflict,refused,unavailable" doc:"What the caller may do about it." example:"invalid"`
	Code    string       `json:"code" doc:"Stable code, for programs." example:"intake.no-community"`
	ZH      string       `json:"zh" doc:"What is wrong and what to do next, in Chinese." example:"请写明共同体。"`
	EN      string       `json:"en" doc:"The same in English." example:"Name the community."`
	Details []detailJSON `json:"details" doc:"The values that the message speaks of."`
	Place   *placeJSON   `json:"place,omitempty" doc:"Where the bad input stands; left out when that is not known."`
}

// A detailJSON is one named value.
type detailJSON struct {
	Name  string `json:"name" doc:"What it is." example:"rows"`
	Value string `json:"value" doc:"The value in words." example:"7 9"`
}

// A placeJSON is a place in what the client sent.
type placeJSON struct {
	File   string `json:"file,omitempty" doc:"Name of the file." example:"records.xlsx"`
	Sheet  string `json:"sheet,omitempty" doc:"Name of the sheet." example:"送课"`
	Row    int    `json:"row,omitempty" doc:"Physical row, from 1." example:"7"`
	Column string `json:"column,omitempty" doc:"Heading of the column, or a line's column number." example:"日期"`
	Line   int    `json:"line,omitempty" doc:"Line, from 1." example:"3"`
	Value  string `json:"value,omitempty" doc:"The value as written." example:"去年"`
}

// WireFault returns the form in which a fault travels, without its cause.
func WireFault(f *fault.Error) FaultJSON {
	out := FaultJSON{Kind: f.Kind.String(), Code: f.Code, ZH: f.ZH, EN: f.EN,
		Details: each(f.Details, func(d fault.Detail) detailJSON { return detailJSON(d) })}
	if f.Place != (fault.Place{}) {
		place := placeJSON(f.Place)
		out.Place = &place
	}
	return out
}

// Fault returns the fault that travelled. A kind that this program does not know
// is Internal.
func (f FaultJSON) Fault() *fault.Error {
	out := &fault.Error{Kind: kindCalled(f.Kind), Code: f.Code, ZH: f.ZH, EN: f.EN}
	for _, d := range f.Details {
		out.Details = append(out.Details, fault.Detail(d))
	}
	if f.Place != nil {
		out.Place = fault.Place(*f.Place)
	}
	return out
}

func kindCalled(name string) fault.Kind {
	for kind := fault.Internal; kind <= fault.Unavailable; kind++ {
		if kind.String() == name {
			return kind
		}
	}
	return fault.Internal
}
