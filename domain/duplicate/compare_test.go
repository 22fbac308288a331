package duplicate_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/calendar"
	"twinledger/domain/donation"
	"twinledger/domain/duplicate"
	"twinledger/domain/exchange"
	"twinledger/domain/filing"
	"twinledger/domain/lesson"
	"twinledger/domain/mentorship"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

func key(kind string, n int) string { return fmt.Sprintf("%s-0198c000-0000-7000-8000-%012d", kind, n) }

func units(schools ...int) []record.Unit {
	var out []record.Unit
	for _, n := range schools {
		out = append(out, record.Unit{School: key("school", n)})
	}
	return out
}

// lessonFacts are those of a lesson in English that school 1 gives at school 2.
func lessonFacts() lesson.Facts {
	return lesson.Facts{Facts: record.Facts{District: key("district", 1), Community: key("community", 1), Kinds: []record.Kind{"demo_lesson", "outreach_lesson"},
		Subjects: []record.Word{{Text: "英语"}}, From: units(1), To: units(2), People: []string{key("person", 1)}}}
}

// TestLikelyDuplicates compares a lesson with a second report of it that differs in one
// or two things.
func TestLikelyDuplicates(t *testing.T) {
	const day, span calendar.Occurred = "day:2018-05-09", "span:2018-05-09/2018-05-10"
	imported := func(f *lesson.Facts, n int) { f.Source = &record.Source{Import: key("import", n), Row: n} }
	for _, tt := range []struct {
		name        string
		when, again calendar.Occurred
		alter       func(one, other *lesson.Facts)
		want        duplicate.Difference
	}{
		{"all alike", day, day, nil, duplicate.None},
		{"the same days", span, span, nil, duplicate.None},
		{"another day", day, "day:2018-05-10", nil, duplicate.OtherMatter},
		{"a day and days around it", day, span, nil, duplicate.OtherMatter},
		{"the same month is no day", "month:2018-05", "month:2018-05", nil, duplicate.NoDay},
		{"no day", calendar.Unknown, calendar.Unknown, nil, duplicate.NoDay},
		{"another district", day, day, func(_, o *lesson.Facts) { o.District = key("district", 2) }, duplicate.OtherMatter},
		{"one of two kinds", day, day, func(_, o *lesson.Facts) { o.Kinds = []record.Kind{"outreach_lesson"} }, duplicate.None},
		{"the wider kind", day, day, func(_, o *lesson.Facts) { o.Kinds = []record.Kind{"open_lesson"} }, duplicate.None},
		{"two aspects of an open lesson", day, day, func(a, o *lesson.Facts) {
			a.Kinds, o.Kinds = []record.Kind{"demo_lesson"}, []record.Kind{"outreach_lesson"}
		}, duplicate.None},
		{"another widest kind", day, day, func(_, o *lesson.Facts) { o.Kinds = []record.Kind{"micro_lesson"} }, duplicate.OtherKinds},
		{"the sides the other way round", day, day, func(_, o *lesson.Facts) { o.From, o.To = units(2), units(1) }, duplicate.None},
		{"no receiver", day, day, func(_, o *lesson.Facts) { o.To = nil }, duplicate.None},
		{"no sender", day, day, func(a, _ *lesson.Facts) { a.From = nil }, duplicate.None},
		{"the members as a group", day, day, func(_, o *lesson.Facts) { o.To = []record.Unit{{Group: record.Members}} }, duplicate.None},
		{"each leaves out the other's side", day, day, func(a, o *lesson.Facts) { a.To, o.From = nil, nil }, duplicate.OtherSchools},
		{"no receiver, and another sender", day, day, func(_, o *lesson.Facts) { o.To, o.From = nil, units(3) }, duplicate.OtherSchools},
		{"one receiver of two, both sides named", day, day, func(a, _ *lesson.Facts) { a.To = units(2, 3) }, duplicate.OtherSchools},
		{"no schools in one", day, day, func(_, o *lesson.Facts) { o.From, o.To = nil, nil }, duplicate.OtherSchools},
		{"no schools in either, one community", day, day, func(a, o *lesson.Facts) { a.From, a.To, o.From, o.To = nil, nil, nil, nil }, duplicate.None},
		{"no schools and no community", day, day, func(a, o *lesson.Facts) {
			a.From, a.To, o.From, o.To, a.Community, o.Community = nil, nil, nil, nil, "", ""
		}, duplicate.OtherSchools},
		{"a host in place of a sender", day, day, func(_, o *lesson.Facts) {
			o.From, o.Organisers = nil, []record.Organiser{{School: key("school", 1), Part: "host"}}
		}, duplicate.None},
		{"another community", day, day, func(_, o *lesson.Facts) { o.Community = "" }, duplicate.None},
		{"no subject", day, day, func(_, o *lesson.Facts) { o.Subjects = nil }, duplicate.None},
		{"another subject", day, day, func(_, o *lesson.Facts) { o.Subjects = []record.Word{{Text: "数学"}} }, duplicate.OtherSubject},
		{"a subject with its phase", day, day, func(_, o *lesson.Facts) { o.Subjects = []record.Word{{Text: "小学英语"}} }, duplicate.None},
		{"a subject in other words", day, day, func(a, o *lesson.Facts) {
			a.Subjects, o.Subjects = []record.Word{{Text: "道法"}}, []record.Word{{Text: "小学道德与法治"}}
		}, duplicate.None},
		{"a subject by its code", day, day, func(_, o *lesson.Facts) { o.Subjects = []record.Word{{Text: "英文课", Code: "english"}} }, duplicate.None},
		{"a subject in two phases", day, day, func(a, o *lesson.Facts) {
			a.Subjects, o.Subjects = []record.Word{{Text: "小学数学"}}, []record.Word{{Text: "初中数学"}}
		}, duplicate.OtherSubject},
		{"the same two subjects in other words", day, day, func(a, o *lesson.Facts) {
			a.Subjects, o.Subjects = []record.Word{{Text: "小学数学"}, {Text: "信息"}}, []record.Word{{Text: "信息技术"}, {Text: "数学"}}
		}, duplicate.None},
		{"two phases of one subject, and the subject", day, day, func(a, o *lesson.Facts) {
			a.Subjects, o.Subjects = []record.Word{{Text: "小学数学"}, {Text: "初中数学"}}, []record.Word{{Text: "数学"}}
		}, duplicate.None},
		{"two subjects", day, day, func(_, o *lesson.Facts) { o.Subjects = []record.Word{{Text: "数学"}, {Text: "英语"}} }, duplicate.OtherSubject},
		{"nobody named", day, day, func(_, o *lesson.Facts) { o.People = nil }, duplicate.None},
		{"one more person", day, day, func(_, o *lesson.Facts) { o.People = append(o.People, key("person", 2)) }, duplicate.None},
		{"another person", day, day, func(_, o *lesson.Facts) { o.People = []string{key("person", 2)} }, duplicate.OtherPeople},
		{"one person of two in common", day, day, func(a, o *lesson.Facts) {
			a.People, o.People = []string{key("person", 1), key("person", 2)}, []string{key("person", 1), key("person", 3)}
		}, duplicate.OtherPeople},
		{"another number", day, day, func(_, o *lesson.Facts) { o.Quantity = record.Quantity{Text: "3", Number: "3", Bound: record.Exact} }, duplicate.None},
		{"another title in another file", day, day, func(a, o *lesson.Facts) {
			imported(a, 1)
			imported(o, 2)
			a.Title.Clear, o.Title.Clear = "英语送教", "送教英语课"
		}, duplicate.None},
		{"another title in the same file", day, day, func(a, o *lesson.Facts) {
			imported(a, 1)
			imported(o, 1)
			a.Title.Clear, o.Title.Clear = "英语送教", "送教英语课"
		}, duplicate.OtherContent},
		{"another class in the same file", day, day, func(a, o *lesson.Facts) {
			imported(a, 1)
			imported(o, 1)
			a.Class, o.Class = "五（1）班", "五（2）班"
		}, duplicate.OtherContent},
		{"an equal row of the same file", day, day, func(a, o *lesson.Facts) {
			imported(a, 1)
			imported(o, 1)
			a.Title.Clear, o.Title.Clear = "英语送教", " 英语 送教"
		}, duplicate.None},
	} {
		t.Run(tt.name, func(t *testing.T) {
			one, other := lessonFacts(), lessonFacts()
			if tt.alter != nil {
				tt.alter(&one, &other)
			}
			a, b := duplicate.NewStatement("lesson", tt.when, one), duplicate.NewStatement("lesson", tt.again, other)
			if got := duplicate.Compare(a, b); got != tt.want {
				t.Errorf("differ in %q, want %q", got, tt.want)
			}
			if got := duplicate.Compare(b, a); got != tt.want {
				t.Errorf("the other way round they differ in %q, want %q", got, tt.want)
			}
		})
	}
}

