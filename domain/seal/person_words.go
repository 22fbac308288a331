package seal

import (
	"slices"
	"strings"
)

// surnames are the family names of one character that a text is searched for, in
// simplified and, where it differs, traditional writing. Rare ones that are above all
// ordinary words (和, 向, 校, 全) are in wordlikeSurnames or left out.
const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆" +
	"郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦邢路岳齐梅莫庄辛管祝左涂" +
	"谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧" +
	"畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼官楚佟栗匡宗应台巫鞠僧桑荆" +
	"谌明沙伏岑胥保和蔺水云昌凤酆皮尚师沃闻麻邝仝惠贝宓肖闫付代張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻鍾範薑鄒陸邊龍萬錢湯賀賴龔龐蘭齊莊" +
	"塗時關費紀項衛單車顧嚴魯聶韋畢"

// wordlikeSurnames are family names that are above all ordinary words. They count only
// where a text, or a part of it between signs, begins with them.
const wordlikeSurnames = "于时成任全和都明连应常关代解强保位单来师官水木管计文方安项包车台云"

// surnamesBehindCues are those of them that count directly behind a cue as well: 主任方圆,
// 听任老师的课.
const surnamesBehindCues = "成方文安明常任包关云于"

// compoundSurnames are the usual family names of two characters.
var compoundSurnames = strings.Fields("欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 皇甫 尉迟 公孙 公孫 慕容 令狐 宇文 长孙 夏侯 端木 司徒 轩辕 南宫 呼延 独孤 完颜")

// nameElements are parts of names that have no Chinese family name in front of them.
var nameElements = indexed(strings.Fields("古丽 买买提 麦麦提 阿不都 阿布都 阿卜杜 艾合买提 吐尔逊 努尔 卓玛 扎西 才让 尼玛 央金 次仁 多吉 其其格 巴特尔 乌云 格桑 达瓦 旦增"))

// postWords are what somebody is called after the name, longest first where one begins
// another.
var postWords = strings.Fields("班主任 副主任 主任 副校长 校长 总书记 副书记 书记 副园长 园长 老师 教研员 督学 局长 科长 股长 处长 所长 院长 会长 部长 组长 教授 导师 " +
	"先生 女士 同志 同学 师傅 名师工作室 工作室")

var (
	posts = indexed(postWords)

	// postWordsAtSchools are the posts that are not said of people of school books.
	postWordsAtSchools = postWords[:slices.Index(postWords, "先生")]
	postsAtSchools     = indexed(postWordsAtSchools)
)

// wholeNamePosts follow a whole name only: after a family name alone they are as good as
// always the end of an ordinary word.
var wholeNamePosts = indexed(strings.Fields("教师 教练 辅导员 讲师 干事"))

// neverGiven are characters that no given name has but that often stand before a post.
const neverGiven = "的了和与及在是等各位校员级课组班部室师们个请由被把向给让对从到还也都这那哪我你他她它副总县市区镇乡村省做讲听说上下为读写有无不所该其之以将并老男女前后每些名科股处委办局院站厅署馆社队司率量题式厂页费税票罪案症病癌肉蛋饭菜型类操球筋肌骨腿"

// firstOfTwo are characters that a given name of two characters may begin with and no given
// name ends with: 方向东, 李为民, 张有福.
const firstOfTwo = "向为有之以其前从将"

// postEndings are characters that, behind a post, make another word of it: 校长期, 主任务.
var postEndings = map[string]string{"校长": "期远效河短", "书记": "员载", "组长": "期", "园长": "期", "部长": "期", "院长": "期", "会长": "期", "所长": "期", "科长": "期", "局长": "期"}

// fieldsAndSchools end a text before a post in which a family name may begin by chance:
// 安康高中校长.
var fieldsAndSchools = indexed(strings.Fields("语文 数学 英语 物理 化学 生物 历史 地理 政治 音乐 美术 体育 科学 信息 思政 道法 高级 高中 初中 小学 中学 大学 高校 高年级 优秀 骨干 学科 年级 教导 教务 总务 政教"))

// simplified gives posts and cues one way of writing.
var simplified = strings.NewReplacer("師", "师", "長", "长", "園", "园", "書記", "书记", "組", "组", "導", "导", "執", "执", "課", "课", "學", "学", "語", "语", "數", "数", "級", "级", "體", "体", "歷", "历", "總", "总",
	"範", "范", "觀", "观", "聽", "听", "評", "评", "講", "讲", "記錄", "记录", "總結", "总结", "張", "张", "陳", "陈", "劉", "刘", "楊", "杨", "黃", "黄")

// officeEndings are the characters with which the names of offices end.
const officeEndings = "委办科股室局部处会组院校园所站厅司署队馆中团社"

// byLength returns words with the longest first.
func byLength(words []string) []string {
	out := slices.Clone(words)
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}
