package reading_test

import (
	"testing"

	"twinledger/domain/intake/reading"
	"twinledger/domain/intake/reading/readingtest"
)

// TestTheFirstRecordIsNoHeading, though words that are headings elsewhere stand in it.
func TestTheFirstRecordIsNoHeading(t *testing.T) {
	for _, row := range []string{
		"上周三|送课||《秋天》第一课时|数学、英语||王家沟教学点|王老师、李老师|1.8e+01|人次|照片|见附件",
		"|听课||无|语文/音乐||成员学校|周老师(数学)|约30|人次|照片、签到表|",
	} {
		sheet := readingtest.Sheet(0, "", "2017-2018学年第二学期活动台账", "日期|类别|形式|内容|学科|派出单位|接收单位|人员|数量|单位|佐证材料|备注", row)
		tables, errs := reading.Tables(workbook(sheet))
		if len(errs) > 0 || len(tables) != 1 || len(tables[0].Rows) != 1 {
			t.Errorf("%s: %d tables, %v", row, len(tables), errs)
		}
	}
}
