package calendar

import "twinledger/domain/fault"

// Errors of [ReadWritten], besides [ErrNoSuchDay].
var (
	ErrUnreadableDate = fault.New(fault.Invalid, "calendar.unreadable-date",
		"看不懂这个日期；请写作 2018-04-18、2018年4月18日至20日、2018年4月18日、25日、2018年4月、2018年9月至2019年7月、2017-2018学年第二学期、2017-2018学年或 2015年；不知道就留空。",
		"This date cannot be read; write 2018-04-18, 2018年4月18日至20日, 2018年4月18日、25日, 2018年4月, 2018年9月至2019年7月, 2017-2018学年第二学期, 2017-2018学年 or 2015年, and leave it empty when it is not known.")
	ErrUncertainDate = fault.New(fault.Invalid, "calendar.uncertain-date",
		"这个日期可能有几种意思；请把年、月、日写全，例如 2018-04-18。",
		"This date may mean more than one thing; write its year, month and day in full, for example 2018-04-18.")
	ErrAmbiguousMonth = fault.New(fault.Invalid, "calendar.ambiguous-month",
		"表格程序会把 2018.10 存成 2018.1，分不清是一月还是十月；请写作 2018年1月或 2018年10月。",
		"Spreadsheet programs turn 2018.10 into 2018.1, so this may be January or October; write 2018年1月 or 2018年10月.")
	ErrNoYear = fault.New(fault.Invalid, "calendar.no-year",
		"日期没有写年份，表题和工作表名也没有说明；请写全，例如 2018年4月18日，或在表题里写明学期，例如 2017-2018学年第二学期。",
		"The date does not say its year, and neither do the title and the sheet's name; write it in full, for example 2018年4月18日, or name the term in the title, for example 2017-2018学年第二学期.")
	ErrNoMonth = fault.New(fault.Invalid, "calendar.no-month",
		"日期没有写月份，表题和工作表名也没有说明；请写全，例如 2018年4月18日。",
		"The date does not say its month, and neither do the title and the sheet's name; write it in full, for example 2018年4月18日.")
	ErrSpanBackwards = fault.New(fault.Invalid, "calendar.span-ends-before-start",
		"结束日期早于开始日期；请核对，跨年的请写全两个年份。",
		"The span ends before it begins; check it, and write both years when it crosses one.")
	ErrOpenEnded = fault.New(fault.Invalid, "calendar.open-ended",
		"只写了开始或只写了结束；请把起止都写上，例如 2018年9月至2019年7月。只知道开始的交流轮岗，请用 exchange.report 登记 start，end 写 unknown。",
		"Only the beginning or only the end is written; write both, for example 2018年9月至2019年7月. Record a posting of which only the beginning is known with exchange.report: give start, and write unknown for end.")
	ErrSeveralMonths = fault.New(fault.Invalid, "calendar.several-months",
		"这里写了几个不相连的月份；请一个月份写一行。",
		"These are several months that do not follow one another; write one row for each month.")
	ErrTooManyDays = fault.New(fault.Invalid, "calendar.too-many-days",
		"一格里的日期太多（最多 100 天）；请分成几行。",
		"There are too many days in one cell (100 at most); write several rows.")
	ErrRepeated = fault.New(fault.Invalid, "calendar.repeated",
		"这里写的是多久一次，不是日期；请写出每次的日期，或写所在的学期，并在数量栏写次数。",
		"This says how often something takes place, which is no date; write the day of each time, or write the term and give the number of times in the column 数量.")
	ErrDuration = fault.New(fault.Invalid, "calendar.duration",
		"这里写的是多长时间，不是日期；请写出起止日期，例如 2018年9月至2019年7月。",
		"This says how long something took, which is no date; write its beginning and its end, for example 2018年9月至2019年7月.")
	ErrTeachingWeek = fault.New(fault.Invalid, "calendar.teaching-week",
		"这里写的是教学周；校历没有周次，请写出日期，或写所在的月份或学期。",
		"This is a teaching week, and the calendar does not number weeks; write the day, or write the month or the term.")
)

// The years that a school may write. Every other year is a slip of the pen.
const (
	firstPlausibleYear = 1949
	lastPlausibleYear  = 2099
)
