package reading

import (
	"cmp"

	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/record"
)

// What a row of a roster can be met with.
var (
	ErrUnknownRole = fault.New(fault.Invalid, "intake.unknown-role",
		"身份无法识别，记录中未填，原文留在此行的封存副本；可写 核心校 或 成员校，或用 --word 说明。",
		"The 身份 is not known; the school is recorded without it and the row's sealed copy keeps the text. Write 核心校 or 成员校, or explain it with --word.")
	ErrNoSchoolName = fault.New(fault.Invalid, "intake.no-school-name",
		"名册此行没有学校名称，此行暂挂；请补填。", "The roster's row names no school and is held; fill it in.")
	ErrSeveralSchools = fault.New(fault.Invalid, "intake.several-schools",
		"名册此行写了几所学校或统称，此行暂挂；请每校一行。", "The roster's row names several schools and is held; give each its own row.")
)

// readRoster reads one school of a roster. Its role belongs to the row's community or, where
// the row names none, to the one that all activities of the workbook name; and to the term
// that the title names.
func (x *rowReader) readRoster() {
	if x.oversized() {
		return
	}
	x.row.Occurred = calendar.Unknown
	if term, known := x.table.around.Term(); known {
		x.row.Occurred = calendar.InTerm(term)
	}
	x.row.Community = cmp.Or(x.community(), x.only)
	text := x.value(ColumnSchool)
	name := org.NormalName(text)
	found := readSchools(text, x.known.School)
	switch {
	case name == "":
		x.hold(ErrNoSchoolName, ColumnSchool)
		return
	case len(found.names) != 1 || found.members || !found.whole:
		x.hold(ErrSeveralSchools, ColumnSchool)
		return
	}
	school := found.names[0]
	x.row.Statements = []Statement{{"school", org.School{Name: school, Stage: x.value(ColumnStage), Setting: x.value(ColumnSetting)}}}
	written := x.value(ColumnRole)
	if written == "" {
		return
	}
	role, known := pairing.RoleWritten(written)
	if !known {
		x.problem(ErrUnknownRole, ColumnRole)
		return
	}
	x.row.Statements = append(x.row.Statements, Statement{"pairing", pairing.Facts{
		Facts: record.Facts{Community: x.row.Community, Kinds: []record.Kind{"pairing"}, Mode: record.ModeUnknown},
		Basis: pairing.Roster, Sides: []pairing.Side{{School: school, Role: role}}}})
}

// usualYears is a calendar of the usual school years, to tell roughly when something was.
var usualYears = func() calendar.Calendar {
	c := calendar.Calendar{}
	for first := 1990; first < 2100; first++ {
		year := calendar.SchoolYearFrom(first)
		c[year] = calendar.AssumedYear(year)
	}
	return c
}()
