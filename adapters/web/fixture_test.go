package web_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"twinledger/adapters/web"
	"twinledger/domain/calendar"
	"twinledger/domain/event"
	"twinledger/domain/inspection"
	"twinledger/domain/intake"
	"twinledger/domain/intake/reading"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
	"twinledger/domain/seal"
	"twinledger/projections/communities"
	"twinledger/projections/duplicates"
	"twinledger/projections/records"
)

// Names that only an overlay may bring onto a page.
const (
	teacherName = "惠老师"
	fileName    = "清涧2018春.xlsx"
	sheetName   = "活动台账"
)

// key makes a stream's key that can be told from others by its first characters.
func key(kind string, n int) string {
	return fmt.Sprintf("%s-%08x-0000-5000-8000-%012x", kind, 0xa0000000+n, n)
}

func eventID(n uint64) string {
	return fmt.Sprintf("%08x-0000-5000-9000-%012x", 0xe0000000+n, n)
}

func instant(day int, hour int) event.Instant {
	return event.InstantOf(time.Date(2018, 7, day, hour, 30, 15, 0, time.UTC))
}

func trace(ordinal uint64, kind string) review.Trace {
	return review.Trace{Ordinal: ordinal, ID: eventID(ordinal), Type: kind, Recorded: instant(3, int(ordinal)%24)}
}

// at is a record whose first event has this ordinal, read from a row of the
// import's first sheet.
func at(kind string, ordinal uint64, row int) review.Ref {
	return review.Ref{
		Record: key(kind, int(ordinal)), Events: []review.Trace{trace(ordinal, kind+".reported")},
		Source: &record.Source{Import: key("import", 1), Sheet: 0, Row: row},
	}
}

// taken is a row that an import held.
func taken(ordinal uint64, row int) review.Ref {
	ref := at("row", ordinal, row)
	ref.Events[0].Type = "row.taken"
	return ref
}

func sealed(box string) seal.Text {
	return seal.Text{Sealed: &seal.Sealed{Form: 1, Keys: []string{key("person", 1)}, Box: box}}
}

func inClear(s string) seal.Text { return seal.Text{Clear: s} }

func kinds(codes ...record.Kind) []review.KindWords {
	var out []review.KindWords
	for _, code := range codes {
		entry, _ := record.Lookup(code)
		out = append(out, review.KindWords{Code: code, ZH: entry.ZH, EN: entry.EN})
	}
	return out
}

var (
	core    = review.NamedKey{Key: key("school", 1), Name: "清涧县第二小学"}
	haojia  = review.NamedKey{Key: key("school", 2), Name: "郝家也中心小学"}
	dianze  = review.NamedKey{Key: key("school", 3), Name: "店则沟九年制学校"}
	shuang  = review.NamedKey{Key: key("school", 4), Name: "双庙中心小学"}
	nobody  = review.NamedKey{Key: key("school", 5)}
	members = []review.Unit{{Group: record.Members}}
	term    = calendar.Term{Year: "2017-2018", Number: 2}
	inTerm  = calendar.InTerm(term)
)

func schools(list ...review.NamedKey) []review.Unit {
	var out []review.Unit
	for _, n := range list {
		out = append(out, review.Unit{School: &n})
	}
	return out
}

func quantity(text, number string, bound record.Bound, measure string) record.Quantity {
	return record.Quantity{Text: text, Number: number, Bound: bound, Measure: record.MeasureOf(measure)}
}

