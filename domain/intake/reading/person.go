package reading

import (
	"strings"

	"twinledger/domain/seal"
)

// looksLikePerson tells whether a text is written as people's names are and nothing else: a
// surname with a post (王老师, 李副校长), or a name. What speaks of several people is none.
func looksLikePerson(text string) bool {
	text = strings.TrimSpace(text)
	return seal.IsLikeName(text) && !manyWords.MatchString(text) && !isSubject(text)
}

// subjects are the subjects that schools teach, as they are written.
var subjects = strings.Fields("语文 数学 英语 外语 物理 化学 生物 历史 地理 政治 道德与法治 道法 思想品德 品德 品德与生活 品德与社会 科学 科技 " +
	"音乐 美术 体育 体育与健康 艺术 国学 书法 信息技术 信息科技 信息 计算机 劳动 劳动技术 综合实践 综合实践活动 心理健康 心理 通用技术 班队 班会 阅读 写作 口语交际 全科 综合 特教 舞蹈 足球 篮球 语言 社会 健康")

var subjectSet = func() map[string]bool {
	set := map[string]bool{}
	for _, s := range subjects {
		set[s] = true
	}
	return set
}()

// isSubject tells whether a text is a subject that schools teach.
func isSubject(text string) bool {
	return subjectSet[text] || subjectSet[strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(text, "小学"), "初中"), "高中")]
}
