package record

import "sort"

// A Kind is the glossary's code for what took place. Codes are stored, so a
// code never changes once it is used.
type Kind string

// An Entry is one kind of the glossary.
type Entry struct {
	Kind   Kind
	Parent Kind // the wider kind that it is one of; "" for the widest
	ZH, EN string
}

// glossary holds the kinds of records in the order of the glossary's tables.
// Near-synonyms are different things: a parent says "is one of", never "is the
// same as".
var glossary = []Entry{
	{"pairing", "", "结对", "pairing"},
	{"support_pairing", "pairing", "结对帮扶", "support pairing"},
	{"hand_in_hand", "pairing", "手拉手", "hand in hand"},
	{"urban_rural_aid", "pairing", "城乡互助", "urban–rural aid"},
	{"education_community", "pairing", "教育共同体", "education community"},
	{"education_group", "pairing", "教育集团", "education group"},
	{"research_community", "pairing", "教研共同体", "research community"},
	{"learning_community", "pairing", "学习共同体", "learning community"},
	{"class_teacher_community", "pairing", "班主任共同体", "class-teacher community"},
	{"studio", "pairing", "名师工作室", "master studio"},
	{"work_station", "studio", "工作站", "studio work station"},

	{"mentorship", "", "师徒结对", "mentorship"},
	{"mentoring", "mentorship", "导师带教", "mentoring"},

	{"exchange", "", "交流轮岗", "exchange or posting"},
	{"support_teaching", "exchange", "支教", "support teaching"},
	{"accompany_teaching", "exchange", "跟教", "accompany teaching"},
	{"shadow_posting", "exchange", "跟岗", "shadow posting"},
	{"class_shadowing", "exchange", "跟班学习", "class shadowing"},
	{"substitute_posting", "exchange", "顶岗", "substitute posting"},
	{"temporary_post", "exchange", "挂职", "temporary post"},
	{"leadership_posting", "exchange", "选派任职", "leadership posting"},
	{"rotation", "exchange", "轮岗", "rotation"},
	{"exchanged_teacher", "exchange", "交流教师", "exchanged teacher"},
	{"itinerant_teaching", "exchange", "走教", "itinerant teaching"},
	{"cross_school_appointment", "exchange", "跨校联聘", "cross-school appointment"},
	{"swap", "exchange", "对调", "swap"},
	{"bureau_service", "exchange", "交流服务", "bureau service"},

	{"open_lesson", "", "公开课", "open lesson"},
	{"demo_lesson", "open_lesson", "示范课", "demo lesson"},
	{"outreach_lesson", "open_lesson", "送课", "outreach lesson"},
	{"seminar_lesson", "open_lesson", "研讨课", "seminar lesson"},
	{"contest_lesson", "open_lesson", "竞赛课", "contest lesson"},
	{"showcase_lesson", "open_lesson", "展示课", "showcase lesson"},
	{"quality_lesson", "open_lesson", "优质课", "quality lesson"},
	{"observation_lesson", "open_lesson", "观摩课", "observation lesson"},
	{"sync_class", "open_lesson", "同步课堂", "sync class"},
	{"dedicated_delivery_class", "", "专递课堂", "dedicated delivery class"},
	{"air_class", "", "空中课堂", "air class"},
	{"online_class", "", "在线课堂", "online class"},
	{"joint_lesson_show", "open_lesson", "会课", "joint lesson show"},
	{"homo_design_lesson", "open_lesson", "同课同构", "homo-design lesson"},
	{"hetero_design_lesson", "open_lesson", "同课异构", "hetero-design lesson"},
	{"cross_design_lesson", "open_lesson", "异课同构", "cross-design lesson"},
	{"micro_lesson", "", "微课", "micro-lesson"},
	{"extension_course", "", "拓展课程", "extension course"},

	{"visit", "", "互访", "visit"},

	{"meeting", "", "会议", "meeting"},
	{"joint_conference", "meeting", "联席会议", "joint conference"},
	{"council", "meeting", "理事会", "council"},
	{"management_seminar", "meeting", "教学管理研讨会", "teaching-management seminar"},
	{"management_meeting", "meeting", "共同体管理会议", "community management meeting"},
	{"plan_appraisal", "meeting", "论证会", "plan appraisal"},

	{"research_session", "", "教研活动", "research session"},
	{"open_classroom", "research_session", "课堂教学开放交流", "open-classroom exchange"},
	{"collective_prep", "research_session", "集体备课", "collective lesson preparation"},
	{"online_research", "research_session", "网络研修", "online research"},
	{"homework_seminar", "research_session", "作业专题研讨", "homework seminar"},
	{"lesson_polishing", "research_session", "磨课", "lesson polishing"},

	{"lecture", "", "讲座", "lecture"},
	{"home_school_lecture", "lecture", "家校大讲堂", "home–school lecture"},
	{"student_activity", "", "学生活动", "student activity"},
	{"student_exchange", "student_activity", "学生交流", "student exchange"},
	{"festival", "student_activity", "校园节", "school festival"},
	{"contest", "", "教学比武", "contest"},
	{"quality_analysis", "", "质量分析", "quality analysis"},
	{"quality_monitoring", "", "质量监测", "quality monitoring"},
	{"joint_exam", "", "联考", "joint examination"},
	{"training", "", "培训", "training"},
	{"school_based_training", "training", "校本研修", "school-based training"},
	{"report_exchange", "", "汇报交流", "report exchange"},
	{"exhibition", "", "展览", "exhibition"},
	{"party_day", "", "主题党日", "party day"},
	{"observe", "", "听课", "lesson observation"},
	{"critique", "", "评课", "lesson critique"},
	{"lesson_talk", "", "说课", "lesson talk"},
	{"discuss", "", "议课", "lesson discussion"},
	{"debate", "", "辩课", "lesson debate"},

	{"donation", "", "物资捐赠", "donation"},

	{"filing", "", "报送材料", "filing"},
	{"scheme", "filing", "方案", "scheme"},
	{"plan", "filing", "计划", "plan"},
	{"summary", "filing", "总结", "summary"},
	{"bulletin", "filing", "工作简报", "bulletin"},
	{"monthly_report", "filing", "月报", "monthly report"},
	{"next_month_plan", "filing", "次月计划", "next-month plan"},
	{"application_form", "filing", "申请表", "application form"},
	{"summary_form", "filing", "汇总表", "summary form"},
	{"annex", "filing", "附件", "annex"},
	{"evidence", "filing", "佐证材料", "evidence"},
	{"archive", "filing", "档案", "archive"},
	{"ledger", "filing", "台账", "running register"},
	{"three_lists", "filing", "三清单", "party-building lists"},
	{"shadowing_report", "filing", "跟岗报告", "shadowing report"},

	{"inspection", "", "检查", "inspection"},
	{"supervision", "inspection", "督导", "supervision"},
	{"assessment", "inspection", "考核", "assessment"},
	{"bundled_assessment", "assessment", "捆绑考核", "bundled assessment"},
	{"evaluation", "inspection", "评估", "evaluation"},
	{"value_added_evaluation", "evaluation", "增值性评价", "value-added evaluation"},

	{"rectification_order", "", "限期整改", "rectification order"},

	{"recognition", "", "认定", "recognition"},
	{"certificate", "recognition", "证书", "certificate"},
	{"award", "recognition", "奖项", "award"},
	{"title", "recognition", "称号", "title"},
	{"support_experience", "recognition", "支教经历", "support experience"},
	{"completion_ok", "recognition", "圆满完成", "completion in full"},
	{"entitlement", "recognition", "待遇", "entitlement"},
	{"travel_subsidy", "entitlement", "交通补贴", "travel subsidy"},
	{"award_grant", "entitlement", "以奖代补", "award grant"},

	{"indicator", "", "指标", "indicator"},
	{"staff_number", "indicator", "教职工数", "staff number"},
	{"student_number", "indicator", "学生数", "student number"},
	{"excellent_rate", "indicator", "优课率", "excellent rate"},
	{"pass_rate", "indicator", "合格率", "pass rate"},
	{"loss_rate", "indicator", "流失率", "loss rate"},
	{"coverage_rate", "indicator", "覆盖率", "coverage rate"},
	{"ranking", "indicator", "名次", "ranking"},
	{"assessment_score", "indicator", "考核得分", "assessment score"},
	{"value_added", "indicator", "增值", "value added"},
}

var entries = func() map[Kind]Entry {
	m := make(map[Kind]Entry, len(glossary))
	for _, e := range glossary {
		m[e.Kind] = e
	}
	return m
}()

// Glossary returns every kind, in the glossary's order.
func Glossary() []Entry { return append([]Entry(nil), glossary...) }

// Lookup returns the entry of k.
func Lookup(k Kind) (Entry, bool) {
	e, ok := entries[k]
	return e, ok
}

// Within tells whether k is wider or one of wider: a demo_lesson is an
// open_lesson.
func (k Kind) Within(wider Kind) bool {
	for ; k != ""; k = entries[k].Parent {
		if k == wider {
			return true
		}
	}
	return false
}

// SortKinds returns kinds sorted and without repetition, the form in which a
// set of kinds is stored.
func SortKinds(kinds []Kind) []Kind {
	seen := map[Kind]bool{}
	var out []Kind
	for _, k := range kinds {
		if k != "" && !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}