// The records of the fixture.
var (
	founding   = review.Ref{Record: key("pairing", 11), Events: []review.Trace{trace(11, "pairing.founded"), trace(12, "pairing.joined")}}
	rostered   = at("pairing", 13, 3)
	tenLessons = at("lesson", 21, 6)
	oneLesson  = at("lesson", 22, 5)
	oldLesson  = at("lesson", 33, 9)
	voidLesson = review.Ref{Record: key("lesson", 32), Source: &record.Source{Import: key("import", 1), Row: 8},
		Events: []review.Trace{trace(32, "lesson.reported"), trace(44, "lesson.voided")}}
	posting   = review.Ref{Record: key("exchange", 24), Events: []review.Trace{trace(24, "exchange.started"), trace(41, "exchange.completed")}}
	swap      = at("exchange", 25, 3)
	visit     = review.Ref{Record: key("visit", 26), Source: &record.Source{Import: key("import", 1), Row: 4}, Events: []review.Trace{trace(26, "visit.reported"), trace(43, "visit.corrected")}}
	meeting   = at("meeting", 27, 7)
	seminar   = at("meeting", 28, 10)
	research  = at("research", 29, 11)
	summary   = at("filing", 30, 12)
	checked   = at("inspection", 31, 13)
	yearOnly  = at("research", 36, 14)
	undated   = review.Ref{Record: key("lesson", 37), Events: []review.Trace{trace(37, "lesson.reported")}, Source: &record.Source{Import: key("import", 1), Sheet: 1, Row: 2}}
	laterTold = at("research", 63, 18)
	applied   = review.Ref{Record: key("exchange", 64), Events: []review.Trace{trace(64, "exchange.applied")}}
	toCome    = at("lesson", 65, 19)
	homeless  = at("lesson", 67, 20)
	elsewhere = review.Ref{Record: key("exchange", 68), Events: []review.Trace{trace(68, "exchange.reported")}}
	overlaps  = []review.PostingOverlap{
		{Person: key("person", 1), Postings: [2]review.Ref{posting, elsewhere}, Certain: true, From: "2018-06-01", Until: "2018-06-29"},
		{Person: key("person", 2), Postings: [2]review.Ref{posting, elsewhere}, From: "2018-06-01"},
	}
	heldDay  = taken(34, 15)
	heldKind = taken(35, 16)
	settled  = review.Ref{Record: key("row", 39), Events: []review.Trace{trace(39, "row.taken"), trace(40, "row.voided")}, Source: &record.Source{Import: key("import", 1), Row: 17}}
	years    = review.Ref{Record: key("calendar", 3), Events: []review.Trace{trace(3, "calendar.published"), trace(4, "calendar.corrected")}}
)

// wholeYear is a posting over both terms, with what only postings say.
func wholeYear() review.Entry {
	e := entry(review.Ref{Record: key("exchange", 23), Events: []review.Trace{trace(23, "exchange.reported")}}, "day:2017-09-01", inClear("支教"), "support_teaching")
	e.Start, e.End = "day:2017-09-01", "day:2018-07-06"
	e.Particulars = record.Particulars{}.Text("任职", "post held", "副校长").When("有效期止", "valid until", "day:2018-07-06")
	return e
}

