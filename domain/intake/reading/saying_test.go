package reading_test

import (
	"testing"

	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// sayingOf returns the key of the one question that a row with a cell under a heading asks, "" when
// it asks none and is no held row.
func sayingOf(t *testing.T, heading, cell, answer string) string {
	t.Helper()
	columns, row := "共同体|类别|派出单位", "青山教共体|送课|青山中心小学"
	if heading != reading.ColumnDate {
		columns, row = columns+"|日期", row+"|2018-04-18"
	}
	choices := map[string]string{"cancelled": answer, "postponed": answer, "planned": answer}
	file, err := reading.Read(workbook(readingtest.Sheet(0, "", columns+"|"+heading, row+"|"+cell)), reading.Settings{Answers: reading.Answers{Choices: choices}})
	if err != nil || len(file.Rows) != 1 {
		t.Fatalf("%s: %s: %v, %v", heading, cell, file.Rows, err)
	}
	for _, q := range file.Questions {
		if _, is := choices[q.Key]; is {
			if answer == "" && (!file.Rows[0].Held || len(file.Rows[0].Statements) > 0) {
				t.Errorf("%s: %s is asked about and counted", heading, cell)
			}
			if answer == "took-place" && len(file.Rows[0].Statements) != 1 {
				t.Errorf("%s: %s, said to have taken place, is held: %v", heading, cell, codes(file.Rows[0].Problems))
			}
			return q.Key
		}
	}
	return ""
}

// TestWhatDidNotTakePlaceIsAskedWhereverItIsSaid: each cell is asked about as what it says.
func TestWhatDidNotTakePlaceIsAskedWhereverItIsSaid(t *testing.T) {
	for want, cells := range map[string]map[string][]string{
		"cancelled": {
			"内容":   {"送课（因疫情取消）", "三（未开展）", "四 取消", "送课活动取消", "《春》，未举行", "取消本次活动", "五（停办）", "六（没去成）", "已取消：七"},
			"备注":   {"未开展", "因疫情取消", "取消", "（该次活动因故未能如期举行）", "因故没去成", "本次未完成，下学期补", "活动因雨未开展", "因故没有举行", "已停办", "没上成", "原定活动取消了", "取消了此次送课", "因雪中止", "未能成行", "因故未去", "因故未实施", "该活動已取消"},
			"数量":   {"取消", "未开展", "未举行"},
			"开展情况": {"已取消", "否", "未开展", "没有", "×"},
			"是否取消": {"是", "√"},
			"接收单位": {"张湾小学（取消）"},
			"日期":   {"2018-04-04（取消）", "4月4日未开展"},
		},
		"postponed": {
			"内容": {"《春》（推迟）", "五 延期", "六（暂缓）"},
			"备注": {"改期", "因雨延期至4月", "原定4月1日，推迟至4月7日开展", "延期", "暂缓", "延后举行", "推迟一周", "改到下周", "择日再开展", "顺延", "调整到5月8日"},
			"数量": {"推迟", "暂缓"},
			"日期": {"推迟到5月", "2018-04-04改为4月8日"},
			"状态": {"推迟", "延期"},
		},
		"planned": {
			"内容": {"拟于5月开展", "《春》（计划于5月开展）", "拟5月开展", "送课（待定）"},
			"备注": {"计划", "拟", "待定", "计划于5月8日开展", "拟于下周开展", "预计6月开展", "待开展", "时间待定", "筹备中", "将于5月举行"},
			"数量": {"待定", "拟2节", "计划2节"},
			"日期": {"待定", "拟5月", "计划5月8日"},
			"状态": {"计划", "待开展", "计划中", "拟开展", "进行中"},
		},
	} {
		for heading, texts := range cells {
			for _, text := range texts {
				if got := sayingOf(t, heading, text, ""); got != want {
					t.Errorf("%s: %s is %q, want %q", heading, text, got, want)
				}
				if heading != reading.ColumnDate {
					sayingOf(t, heading, text, "took-place")
				}
			}
		}
	}
}

// TestADateWithASayingIsReadWithoutIt: once the clerk says that it took place, it did on that day.
func TestADateWithASayingIsReadWithoutIt(t *testing.T) {
	for _, cell := range []string{"2018-04-04（取消）", "2018年4月4日取消", "2018-04-04 因雨未开展", "2018.4.4（待定）"} {
		file, err := reading.Read(workbook(readingtest.Sheet(0, "", "日期|类别|内容", cell+"|送课|春")), reading.Settings{Answers: reading.Answers{Choices: map[string]string{"cancelled": "took-place", "planned": "took-place"}}})
		if err != nil || len(file.Questions) != 1 || file.Rows[0].Held || file.Rows[0].Occurred != "day:2018-04-04" {
			t.Errorf("%s became %+v, %v", cell, file.Rows, err)
		}
	}
}

// TestWordsOfPlansAndCancellingThatSayNothing: such words in a title, or in a remark about something
// else, ask nothing.
func TestWordsOfPlansAndCancellingThatSayNothing(t *testing.T) {
	for heading, texts := range map[string][]string{
		"内容": {
			"工作计划研讨会", "取消分数排名经验交流", "教学计划", "教学计划交流", "计划制定", "未来教室参观", "未完成的画", "推迟入学政策解读", "课后服务延期申请研讨", "拟人句教学", "拟声词", "模拟考试分析",
			"虚拟实验", "停课不停学经验交流", "延期开学工作部署", "没有字的书", "不一样的你我他", "暂停键的使用", "待到山花烂漫时", "《未选择的路》", "《将相和》", "预习指导", "准备期教学", "五年计划", "计划与总结", "改革开放", "作文中的拟写提纲", "将军的故事", "不能没有你", "计划生育讲座", "安排与总结",
		},
		"备注": {
			"未取消", "活动取消茶歇环节", "照片未上传", "没有问题", "推迟10分钟开始", "按计划于4月18日开展", "按计划完成", "计划内", "列入工作计划", "评课延迟半小时", "王老师未能参加", "佐证材料待补", "无", "已按原计划完成", "不得取消", "未能提供照片", "部分完成", "后补材料", "改为线上",
		},
		"数量":   {"2", "2节", "计划3节，实际2节"},
		"开展情况": {"已完成", "部分完成", "正常", "是"},
		"是否取消": {"否"},
		"人员":   {"待定", "未定"},
		"佐证材料": {"待补", "未提供", "待上传", "计划表"},
	} {
		for _, text := range texts {
			if got := sayingOf(t, heading, text, ""); got != "" {
				t.Errorf("%s: %s is %q", heading, text, got)
			}
		}
	}
}
