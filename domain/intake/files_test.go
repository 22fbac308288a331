package intake_test

import (
	"crypto/sha256"
	"regexp"
	"strings"

	"twinledger/domain/calendar"
	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// The five record files that schools sent, as a reader hands them over.
var recordFiles = map[string][]reading.Sheet{
	"qingjian": {readingtest.Sheet(0, "", readingtest.Heading,
		"1|2015|清涧县第二小学共同体|结对||第二小学与四所学校结成共同体||清涧县第二小学|郝家也中心小学;店则沟九年制学校;双庙中心小学;寨沟中心小学|惠老师|5|所||核心校为第二小学",
		"2|2017-2018学年第二学期|清涧县第二小学共同体|交流轮岗|对调|与共同体学校教师对调交流一个月||清涧县第二小学|||3|人||未注明对方学校、起止日期",
		"3|2017-2018学年第二学期|清涧县第二小学共同体|互访|线下|成员学校教师到第二小学参观学习||郝家也中心小学;店则沟九年制学校;双庙中心小学;寨沟中心小学|清涧县第二小学||30|人次||原文为三十多名",
		"4|2017-2018学年第二学期|清涧县第二小学共同体|示范课|送课|送课活动|语文|清涧县第二小学|成员学校|||节||六个学科共10节,原文未分列",
		"5|2017-2018学年第二学期|清涧县第二小学共同体|示范课|送课|送课活动|语文;英语;数学;科技;音乐;国学|清涧县第二小学|成员学校||10|节",
		"6|2017-2018学年第二学期|清涧县第二小学共同体|会议|线下|联席会议,听取支教顶岗教师汇报||||||次||每月一次,未注明日期",
		"7|2018-07-03|清涧县第二小学共同体|总结||共同体工作总结||清涧县第二小学|||1|份|总结文本")},
	"zhengmu": {readingtest.Sheet(0, "", readingtest.Heading,
		"1|2011年秋季学期|郑母初中—东关回中结对|交流轮岗|跟岗|派教师接受培训学习||郑母初中|东关回中|孟老师|1|人",
		"2|2011年秋季学期|郑母初中—东关回中结对|交流轮岗|跟岗|派教师接受培训学习||郑母初中|东关回中|王老师|1|人",
		"3|2011年秋季学期|郑母初中—东关回中结对|交流轮岗|支教|派教师支教||东关回中|郑母初中|魏老师|1|人",
		"4|2011年秋季学期|郑母初中—东关回中结对|交流轮岗|支教|派教师支教||东关回中|郑母初中|冀老师|1|人",
		"5|2011年秋季学期|郑母初中—东关回中结对|示范课|线下|支教教师示范课||东关回中|郑母初中|魏老师|3|节",
		"6|2011年秋季学期|郑母初中—东关回中结对|示范课|线下|支教教师示范课||东关回中|郑母初中|冀老师|3|节||数量为全角数字",
		"7|2011年秋季学期|郑母初中—东关回中结对|物资捐赠||手提电脑||东关回中|郑母初中||10|台",
		"8|2011.12.12|郑母初中—东关回中结对|总结||城乡一体化活动总结||郑母初中|||1|份")},
	"hanting": {readingtest.Sheet(0, "", readingtest.Heading,
		"1|2013学年|寒亭区外国语小学—仓上小学互助共同体|会议|线下|互助共同体联席会议||寒亭区外国语小学|仓上小学|李老师;张老师|1|次||学年初,未注明日期",
		"2|2013学年|寒亭区外国语小学—仓上小学互助共同体|会议|线下|领导小组研讨会议||寒亭区外国语小学|仓上小学||1|次",
		"3|2013学年|寒亭区外国语小学—仓上小学互助共同体|示范课|送课|送课下乡|语文;数学;英语|寒亭区外国语小学|仓上小学|||节||未注明节数",
		"4|2014年7月|寒亭区外国语小学—仓上小学互助共同体|总结||学年工作总结||寒亭区外国语小学|||1|份")},
	"xuecheng": {readingtest.Sheet(0, "", readingtest.Heading,
		"1|2010年11月3日至11月4日|薛城双语小学互助共同体|互访|线下|听课评课学习交流||种庄小学;常庄镇中心小学;西小小学|薛城双语小学|||||校长带队,各科教师",
		"2|2011年1月18日|薛城双语小学互助共同体|总结||互助共同体活动总结||种庄小学|||1|份")},
	"jiahe": {
		typed(readingtest.Sheet(0, "活动台账", "夹河小学—东楼小学共同体 2017—2018学年第二学期活动台账", "|||||||单位", readingtest.Heading,
			"1|2018-04-18|夹河—东楼共同体|互访|线下|校长带队,行政和骨干教师学习交流||夹河小学|东楼小学||||照片|上午",
			"2|2018年4月20日|夹河—东楼共同体|示范课|送教|送教到校||东楼小学|夹河小学|||节|照片|未注明节数、学科",
			"3|2018-6-30|夹河—东楼共同体|总结||共同体工作总结||夹河小学|||1|份",
			"合计||||||||||1")),
		readingtest.Sheet(1, "学校名册", "学校|学段|城乡|身份", "东楼小学|小学||核心校", "夹河小学|小学|乡村|成员校"),
	},
}

// file returns a record file as it is read, with the fingerprint of its cells.
func file(name string) reading.Workbook { return read(name, recordFiles[name]...) }

// table returns a file of one table under the full heading.
func table(name string, rows ...string) reading.Workbook {
	return read(name, readingtest.Sheet(0, "", append([]string{readingtest.Heading}, rows...)...))
}

func read(name string, sheets ...reading.Sheet) reading.Workbook {
	var text strings.Builder
	for _, s := range sheets {
		for _, row := range s.Rows {
			for _, cell := range row.Cells {
				text.WriteString(cell.Text + "|")
			}
			text.WriteString("\n")
		}
	}
	return reading.Workbook{File: name + ".csv", Form: "csv", Fingerprint: sha256.Sum256([]byte(text.String())), Sheets: sheets}
}

var (
	day     = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	decimal = regexp.MustCompile(`^\d+(\.\d+)?$`)
)

// typed makes days and numbers of a sheet cells of those types, as a workbook
// holds them.
func typed(s reading.Sheet) reading.Sheet {
	for _, row := range s.Rows {
		for i, cell := range row.Cells {
			switch {
			case day.MatchString(cell.Text):
				row.Cells[i].Date = calendar.Occurred("day:" + cell.Text)
			case decimal.MatchString(cell.Text):
				row.Cells[i].Number = cell.Text
			}
		}
	}
	return s
}