// everySituation is a review in which everything that a page can show occurs.
func everySituation() review.Review {
	return review.Review{
		Form: "twinledger-term-review", Evaluator: review.Evaluator, Template: review.Template, Ledger: "k3m7p2q5xa",
		AsOf:     review.AsOf{Ordinal: 44, Hash: "5f1c2d3e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff0", Recorded: instant(4, 1)},
		JudgedOn: "2018-07-04",
		District: review.NamedKey{Key: key("district", 1), Name: "清涧县"}, Community: review.NamedKey{Key: key("community", 1), Name: "清涧县第二小学共同体"},
		Term: review.Term{Code: term.String(), ZH: term.Chinese(), From: "2018-03-01", To: "2018-08-31", Assumed: true, Calendar: &years},
		Programme: &review.ProgrammeInForce{
			Code: "zhaike", Title: programme.Words{ZH: "原州区寨科学科教研基地校暨城乡结对共同体方案", EN: "Yuanzhou, Zhaike: subject research base school and town–rural pairing"},
			Source: "原州区寨科学科教研基地校暨城乡结对共同体方案 篇6", Version: 2, Event: eventID(9), Digest: "0e7bb1b3f0a6c1d2e3f405162738495a6b7c8d9eaf0b1c2d3e4f50617283940a",
			From: "2017-09-01", WhatIf: true,
			Silences: []programme.Words{{ZH: "方案未写明学期的起止日期；以本区县发布的校历为准。", EN: "The plan does not say when a term begins and ends; the district's published calendar is used."}},
		},
		Parties: []review.Party{
			{School: core, Role: "base_school", Word: programme.Words{ZH: "基地校", EN: "base school"}, Basis: pairing.Founding, Since: "year:2015", Record: founding},
			{School: haojia, Role: "linked_school", Word: programme.Words{ZH: "联动校", EN: "linked school"}, Basis: pairing.Founding, Since: "day:2016-09-01", Until: "day:2018-06-30", Record: founding},
			{School: dianze, Role: "linked_school", Word: programme.Words{ZH: "联动校"}, Basis: pairing.Roster, Since: inTerm, Record: rostered},
			{School: nobody, Role: "linked_school", Word: programme.Words{ZH: "联动校", EN: "linked school"}, Basis: pairing.Roster, Since: calendar.Unknown, Record: rostered},
		},
		Obligations: obligations(),
		Counts: []review.Count{
			{Kind: kinds("swap")[0], Measure: "人", Total: "3", Bound: record.Exact, Records: 1, Numbered: 1, Subjects: []string{}, From: []review.NamedKey{core}, Counted: []review.Ref{swap}, Overlaps: overlaps[:1]},
			{Kind: kinds("demo_lesson")[0], Measure: "节", Total: "10", Bound: record.Exact, Records: 2, Numbered: 1, Unnumbered: 1,
				Subjects: []string{"语文", "英语", "数学", "科技", "音乐", "国学"}, From: []review.NamedKey{core}, Counted: []review.Ref{tenLessons}, Listed: []review.Ref{oneLesson}},
			{Kind: kinds("visit")[0], Measure: "人次", Total: "30", Bound: record.AtLeast, Records: 1, Numbered: 1, From: []review.NamedKey{haojia, dianze, shuang}, Counted: []review.Ref{visit}},
			{Kind: kinds("collective_prep")[0], Measure: "次", Total: "0", Bound: record.Exact, Records: 1, Unnumbered: 1, Listed: []review.Ref{research}},
			{Kind: kinds("meeting")[0], Measure: "", Total: "2", Bound: record.About, Records: 2, Numbered: 2, From: []review.NamedKey{}, Counted: []review.Ref{meeting, seminar}},
		},
		Registers:  registers(),
		Incomplete: []review.IncompleteRecord{{Ref: oneLesson, Unknowns: []record.Unknown{record.UnknownDay, record.UnknownNumber}}, {Ref: swap, Unknowns: []record.Unknown{record.UnknownTo, record.UnknownPeople, record.UnknownStart, record.UnknownEnd}}, {Ref: rostered, Unknowns: []record.Unknown{record.UnknownStart}}},
		Undecided:  []review.UndecidedDuplicate{{Record: oneLesson.Record, Other: tenLessons.Record, Part: true}},
		Unplaced: []review.UnplacedRecord{
			{Entry: entry(yearOnly, "schoolyear:2017-2018", inClear("同课异构研讨"), "collective_prep"), Place: calendar.Overlapping},
			{Entry: entry(undated, calendar.Unknown, inClear("送课活动"), "outreach_lesson"), Place: calendar.TermUnknown},
			{Entry: wholeYear(), Place: calendar.Overlapping, Partly: true},
			{Entry: entry(laterTold, "month:2018-07", inClear("暑期集体备课"), "collective_prep"), Place: review.PlacePerhapsAhead},
		},
		NotTakenPlace: []review.NotTakenPlaceEntry{
			{Entry: entry(applied, calendar.Unknown, inClear("支教"), "support_teaching"), Kind: "exchange", Stage: "applied"},
			{Entry: entry(toCome, "day:2018-07-15", inClear("暑期送课"), "outreach_lesson"), Kind: "lesson", Stage: "reported", Ahead: true},
		},
		SchoolChanges: []review.SchoolChange{{Ref: review.Ref{Record: dianze.Key, Events: []review.Trace{trace(66, "school.renamed")}}, School: dianze, Change: "renamed", On: "2018-08-20", Name: "店则沟小学", Ahead: true}},
		Held: []review.Held{
			{Ref: heldDay, When: calendar.Unknown, Problems: []review.HeldProblem{{Code: calendar.ErrUnreadableDate.Code, Column: "日期"}}},
			{Ref: heldKind, When: inTerm, Problems: []review.HeldProblem{{Code: reading.ErrUnknownCategory.Code, Column: "类别"}, {Code: "later.code"}}},
		},
		Corrections: []review.Correction{
			{Ref: years, Amendment: review.Amendment{Trace: years.Events[1], Target: eventID(3), Reason: inClear("开学推迟")}},
			{Ref: settled, Amendment: review.Amendment{Trace: settled.Events[1], Target: eventID(39), Reason: inClear("已另行登记")}},
			{Ref: visit, Amendment: review.Amendment{Trace: visit.Events[1], Target: eventID(26), Reason: inClear("原文为三十多名，先前误录为 3")}},
			{Ref: voidLesson, Amendment: review.Amendment{Trace: voidLesson.Events[1], Target: eventID(32), Reason: sealed("reason")}},
			{Ref: review.Ref{Record: key("filing", 38), Events: []review.Trace{trace(38, "filing.reported"), trace(42, "filing.voided")}}, Amendment: review.Amendment{Trace: trace(42, "filing.voided"), Target: eventID(38), Reason: inClear("重复报送")}},
		},
		Unevidenced: []review.Ref{oneLesson, swap}, Unassigned: []review.Ref{{Record: key("meeting", 61), Events: []review.Trace{trace(61, "meeting.reported")}}, homeless},
		WithoutCommunity: []review.Entry{entry(homeless, "day:2018-05-20", inClear("送课活动"), "outreach_lesson")},
		Shared:           []review.SharedRecord{{Record: tenLessons.Record, Obligations: []string{"zhaike-2", "zhaike-4"}}},
	}
}

