package web

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/intake"
	"twinledger/domain/programme"
	"twinledger/domain/review"
	"twinledger/domain/seal"
	"twinledger/projections/communities"
)

// A Source answers what the pages ask. Its methods are called from many
// goroutines at once. What a user may be told it refuses with a fault error;
// any other error is the operator's to see and the user is told only that
// something went wrong.
type Source interface {
	// Overview returns the communities as they were known at asOf, which is as
	// the user wrote it: an ordinal, a day, an instant, or "" for everything
	// known; judgedOn is the day after which nothing has taken place, or "" for the
	// day of asOf, else today. One answer speaks of one state of the ledger.
	Overview(ctx context.Context, asOf, judgedOn string) (Overview, error)

	// Programmes returns the programmes by which a term can be judged when
	// somebody asks for it, in the order in which they are offered.
	Programmes(ctx context.Context) ([]Choice, error)

	// Duplicates returns the undecided pairs of records that perhaps tell of the same
	// thing, as they were known at asOf.
	Duplicates(ctx context.Context, asOf string) (Duplicates, error)

	// Review returns the review that q asks for.
	Review(ctx context.Context, q Question) (review.Review, error)
}

// A Question asks for the review of one community's term. All is as the user wrote it.
type Question struct {
	Community string // key, name, or a part of the name that fits one community
	Term      string // as [calendar.ReadTerm] reads it
	AsOf      string // ordinal, day or instant; "" means everything known
	JudgedOn  string // day after which nothing has taken place; "" means the day of AsOf, else today
	Programme string // code of the programme to judge by as if it were in force; "" means the one in force
}

// A Choice is a programme that a term can be judged by.
type Choice struct {
	Code  string
	Title programme.Words
}

// An Overview is the ledger at a glance.
type Overview struct {
	Ledger      string
	Head        uint64        // ordinal of the newest record; 0 while there is none
	Ordinal     uint64        // up to which the boards speak
	JudgedOn    calendar.Day  // what is dated after it has not taken place
	Recorded    event.Instant // when the record of that ordinal was recorded
	Communities []Community   // in the order in which they are shown
	Schools     map[string]string
	Districts   map[string]string // names by key, as are Schools
}

// A Community is a board with the terms that can be reviewed, in the order in
// which they are offered.
type Community struct {
	communities.Board
	Terms []calendar.Term
}

// An Overlay lays over a page what a review's bytes never hold: names of people,
// sealed texts, and names of files and sheets. An Overlay speaks for one reader
// and shows only what that reader may see. It is called from one goroutine.
type Overlay interface {
	// Person returns the name of the person with this key, "" when it is not
	// known or may not be shown.
	Person(key string) string

	// Open returns a sealed text; place is [seal.Place] of the stream and the
	// field that it was sealed for. It fails with [seal.ErrNoKey] when the key
	// is gone or the text may not be shown, and with [seal.ErrTampered] when the
	// text is not what was sealed: the page then says so in its place. Any other
	// error fails the page.
	Open(ctx context.Context, sealed seal.Sealed, place string) (string, error)

	// Label returns the names of an import's file and sheets. It fails as Open
	// does.
	Label(ctx context.Context, importKey string) (intake.Label, error)

	// Clear returns a text that stands in clear as this reader may see it: without the
	// names of people who were only noted after the text was stored.
	Clear(text string) string
}

// NoNames is the Overlay of a reader who may see no name.
var NoNames Overlay = noNames{}

type noNames struct{}

func (noNames) Person(string) string { return "" }

func (noNames) Clear(text string) string { return text }

func (noNames) Open(context.Context, seal.Sealed, string) (string, error) { return "", seal.ErrNoKey }

func (noNames) Label(context.Context, string) (intake.Label, error) {
	return intake.Label{}, seal.ErrNoKey
}
