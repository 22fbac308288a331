// Package tabular writes what a record says into one row of a table, and reads
// it back the same.
//
// The columns of a kind follow from the type of its facts, so that a kind that
// learns to say more says it in its table too. A cell holds what a person would
// write there: names for keys, words for codes, dates as schools write them. A
// cell that holds several things keeps them apart by 、 or by lines, and what
// has parts writes each as 名称=值, parted by ；. A sign that means itself has \
// in front.
//
// Nothing that facts say is lost on the way, but for where an imported record
// was read. Keys do not travel: another ledger gives its own.
package tabular

import (
	"reflect"
	"strings"
	"sync"

	"twinledger/domain/calendar"
	"twinledger/domain/command"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// A Form is the table of one kind of record.
type Form struct {
	Kind     string   // kind of stream
	Columns  []Column // in the order in which they are written
	shape    reflect.Type
	workflow record.Workflow
}

// A Column is one column of a form.
type Column struct {
	Header string // as written above it
	field  string // JSON name of the field
	part   part
}

// A part says which part of a field a column holds.
type part int

const (
	whole part = iota
	number
	measure
)

// Headers of columns that are not of the facts themselves.
const (
	HeaderRecord   = "记录编号" // key of the record in the ledger that wrote the table; empty for a new one
	HeaderOccurred = "日期"
	HeaderCourse   = "经过"
)

// Names gives names for keys, when a table is written.
type Names interface {
	// School, Community and District return a name, "" for an unknown key.
	School(key string) string
	Community(key string) string
	District(key string) string
	// Person returns a name and the name of the person's school, "" when it is
	// not known; ok is false when the name may not be shown.
	Person(key string) (name, school string, ok bool)
	// Open opens a sealed text of a field of a stream; ok is false when it may
	// not be shown.
	Open(text seal.Sealed, stream, field string) (clear string, ok bool)
}

// Keys gives keys for names, when a table is read. Where a table was written
// without a name, the text is the key in the ledger that wrote it.
type Keys interface {
	School(name string) string
	Community(name string) string
	District(name string) string
	// Person returns the key of a person of a school, "" when that is not known.
	Person(name, school string) string
	// Record returns the key of the record that has a key in the ledger that
	// wrote the table.
	Record(former string) string
}

// What reading a row is refused with. Each names the column and the value.
var (
	ErrUnreadable = fault.New(fault.Invalid, "tabular.unreadable",
		"看不懂这一格；请按导出表的写法填写。", "This cell cannot be read; write it as an exported table does.")
	ErrSealed = fault.New(fault.Invalid, "tabular.sealed",
		"这一格在导出时没有打开（密封），不能导入；请用有密钥的台账重新导出。",
		"This cell was exported sealed and cannot be imported; export it again from a ledger with its keys.")
	ErrUnknownWord = fault.New(fault.Invalid, "tabular.unknown-word",
		"这个词不在术语表中；请改用术语表中的词。", "The word is not in the glossary; use one that is.")
)

// Sealed stands in a table for a text that may not be shown.
const Sealed = "〔密封〕"

// FormOf returns the form of the kind whose reporting command is d and whose records
// take the steps of workflow.
func FormOf(d command.Definition, workflow record.Workflow) (Form, bool) {
	body := reflect.TypeOf(d.Example())
	if body == nil || body.Kind() != reflect.Struct || body.NumField() != 1 {
		return Form{}, false
	}
	f := Form{Kind: d.Kind, shape: body.Field(0).Type, workflow: workflow}
	f.Columns = append(f.Columns, Column{Header: HeaderRecord}, Column{Header: HeaderOccurred})
	var last []Column
	for _, field := range fieldsOf(f.shape) {
		switch name := field.name; {
		case name == "source" || name == "district":
		case name == "quantity":
			f.Columns = append(f.Columns, Column{"数量", name, number}, Column{"单位", name, measure})
		case name == "course" || name == "remark" || name == "evidence" || name == "as_written":
			last = append(last, Column{Header: field.label(), field: name})
		default:
			f.Columns = append(f.Columns, Column{Header: field.label(), field: name})
		}
	}
	f.Columns = append(f.Columns, last...)
	return f, true
}

// Dated tells whether the column with a header holds a date, so that a cell that a
// spreadsheet program keeps as one is meant so.
func (f Form) Dated(header string) bool {
	for _, c := range f.Columns {
		if c.Header != header || c.Header == HeaderRecord {
			continue
		}
		for _, field := range fieldsOf(f.shape) {
			if field.name == c.field {
				return field.shape == typeOccurred
			}
		}
		return c.field == ""
	}
	return false
}

// A field is one JSON field of a struct, those of embedded structs included.
type field struct {
	name  string
	index []int
	shape reflect.Type
}

// knownFields are the fields of types that were asked for before: rows of a file have few
// types, and are many.
var knownFields sync.Map // reflect.Type to []field

// fieldsOf returns the fields of a type, those of embedded types included. Callers must not
// change the list.
func fieldsOf(shape reflect.Type) []field {
	if known, is := knownFields.Load(shape); is {
		return known.([]field) //nolint:forcetypeassert // nothing else is stored
	}
	fields := listFields(shape)
	knownFields.Store(shape, fields)
	return fields
}

func listFields(shape reflect.Type) []field {
	var out []field
	for i := range shape.NumField() {
		f := shape.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			for _, inner := range listFields(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				out = append(out, inner)
			}
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			out = append(out, field{name, []int{i}, f.Type})
		}
	}
	return out
}

