package record_test

import (
	"slices"
	"testing"

	"twinledger/domain/record"
)

// TestKindsWritten reads the words that schools write under 类别.
func TestKindsWritten(t *testing.T) {
	is := func(kinds ...record.Kind) []record.Kind { return kinds }
	for text, want := range map[string][]record.Kind{
		// 45 usual words of one county, less those below that only may mean something.
		"送教下乡": is("outreach_lesson"), "送教": is("outreach_lesson"), "送课下乡": is("outreach_lesson"), "听课": is("observe"),
		"听评课": is("critique", "observe"), "教研": is("research_session"), "集体备课": is("collective_prep"), "网络教研": is("online_research"),
		"跟岗学习": is("shadow_posting"), "支教": is("support_teaching"), "走教": is("itinerant_teaching"), "讲座": is("lecture"), "专题讲座": is("lecture"),
		"培训": is("training"), "参观学习": is("visit"), "捐书": is("book_donation"), "捐赠": is("donation"), "联席会": is("joint_conference"), "例会": is("meeting"),
		"结对": is("pairing"), "师徒结对": is("mentorship"), "同课异构": is("hetero_design_lesson"), "示范课、讲座": is("demo_lesson", "lecture"),
		"示范课/送课": is("demo_lesson", "outreach_lesson"), "示范课（送课）": is("demo_lesson", "outreach_lesson"), "公开课": is("open_lesson"),
		"运动会": is("sports_meet"), "家长会": is("parent_meeting"), "慰问": is("care_visit"), "检查": is("inspection"), "调研": is("survey"),
		"展示课": is("showcase_lesson"), "赛课": is("contest_lesson"), "教学开放日": is("open_day"), "培训会": is("training"), "座谈会": is("talk_meeting"),
		"启动仪式": is("launch_ceremony"), "签约仪式": is("signing_ceremony"), "期末总结": is("term_summary"), "工作总结": is("summary"), "月报": is("monthly_report"), "计划": is("plan"),
		// Others that files of schools hold.
		"工作计划": is("plan"), "年度总结": is("annual_summary"), "实施方案": is("scheme"), "教师培训": is("teacher_training"), "名师讲座": is("master_lecture"),
		"观摩活动": is("observation_event"), "开放日": is("open_day"), "视导": is("guidance_visit"), "督查": is("supervisory_check"), "支教顶岗": is("substitute_posting"),
		"挂职锻炼": is("temporary_post"), "参观考察": is("visit"), "青蓝工程": is("mentorship"), "教研活动": is("research_session"), "听课活动": is("observe"),
		// However they are typed.
		"聽評課": is("critique", "observe"), "送教下鄉": is("outreach_lesson"), " 示 范 课 ": is("demo_lesson"), "送课。": is("outreach_lesson"),
		"听课、评课": is("critique", "observe"), "听课和评课": is("critique", "observe"), "讲座＋培训": is("lecture", "training"), "demo_lesson": is("demo_lesson"),
		"示范课;示范课": is("demo_lesson"), "示范课、": is("demo_lesson"),
		// Near-synonyms are different things.
		"送教上门": is("home_teaching"), "跟班学习": is("class_shadowing"), "跟教": is("accompany_teaching"), "手拉手活动": is("student_activity"), "手拉手": is("hand_in_hand"),
		// What may mean several things, or nothing, is not known.
		"交流": nil, "交流活动": nil, "其他": nil, "结对活动": nil, "学习": nil, "示范课、苹果": nil, "示范课（数学）": nil, "苹果": nil, "": nil, "、": nil, "（）": nil,
	} {
		got, known := record.KindsWritten(text)
		if !slices.Equal(got, want) || known != (want != nil) {
			t.Errorf("%q is read as %q, %t, want %q", text, got, known, want)
		}
	}
}

// TestNearestKinds offers something for what is not known.
func TestNearestKinds(t *testing.T) {
	for text, want := range map[string]record.Kind{
		"交流": "exchange", "交流活动": "joint_activity", "其他": "joint_activity", "示范课（数学）": "demo_lesson", "法治讲座": "lecture", "讲坐": "lecture",
		"demo-leson": "demo_lesson", "送教下鄉活动周": "outreach_lesson", "校长挂职": "temporary_post", "英语竞赛": "contest",
	} {
		near := record.NearestKinds(text, 3)
		if len(near) == 0 || near[0] != want {
			t.Errorf("near %q are %q, want %q first", text, near, want)
		}
	}
	for _, text := range []string{"苹果", "王老师", "明德小学", "", "2018-04-18", "三（2）班"} {
		if near := record.NearestKinds(text, 3); len(near) > 0 {
			t.Errorf("near %q are %q", text, near)
		}
	}
	if near := record.NearestKindsIn("交流", 3, "visit", "report_exchange"); !slices.Equal(near, []record.Kind{"visit", "report_exchange"}) {
		t.Errorf("among visits and reports: %q", near)
	}
}

// TestEveryWordOfTheGlossaryIsRead by the codes and words of every kind.
func TestEveryWordOfTheGlossaryIsRead(t *testing.T) {
	for _, entry := range record.Glossary() {
		for _, word := range []string{string(entry.Kind), entry.ZH, entry.EN} {
			if read, known := record.KindsWritten(word); !known || !slices.Equal(read, []record.Kind{entry.Kind}) {
				t.Errorf("%q of %s is read as %q", word, entry.Kind, read)
			}
		}
		if _, known := record.Lookup(entry.Parent); entry.Parent != "" && (!known || entry.Parent.Within(entry.Kind)) {
			t.Errorf("%s is one of %q", entry.Kind, entry.Parent)
		}
	}
}

func TestModeWritten(t *testing.T) {
	for text, want := range map[string]record.Mode{
		"线上": record.Online, "线下": record.Offline, "线上线下": record.Mixed, "线上＋线下": record.Mixed, "線上": record.Online, "online": record.Online,
		"线上线下相结合": record.Mixed, "现场": record.Offline, "网络": record.Online, "unknown": "", "": "", "送课": "",
	} {
		got, known := record.ModeWritten(text)
		if want == "" && (known || got != record.ModeUnknown) || want != "" && (got != want || !known) {
			t.Errorf("%q is read as %q, %t", text, got, known)
		}
	}
	if near := record.NearestModes("线上形式为主", 1); !slices.Equal(near, []record.Mode{record.Online}) {
		t.Errorf("near 线上形式为主 are %q", near)
	}
	for _, mode := range record.Modes() {
		if zh, en := mode.Words(); zh == "" || en == "" {
			t.Errorf("%s is called %q, %q", mode, zh, en)
		}
	}
}

func TestMeasuresWritten(t *testing.T) {
	for text, want := range map[string]string{
		"节": "lesson", "節": "lesson", "節課": "lesson", "堂课": "lesson", "人·次": "person_visit", "人/次": "person_visit", "位": "person", "名教师": "person",
		"學時": "study_hour", "课时": "class_hour", "場": "session", "件": "", "公斤": "",
	} {
		if got := record.MeasureOf(text); got.Code != want || got.Text != text {
			t.Errorf("%q is %+v, want %q", text, got, want)
		}
	}
	near := record.NearestMeasures("节示范", 2)
	if len(near) == 0 || near[0] != (record.Measure{Text: "节", Code: "lesson"}) {
		t.Errorf("near 节示范 are %+v", near)
	}
	if near := record.NearestMeasures("公斤", 2); len(near) > 0 {
		t.Errorf("near 公斤 are %+v", near)
	}
}
