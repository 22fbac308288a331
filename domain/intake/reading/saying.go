package reading

import (
	"regexp"
	"strings"

	"twinledger/domain/chinese"
)

// A saying is what a cell says of an activity that did not take place, "" of any other.
type saying string

// The sorts of sayings, each a question of its own.
const (
	saysCancelled saying = "cancelled"
	saysPostponed saying = "postponed"
	saysPlanned   saying = "planned"
)

// sayings lists the sorts: of a row that says two, the first is asked about.
var sayings = []saying{saysCancelled, saysPostponed, saysPlanned}

const (
	takePlace = `(?:开展|举行|举办|实施|进行|成行|召开|组织|执行|落实|启动|实行|前往|送课|送教|授课|上课|听课|去成|上成|办成|搞成|讲成|做成|开成|去)`
	asMeant   = `(?:如期|按期|按时|按计划|按原计划|正常|顺利|成功|实际|真正|及时|能|曾|再)`
	thisThing = `(?:(?:本|此|该|这|当|原定|原)(?:的)?(?:次|场|节|项|期|天|日)?(?:的)?)?(?:活动|送课|送教|送教下乡|送课下乡|听课|教研|教研活动|培训|讲座|示范课|公开课|课程|课|会议|安排|行程|互访|结对活动)?`
	someDay   = `(?:\d|[一二三四五六七八九十]+[月日号]|下(?:个)?(?:周|月|学期|学年|半年|星期)|本(?:周|月|学期)(?:底|末)|明年|来年|月(?:底|末)|年(?:底|末)|期末|学期末|暑假|寒假|开学)`
)

var (
	// clauses parts a text where one statement ends and the next begins.
	clauses = regexp.MustCompile(`[，。；;、！!？?（）()【】\[\]：:\s,]+`)

	// notSaid matches what turns the word into its contrary, or into something that is talked about.
	notSaid = regexp.MustCompile(`(?:未|没有?|不|不得|不可|不能|无|非|免于|避免|防止)(?:再|被|予|能|会|曾)?(?:取消|推迟|延期|改期|暂缓|停办|延后)|的(?:取消|推迟|延期|停办)`)

	// done matches a number that was done beside another that was planned.
	done = regexp.MustCompile(`实际|实有|已(?:开展|举行|完成|上|送)`)

	cancelledClause = regexp.MustCompile(`^(?:` +
		`.*取消(?:了|掉)?` + thisThing + `(?:` + takePlace + `)?(?:了|\d+[节次场])?` +
		`|.*(?:未|没|没有|未能|没能|不能|无法|不再|不)` + asMeant + `{0,3}` + takePlace + `(?:了|过|成)?` + thisThing +
		`|(?:` + thisThing + `|任务|计划|.*(?:活动|任务|计划|送课|送教))(?:因.*|由于.*)?(?:未|没|没有|未能|没能)` + asMeant + `{0,2}完成(?:了)?` +
		`|(?:因|由于|受)?.*(?:停办|停开|停课|停止|中止|终止|作罢|作废|泡汤|流产|撤销|搁置)(?:了)?` + thisThing +
		`)$`)
	postponedClause = regexp.MustCompile(`^(?:` +
		`.*(?:推迟|延期|改期|延后|顺延|暂缓|暂停|缓办|缓期|延迟|后延|推后|改日|择期|择日)(?:了)?` + thisThing + `(?:再|另行)?(?:` + takePlace + `|补上?|安排|通知)?(?:了)?` +
		`|.*(?:推迟|延期|改期|延后|顺延|延迟|后延|推后|调整)(?:了)?(?:至|到|于|在|为).+` +
		`|.*(?:推迟|延期|延后|顺延|延迟|推后)(?:了)?(?:\d+|[一二两三四五六七八九十几半]+)(?:个)?(?:天|日|周|星期|月|学期).*` +
		`|.*(?:改至|改到|改在|改为)` + someDay + `.*` +
		`|待(?:补课|补上|补做|补办|另行安排|再` + takePlace + `)` +
		`|(?:` + someDay + `.{0,6}|以后|今后|另行)(?:再)?(?:补|补上|补课|补做|补办|另行安排|再` + takePlace + `)` +
		`)$`)
	plannedClause = regexp.MustCompile(`^(?:` +
		`(?:` + thisThing + `)(?:拟|预计|打算|准备|预定|将)(?:于|在|定于|定在)?(?:` + someDay + `|` + takePlace + `).*` +
		`|(?:` + thisThing + `)(?:计划|安排)(?:于|在|定于)?` + someDay + `.*(?:` + takePlace + `|月|日|号|学期|学年|周|年)` +
		`|(?:` + thisThing + `)拟(?:于|定于|安排|送|上).+` +
		`|(?:` + thisThing + `)计划(?:于|` + takePlace + `)(?:` + someDay + `.*)?` +
		`|(?:尚)?待(?:` + takePlace + `|完成|安排|通知|确定)(?:中)?` +
		`|(?:时间|日期|内容|地点)?(?:待定|未定)|(?:计划|筹备|策划|准备|酝酿)中` +
		`)$`)

	// minutes matches a delay within the day.
	minutes = regexp.MustCompile(`(?:推迟|延迟|延后|延长)(?:了)?(?:\d+|[一二两三四五六七八九十半几]+)(?:个)?(?:分|小时|课时|节)`)

	// plainPlan matches what a remark says of a plan and a title does not.
	plainPlan = regexp.MustCompile(`^(?:计划|拟|计划开展|计划内未开展|预期|待办)$`)

	// inDateOrNumber match the words that a date or a number has no other use for.
	cancelledWord = regexp.MustCompile(`取消|停|未(?:能)?(?:` + takePlace + `|完成)|没(?:有)?` + takePlace + `|作废`)
	postponedWord = regexp.MustCompile(`推迟|延期|改期|延后|顺延|暂缓|缓办|延迟|择期|择日|改日|改至|改到|改为`)
	plannedWord   = regexp.MustCompile(`待定|未定|拟|计划|预计|打算|预定`)
)

