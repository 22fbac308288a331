package seal_test

import (
	"strings"
	"testing"

	"twinledger/domain/seal"
)

// titlesOfLessons are titles as school books and plans have them; each stays readable.
var titlesOfLessons = strings.Split(strings.TrimSpace(`
春天来了|荷花|圆的面积|高效课堂|安全教育|马说|黄河颂|金色的草地|白杨|江南|石榴|田忌赛马|方程|万以内的加法|周长|时分秒|于园|祝福|麦哨|孔乙己|
背影|春|济南的冬天|雷雨|石壕吏|木兰诗|岳阳楼记|白杨礼赞|师说|项脊轩志|江雪|梅花|黄山松|赵州桥|白鹭|海燕|故乡|社戏|雷电颂|华南虎|夏感|安塞腰鼓|司马光|
诸葛亮|张衡|司马迁发愤写《史记》|张骞出使西域|王维诗二首|李白《望庐山瀑布》|杜甫诗三首|曹冲称象|刘姥姥进大观园|陈涉世家|邹忌讽齐王纳谏|草船借箭|司马光砸缸|
方程的意义|解方程|一元二次方程|平行四边形的面积|平均数|时间|时、分、秒|周长、面积|长方形的周长|万以内数的认识|分数的初步认识|温度|计算器|余数|单元复习|
黄河、长江|石油|水循环|甲午战争|唐宋八大家|商鞅变法|秦朝的统一|宋代的经济|安培定律|欧姆定律|金属的化学性质|石墨|单摆|水的电离|花的结构|
牧歌|茉莉花|黄梅戏|东方红|龙舟|陶罐|水彩画|皮影|游泳|武术|田径|高抬腿|时令|端午|元旦|清平乐|江城子|满江红|花木兰|怀念鲁迅先生|闻一多先生的说和做|藤野先生|
梅兰芳蓄须|《叶公好龙》|《张骞》|习题课|文言文阅读|应用题|古诗三首|古诗词诵读|语文园地|单元整体教学|成语故事|高考备考|安全主题班会|Unit 3 My friends|Module 1|
高峰论坛|方向盘|李白诗歌|校长论坛|全体老师|骨干教师|数学教师|语文老师|江南水乡|师徒结对|签到表|现场照片|活动照片3.jpg|听课记录|2018-04-18|180****5678|20180420123456789.jpg|课时1-3|20余人|第5周周三|全学年|语文数学送课|青年教师成长讲座|成员数|师生比|班主任工作经验交流|校长培训班|教师节活动|师德讲座|新课标解读|课堂教学改革|集体备课活动|作业设计研讨|期中质量分析|学科教研活动|家长会|心理健康教育讲座|法治进校园|读书分享会|书法比赛|合唱排练|运动会|国旗下讲话|商讨会|成果展|成立会|揭牌|申报表|台账|派任副校长`), "|")

// titlesWithNames are titles, and names of what proves them, that tell who did something.
var titlesWithNames = strings.Split(strings.TrimSpace(`
高峰老师执教《荷花》|高峰校长执教《荷花》|田野老师|黄海涛老师执教《荷花》|黄海涛主任|黎明老师|江山老师|方向东老师|高新民老师|郑和平校长|王维国老师|赵云飞老师|李白冰老师|万里鹏老师|金华平老师|温馨老师|杨柳老师|
华山老师|高原老师|卓越老师|和平老师|周边疆老师|成功老师|高山老师|秦岭老师|文明校长执教|朱德明老师|张飞燕老师|夏天老师|石榴花老师|白雪老师|童心老师|欧阳春老师|司马光明校长|诸葛明同志上示范课|江南春老师|马良玉主任|
岳阳教师|白洁园长|雷鸣书记|方圆副校长|程序老师|蓝天老师|教研室主任许红梅作专题报告|邀请县教研室主任许红梅作专题报告|县教研员周立新作报告|副校长陆小曼带队到校|陆小曼《春》公开课|《春》陆小曼|圆的面积—陆小曼|圆的面积——陆小曼|
陆小曼：圆的面积|圆的面积(三年级陆小曼)|由陆小曼讲授|聘陆小曼为导师|陆小曼、周文等四位教师送课|Mr. Smith 外教课|Miss Li's class|Dr Brown lecture|外教Tom示范课|陆小曼 圆的面积|数学_陆小曼_圆|三年级陆小曼|联系人陆小曼|青山小学陆小曼《春》|
请见陈思远处|特级教师窦桂梅《葡萄沟》|王崧舟：诗意语文|刘校长带队|陆小曼同学获奖|汤立人签到表|照片(谭国庆摄)|照片（谭国庆摄）|谭国庆拍摄照片|王立军、李芳照片|张建国签到|罗建平教案|窦桂梅.jpg|示范课（授课：韩雪）|主讲人 邵文博|
执教：方向东|主讲：黎明|执教：王维|主任黄海涛到校指导|校长高峰到校|欧阳晓峰《背影》|《背影》上官云|语文陆小曼|电话13912345678联系|电话139 1234 5678|手机：+86-139-1234-5678|１３９１２３４５６７８|身份证610829198001011234|身份证61082919800101123X|
执教者：高远|名师周晓燕工作室展示|褚建国主讲|由褚建国主讲，卫东平点评|李敏同志提供照片|王老师的课|顾海涛局长讲话|热依娜·艾合买提示范课|陈晓明校长讲稿|方向老师执教《荷花》|刘、张两位老师送课`), "|")

func TestTitlesOfLessonsStayReadable(t *testing.T) {
	for _, title := range trimmed(titlesOfLessons) {
		if seal.LooksLikeName(title) {
			t.Errorf("%q would be sealed and names nobody", title)
		}
	}
}

func TestTitlesWithNamesAreSealed(t *testing.T) {
	for _, title := range trimmed(titlesWithNames) {
		if !seal.LooksLikeName(title) {
			t.Errorf("%q would stay in clear and names somebody", title)
		}
	}
}

// trimmed returns the texts of a table without the line ends between them.
func trimmed(texts []string) []string {
	var out []string
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, text)
		}
	}
	return out
}
