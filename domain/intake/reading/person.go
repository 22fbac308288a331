package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// surnames are the surnames of one character that nearly everybody has.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤" +
	"温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"

// compoundSurnames are surnames of two characters.
var compoundSurnames = strings.Fields("欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 夏侯 轩辕 钟离 闻人 端木 百里 呼延 南宫 独孤 澹台")

// posts are what people are called behind their surname or name.
var posts = regexp.MustCompile(`(?:(?:副|正|原|总)?(?:校长|校長|园长|院长|书记|主任|局长|股长|科长|所长|馆长|组长|教研员|主席|会长|干事)|老师|老師|教师|教師|教授|专家|名师|同志|先生|女士|导师)$`)

// noNames are words that look like a name of two to four characters and are none.
var noNames = regexp.MustCompile(`(?:学校|小学|中学|幼儿园|校区|教学|活动|会议|课程|语文|数学|英语|教师|老师|全体|各|等|班|组|室|局|县|镇|乡|村|科|级|年|月|日|节|次|人|课|文|化|育|研)$`)

// beforePosts are words that begin like a surname and stand before a post without naming
// anybody: 全体教师, 高级教师, 班主任.
var beforePosts = strings.Fields("全体 全校 全县 全镇 全乡 全区 全市 全员 相关 有关 高级 高中 高一 高二 高三 支教 任课 党员 党支部 党总支 党委 党组织 班 " +
	"年级 武术 游泳 毕业班 安全 管理 单科 同科 同校 同班 双方 支援 平行班 宣传 时任 原任 常务 荣誉 连任 全职 通用 成员")

// looksLikePerson tells whether a text is written as people's names are: a surname with a
// post (王老师, 李副校长), or a name of two to four characters that begins with a surname.
func looksLikePerson(text string) bool {
	if text = strings.TrimSpace(text); manyWords.MatchString(text) {
		return false
	}
	name := posts.ReplaceAllString(text, "")
	if name == "" || name == text && utf8.RuneCountInString(text) < 2 {
		return false
	}
	for _, r := range name {
		if !unicode.Is(unicode.Han, r) && r != '·' {
			return false
		}
	}
	n := utf8.RuneCountInString(name)
	first, _ := utf8.DecodeRuneInString(name)
	for _, surname := range compoundSurnames {
		if strings.HasPrefix(name, surname) {
			return n <= 4
		}
	}
	if !strings.ContainsRune(surnames, first) && !strings.ContainsRune(name, '·') {
		return false
	}
	if name != text { // with a post behind it
		return n <= 4 && !isSubject(name) && !slices.Contains(beforePosts, name)
	}
	return n >= 2 && n <= 3 && !noNames.MatchString(name) && !isSubject(name)
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