// TestPartOf compares a lesson without a number with one of ten, where they differ in one
// thing. The one may be part of the other.
func TestPartOf(t *testing.T) {
	const day, month, term calendar.Occurred = "day:2018-05-09", "month:2018-05", "term:2017-2018/2"
	ten := record.Quantity{Text: "10", Number: "10", Bound: record.Exact}
	several := []record.Word{{Text: "英语"}, {Text: "数学"}, {Text: "信息技术"}}
	for _, tt := range []struct {
		name  string
		when  calendar.Occurred
		alter func(part, whole *lesson.Facts)
		want  duplicate.Difference
	}{
		{"in a term, all alike", term, nil, duplicate.None},
		{"in a month", month, nil, duplicate.None},
		{"on a day", day, nil, duplicate.None},
		{"nobody knows when", calendar.Unknown, nil, duplicate.NoDay},
		{"both with a number, in a term", term, func(p, _ *lesson.Facts) { p.Quantity = ten }, duplicate.NoDay},
		{"neither with a number, in a term", term, func(_, w *lesson.Facts) { w.Quantity = record.Quantity{} }, duplicate.NoDay},
		{"one subject of several, in a term", term, func(_, w *lesson.Facts) { w.Subjects = several }, duplicate.None},
		{"one subject of several, on a day", day, func(_, w *lesson.Facts) { w.Subjects = several }, duplicate.None},
		{"one of several in other words", term, func(p, w *lesson.Facts) { p.Subjects, w.Subjects = []record.Word{{Text: "小学信息"}}, several }, duplicate.None},
		{"several subjects, of which the other has one", day, func(p, _ *lesson.Facts) { p.Subjects = several }, duplicate.OtherSubject},
		{"several subjects, of which the other has one, in a term", term, func(p, _ *lesson.Facts) { p.Subjects = several }, duplicate.NoDay},
		{"a subject that the other lacks", term, func(p, _ *lesson.Facts) { p.Subjects = []record.Word{{Text: "音乐"}} }, duplicate.NoDay},
		{"no subject", term, func(p, _ *lesson.Facts) { p.Subjects = nil }, duplicate.None},
		{"a subject where the other names none", term, func(_, w *lesson.Facts) { w.Subjects = nil }, duplicate.NoDay},
		{"another community", term, func(p, _ *lesson.Facts) { p.Community = key("community", 2) }, duplicate.NoDay},
		{"no community", term, func(p, w *lesson.Facts) { p.Community, w.Community = "", "" }, duplicate.NoDay},
		{"other kinds", term, func(p, _ *lesson.Facts) { p.Kinds = []record.Kind{"demo_lesson"} }, duplicate.NoDay},
		{"another mode", term, func(p, _ *lesson.Facts) { p.Mode = record.Online }, duplicate.NoDay},
		{"the other way round", term, func(p, _ *lesson.Facts) { p.From, p.To = p.To, p.From }, duplicate.NoDay},
		{"another title", term, func(p, _ *lesson.Facts) { p.Title.Clear = "送课" }, duplicate.NoDay},
		{"another teacher", term, func(p, _ *lesson.Facts) { p.People = []string{key("person", 2)} }, duplicate.OtherPeople},
		{"another class of the same file", term, func(p, w *lesson.Facts) {
			p.Source, w.Source = &record.Source{Import: key("import", 1), Row: 4}, &record.Source{Import: key("import", 1), Row: 5}
			p.Class, w.Class = "五（1）班", "五（2）班"
		}, duplicate.OtherContent},
	} {
		t.Run(tt.name, func(t *testing.T) {
			part, whole := lessonFacts(), lessonFacts()
			whole.Quantity = ten
			if tt.alter != nil {
				tt.alter(&part, &whole)
			}
			a, b := duplicate.NewStatement("lesson", tt.when, part), duplicate.NewStatement("lesson", tt.when, whole)
			if got := duplicate.Compare(a, b); got != tt.want {
				t.Errorf("differ in %q, want %q", got, tt.want)
			}
			if got := duplicate.Compare(b, a); got != tt.want {
				t.Errorf("the other way round they differ in %q, want %q", got, tt.want)
			}
			if tt.want == duplicate.None && (!duplicate.PartOf(a, b) || duplicate.PartOf(b, a)) {
				t.Errorf("is part: %v, is whole: %v", duplicate.PartOf(a, b), duplicate.PartOf(b, a))
			}
		})
	}
}