func obligations() []review.Obligation {
	words := func(zh, en string) programme.Words { return programme.Words{ZH: zh, EN: en} }
	looked := func(ref review.Ref, why ...review.Reason) review.ConsideredRecord {
		return review.ConsideredRecord{Ref: ref, Reasons: why}
	}
	return []review.Obligation{
		{ID: "zhaike-1", Text: words("每学期召开一次中层以上教学管理研讨会", "one teaching-management seminar for staff of middle rank and above per term"), Section: "篇6", Strength: programme.Hard,
			Per: programme.PerCommunity, AtLeast: 1, Kinds: kinds("management_seminar"),
			Notes: []programme.Words{words("方案写“一次”，没有写“仅”或“正好”；按至少一次计，多出的列出。", "The plan says “once” without “exactly”; it is read as at least once, and the excess is shown.")},
			Results: []review.Result{{Status: review.CannotJudge, ShortBy: 1, Because: []review.Reason{review.Unclassified, review.Unnumbered},
				Open: []review.ConsideredRecord{looked(meeting, review.Unclassified), looked(seminar, review.Unclassified, review.Unnumbered)}}}},
		{ID: "zhaike-2", Text: words("每学期送课下乡不少于两节", "at least 2 outreach lessons per term"), Section: "篇6", Strength: programme.Hard,
			Per: programme.PerCommunity, AtLeast: 2, Kinds: kinds("outreach_lesson"),
			Results: []review.Result{{Status: review.Met, Achieved: 10, Excess: 8, Counted: []review.CountedRecord{{Ref: tenLessons, Number: 10}},
				Open:       []review.ConsideredRecord{looked(oneLesson, review.Unnumbered)},
				NotCounted: []review.ConsideredRecord{looked(oldLesson, review.OtherTerm), looked(voidLesson, review.Voided)}}}},
		{ID: "zhaike-3", Text: words("每学期联动校至少开展一次课堂教学开放交流", "at least one open-classroom exchange by each linked school per term"), Section: "篇6", Strength: programme.Hard,
			Per: programme.PerMemberSchool, AtLeast: 1, Kinds: kinds("open_classroom"),
			Results: []review.Result{
				{School: &haojia, Status: review.Met, Achieved: 1, AtLeast: true, Counted: []review.CountedRecord{{Ref: research, Number: 1, AtLeast: true, ReachesBeyond: true}}, Overlaps: overlaps},
				{School: &dianze, Status: review.Short, ShortBy: 1, NotCounted: []review.ConsideredRecord{looked(research, review.OtherSchool)}},
				{School: &nobody, Status: review.Due, ShortBy: 1, NotCounted: []review.ConsideredRecord{looked(research, review.OtherSchool)}},
			}},
		{ID: "zhaike-4", Text: words("鼓励每学期开展示范课五节以上", "five demo lessons a term are encouraged"), Section: "篇6", Strength: programme.Soft,
			Per: programme.PerCommunity, AtLeast: 12, Kinds: kinds("demo_lesson"),
			Results: []review.Result{{Status: review.Short, Achieved: 10, ShortBy: 2, Counted: []review.CountedRecord{{Ref: tenLessons, Number: 10}}}}},
		{ID: "zhaike-5", Text: words("他校每学期交流两人", ""), Section: "篇6", Strength: programme.Practice,
			Per: programme.PerMemberSchool, AtLeast: 2, Kinds: kinds("exchange"), Results: []review.Result{{Status: review.CannotJudge, Because: []review.Reason{review.MembersUnknown}}}},
	}
}

func entry(ref review.Ref, when calendar.Occurred, title seal.Text, codes ...record.Kind) review.Entry {
	return review.Entry{Ref: ref, Occurred: when, Kinds: kinds(codes...), Mode: record.ModeUnknown, Title: title}
}

