// Package recognition holds what an office or school certifies to people and
// schools: certificates, awards, titles, recognised support experience, and the
// benefits and subsidies to which something entitles (mechanisms, points 21, 25,
// 43 and 45).
package recognition

import (
	"context"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// Facts are what a report says about a recognition; when it occurred is when it
// was given. People and the schools in To hold it; a school that gives it stands
// in From, an office in Issuer. Level is that of the issuer, Related what it was
// given for, Quantity how much: years of experience, yuan of a subsidy.
type Facts struct {
	record.Facts
	Issuer   string        `json:"issuer,omitempty"`   // the office that gave it, as written
	Document string        `json:"document,omitempty"` // 文号 or 证书编号, as written
	Grade    string        `json:"grade,omitempty"`    // 等次, as written: 一等奖
	Basis    []record.Word `json:"basis,omitempty"`    // by which rules it was earned: 支教时间, 送教天数

	ValidFrom  calendar.Occurred `json:"valid_from"`  // first day of the time that it is for
	ValidUntil calendar.Occurred `json:"valid_until"` // last day
}

// Revoked says that the recognition was taken back, and why. It held until then;
// one that never held is voided.
type Revoked struct{ record.Step }

// RecordType is the record type of recognitions.
var RecordType = record.NewReportType[Facts]("recognition", "认定").WithExample(example()).WithSteps(
	record.DefineStep[Revoked](record.Rule{Command: "revoke", Verb: "revoked", ZH: "撤销认定", EN: "revoke a recognition",
		From: []record.Stage{"reported"}, To: "revoked", Once: true, Needs: []record.Need{record.NeedsActor, record.NeedsNote}}))

func example() Facts {
	common := record.ExampleFacts("支教经历认定", "1", "年", "support_experience")
	common.From, common.Level, common.Subjects = nil, "县级", nil
	return Facts{common, "县教育局", "教人〔2018〕12号", "合格", []record.Word{{Text: "累计支教时间", Code: "posting_time"}}, "day:2017-09-01", "day:2018-07-06"}
}

// The refusals of a recognition, beside those of every record.
var (
	ErrNoHolder = fault.New(fault.Invalid, "recognition.no-holder",
		"获得者应写人员编号或学校编号：个人写 people，学校写 to；两者都不详时请先登记学校或人员。",
		"A recognition has a holder: people by their ids in people, schools in to; record the school or the person first when neither is in the ledger.")
	ErrBadPeriod = fault.New(fault.Invalid, "recognition.bad-period",
		"有效期的结束早于开始；请核对 valid_from、valid_until。", "The recognition's time ends before it begins; check valid_from and valid_until.")
)

// Normal returns f in its stored form: an unsaid time is unknown.
func (f Facts) Normal() Facts {
	f.Facts = f.Facts.Normal()
	if f.ValidFrom == "" {
		f.ValidFrom = calendar.Unknown
	}
	if f.ValidUntil == "" {
		f.ValidUntil = calendar.Unknown
	}
	return f
}

// Check returns the first thing that is malformed.
func (f Facts) Check() error {
	if len(f.People) == 0 && len(f.To) == 0 {
		return ErrNoHolder
	}
	for _, o := range []calendar.Occurred{f.ValidFrom, f.ValidUntil} {
		if _, err := calendar.Parse(string(o)); err != nil {
			return err
		}
	}
	if f.ValidUntil.EndsBefore(f.ValidFrom) {
		return ErrBadPeriod.With("valid_from", f.ValidFrom).With("valid_until", f.ValidUntil)
	}
	if err := record.CheckCodes(f.Basis...); err != nil {
		return err
	}
	return f.Facts.Check("recognition")
}

// SealBody returns f with its texts sealed. What always stands in clear must
// name nobody.
func (f Facts) SealBody(ctx context.Context, s seal.Sealer) (Facts, error) {
	words := []string{f.Document, f.Grade}
	for _, w := range f.Basis {
		words = append(words, w.Text)
	}
	if s.InClear(words...) || s.OfficesInClear(f.Issuer) {
		return f, record.ErrNameInClear
	}
	sealed, err := f.SealTexts(ctx, s)
	f.Facts = sealed
	return f, err
}

// Lasts returns the time that the recognition is for, as far as known.
func (f Facts) Lasts() (from, until calendar.Occurred) {
	if f.ValidUntil == calendar.Unknown {
		return f.ValidFrom, ""
	}
	return f.ValidFrom, f.ValidUntil
}

// Particulars returns who gave it, under which number, with which grade, on what
// basis and for which time.
func (f Facts) Particulars() record.Particulars {
	return record.Particulars{}.Text("等次", "grade", f.Grade).Text("颁发单位", "given by", f.Issuer).Text("文号", "document", f.Document).
		Words("依据", "basis", f.Basis).When("有效期起", "valid from", f.ValidFrom).When("有效期止", "valid until", f.ValidUntil)
}

// Unknowns lists what the report leaves unknown: when it was given, and by whom.
// A recognition need not belong to a community.
func (f Facts) Unknowns(occurred calendar.Occurred) []record.Unknown {
	var out []record.Unknown
	if record.TermUnknown(occurred) {
		out = append(out, record.UnknownTerm)
	}
	if record.DayUnknown(occurred) {
		out = append(out, record.UnknownDay)
	}
	if f.Issuer == "" && len(f.From) == 0 {
		out = append(out, record.UnknownFrom)
	}
	if f.Is("support_experience") && f.Quantity.Number == "" {
		out = append(out, record.UnknownNumber)
	}
	return out
}

// Register declares the events of this package.
func Register(r *event.Registry) { RecordType.Register(r) }

// Commands returns the commands of this package.
func Commands() []command.Definition { return RecordType.Commands() }
