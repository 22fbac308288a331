package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"twinledger/domain/chinese"
	"twinledger/domain/record"
)

// A labelForm is the way in which a cell says that its row is one of totals.
type labelForm int

const (
	noLabel       labelForm = iota
	looseCount              // 共2次: mostly an activity says so of itself
	countLabel              // 共计2次, 合计:5节
	unknownLabel            // ends in 合计 behind words that may be a title
	totalLabel              // 合计, 4月小计, 青山中心小学小计, 5节(小计)
	fixedLabel              // as totalLabel, and written where nothing else could stand
	partLabel               // 其中:语文, a part of the total above it
	averageLabel            // 平均
	numberOfTotal           // 合计5节 where a number belongs
)

const totalWord = `(?:合计|小计|总计|共计|累计|总数|总共|总和|合共|subtotal|total)`

var (
	labelAtEnd     = regexp.MustCompile(`^(.*?)` + totalWord + `(?:数量?|[节次人]次?数|行)?$`)
	labelInBracket = regexp.MustCompile(`^(.*)\((.{0,12}?)` + totalWord + `\)$`)
	labelWithCount = regexp.MustCompile(`^(?:(.*?)` + totalWord + `[:为]?约?|共)[\d一二两三四五六七八九十百]+(?:\.\d+)?\p{Han}{0,3}$`)
	looselyCounted = regexp.MustCompile(`^共[^计]`)
	labelOfPart    = regexp.MustCompile(`^其中[:,]?.{0,16}$`)
	labelOfAverage = regexp.MustCompile(`^.{0,8}(?:平均(?:数|值|每校|每月)?|校均|月均)$`)

	// wholeOf matches what stands before 合计 and says of what it is the total.
	wholeOf = regexp.MustCompile(`^(?:(?:本|全|各|以上|上述|所有|全部|该|其他|其它).{0,8}|.{0,12}?(?:月份?|季度|学期|学年度?|年度?|周|日|上旬|中旬|下旬|年级|学段|部|镇|乡|县|区|类|项|个?学科|.校))$`)

	// longestTotal is how many characters a cell has at most that labels a row of totals.
	longestTotal = 30
)

// saysTotal tells whether a text heads a row of totals.
func saysTotal(text string) bool { form, _ := labelIn(text); return form == totalLabel }

// labelIn tells whether a text labels a row of totals, whatever its column, and returns what
// stands before the word.
func labelIn(text string) (form labelForm, of string) {
	if utf8.RuneCountInString(text) > longestTotal || !strings.ContainsAny(text, "计計共总總均其tT") {
		return noLabel, ""
	}
	word := chinese.Word(text)
	if inner, is := strings.CutPrefix(word, "("); is && strings.HasSuffix(inner, ")") && !strings.ContainsAny(inner[:len(inner)-1], "()") {
		word = inner[:len(inner)-1]
	}
	if m := labelInBracket.FindStringSubmatch(word); m != nil {
		return totalLabel, ""
	}
	if m := labelAtEnd.FindStringSubmatch(word); m != nil {
		if namesWhole(m[1]) {
			return totalLabel, m[1]
		}
		return unknownLabel, m[1]
	}
	switch m := labelWithCount.FindStringSubmatch(word); {
	case m != nil && m[1] == "" && looselyCounted.MatchString(word):
		return looseCount, ""
	case m != nil && namesWhole(m[1]):
		return countLabel, m[1]
	case labelOfPart.MatchString(word):
		return partLabel, ""
	case labelOfAverage.MatchString(word):
		return averageLabel, ""
	}
	return noLabel, ""
}

// namesWhole tells whether what stands before 合计 names that of which it is the total: a time, a
// school, a community, a subject, a kind of activity.
func namesWhole(of string) bool {
	of = strings.TrimSuffix(strings.TrimRight(of, ":,、;"), "的")
	return of == "" || wholeOf.MatchString(of) || schoolEnding.MatchString(of) || communityWord.MatchString(of) || record.IsSubject(of) || len(kindsIn(of)) > 0
}

// labelUnder tells how a cell under a column labels its row. The columns of names hold nothing
// else that ends in 合计, while a title or a remark may.
func labelUnder(column, text string) labelForm {
	form, _ := labelIn(text)
	switch {
	case isFixed(column):
		if form == totalLabel || form == unknownLabel || form == countLabel {
			return fixedLabel
		}
		if form == looseCount {
			return noLabel // 4月18日、25日, 共2次
		}
	case isOfNames(column):
		if form == unknownLabel {
			return totalLabel
		}
		if form == countLabel || form == looseCount {
			return noLabel // 共3所, 合计5人: a group
		}
	case column == ColumnQuantity || column == ColumnMeasure:
		if form == countLabel {
			return numberOfTotal
		}
		if form != totalLabel {
			return noLabel
		}
	default:
		if form == averageLabel {
			return noLabel // a title of a lesson, or a remark on it
		}
	}
	return form
}

// isFixed tells whether nothing but a number or a date can stand in a column beside the label of a
// total.
func isFixed(column string) bool {
	return column == ColumnNumber || slices.Contains(dateColumns, column)
}

// isOfNames tells whether a column holds names and words in which 合计 means nothing else.
func isOfNames(column string) bool {
	switch column {
	case ColumnCommunity, ColumnCategory, ColumnForm, ColumnSubject, ColumnFrom, ColumnTo, ColumnPeople, ColumnSchool, ColumnStage, ColumnSetting, ColumnRole:
		return true
	}
	return false
}
