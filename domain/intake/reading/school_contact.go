package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"twinledger/domain/fault"
	"twinledger/domain/seal"
)

// ErrPersonAsUnit marks a cell for a school that names a person.
var ErrPersonAsUnit = fault.New(fault.Invalid, "intake.person-as-unit",
	"此格写的像是人名，不是学校，按未知处理，原文封存保留；如是学校，请回答问题或写学校全称。",
	"The cell seems to name a person and no school; the school stays unknown, and the cell is kept sealed as it is written. If it is a school, answer the question or write its full name.")

// askPersonAsUnit is the code of the question whether a name is that of a school.
const askPersonAsUnit = "person-as-unit"

// contactBehind matches a name and what stands behind it in brackets.
var contactBehind = regexp.MustCompile(`^(.+?)\s*[(（\[【]([^()（）\[\]【】]*)[)）\]】]$`)

// withoutContact returns the name of a school or community without what names a person behind
// it: 张湾小学 of 张湾小学(联系人康丽萍). isName tells which texts are whole names.
func withoutContact(name string, isName func(string) bool) string {
	if found := contactBehind.FindStringSubmatch(name); found != nil && namesPerson(found[2]) {
		return found[1]
	}
	named := seal.LooksLikeName(name)
	runes := []rune(name)
	for end := len(runes) - 1; end > 2; end-- {
		rest := string(runes[end:])
		if slices.ContainsFunc(probably(rest), looksLikeSchool) {
			continue
		}
		contact := strings.TrimLeft(rest, " :：,，、-—")
		if isName(string(runes[:end])) && (named && namesPerson(contact) || isPersonAsUnit(contact, isNoName)) {
			return strings.TrimRight(string(runes[:end]), " ")
		}
	}
	return name
}

// isNoName knows no name.
func isNoName(string) bool { return false }

// namesPerson tells whether a text names a person, or tells a number under which somebody is
// reached.
func namesPerson(text string) bool { return seal.IsLikeName(text) || seal.HasNameForm(text) }

// isPersonAsUnit tells whether a name that stands for a school is that of a person. Many short
// names of schools have the form of a name and end as places do: 张湾, 李庄.
func isPersonAsUnit(name string, known func(string) bool) bool {
	if known(name) || looksLikeSchool(name) || !looksLikePerson(name) && !seal.HasPersonalNumber(name) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(name)
	return utf8.RuneCountInString(name) > 3 || !strings.ContainsRune(placeEndings, last)
}

// placeEndings are the characters with which the names of places, and short names of schools, end.
const placeEndings = "湾庄桥河沟村家店镇乡坪坝岭山塘口营堡寨屯铺集城关川原塬峪岔台滩洼湖江泉井坡林场坊楼园院校中小区县州堂峰崖梁峁窑圪崾岘畔渠渡港洲岛滘涌围墟埠码头街巷路里庙塔嘴寺观宫阁砭墩圩"
