package review

import (
	"fmt"
	"slices"
)

// statusWords are the words for verdicts.
var statusWords = map[Status][2]string{
	Met:         {"达标", "met"},
	Short:       {"未达标", "short"},
	Due:         {"未到期", "not due yet"},
	CannotJudge: {"无法判定", "cannot be judged"},
}

// Words returns the status in Chinese and English.
func (s Status) Words() (zh, en string) {
	words := statusWords[s]
	return words[0], words[1]
}

// reasonWords say of a record why it does not count, or not surely.
var reasonWords = map[Reason][2]string{
	NoCommunity:      {"未写明共同体，但在本共同体的学校之间", "it names no community, and lies between schools of this one"},
	Unnumbered:       {"未注明数量", "it does not say how many"},
	PeopleOnly:       {"只有人数，没有次数", "it counts people, not occurrences"},
	Undated:          {"日期不够具体，不能确定在本学期", "it may lie in the term; nobody said so"},
	BeyondTerm:       {"跨学期或止期不详，方案未写明计入哪一学期", "it goes beyond the term, or nobody says until when; the plan does not say where it counts"},
	Unclassified:     {"只写明大类，未写明种类", "only a wider kind is given"},
	DirectionUnknown: {"有一方未写明，或该校当时的身份不明", "a side is not named, or its role at the time is not known"},
	AsGroup:          {"只写“成员学校”，未写明哪一所", "the members as a group, no one school"},
	SchoolUnknown:    {"应计的一方未写明学校", "no school is named on the side that counts"},
	ModeUnknown:      {"未写明线上或线下", "online or offline is not said"},
	SubjectUnknown:   {"未写明学科", "no subject is given"},
	Approximate:      {"数量为约数", "the number is approximate"},
	PerhapsMore:      {"至少这么多，也许更多", "at least so many, perhaps more"},
	SeveralSubjects:  {"写了多个学科，未写明各有多少", "several subjects; how many of each is not said"},
	SeveralSchools:   {"写了多所学校，未写明各有多少", "several schools; how many for each is not said"},
	MembersUnknown:   {"共同体有哪些成员校不详", "the community's member schools are not known"},
	PerhapsSame:      {"可能与另一条记录是同一件事，尚未判定", "it may tell of the same thing as another record; nobody has decided"},
	ToldTwice:        {"与另一条记录是同一件事，以那一条为准", "another record tells of the same thing and stands for both"},
	OtherDirection:   {"方向不符", "in another direction"},
	OtherSchool:      {"属于其他学校", "of another school"},
	NotMember:        {"该校当时不是成员校", "the school was not a member then"},
	OtherMode:        {"方式不符", "in another mode"},
	OtherSubject:     {"学科不符", "of another subject"},
	SchoolCeased:     {"该校在本学期内撤并，方案未写明其余义务", "the school ceased within the term; the plan does not say what it still owed"},
	Voided:           {"已作废", "voided"},
	OtherTerm:        {"不在本学期", "in another term"},
	NotTakenPlace:    {"尚未发生或不会发生", "it has not taken place, or never will"},
	Ahead:            {"日期在判定日之后，尚未发生", "it is dated after the day judged on and has not taken place"},
	PerhapsAhead:     {"日期不够具体，不能确定在判定日之前", "its date does not say whether it lies before the day judged on"},
	ReachesBeyond:    {"日期延及判定日之后", "its dates reach beyond the day judged on"},
}

// Words returns the reason in Chinese and English.
func (r Reason) Words() (zh, en string) {
	words := reasonWords[r]
	return words[0], words[1]
}

// InDoubt says of a figure how many of its records may be the same as another one, and what
// the figure is without them; nothing when there are none. Records without a number may add
// nothing to it.
func InDoubt(perhaps []PerhapsTwice, without string) (zh, en string) {
	n := len(perhaps)
	if n == 0 {
		return "", ""
	}
	becomes, still := "则为", ""
	if !slices.ContainsFunc(perhaps, func(p PerhapsTwice) bool { return p.Number != "0" }) {
		becomes, still = "仍为", "still "
	}
	return fmt.Sprintf("其中 %d 条可能与另一条是同一件事，不计%s %s", n, becomes, without),
		fmt.Sprintf("of which %d may be the same as another: %s%s without", n, still, without)
}

// questionWords say what a change of a school leaves open.
var questionWords = map[Question][2]string{
	SuccessorNotMember: {"并入的学校不是成员校，原校的义务由谁承担不明", "the successor is no member; who owes what the school owed is not known"},
	NoneOfSplitMember:  {"分设的学校都不是成员校，原校的义务由谁承担不明", "none of those that followed is a member; who owes what the school owed is not known"},
}

// Words returns the question in Chinese and English.
func (q Question) Words() (zh, en string) {
	words := questionWords[q]
	return words[0], words[1]
}
