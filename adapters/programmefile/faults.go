package programmefile

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/token"

	"twinledger/domain/fault"
)

// What Parse refuses with. A refusal repeats the text given here and adds what
// is known of the case: the nearest allowed word, or that a colon is full-width.
var (
	ErrTooLarge = fault.New(fault.Invalid, "programmefile.too-large",
		"方案文件过大（上限 128 KiB、3 万个词）；请删去不用的内容，或分成几个方案。",
		"The file is too large (at most 128 KiB and 30,000 words); remove what is not needed or split the plan.")
	ErrNotUTF8 = fault.New(fault.Invalid, "programmefile.not-utf8",
		"文件不是 UTF-8 编码（可能是 ANSI、GBK、GB18030 或 Unicode）；请在记事本中打开，另存为时把编码选为 UTF-8。",
		"The file is not UTF-8 (it may be ANSI, GBK, GB18030 or UTF-16); open it in an editor and save it with the encoding UTF-8.")
	ErrBadCharacter = fault.New(fault.Invalid, "programmefile.bad-character",
		"这里有看不见的字符（常由网页或聊天软件粘贴带入）；请删去后重新输入。",
		"An invisible character stands here (often pasted from a web page or a chat); delete it and type the text again.")
	ErrSyntax = fault.New(fault.Invalid, "programmefile.syntax",
		"这里的 YAML 写法无法读懂；请核对这一行和上一行：缩进用空格且对齐，半角冒号后有一个空格，引号和括号成对。",
		"The YAML cannot be read here; check this line and the one above: indent evenly with spaces, put a space after each colon, close every quote and bracket.")
	ErrTooDeep = fault.New(fault.Invalid, "programmefile.too-deep",
		"括号或短横线层次过深；方案文件用不到这么多层，请核对括号是否成对。",
		"Brackets or dashes are nested too deeply; a plan needs far fewer levels, so check that every bracket is closed.")
	ErrEmpty = fault.New(fault.Invalid, "programmefile.empty",
		"文件里没有方案；请以内置方案 zhaike 为样例填写。",
		"The file holds no plan; fill it in after the built-in plan zhaike.")
	ErrSeveralDocuments = fault.New(fault.Invalid, "programmefile.several-documents",
		"一个文件只写一个方案；请删去分隔线“---”及其后的内容，另存为一个文件。",
		"A file holds one plan; remove the line “---” and what follows, and save that as a file of its own.")
	ErrUnsupportedYAML = fault.New(fault.Invalid, "programmefile.unsupported-yaml",
		"方案文件不用 YAML 的锚点 &、别名 *、合并 <<、标签 !、指令 % 和复合键 ?；请直接写出内容。如果是正文以这些符号开头，请把整段文字加上引号。",
		"A plan does not use YAML's anchors &, aliases *, merges <<, tags !, directives % and complex keys ?; write the content out. If a text begins with such a sign, put the whole text in quotes.")
	ErrUnknownFormat = fault.New(fault.Invalid, "programmefile.unknown-format",
		"本程序只认得第 1 版方案格式；请写 format: 1，或用更新的程序读取。",
		"This program reads format 1 only; write format: 1 or use a newer program.")
	ErrUnknownField = fault.New(fault.Invalid, "programmefile.unknown-field",
		"这里没有这个字段。", "There is no such field here.")
	ErrMissingField = fault.New(fault.Invalid, "programmefile.missing-field",
		"缺少字段或字段没有内容。", "A field is missing or empty.")
	ErrNotMapping = fault.New(fault.Invalid, "programmefile.not-a-mapping",
		"这里应写成若干行“字段: 内容”。", "Fields belong here, each as “field: content”.")
	ErrNotList = fault.New(fault.Invalid, "programmefile.not-a-list",
		"这里应写成列表：每项一行、以“- ”开头，或写成 [甲, 乙]。", "A list belongs here: one item a line after “- ”, or [a, b].")
	ErrNotText = fault.New(fault.Invalid, "programmefile.not-text",
		"这里应写文字；如果内容就是数字或 true、false，请加上引号。", "A text belongs here; if it is meant as a number or as true or false, put it in quotes.")
	ErrNotNumber = fault.New(fault.Invalid, "programmefile.not-a-number",
		"这里应写半角阿拉伯数字，如 2，不加引号。", "A number belongs here, as 2, without quotes.")
	ErrBadValue = fault.New(fault.Invalid, "programmefile.bad-value",
		"这里的内容不合要求。", "This value is not allowed here.")
	ErrDuplicate = fault.New(fault.Invalid, "programmefile.duplicate",
		"与前面重复；请删去一处，或改为不同的写法。", "This was given before; remove one of the two or change it.")
)

// A hint says what a person should write in the case at hand.
type hint struct{ zh, en string }

func (h hint) and(more hint) hint { return hint{h.zh + more.zh, sentences(h.en, more.en)} }

// refuse adds a fault at a token, with what is written there.
func (r *reader) refuse(f *fault.Error, at *token.Token, h hint) {
	r.add(f, at.Position.Line, at.Position.Column, at.Value, h)
}

// add adds a fault at a place, which it keeps inside the file: of broken texts
// the parser sometimes gives one that lies behind.
func (r *reader) add(f *fault.Error, line, column int, value string, h hint) {
	if len(r.rows) > 0 {
		line = min(max(line, 1), len(r.rows))
		column = min(max(column, 1), len(r.rows[line-1])+1)
	}
	placed := f.At(fault.Place{File: r.file, Line: line, Column: strconv.Itoa(column), Value: shown(value)})
	placed.ZH += h.zh
	placed.EN = sentences(placed.EN, h.en)
	r.faults = append(r.faults, placed)
}

// sentences joins two English sentences, either of which may be empty.
func sentences(first, second string) string {
	return strings.TrimSpace(first + " " + second)
}

// shown returns the beginning of a value, enough to recognise it.
func shown(value string) string {
	const most = 60
	first, _, more := strings.Cut(strings.TrimSpace(value), "\n")
	if runes := []rune(first); len(runes) > most {
		first, more = string(runes[:most]), true
	}
	if more {
		return first + "…"
	}
	return first
}

var (
	fullWidthColon = regexp.MustCompile(`^[\s\x{3000}]*[A-Za-z_]+\s*：`)
	tightColon     = regexp.MustCompile(`^[A-Za-z_]+:[^\s/]`)
)

// typing tells of what a Chinese input method leaves behind where YAML wants
// half-width signs, and of a colon without its space.
func typing(value string) hint {
	var h hint
	if fullWidthColon.MatchString(value) {
		h = h.and(hint{"此处冒号是全角“：”；请改用半角“:”加一个空格。", "The colon is full-width; write “:” and a space."})
	}
	if tightColon.MatchString(value) {
		h = h.and(hint{"半角冒号后请加一个空格。", "Put a space after the colon."})
	}
	if strings.ContainsAny(value, "\u3000\u00A0") {
		h = h.and(hint{"此处有全角空格或不换行空格；请换成普通空格。", "A full-width or no-break space stands here; use an ordinary space."})
	}
	return h
}

// separators tells of Chinese commas where items of a list are separated.
func separators(value string) hint {
	if strings.ContainsAny(value, "，、") {
		return hint{"各项之间请用半角逗号“,”。", "Separate the items with “,”."}
	}
	return hint{}
}