// sayingIn returns what a cell under a column says of an activity that did not take place.
func sayingIn(column, text string) saying {
	text = chinese.Simplified(chinese.Narrow(text))
	if !strings.ContainsAny(text, "取未没停推延改拟计待预缓择不无中终作泡流撤搁顺后打准将补策筹酝调另再") {
		return ""
	}
	if column == ColumnDate || column == ColumnQuantity || column == ColumnMeasure || isDatePart(column) || column == ColumnStart || column == ColumnEnd {
		return sayingOfValue(compact(text))
	}
	found := map[saying]bool{}
	for _, clause := range clauses.Split(text, -1) {
		found[sayingOfClause(column, clause)] = true
	}
	for _, sort := range sayings {
		if found[sort] {
			return sort
		}
	}
	return ""
}

// sayingOfValue returns what a date or a number says.
func sayingOfValue(text string) saying {
	switch {
	case notSaid.MatchString(text), done.MatchString(text):
		return ""
	case cancelledWord.MatchString(text):
		return saysCancelled
	case postponedWord.MatchString(text):
		return saysPostponed
	case plannedWord.MatchString(text):
		return saysPlanned
	}
	return ""
}

// sayingOfClause returns what one statement of a text says.
func sayingOfClause(column, clause string) saying {
	switch {
	case clause == "", notSaid.MatchString(clause), minutes.MatchString(clause):
		return ""
	case cancelledClause.MatchString(clause):
		return saysCancelled
	case column == ColumnEvidence:
		return "" // 待补 says that there is none yet
	case postponedClause.MatchString(clause):
		return saysPostponed
	case isOfNames(column):
		return "" // 待定 says that the name is not known yet
	case plannedClause.MatchString(clause), column != ColumnContent && plainPlan.MatchString(clause):
		return saysPlanned
	}
	return ""
}

// sayingBehindDate matches what is written behind a date that is itself complete.
var sayingBehindDate = regexp.MustCompile(`\([^()]*\)$|[,，、\s]*(?:因[^\d]*|由于[^\d]*|已)?(?:` + cancelledWord.String() + `|待定)[^\d]*$`)

// withoutSaying returns a date without what is written behind it of an activity that did not take
// place: 2018-04-04 of 2018-04-04（取消）.
func withoutSaying(text string) string {
	if sayingIn(ColumnDate, text) == "" {
		return text
	}
	plain := chinese.Simplified(chinese.Narrow(text))
	if date := sayingBehindDate.ReplaceAllString(plain, ""); date != "" && sayingIn(ColumnDate, date) == "" {
		return date
	}
	return text
}
