package reading

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"twinledger/domain/seal"
)

var schoolEnding = regexp.MustCompile(`(?:小学|小學|中学|中學|学校|學校|幼儿园|幼兒園|教学点|完小|初小|村小|初中|高中|校区|分校|分园|中心校|中心园|学区|总校|附小|附中|附幼|实小|外小|一小|职专|职高|职中|技校|进修学校|教研室|教师发展中心|教体局|教育局|教育股|教委|[一二三四五六七八九十0-9]+[小中校园])(?:\([^()]{1,12}\))?$`)

// looksLikeSchool tells whether a text is written as the names of schools and of the
// offices above them are.
func looksLikeSchool(text string) bool {
	return utf8.RuneCountInString(text) >= 2 && schoolEnding.MatchString(text) && !isGroupOfSchools(text)
}

// membersWords match the words for all members of a community together, and nothing
// else: 成员学校, 全体成员校, 共同体各成员单位.
var membersWords = regexp.MustCompile(`^(?:全体|各|所有|全部|其他|其它)?(?:本)?(?:(?:教育)?共同体|教共体|学共体|集团|联盟)?(?:内|的|中)?(?:全体|各|所有|全部|其他|其它)?成员(?:学校|學校|校|单位|园)$`)

// groupWords match what names several schools without saying which.
var groupWords = regexp.MustCompile(`^(?:各|全体|所有|全部|其他|其它|兄弟|有关|相关|部分|多|若干|周边|结对|帮扶)|` +
	`^(?:全|本)(?:县|区|市|镇|乡|片区|学区|校|集团|共同体)|各(?:校|学校|园|小学|中学|初中|单位|教学点|片区|乡镇|成员)|` +
	`^(?:[一二两三四五六七八九十几数]+|\d+)(?:所|个|家)?(?:兄弟|成员|结对|农村|乡村|薄弱)?(?:学校|小学|中学|校|园|单位)$|` +
	`^(?:核心|牵头|成员|主体|龙头|受援|支援|帮扶|被帮扶|结对|薄弱|乡村|农村|城区|总)(?:学校|校|单位)(?:等)?$|` +
	`等(?:[一二两三四五六七八九十几数]+|\d+)?(?:所|个|家|校)?(?:学校|小学|中学|校|单位)?$|(?:共同体|教共体|集团|联盟)(?:学校|校|内)?$`)

// isMembers tells whether a text names the members of the community together.
func isMembers(text string) bool { return membersWords.MatchString(compact(text)) }

// isGroupOfSchools tells whether a text names several schools without saying which.
func isGroupOfSchools(text string) bool {
	text = compact(text)
	return membersWords.MatchString(text) || groupWords.MatchString(text)
}

// peopleGroup matches what speaks of several people without naming them.
var peopleGroup = regexp.MustCompile(`^(?:全体|各|所有|全部|部分|若干|骨干|青年|相关|有关|参加|学科|班子|校级|中层|语文|数学|英语|科任|任课|听课|领导|校领导|老师|教师|学生|师生|家长|专家|名师)|` +
	`等(?:[一二两三四五六七八九十百几数]+|\d+)(?:多|余)?(?:名|位|人)(?:老师|教师|同志)?$|^(?:[一二两三四五六七八九十百几数]+|\d+)(?:多|余)?(?:名|位|人|个)|(?:教师|老师|学生|人员|成员|干部|领导|代表|师生)(?:\d+|[一二两三四五六七八九十百几数]+)?(?:人|名)?$|(?:组|队|团队|班子)$`)

// groupOfPosts matches posts that somebody holds of whom only the post is said: 四校校长,
// 校长12人, 教导主任.
var groupOfPosts = regexp.MustCompile(`^(?:[一二两三四五六七八九十几数]+|\d+|[各全本我该])校.*(?:校长|主任|书记|园长|组长|干事)$|` +
	`^(?:副?校长|副?园长|书记|(?:教导|教务|总务|政教|德育|班)?主任|教研组长|教研员)(?:(?:\d+|[一二两三四五六七八九十百几数]+)(?:人|名|位))?$|^(?:教研|备课)组长$`)

// isGroupOfPeople tells whether a text speaks of people without naming each of them.
func isGroupOfPeople(text string) bool {
	text = compact(text)
	return groupOfPosts.MatchString(text) || peopleGroup.MatchString(text) && (!seal.IsLikeName(text) || manyWords.MatchString(text))
}

// manyWords match the beginning of what speaks of several: 全体数学教师.
var manyWords = regexp.MustCompile(`^(?:全体|全校|各|所有|全部|部分|若干|各校)`)

// andOthers matches 等, 等5人, 等3所学校 behind names.
var andOthers = regexp.MustCompile(`等(?:人|同志|老师|教师|校|(?:[一二两三四五六七八九十百几数]+|\d+)(?:多|余)?(?:名|位|人|所|个|家|校)?(?:老师|教师|同志|学校|小学|中学|校|单位)?)?$`)

// compact returns a text without white space.
func compact(text string) string { return strings.Join(strings.Fields(text), "") }