// TestLikelyDuplicatesOfOtherKinds compares what only some kinds say.
func TestLikelyDuplicatesOfOtherKinds(t *testing.T) {
	common := lessonFacts().Facts
	common.Subjects = nil
	of := func(kinds ...record.Kind) record.Facts {
		f := common
		f.Kinds = kinds
		return f
	}
	posted := func(start, end calendar.Occurred) duplicate.Statement {
		return duplicate.NewStatement("exchange", "term:2017-2018/2", exchange.Facts{Facts: of("support_teaching"), Start: start, End: end})
	}
	gave := func(item string) duplicate.Statement {
		return duplicate.NewStatement("donation", "day:2018-05-09", donation.Facts{Facts: of("donation"), Item: seal.Text{Clear: item}})
	}
	filed := func(kind record.Kind, about calendar.Occurred) duplicate.Statement {
		return duplicate.NewStatement("filing", "day:2018-05-09", filing.Facts{Facts: of(kind), About: about})
	}
	guided := func(mentee int) duplicate.Statement {
		f := mentorship.Facts{Facts: of("mentoring"), Mentor: key("person", 8), Mentee: key("person", mentee), Start: "day:2018-03-01", End: calendar.Unknown}
		f.People = nil
		return duplicate.NewStatement("mentorship", calendar.Unknown, f)
	}
	for _, tt := range []struct {
		name       string
		one, other duplicate.Statement
		want       duplicate.Difference
	}{
		{"a posting, by its first day", posted("day:2018-03-01", "day:2018-06-30"), posted("day:2018-03-01", calendar.Unknown), duplicate.None},
		{"postings of one term that begin on two days", posted("day:2018-03-05", "day:2018-04-05"), posted("day:2018-05-05", "day:2018-06-05"), duplicate.OtherMatter},
		{"a posting that ends on another day", posted("day:2018-03-01", "day:2018-06-30"), posted("day:2018-03-01", "day:2018-05-30"), duplicate.OtherLastDay},
		{"postings of a term without days", posted(calendar.Unknown, calendar.Unknown), posted(calendar.Unknown, calendar.Unknown), duplicate.NoDay},
		{"the same goods", gave("图书 200 册"), gave("图书200册"), duplicate.None},
		{"other goods", gave("图书"), gave("电脑"), duplicate.OtherSubject},
		{"a plan and a summary", filed("plan", ""), filed("summary", ""), duplicate.OtherKinds},
		{"two monthly reports", filed("monthly_report", "month:2018-03"), filed("monthly_report", "month:2018-04"), duplicate.OtherSubject},
		{"the same mentee", guided(9), guided(9), duplicate.None},
		{"two mentees of one mentor", guided(9), guided(10), duplicate.OtherPeople},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := duplicate.Compare(tt.one, tt.other); got != tt.want {
				t.Errorf("differ in %q, want %q", got, tt.want)
			}
		})
	}
}

