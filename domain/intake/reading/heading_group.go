package reading

import (
	"regexp"
	"slices"

	"twinledger/domain/heading"
)

// groupSign parts the heading of a group of columns and that of one column under it.
const groupSign = "/"

// meaningsInGroup returns the columns that a heading under a group's heading may stand for:
// 学校 under 派出单位 or 交流前 is the school that sends, 起 under 交流时间 the first day.
func meaningsInGroup(group, lower string, in heading.Table) []meaning {
	if found := meaningsTogether(group, lower, in); found != nil {
		return found
	}
	found, of := meaningsOf(lower, in), meaningsOf(group, in)
	dated := len(of) > 0 && countedAs(of[0].column) == ColumnDate
	if len(found) > 0 && (isDatePart(found[0].column) || endOfSpan.MatchString(lower)) {
		if !dated && !(endOfSpan.MatchString(lower) && postingGroup.MatchString(group)) { // 毕业时间/年
			return nil
		}
		found[0].certain = dated
		return found[:1]
	}
	if len(found) == 0 && !sendingGroup.MatchString(group) && !receivingGroup.MatchString(group) && of != nil && measureWord(lower) != "" {
		found = of
		found[0].measure = measureWord(lower)
	}
	return slices.DeleteFunc(found, func(m meaning) bool { return m.column == ColumnMeasure || m.column == ColumnSchool })
}

// meaningsTogether returns what a heading means that says with its group's heading what a single
// heading says: 授课教师 above 学校 is 授课学校, 听课人 above 姓名 is 听课教师. None means that the two
// are read apart; an empty list, that nobody can tell whose school it is.
func meaningsTogether(group, lower string, in heading.Table) []meaning {
	whose := groupOf.ReplaceAllString(group, "")
	switch {
	case observers.MatchString(group) && nameWord.MatchString(lower):
		return meaningsOf(whose+"教师", in)
	case !schoolWord.MatchString(lower):
		return nil
	case receivingGroup.MatchString(group), observers.MatchString(group), menteeHeading.MatchString(group):
		return []meaning{{ColumnTo, "", true, true}}
	case sendingGroup.MatchString(group), mentorHeading.MatchString(group):
		return []meaning{{ColumnFrom, "", true, true}}
	}
	for _, word := range []string{"学校", "单位"} {
		if whose == "" || !heading.Listed(whose+word) {
			continue
		}
		for _, m := range meaningsOf(whose+word, in) {
			if m.usual && (m.column == ColumnFrom || m.column == ColumnTo) {
				return []meaning{m}
			}
		}
	}
	return []meaning{}
}

var (
	sendingGroup   = regexp.MustCompile(`派出|送出|流出|选派|交流前|轮岗前|原|现任|支援|帮扶方|送教|送课`)
	receivingGroup = regexp.MustCompile(`接收|接受|流入|交流后|轮岗后|派往|去向|受(?:援|教|课|赠|捐|送)|被`)
	schoolWord     = regexp.MustCompile(`^(?:学校|单位|校名|学校名称|单位名称|工作单位|所在学校|任教学校)$`)
	nameWord       = regexp.MustCompile(`^(?:姓名|教师|教师姓名|人员)$`)

	postingGroup = regexp.MustCompile(`交流|轮岗|支教|跟岗|挂职|任教|走教|派出|期限|时间`)
	endOfSpan    = regexp.MustCompile(`^[起止始终自至]$`)
	observers    = regexp.MustCompile(`^(?:听|评|观摩)`)

	// groupOf matches the end of a group's heading that says whose columns they are, and no more.
	groupOf = regexp.MustCompile(`(?:教师|老师|人员|人|方|者|信息|情况|基本情况|基本信息)+$`)
)

var (
	// endOfTime matches one end of a span of time: 支教时间（起）.
	endOfTime = regexp.MustCompile(`^(.+)\(([起止始终])\)$`)

	// schoolOfGroup matches the school of somebody: 听课教师所在学校.
	schoolOfGroup = regexp.MustCompile(`^(.{2,8}?)(?:及|和)?(?:所在|工作|任教)?(?:学校|单位)(?:名称)?$`)
)

// In a table with a column of the school where somebody was before, the present school is where
// that person was sent. In one without, it is the school that sends.
var (
	formerSchool  = regexp.MustCompile(`^(?:原|(?:交流|轮岗|支教)前)(?:所在|工作|任教|任职)*(?:学校|单位)`)
	presentSchool = regexp.MustCompile(`^现(?:所在|工作|任教|任职)*(?:学校|单位)`)
)
