package web

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"twinledger/domain"
	"twinledger/domain/calendar"
	"twinledger/domain/fault"
	"twinledger/domain/org"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
	"twinledger/domain/review"
)

// A phrase is the same in Chinese and English. What needs no translation, such
// as a number, has no English. A code without words has only its code.
type phrase struct {
	zh, en, code string
	days         bool // the Chinese holds days, which are not broken across lines
}

// IsZero tells whether there is nothing to say.
func (p phrase) IsZero() bool { return p == phrase{} }

// say returns a phrase as a page shows it: Chinese, then English in smaller type.
func say(zh, en string) template.HTML { return both(phrase{zh: zh, en: en}) }

// sayOf is say with a value in the place of %v.
func sayOf(zh, en string, value any) template.HTML {
	with := strings.NewReplacer("%v", fmt.Sprint(value))
	return both(phrase{zh: with.Replace(zh), en: with.Replace(en)})
}

var dayForm = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

func both(p phrase) template.HTML {
	out := template.HTMLEscapeString(p.zh)
	if p.days {
		out = dayForm.ReplaceAllString(out, `<span class="day">$0</span>`)
	}
	if p.en != "" && p.en != p.zh {
		out += ` <span class="en" lang="en">` + template.HTMLEscapeString(p.en) + `</span>`
	}
	if p.zh == "" && p.en == "" && p.code != "" {
		out = `<code class="unworded">` + template.HTMLEscapeString(p.code) + `</code>`
	}
	return template.HTML(out) //nolint:gosec // every part is escaped above
}

// zh returns the Chinese alone, for lists where English would drown it; a code
// without words stays visible as such.
func zh(p phrase) template.HTML {
	p.en = ""
	return both(p)
}

// plain returns a phrase without markup, for attributes.
func plain(p phrase) string {
	switch {
	case p.zh == "":
		return p.code
	case p.en == "":
		return p.zh
	}
	return p.zh + " " + p.en
}

func fromWords(w programme.Words) phrase {
	if w.ZH == "" {
		return phrase{zh: w.EN}
	}
	return phrase{zh: w.ZH, en: w.EN}
}

func fromAllWords(list []programme.Words) []phrase {
	var out []phrase
	for _, w := range list {
		out = append(out, fromWords(w))
	}
	return out
}

// worded returns the words of a code, or the code when it has none.
func worded[K ~string](words map[K]phrase, code K) phrase {
	p := words[code]
	p.code = string(code)
	return p
}

func unknownWords(u record.Unknown) phrase {
	zh, en := u.Words()
	return phrase{zh: zh, en: en, code: string(u)}
}

func kindWords(k review.KindWords) phrase {
	return phrase{zh: k.ZH, en: k.EN, code: string(k.Code)}
}

var statusWords = map[review.Status]phrase{
	review.Met:         {zh: "达标", en: "met"},
	review.Short:       {zh: "未达标", en: "short"},
	review.Due:         {zh: "未到期", en: "not due yet"},
	review.CannotJudge: {zh: "无法判定", en: "cannot be judged"},
}

// statusMarks stand beside the words, so that a verdict can be found by eye
// where there is no colour.
var statusMarks = map[review.Status]string{review.Met: "✓", review.Short: "✕", review.Due: "○", review.CannotJudge: "？"}

// statuses are in the order in which they are shown.
var statuses = []review.Status{review.Met, review.Short, review.CannotJudge, review.Due}

var reasonWords = map[review.Reason]phrase{
	review.Unnumbered:        {zh: "未注明数量", en: "it does not say how many"},
	review.PeopleOnly:        {zh: "只有人数，没有次数", en: "it counts people, not occurrences"},
	review.Undated:           {zh: "日期不够具体，不能确定在本学期", en: "it may lie in the term; nobody said so"},
	review.BeyondTerm:        {zh: "跨学期或止期不详，方案未写明计入哪一学期", en: "it goes beyond the term, or nobody says until when; the plan does not say where it counts"},
	review.Unclassified:      {zh: "只写明大类，未写明种类", en: "only a wider kind is given"},
	review.DirectionUnknown:  {zh: "有一方未写明，或该校当时的身份不明", en: "a side is not named, or its role at the time is not known"},
	review.AsGroup:           {zh: "只写“成员学校”，未写明哪一所", en: "the members as a group, no one school"},
	review.SchoolUnknown:     {zh: "应计的一方未写明学校", en: "no school is named on the side that counts"},
	review.ModeUnknown:       {zh: "未写明线上或线下", en: "online or offline is not said"},
	review.SubjectUnknown:    {zh: "未写明学科", en: "no subject is given"},
	review.Approximate:       {zh: "数量为约数", en: "the number is approximate"},
	review.PerhapsMore:       {zh: "至少这么多，也许更多", en: "at least so many, perhaps more"},
	review.SeveralSubjects:   {zh: "写了多个学科，未写明各有多少", en: "several subjects; how many of each is not said"},
	review.SeveralSchools:    {zh: "写了多所学校，未写明各有多少", en: "several schools; how many for each is not said"},
	review.MembersUnknown:    {zh: "共同体有哪些成员校不详", en: "the community's member schools are not known"},
	review.PossibleDuplicate: {zh: "可能已包含在另一条记录中", en: "it may be contained in another record"},
	review.OtherDirection:    {zh: "方向不符", en: "in another direction"},
	review.OtherSchool:       {zh: "属于其他学校", en: "of another school"},
	review.NotMember:         {zh: "该校当时不是成员校", en: "the school was not a member then"},
	review.OtherMode:         {zh: "方式不符", en: "in another mode"},
	review.OtherSubject:      {zh: "学科不符", en: "of another subject"},
	review.SchoolCeased:      {zh: "该校在本学期内撤并，方案未写明其余义务", en: "the school ceased within the term; the plan does not say what it still owed"},
	review.Voided:            {zh: "已作废", en: "voided"},
	review.OtherTerm:         {zh: "不在本学期", en: "in another term"},
	review.NotTakenPlace:     {zh: "尚未发生或不会发生", en: "it has not taken place, or never will"},
}

