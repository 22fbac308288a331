package seal_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"twinledger/domain/seal"
)

// namesSomebody are texts that name a person; namesNobody are texts that do not.
var (
	namesSomebody = []string{
		"王老师", "王老师示范课", "周老师示范课", "听王老师的数学课", "语文王老师", "高老师", "数学高老师", "小李老师", "欧阳老师", "司马主任",
		"李明校长", "校长李明", "李明副校长讲话", "张主任", "张伟主任到校指导", "赵书记", "赵国强书记", "刘园长", "陈静教研员", "孙督学", "李局长调研", "王班主任",
		"王小明示范课", "李明教案.docx", "20180420李明听课记录.jpg", "李明-听课记录.jpg", "张丽华公开课《背影》", "欧阳晓峰执教",
		"执教：王芳", "主讲人: 李小燕", "授课教师　张伟", "师傅：刘芳 徒弟：陈静", "《背影》（王芳）", "公开课(欧阳明)", "示范课【张伟】",
		"王芳、李小明", "王芳，张伟", "李 明校长", "李　明老师", "王\u200b老师", "王老師", "張校長", "Wang老师", "李明同志先进事迹", "王某某老师", "王芳名师工作室", "王芳工作室",
		"古丽老师", "阿卜杜拉·买买提老师", "卓玛老师", "李晓东教师", "王维老师的课", "师徒结对：李明老师与张华老师", "全体教师听李明校长报告", "向李老师学习", "与王校长座谈",
		"石老师", "任老师", "于老师", "何校长", "钱学军老师", "温老师和学生", "王学校长", "刘志强校长",
	}
	namesNobody = []string{
		"老师", "语文老师", "全体教师", "高级教师", "张家口小学", "黄河", "体育老师", "音乐老师", "历史老师", "美术老师", "英语老师", "各位老师", "新老师", "优秀老师", "我的老师", "支教老师", "任课老师", "任课教师",
		"校长", "小学校长", "高中校长", "初中校长", "成员校校长", "核心校校长论坛", "常务副校长", "代理校长", "教导主任", "班主任", "班主任论坛", "全县班主任培训", "高中班主任经验交流", "年级主任", "办公室主任", "党支部书记", "纪检书记", "教研组长", "备课组长", "党小组长",
		"高级教师示范课", "一级教师", "青年教师", "骨干教师示范课", "名师工作室", "名师示范课", "名校长工作室", "方程", "平行四边形的面积", "孔乙己", "石壕吏", "鲁迅先生", "怀念鲁迅先生", "藤野先生", "雷锋同志", "岳阳楼记", "木兰诗", "黄河颂", "古诗三首教案", "高效课堂展示课", "平均数教案", "文言文教学设计",
		"送课下乡", "语文示范课", "《背影》", "《背影》（上）", "集体备课（高一）", "语文、数学", "黄河、长江", "学校长期发展规划", "张家口市第一小学校长办公会", "安康市初级中学", "石家庄外国语学校", "党员教师座谈会", "安全主题班会", "项目组长会议", "教师成长论坛", "教师安全培训", "指导教师 语文", "主持：高一年级",
		"师徒结对", "师徒结对活动照片", "听课记录", "工作总结.docx", "活动照片1.jpg", "签到表.xlsx", "", "　", "demo lesson", "PPT", "IMG_20180420.jpg", "2018年春季学期", "常规检查记录", "计算机课件", "温度计", "时分秒",
	}
)

func TestLooksLikeName(t *testing.T) {
	for _, text := range namesSomebody {
		if !seal.LooksLikeName(text) {
			t.Errorf("LooksLikeName(%q) = false, want true", text)
		}
	}
	for _, text := range namesNobody {
		if seal.LooksLikeName(text) {
			t.Errorf("LooksLikeName(%q) = true, want false", text)
		}
	}
}

func TestIsLikeName(t *testing.T) {
	tests := map[string]bool{
		"王小明": true, "李明": true, "欧阳晓峰": true, "张　伟": true, "王老师": true, "李明校长": true, "王芳、李小明": true,
		"县教育局": false, "教研室": false, "人事股": false, "督导室": false, "关工委": false, "项目办": false, "党工委": false, "计财科": false, "师训科": false, "高中部": false,
		"安监科": false, "应急办": false, "教体局": false, "县政府": false, "黄河小学": false, "": false, "王": false, "初级中学": false, "云平台": false,
	}
	for text, want := range tests {
		if got := seal.IsLikeName(text); got != want {
			t.Errorf("IsLikeName(%q) = %v, want %v", text, got, want)
		}
	}
}

// What is said to name nobody is no name, wherever it stands.
func TestNobody(t *testing.T) {
	for _, text := range []string{"王老师小学", "送课到王老师小学", "李明校长希望小学示范课"} {
		if seal.LooksLikeName(text, "王老师小学", "李明校长希望小学") {
			t.Errorf("%q is a school and looks like a name", text)
		}
	}
	if !seal.LooksLikeName("李老师到王老师小学送课", "王老师小学") {
		t.Error("the name beside a school's is not seen")
	}
}

// A name is seen wherever it stands among words that name nobody.
func TestNameAmongWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		surname := rapid.SampledFrom([]string{"王", "李", "张", "刘", "陈", "赵", "周", "吴", "欧阳", "诸葛"}).Draw(t, "surname")
		given := rapid.SampledFrom([]string{"", "伟", "芳", "小明", "志强", "晓燕"}).Draw(t, "given")
		post := rapid.SampledFrom([]string{"老师", "校长", "主任", "书记", "副校长", "園長", "校長"}).Draw(t, "post")
		words := rapid.SliceOfN(rapid.SampledFrom(namesNobody), 2, 2).Draw(t, "words")
		text := words[0] + "；" + surname + given + post + "；" + words[1]
		if !seal.LooksLikeName(text) {
			t.Fatalf("%q: not seen", text)
		}
	})
}

var english = regexp.MustCompile(`M(r|s|rs|iss)|MRS?|Dr|Prof`)

func FuzzLooksLikeName(f *testing.F) {
	for _, text := range append(namesSomebody, namesNobody...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		chinese := strings.ContainsFunc(text, func(r rune) bool { return r > 0x7f })
		if seal.LooksLikeName(text) && !chinese && !seal.HasPersonalNumber(text) && !english.MatchString(text) {
			t.Errorf("%q has no Chinese character, no number and no English form of address, and looks like a name", text)
		}
		if seal.LooksLikeName(text) && !seal.IsLikeName(text) {
			t.Errorf("%q looks like a name, but is none", text)
		}
	})
}