// label returns the header or part name of a field.
func (f field) label() string {
	if f.name == "from" && f.shape == typeOccurred {
		return "起始"
	}
	if zh, known := labels[f.name]; known {
		return zh
	}
	return f.name
}

// labels are the words for fields. They stand in people's files: a word may be
// added, and never means another field.
var labels = map[string]string{
	"community": "共同体", "kinds": "类别", "mode": "形式", "title": "内容", "subjects": "学科", "from": "派出单位", "to": "接收单位",
	"people": "人员", "evidence": "佐证材料", "remark": "备注", "organisers": "主办承办", "attendance": "参加人数", "level": "级别",
	"related": "相关记录", "course": HeaderCourse, "start": "开始日期", "end": "结束日期", "item": "物品", "findings": "检查结果",
	"dimension": "方面", "text": "文字", "grade": "等级", "basis": "依据", "sides": "结对学校", "school": "学校", "role": "身份",
	"part": "分工", "office": "办理单位", "by": "学校", "what": "事项", "document": "文号", "until": "截止", "due": "期限", "score": "分数",
	"quantity": "数量", "note": "说明", "verb": "步骤", "occurred": "日期", "corrects": "更正事件", "reason": "原因", "code": "代码",
	"batch": "批次", "load": "工作量", "post": "任职", "full_time": "是否脱产", "mentor": "师傅", "mentee": "徒弟", "issuer": "颁发单位",
	"holders": "持有人", "value": "数值", "population": "总数", "about": "所属时期", "as_of": "截至日期", "name": "名称", "stage": "学段",
	"setting": "城乡", "provisional": "暂定", "class": "班级", "platform": "平台", "offices": "受理单位", "valid_from": "有效期起", "valid_until": "有效期止", "unit": "计量", "authority": "数据来源",
	"planned": "计划日期", "division": "组别", "dimensions": "检查方面", "series": "课程", "usage": "使用次数", "weak_subject": "薄弱学科",
	"turn": "变动", "others": "对象", "memberships": "成员关系一并转入", "chair": "主持人", "finding": "检查事件", "task": "整改要求",
	"as_written": "原文保留", "column": "栏目", "complete": "已读全",
}

// keyed says which fields hold keys, and of what.
var keyed = map[string]string{
	"school": "school", "parent": "school", "community": "community", "people": "person", "person": "person", "mentor": "person",
	"mentee": "person", "chair": "person", "related": "record", "district": "district",
}

var (
	typeText     = reflect.TypeFor[seal.Text]()
	typeOccurred = reflect.TypeFor[calendar.Occurred]()
	typeQuantity = reflect.TypeFor[record.Quantity]()
	typeWord     = reflect.TypeFor[record.Word]()
	typeUnit     = reflect.TypeFor[record.Unit]()
	typeKind     = reflect.TypeFor[record.Kind]()
	typeMode     = reflect.TypeFor[record.Mode]()
)

// A coded value is a code; Words gives the word of each, by code. Tables of before
// say the code.
type coded interface{ Words() map[string]string }

// partWords are the words for an organiser's part, by code.
var partWords = map[string]string{"host": "主办", "undertaker": "承办", "co_organiser": "协办"}

// fullTimeWords are the words for whether somebody is away from the own school for
// all of the time, by code. Tables of before say the code.
var fullTimeWords = map[string]string{"yes": "是", "no": "否", "unknown": "不详"}

const fullTime = "full_time"

const groupWord = "成员学校"
