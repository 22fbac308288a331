package record

import "twinledger/domain/seal"

// The keys that examples name: streams of no ledger, to be replaced by whoever
// fills the example in.
const (
	ExampleDistrict  = "district-00000000-0000-0000-0000-000000000001"
	ExampleCommunity = "community-00000000-0000-0000-0000-000000000002"
	ExampleCore      = "school-00000000-0000-0000-0000-000000000003"
	ExampleMember    = "school-00000000-0000-0000-0000-000000000004"
	ExampleThird     = "school-00000000-0000-0000-0000-000000000005"
	ExamplePerson    = "person-00000000-0000-0000-0000-000000000006"
	ExampleMentee    = "person-00000000-0000-0000-0000-000000000008"
	ExampleEvent     = "00000000-0000-0000-0000-000000000007"
)

// ExampleReason is why something is corrected or voided in examples.
var ExampleReason = seal.Text{Clear: "原表把日期写错"}

// ExampleFacts returns what examples say of something of these kinds: every
// field filled that a person may write.
func ExampleFacts(title, number, measure string, kinds ...Kind) Facts {
	return Facts{
		District: ExampleDistrict, Community: ExampleCommunity, Kinds: SortKinds(kinds), Mode: Offline,
		Title: seal.Text{Clear: title}, Subjects: []Word{{Text: "语文", Code: "chinese"}},
		From: []Unit{{School: ExampleCore}}, To: []Unit{{School: ExampleMember}}, People: []string{ExamplePerson},
		Quantity: Quantity{Text: number, Number: number, Bound: Exact, Measure: MeasureOf(measure)},
		Evidence: []seal.Text{{Clear: "活动照片"}}, Remark: seal.Text{Clear: "依据学校上报的活动记录"},
		Organisers: []Organiser{{School: ExampleCore, Part: "host"}, {Office: "县教研室", Part: "undertaker"}},
		Attendance: Quantity{Text: "30", Number: "30", Bound: Exact, Measure: MeasureOf("人")}, Level: "县级",
		AsWritten: []WrittenCell{{Column: "人员", Text: seal.Text{Clear: "王老师（主讲）"}, Complete: true}},
	}
}