func registers() []review.Register {
	ten := entry(tenLessons, inTerm, inClear("送课活动"), "demo_lesson", "outreach_lesson")
	ten.Subjects, ten.From, ten.To = []string{"语文", "英语", "数学", "科技", "音乐", "国学"}, schools(core), members
	ten.Quantity, ten.People = quantity("１０", "10", record.Exact, "节"), []string{key("person", 1), key("person", 2)}
	one := entry(oneLesson, inTerm, inClear("送课活动"), "demo_lesson", "outreach_lesson")
	one.Subjects, one.From, one.To, one.Unknowns = []string{"语文"}, schools(core), members, []record.Unknown{record.UnknownDay, record.UnknownNumber}
	one.Quantity = quantity("若干", "", "", "节")
	posted := entry(posting, "day:2018-03-05", inClear("支教"), "support_teaching")
	posted.Workflow, posted.From, posted.To, posted.People = true, schools(core), schools(haojia), []string{key("person", 1)}
	posted.Start, posted.End = "day:2018-03-05", "day:2018-06-29"
	swapped := entry(swap, inTerm, inClear("与共同体学校教师对调交流一个月"), "swap")
	swapped.From, swapped.Quantity = schools(core), quantity("3", "3", record.Exact, "人")
	swapped.Start, swapped.End = calendar.Unknown, calendar.Unknown
	swapped.Unknowns = []record.Unknown{record.UnknownTo, record.UnknownPeople, record.UnknownStart, record.UnknownEnd}
	visited := entry(visit, "span:2018-04-18/2018-04-20", inClear("成员学校教师到第二小学参观学习"), "visit")
	visited.Mode, visited.From, visited.To = record.Offline, schools(haojia, dianze, shuang), schools(core)
	visited.Quantity, visited.Corrected, visited.Late = quantity("三十多", "30", record.AtLeast, "人次"), true, true
	met := entry(meeting, inTerm, sealed("meeting"), "meeting")
	met.Quantity = quantity("约2", "2", record.About, "次")
	trained := entry(seminar, "month:2018-05", inClear("教学管理会议"), "meeting")
	trained.Mode = record.Online
	opened := entry(research, "day:2018-05-16", inClear("课堂教学开放周"), "open_classroom")
	opened.ReachesBeyond = true
	opened.Mode, opened.From, opened.Evidence = record.Mixed, schools(haojia), []seal.Text{inClear("照片 12 张"), sealed("photo")}
	filed := entry(summary, "day:2018-07-03", inClear("共同体工作总结"), "summary")
	filed.From, filed.Quantity, filed.Evidence, filed.Late = schools(core), quantity("1", "1", record.Exact, "份"), []seal.Text{inClear("总结文本")}, true
	inspected := entry(checked, "day:2018-06-12", inClear("期末督导"), "supervision")
	inspected.To = schools(haojia)
	inspected.Findings = []review.Finding{
		{Finding: inspection.Finding{Dimension: record.Word{Text: "队伍建设"}, Grade: "良好", Text: sealed("finding")}},
		{Finding: inspection.Finding{Dimension: record.Word{Text: "办学条件"}, Text: sealed("broken")}},
	}
	return []review.Register{
		{Kind: "lesson", ZH: "课例登记", EN: "lesson register", Entries: []review.Entry{ten, one}},
		{Kind: "exchange", ZH: "交流轮岗名册", EN: "exchange roster", Entries: []review.Entry{posted, swapped}},
		{Kind: "visit", ZH: "互访登记", EN: "visits", Entries: []review.Entry{visited}},
		{Kind: "meeting", ZH: "会议登记", EN: "meetings", Entries: []review.Entry{met, trained}},
		{Kind: "research", ZH: "教研活动登记", EN: "research sessions", Entries: []review.Entry{opened}},
		{Kind: "donation", ZH: "物资捐赠登记", EN: "donations"},
		{Kind: "filing", ZH: "报送材料登记", EN: "filings", Entries: []review.Entry{filed}},
		{Kind: "inspection", ZH: "检查督导登记", EN: "inspections", Entries: []review.Entry{inspected}},
	}
}

// allowed is the overlay of a reader who may see everything that has a key.
type allowed struct{ fails error }

func (allowed) Person(k string) string {
	if k == key("person", 1) {
		return teacherName
	}
	return ""
}