var strengthWords = map[programme.Strength]phrase{
	programme.Hard:     {zh: "必须做到", en: "duty"},
	programme.Soft:     {zh: "鼓励", en: "encouraged"},
	programme.Practice: {zh: "他处做法", en: "practice elsewhere"},
}

var scopeWords = map[programme.Scope]phrase{
	programme.PerCommunity:    {zh: "每个共同体", en: "per community"},
	programme.PerMemberSchool: {zh: "每所成员校", en: "per member school"},
}

var boundWords = map[record.Bound]phrase{
	record.Exact:   {},
	record.AtLeast: {zh: "至少 ", en: "at least"},
	record.About:   {zh: "约 ", en: "about"},
}

var modeWords = map[record.Mode]phrase{
	record.Online:  {zh: "线上", en: "online"},
	record.Offline: {zh: "线下", en: "offline"},
	record.Mixed:   {zh: "线上线下结合", en: "online and offline"},
}

var groupWords = map[record.Group]phrase{
	record.Members: {zh: "成员学校（未逐一列出）", en: "the members as a group"},
}

var basisWords = map[pairing.Basis]phrase{
	pairing.Founding: {zh: "结对时起", en: "since the pairing"},
	pairing.Roster:   {zh: "据名册，起始时间不详", en: "from a roster; since when is unknown"},
}

// partlyWords stand in place of a place's own.
var partlyWords = phrase{zh: "本学期内有，跨学期或止期不详", en: "in the term and beyond it, or until nobody says when"}

var placeWords = map[calendar.Place]phrase{
	calendar.Inside:      {zh: "在本学期", en: "in the term"},
	calendar.Overlapping: {zh: "可能在本学期", en: "may lie in the term"},
	calendar.Outside:     {zh: "不在本学期", en: "not in the term"},
	calendar.TermUnknown: {zh: "所属学期不详", en: "term unknown"},
}

// streamWords name the kinds of stream that a page can lead to.
var streamWords = map[string]phrase{
	"pairing": {zh: "结对", en: "pairings"}, "exchange": {zh: "交流轮岗", en: "exchanges"}, "lesson": {zh: "课例", en: "lessons"},
	"mentorship": {zh: "师徒结对", en: "mentorships"}, "visit": {zh: "互访", en: "visits"}, "meeting": {zh: "会议", en: "meetings"},
	"research": {zh: "教研活动", en: "joint research"}, "activity": {zh: "联合活动", en: "joint activities"},
	"donation": {zh: "物资捐赠", en: "donations"}, "filing": {zh: "报送材料", en: "filings"}, "inspection": {zh: "检查督导", en: "inspections"},
	"rectification": {zh: "限期整改", en: "rectifications"}, "recognition": {zh: "证书与认定", en: "recognitions"},
	"indicator": {zh: "指标", en: "indicators"}, "row": {zh: "暂挂行", en: "held rows"}, "calendar": {zh: "校历", en: "calendars"},
	"school": {zh: "学校", en: "schools"}, "community": {zh: "共同体", en: "communities"},
}

// eventWords name what an event did that is no step of its kind's workflow, by the
// part of its type behind the dot.
var eventWords = map[string]phrase{
	"reported": {zh: "补报", en: "reported"}, "corrected": {zh: "更正", en: "corrected"}, "voided": {zh: "作废", en: "voided"},
	"founded": {zh: "结对", en: "founded"}, "joined": {zh: "加入", en: "joined"}, "left": {zh: "退出", en: "left"},
	"taken": {zh: "导入行", en: "row taken"}, "noted": {zh: "登记", en: "noted"}, "described": {zh: "补充情况", en: "described"}, "published": {zh: "发布", en: "published"},
	"renamed": {zh: "更名", en: "renamed"}, "merged": {zh: "并入", en: "merged"}, "split": {zh: "分设", en: "split"},
	"placed_under": {zh: "改隶", en: "placed under"}, "identified": {zh: "认定为同一校", en: "identified"},
	"change_corrected": {zh: "更正变动", en: "change corrected"}, "confirmed": {zh: "确认", en: "confirmed"}, "aliased": {zh: "登记别名", en: "aliased"},
}