// drawn returns statements that have much in common.
func drawn(t *rapid.T) []duplicate.Statement {
	some := func(kind, label string) []string {
		var out []string
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(1, 3), 0, 2, rapid.ID[int]).Draw(t, label) {
			out = append(out, key(kind, n))
		}
		return out
	}
	var out []duplicate.Statement
	for n := range rapid.IntRange(0, 25).Draw(t, "statements") {
		f := lessonFacts()
		f.From, f.To, f.Subjects = nil, nil, nil
		for _, s := range some("school", "from") {
			f.From = append(f.From, record.Unit{School: s})
		}
		for _, s := range some("school", "to") {
			f.To = append(f.To, record.Unit{School: s})
		}
		f.People = some("person", "people")
		if rapid.Bool().Draw(t, "has subject") {
			f.Subjects = []record.Word{{Text: rapid.SampledFrom([]string{"语文", "数学", "小学数学", "初中数学"}).Draw(t, "subject")}}
		}
		if rapid.Bool().Draw(t, "has number") {
			f.Quantity = record.Quantity{Text: "2", Number: "2", Bound: record.Exact}
		}
		s := duplicate.NewStatement("lesson", rapid.SampledFrom([]calendar.Occurred{"day:2018-05-09", "day:2018-05-10", "term:2017-2018/2"}).Draw(t, "when"), f)
		s.Key, s.Order = key("lesson", n+1), uint64(n+1)
		out = append(out, s)
	}
	return out
}

// TestIndexFindsWhatComparingEachFinds: the index leaves out nobody that comparing every
// statement with every other would find.
func TestIndexFindsWhatComparingEachFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		var index duplicate.Index
		for i, s := range all {
			var want []string
			for _, earlier := range all[:i] {
				if duplicate.Compare(earlier, s) == duplicate.None {
					want = append(want, earlier.Key)
				}
			}
			var got []string
			for _, found := range index.Like(s, 0) {
				got = append(got, found.Key)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("statement %d is like %v, want %v", i, got, want)
			}
			index.Add(s)
		}
	})
}
