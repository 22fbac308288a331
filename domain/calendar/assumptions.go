package calendar

// An Assumption is what a reading that is only likely rests on. Its code is
// stable: whoever confirms it once confirms it for every date of a file that rests
// on it.
type Assumption string

// The assumptions.
const (
	YearOfTitle       Assumption = "year-of-title"      // 9月3日 under 2018年春季: the school year of the title
	TwoDigitYear      Assumption = "two-digit-year"     // 18.4.18 is of 2018
	MonthPointOne     Assumption = "month-point-one"    // 2018.1 is January, not 2018.10 without its zero
	DayPointOne       Assumption = "day-point-one"      // 4.2 is 2 April, not 4.20 without its zero
	HyphenDay         Assumption = "hyphen-day"         // 4-6 is 6 April, not April to June
	SpanOfMonths      Assumption = "span-of-months"     // 2018.4-6 is April to June
	MixedSigns        Assumption = "mixed-signs"        // 2018-4.18 is 18 April
	MonthDayYear      Assumption = "month-day-year"     // 4/5/2018 is 5 April
	SpreadsheetSerial Assumption = "spreadsheet-serial" // 43208 is the day of that number in a spreadsheet
	CompactMonth      Assumption = "compact-month"      // 201804 is April 2018
	HalfYear          Assumption = "half-year"          // 2018年上半年 is January to June
	SchoolYearPair    Assumption = "school-year-pair"   // 2017-2018 is a school year
)

// Assumptions lists every assumption that a reading may rest on.
func Assumptions() []Assumption {
	return []Assumption{YearOfTitle, TwoDigitYear, MonthPointOne, DayPointOne, HyphenDay, SpanOfMonths,
		MixedSigns, MonthDayYear, SpreadsheetSerial, CompactMonth, HalfYear, SchoolYearPair}
}

// Words returns the assumption as a statement that a clerk can confirm or deny,
// in Chinese and in English.
func (a Assumption) Words() (chinese, english string) {
	w := assumptionWords[a]
	return w[0], w[1]
}

var assumptionWords = map[Assumption][2]string{
	YearOfTitle:       {"没有写年份的日期，属于表题或工作表名所说的那一年", "Dates without a year lie in the year that the title or the sheet's name says"},
	TwoDigitYear:      {"两位数的年份是 20 几几年，例如 18 是 2018年", "A year of two digits is of this century: 18 is 2018"},
	MonthPointOne:     {"2018.1 是 2018年1月", "2018.1 is January 2018"},
	DayPointOne:       {"4.2 是 4月2日，不是被去掉了 0 的 4月20日", "4.2 is 2 April, and not 20 April without its zero"},
	HyphenDay:         {"4-6 是 4月6日，不是 4月至6月", "4-6 is 6 April, and not April to June"},
	SpanOfMonths:      {"2018.4-6 是 2018年4月至6月", "2018.4-6 is April to June 2018"},
	MixedSigns:        {"2018-4.18 这样混用符号的，是 2018年4月18日", "2018-4.18, with different signs, is 18 April 2018"},
	MonthDayYear:      {"4/5/2018 是 2018年4月5日（月在前）", "4/5/2018 is 5 April 2018: the month comes first"},
	SpreadsheetSerial: {"43208 这样的五位数是表格程序存的日期，即 2018-04-18", "A number such as 43208 is a date as spreadsheet programs store it: 2018-04-18"},
	CompactMonth:      {"201804 是 2018年4月", "201804 is April 2018"},
	HalfYear:          {"2018年上半年是 2018年1月至6月，下半年是 7月至12月", "2018年上半年 is January to June 2018, and 下半年 July to December"},
	SchoolYearPair:    {"2017-2018 是 2017-2018学年", "2017-2018 is the school year 2017-2018"},
}