// ways have the words of every step.
var ways = domain.Workflows()

// eventPhrase names what an event of a type did.
func eventPhrase(eventType string) phrase {
	kind, verb, _ := strings.Cut(eventType, ".")
	words := worded(eventWords, verb)
	way := ways[kind]
	for _, rule := range slices.Concat(way.Rules, way.Openings) {
		if rule.Verb == verb && rule.ZH != "" {
			words = phrase{zh: rule.ZH, en: strings.ReplaceAll(verb, "_", " ")}
		}
	}
	words.code = eventType
	return words
}

// changeWords name what happened to a school, before the day and the others.
var changeWords = map[org.ChangeKind]phrase{
	org.ChangeRenamed: {zh: "更名为", en: "renamed"}, org.ChangeMerged: {zh: "并入", en: "merged into"}, org.ChangeSplit: {zh: "分设为", en: "split into"},
	org.ChangePlacedUnder: {zh: "改隶，成为其校区或教学点：", en: "placed under"}, org.ChangeIdentified: {zh: "与此校为同一所：", en: "the same as"},
}

var questionWords = map[review.Question]phrase{
	review.SuccessorNotMember: {zh: "并入的学校不是成员校，原校的义务由谁承担不明", en: "the successor is no member; who owes what the school owed is not known"},
	review.NoneOfSplitMember:  {zh: "分设的学校都不是成员校，原校的义务由谁承担不明", en: "none of those that followed is a member; who owes what the school owed is not known"},
}

// sideWords name the two sides of a record, by its kind of stream. A side
// without words is not shown while nobody stands on it.
var sideWords = map[string][2]phrase{
	"lesson":        {{zh: "授课", en: "taught by"}, {zh: "在（听课）", en: "at"}},
	"exchange":      {{zh: "派出", en: "from"}, {zh: "接收", en: "to"}},
	"mentorship":    {{zh: "师傅一方", en: "mentor of"}, {zh: "徒弟一方", en: "mentee of"}},
	"visit":         {{zh: "来访", en: "visitors"}, {zh: "受访", en: "visited"}},
	"meeting":       {{zh: "召集", en: "called by"}, {zh: "参加", en: "attended"}},
	"research":      {{zh: "组织", en: "held by"}, {zh: "参加", en: "took part"}},
	"activity":      {{zh: "组织", en: "held by"}, {zh: "参加", en: "took part"}},
	"donation":      {{zh: "捐赠", en: "giver"}, {zh: "受赠", en: "receiver"}},
	"filing":        {{zh: "报送", en: "filed by"}, {}},
	"inspection":    {{}, {zh: "受检", en: "inspected"}},
	"rectification": {{}, {zh: "整改", en: "to put right"}},
	"recognition":   {{}, {zh: "获得", en: "held by"}},
	"indicator":     {{}, {zh: "学校", en: "school"}},
}

// generalSides are the words for sides that have none of their own.
var generalSides = [2]phrase{{zh: "派出", en: "from"}, {zh: "接收", en: "to"}}

// sidesOf returns the sides of a record that are shown.
func sidesOf(kind string, from, to []phrase) []side {
	words, known := sideWords[kind]
	var out []side
	for i, units := range [2][]phrase{from, to} {
		switch {
		case known && words[i].IsZero() && len(units) == 0:
			continue
		case words[i].IsZero():
			words[i] = generalSides[i]
		}
		out = append(out, side{words[i], units})
	}
	return out
}

// roleWords are the glossary's words for a school's part; a plan may have its own.
var roleWords = map[pairing.Role]phrase{
	pairing.Core: {zh: "核心校", en: "core school"}, pairing.Member: {zh: "成员校", en: "member school"},
	"lead_unit": {zh: "牵头单位", en: "lead unit"}, "main_school": {zh: "主体学校", en: "main school"},
	"supporting_school": {zh: "支援学校", en: "supporting school"}, "guiding_school": {zh: "引领校", en: "guiding school"},
	"base_school": {zh: "基地校", en: "base school"}, "centre_school": {zh: "中心校", en: "centre school"},
	"helping_school": {zh: "帮扶学校", en: "helping school"}, "head_school": {zh: "总校", en: "head school"},
	"cooperating_school": {zh: "协作学校", en: "cooperating school"}, "supported_school": {zh: "受援校", en: "supported school"},
	"joint_unit": {zh: "联合单位", en: "joint unit"}, "partner_school": {zh: "共同体学校", en: "partner school"},
	"alliance_school": {zh: "联盟校", en: "alliance school"}, "helped_school": {zh: "被帮扶学校", en: "helped school"},
	"guided_school": {zh: "受导学校", en: "guided school"}, "linked_school": {zh: "联动校", en: "linked school"},
	"branch": {zh: "分校", en: "branch"}, "campus": {zh: "校区", en: "campus"}, "paired_school": {zh: "结对学校", en: "paired school"},
}

// problemPhrase says what a row was held for; a code that this version does not
// know has no words.
func problemPhrase(code string) phrase {
	if f, known := fault.Lookup(code); known {
		return phrase{zh: f.ZH, en: f.EN}
	}
	return phrase{}
}