func (o allowed) Open(_ context.Context, s seal.Sealed, place string) (string, error) {
	texts := map[string]string{
		"meeting|" + seal.Place(meeting.Record, "title"):    "联席会议，听取" + teacherName + "汇报",
		"photo|" + seal.Place(research.Record, "evidence"):  teacherName + "上课照片",
		"finding|" + seal.Place(checked.Record, "finding"):  teacherName + "备课认真",
		"reason|" + seal.Place(voidLesson.Record, "reason"): "系" + teacherName + "重复填报",
	}
	text, ok := texts[s.Box+"|"+place]
	switch {
	case o.fails != nil:
		return "", o.fails
	case s.Box == "broken":
		return "", seal.ErrTampered
	case !ok:
		return "", seal.ErrNoKey
	}
	return text, nil
}

func (allowed) Clear(text string) string {
	return strings.ReplaceAll(text, "王小明", "〔姓名〕")
}

func (allowed) Label(_ context.Context, k string) (intake.Label, error) {
	if k != key("import", 1) {
		return intake.Label{}, seal.ErrNoKey
	}
	return intake.Label{File: fileName, Sheets: []string{sheetName}}, nil
}

// shelf is a source that answers from memory.
type shelf struct{ asked []web.Question }

func overview() web.Overview {
	side := func(school review.NamedKey, role pairing.Role) communities.Member {
		return communities.Member{Membership: pairing.Membership{Side: pairing.Side{School: school.Key, Role: role}, Since: "year:2015"}}
	}
	left := side(shuang, pairing.Member)
	left.Until = "day:2018-01-01"
	return web.Overview{
		Ledger: "k3m7p2q5xa", Head: 44, Ordinal: 44, Recorded: instant(4, 1),
		Schools:   map[string]string{core.Key: core.Name, haojia.Key: haojia.Name, dianze.Key: dianze.Name, shuang.Key: shuang.Name},
		Districts: map[string]string{key("district", 1): "清涧县"},
		Communities: []web.Community{
			{Board: communities.Board{Key: key("community", 1), Name: "清涧县第二小学共同体", District: key("district", 1),
				Members:    []communities.Member{side(haojia, pairing.Member), side(core, pairing.Core), side(core, pairing.Core), side(dianze, "linked_school"), left, side(nobody, pairing.Member)},
				Totals:     []communities.Total{{Kind: "lesson", Records: 3, Occurrences: 10, Unnumbered: 1}, {Kind: "visit", Records: 1}},
				Incomplete: 3, Held: 2},
				Terms: []calendar.Term{term, {Year: "2017-2018", Number: 1}}},
			{Board: communities.Board{Key: key("community", 2), Name: "嘉禾县城东片区城乡义务教育共同体", Provisional: true}},
		},
	}
}

func (s *shelf) Overview(context.Context, string, string) (web.Overview, error) {
	return overview(), nil
}

func (s *shelf) Programmes(context.Context) ([]web.Choice, error) {
	return []web.Choice{
		{Code: "county-1plusn", Title: programme.Words{ZH: "某县城乡学校发展共同体方案"}},
		{Code: "zhaike", Title: programme.Words{ZH: "原州区寨科学科教研基地校暨城乡结对共同体方案", EN: "Yuanzhou, Zhaike"}},
	}, nil
}

// Duplicates are two reports of a lesson, one of them from a file.
func (s *shelf) Duplicates(context.Context, string) (web.Duplicates, error) {
	told := func(n int, title seal.Text) records.Row {
		f := record.Facts{Kinds: []record.Kind{"demo_lesson"}, Title: title, Subjects: []record.Word{{Text: "英语"}}, People: []string{key("person", 1)},
			From: []record.Unit{{School: core.Key}}, To: []record.Unit{{School: nobody.Key}}, Quantity: quantity("2", "2", record.Exact, "节")}
		return records.Row{Key: key("lesson", n), Kind: "lesson", Occurred: "day:2018-05-09", Facts: f, Events: []review.Trace{trace(uint64(n), "lesson.reported")}}
	}
	read, second := told(61, inClear("英语送教")), told(62, sealed("meeting"))
	read.Facts.Source = &record.Source{Import: key("import", 1), Row: 7}
	second.Facts.To = []record.Unit{{Group: record.Members}}
	return web.Duplicates{Ordinal: 62, Recorded: instant(4, 1), Schools: map[string]string{core.Key: core.Name},
		Pairs: []duplicates.Pair{{Standing: duplicates.Undecided, Rows: [2]records.Row{read, second}}}}, nil
}

func (s *shelf) Review(_ context.Context, q web.Question) (review.Review, error) {
	s.asked = append(s.asked, q)
	return everySituation(), nil
}
