package programmefile

import (
	"github.com/goccy/go-yaml/ast"

	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
)

// The shapes of a file of format 1. What a plan may leave out is optional; the
// English may be left out, as those who write plans read Chinese.
var (
	planShape = shape{
		required("format", "格式版本"), required("code", "方案代号"), required("title", "标题"), required("source", "出处"),
		optional("parties", "各方称谓"), optional("silences", "方案未写明之处"), required("obligations", "应做事项"),
	}
	wordsShape      = shape{required("zh", "中文"), optional("en", "英文")}
	partyShape      = shape{required("role", "身份"), required("zh", "中文"), optional("en", "英文")}
	obligationShape = shape{
		required("id", "编号"), required("zh", "中文"), optional("en", "英文"), required("section", "方案中的位置"),
		required("strength", "力度"), required("count", "计数规则"), optional("notes", "说明"),
	}
	countShape = shape{
		required("at_least", "至少多少"), required("kinds", "种类"), required("per", "按谁计"), required("window", "期间"),
		optional("direction", "方向"), optional("modes", "方式"), optional("subjects", "学科"),
	}
)

// programme reads the root of a file.
func (r *reader) programme(root ast.Node) programme.Programme {
	if r.otherFormat(root) {
		return programme.Programme{}
	}
	o := r.object(root, planShape)
	p := programme.Programme{
		Format: o.number("format"), Code: o.code("code"), Title: o.object("title", wordsShape).words(), Source: o.text("source"),
		Parties: o.parties(), Silences: o.remarks("silences"), Obligations: []programme.Obligation{},
	}
	lines := map[string]int{}
	for _, n := range o.items("obligations") {
		item := r.object(n, obligationShape)
		obligation := item.obligation()
		if id, ok := item.values["id"]; ok && obligation.ID != "" {
			r.first(lines, obligation.ID, id.value.GetToken())
		}
		p.Obligations = append(p.Obligations, obligation)
	}
	return p
}

// otherFormat refuses a file of another format and nothing else in it: what is
// wrong by this format may be right by that one.
func (r *reader) otherFormat(root ast.Node) bool {
	entries, _ := entriesOf(root)
	for _, e := range entries {
		number, ok := e.value.(*ast.IntegerNode)
		if e.key.Value == "format" && ok && number.GetToken().Value != "1" {
			r.refuse(ErrUnknownFormat, number.GetToken(), hint{})
			return true
		}
	}
	return false
}

func (o object) obligation() programme.Obligation {
	return programme.Obligation{
		ID: o.code("id"), Text: o.words(), Section: o.text("section"),
		Strength: programme.Strength(o.word("strength", strengths)),
		Count:    o.object("count", countShape).count(),
		Notes:    o.remarks("notes"),
	}
}

func (o object) count() programme.Count {
	c := programme.Count{
		AtLeast: o.number("at_least"), Kinds: o.kinds(),
		Per:       programme.Scope(o.word("per", scopes)),
		Window:    programme.Window(o.word("window", windows)),
		Direction: programme.Direction(o.word("direction", directions)),
	}
	for _, m := range o.list("modes", modes) {
		c.Modes = append(c.Modes, record.Mode(m))
	}
	c.Subjects = o.distinct("subjects", func(n ast.Node) string {
		s, _ := o.reader.text(n)
		return s
	})
	return c
}

// kinds returns the kinds in the form in which sets of kinds are stored.
func (o object) kinds() []record.Kind {
	e, ok := o.values["kinds"]
	if list, isList := e.value.(*ast.SequenceNode); ok && isList && len(list.Values) == 0 {
		o.refuse(ErrMissingField.With("field", "kinds"), e.key, hint{"请至少写一个种类。", "Give at least one kind."})
		return nil
	}
	var out []record.Kind
	for _, k := range o.list("kinds", kinds) {
		out = append(out, record.Kind(k))
	}
	return record.SortKinds(out)
}

func (o object) parties() []programme.Party {
	var out []programme.Party
	lines := map[string]int{}
	for _, n := range o.items("parties") {
		item := o.reader.object(n, partyShape)
		role := item.word("role", roles)
		if role != "" {
			o.first(lines, role, item.values["role"].value.GetToken())
		}
		out = append(out, programme.Party{Role: pairing.Role(role), Name: item.words()})
	}
	return out
}

// words returns the text that an object's own zh and en hold.
func (o object) words() programme.Words {
	return programme.Words{ZH: o.text("zh"), EN: o.text("en")}
}

// remarks returns the list of texts in a field.
func (o object) remarks(name string) []programme.Words {
	var out []programme.Words
	for _, n := range o.items(name) {
		out = append(out, o.reader.object(n, wordsShape).words())
	}
	return out
}

// code returns the code or id in a field, or "".
func (o object) code(name string) string {
	s := o.text(name)
	// The domain knows which codes are well formed, for programmes and
	// obligations alike.
	if s != "" && (programme.Programme{Format: programme.Format, Code: s}).Check() != nil {
		o.refuse(ErrBadValue, o.values[name].value.GetToken(),
			hint{"请用小写字母、数字和短横线，以字母开头，如 zhaike-2。", "Use lower-case letters, digits and dashes, beginning with a letter, as zhaike-2."})
		return ""
	}
	return s
}
