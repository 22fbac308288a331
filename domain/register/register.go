// Package register names the lists that the office keeps: the records of each
// kind of stream, the schools, communities and people, and the rows that are held.
package register

// A Register is one list that the office keeps: what there is of one kind of
// stream.
type Register struct {
	Name               string // names its address, its file and its sheet: lessons
	Kind               string // the kind of stream
	ZH, EN             string // its title
	ThingsZH, ThingsEN string // what is in it, several of them
	Records            bool   // what is in it are records
}

// all are the registers, in the order in which they are shown.
var all = []Register{
	{"pairings", "pairing", "结对登记", "pairings", "结对", "pairings", true},
	{"exchanges", "exchange", "交流轮岗名册", "exchange roster", "交流轮岗", "exchanges", true},
	{"lessons", "lesson", "课例登记", "lesson register", "课例", "lessons", true},
	{"mentorships", "mentorship", "师徒结对登记", "mentorships", "师徒结对", "mentorships", true},
	{"visits", "visit", "互访登记", "visits", "互访", "visits", true},
	{"meetings", "meeting", "会议登记", "meetings", "会议", "meetings", true},
	{"research", "research", "教研活动登记", "research sessions", "教研活动", "research sessions", true},
	{"activities", "activity", "联合活动登记", "joint activities", "联合活动", "joint activities", true},
	{"donations", "donation", "物资捐赠登记", "donations", "物资捐赠", "donations", true},
	{"filings", "filing", "报送材料登记", "filings", "报送材料", "filings", true},
	{"inspections", "inspection", "检查督导登记", "inspections", "检查督导", "inspections", true},
	{"rectifications", "rectification", "限期整改登记", "rectifications", "限期整改", "rectifications", true},
	{"recognitions", "recognition", "证书与认定登记", "recognitions and certificates", "证书与认定", "recognitions", true},
	{"indicators", "indicator", "指标登记", "reported indicators", "指标", "indicators", true},
	{"schools", "school", "学校", "schools", "学校", "schools", false},
	{"communities", "community", "共同体", "communities", "共同体", "communities", false},
	{"people", "person", "人员", "people", "人员", "people", false},
	{"held-rows", "row", "暂挂行", "held rows", "暂挂行", "held rows", false},
}

// All returns the registers, in the order in which they are shown.
func All() []Register { return append([]Register(nil), all...) }

// Of returns the register of a kind of stream.
func Of(kind string) (Register, bool) {
	for _, r := range all {
		if r.Kind == kind {
			return r, true
		}
	}
	return Register{}, false
}
