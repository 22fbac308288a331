package domain_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinledger/domain"
	"twinledger/domain/command"
	"twinledger/domain/command/commandtest"
	"twinledger/domain/event/memlog"
	"twinledger/domain/register"
	"twinledger/domain/seal/sealtest"
)

var update = flag.Bool("update", false, "write mechanisms.md anew")

// A mechanism is one row of the plans' mechanisms. The commands that record it
// are those of its lines in testdata/mechanisms.jsonl.
type mechanism struct {
	zh, en, plans string
	shown         []string // by which tests: folder.TestName, or a script of the command line
	elsewhere     string   // what of it is no record, and which work carries that
}

const (
	theYear    = "cmd/twinledger.TestAYear"
	itsCourse  = "domain/activity.TestCourse"
	placements = "domain/exchange.TestNobodyIsInTwoPlaces"
	postings   = "domain/exchange.TestClaimsFollowTheCourse"
	lessonLife = "domain/lesson.TestCourseOfALesson"
	filedInDue = "domain/filing.TestCourseOfAFiling"
	pairedLife = "domain/pairing.TestCourses"
)

// mechanisms are the 48 rows, in the order of the contract.
var mechanisms = []mechanism{
	{"结对 1+1、1+2、1+3、1+N", "pairing of one school with one or several", "county-1plusn, yueqing-pingyang, wuzhong", []string{theYear, "domain/pairing.TestMembers"}, ""},
	{"共同体类型及升级", "type of a community and its change", "kaihua-chihuai, haining, zhangdian, nanming", []string{theYear}, "规则 rules：哪种类型适用哪套要求，由方案规定 / which rule set a type selects is the programme's to say."},
	{"教育集团、校区", "education group with campuses", "nanming, group4, longyou, senior-dept", []string{theYear, "schools.txtar"}, "法人地位只看得出隶属（保留）或并入（取消），没有单独一栏 / legal status shows only as placed under (kept) or merged (ended)."},
	{"合作协议及期限、条款、审核、续签", "agreement with term, clauses, review, renewal", "kaihua-chihuai, haining, liuzhou, shaozhuang", []string{theYear, pairedLife}, ""},
	{"捆绑考核 2:8", "bundled assessment, own and partners' scores", "county-1plusn, zhenhai, zhangdian, kindergarten", []string{theYear, "domain/indicator.TestCourses"}, "规则 rules：公式由方案计算；所需得分、名次、采用哪个得分在此登记 / the formula is computed from the scores, ranks and the score used that are recorded here."},
	{"前进 5 名例外", "exception for a partner that rose five places", "county-1plusn", []string{"domain/indicator.TestCourses"}, "规则 rules：两年名次和核心校的选择在此登记，例外由方案判断 / both years' ranks and the core school's choice are recorded here; the rule decides."},
	{"按比例评优和加分", "share of excellent groups and bonus points", "jianxing", []string{"domain/recognition.TestCourses"}, "规则 rules：取整、并列、比例由方案规定 / rounding, ties and the share are rules over the recorded scores."},
	{"进度阶梯 40/60/80/100%", "progress ladder by quarter", "haining", []string{"domain/indicator.TestCourses"}, "规则 rules：任务目录和权重由方案规定，完成情况由登记算出；学校自报的比例在此登记 / tasks and weights are rules; what a school reports of itself is recorded here."},
	{"菜单式预约全流程", "booking on request, from request to summary", "wuzhong", []string{theYear, itsCourse}, ""},
	{"主办、承办、协办", "host, undertaker, co-organiser", "wuzhong, weinan", []string{theYear}, ""},
	{"六级网络", "network of six levels", "wuzhong", []string{pairedLife}, "页面 pages：层级图由 related（所属上级）和级别画出 / the tree is drawn from related and level."},
	{"县、学区、学校三级网络", "network of three levels with guiding and base schools", "kaiyang", []string{pairedLife}, "引领校和基地校同在一处时用 pairing.report；pairing.found 只容一所牵头校 / with a guiding and a base school in one, it is reported: found takes one leading school."},
	{"名师工作室、工作站", "master studio and its stations", "wuzhong, liuzhou, yueqing-pingyang, kaihua-chihuai, neweducation, jiangxian, english-studio", []string{theYear, "domain/pairing.TestCourses"}, ""},
	{"师徒结对", "mentor and mentee", "haining, kaihua-chihuai, zhenhai, shuitou2, lead-2016, kindergarten", []string{theYear, "domain/mentorship.TestCourses"}, ""},
	{"支教", "posting to teach at a partner", "liuzhou, group4, zhengmu, mihe, shaozhuang, qingjian2", []string{theYear, placements, postings}, ""},
	{"对等交流", "mirror exchange of equal numbers and subjects", "group4, qingjian2, shaozhuang", []string{theYear}, "规则 rules：人数、学科是否对等由方案判断；两半以 related 相连 / whether numbers and subjects match is a rule; the halves are related."},
	{"轮岗申请、推荐、审核", "rotation applied for, recommended, approved", "county-1plusn", []string{theYear, "domain/exchange.TestDecisions"}, ""},
	{"跟岗、跟班学习", "shadowing a post or a class", "haining, liuzhou, kindergarten, zhengmu", []string{theYear, "domain/exchange.TestShare"}, ""},
	{"挂职、选派任职", "temporary leadership post", "mihe, liuzhou, zhangdian", []string{theYear, "domain/exchange.TestShare"}, "党员身份不是登记项，只能写在备注（密封）/ party membership is no fact of a person; only the sealed remark can say it."},
	{"领导互访、驻校日", "leaders' visits and days of presence", "dezhou7, county-1plusn, mihe, shaozhuang", []string{theYear, "domain/activity.TestWhatAGatheringLeavesUnknown"}, ""},
	{"支教经历认定", "equivalence of support experience", "liuzhou", []string{theYear, "domain/recognition.TestHowLongItLasts"}, "规则 rules：各项如何折算由方案规定；依据、所用期间和认定结果在此登记 / how days, sessions and hours convert is a rule; basis, period used and result are recorded here."},
	{"同步课堂", "synchronous class", "kaihua-chihuai, haining, zhenhai", []string{theYear, lessonLife}, ""},
	{"专递课堂、拓展课程、微课", "delivered, extension and micro lessons", "haining", []string{theYear}, "视频只登记名称；文件由佐证文件存储承接 / videos are named; files are the evidence store's."},
	{"送教、送课", "outreach lesson", "kindergarten, zhaike, county-1plusn, haining, qingjian2, hanting, jiahe", []string{theYear, "review.txtar"}, ""},
	{"公开、示范、研讨、竞赛、展示课", "lessons by kind", "dezhou7, english-studio, county-1plusn, kaiyang, neweducation, jianxing", []string{theYear, "domain/lesson.TestLifeOfALesson"}, "规则 rules：数量要求在方案中 / how many are owed is the programme's."},
	{"听课、评课", "observation and critique", "dezhou7, luocheng, haining, kaihua-chihuai, hongshan-math, senior-dept", []string{theYear, lessonLife}, ""},
	{"集体备课、磨课", "collective preparation, in steps", "wuzhong, haining, senior-dept", []string{theYear, itsCourse}, ""},
	{"网络研修和线下教研", "online and offline research", "kaihua-chihuai, haining, zhenhai", []string{theYear}, ""},
	{"联席会议", "joint conference", "qingjian2, shaozhuang, zhaike, home-school, weinan, hanting", []string{theYear, itsCourse}, ""},
	{"理事会、领导小组、轮值", "council, leading group, rotating chair", "group4, shuitou2", []string{theYear, pairedLife}, ""},
	{"质量分析、作业研讨、联考、监测", "quality analysis, homework, joint examination, monitoring", "kaihua-chihuai, lead-2016, luocheng, zhenhai, shaozhuang", []string{theYear}, ""},
	{"教学比武", "contest", "kaihua-chihuai, zhaike", []string{theYear, "domain/activity.TestKindsOfActivities"}, ""},
	{"学生交流、手拉手、校园节", "student exchange and festivals", "haining, shaozhuang, dezhou7, zhenhai, kindergarten, luocheng", []string{theYear, "domain/activity.TestKindsOfActivities"}, ""},
	{"物资捐赠", "donation", "zhengmu, mihe, county-1plusn, zhaike, kindergarten", []string{theYear, "domain/donation.TestCourseOfADonation"}, ""},
	{"家校大讲堂", "lecture for parents", "jinghu, home-school", []string{theYear}, "规则 rules：人数上限由方案规定 / the limit on those attending is a rule."},
	{"月报、次月计划", "monthly report and next month's plan", "zhenhai, jinghu", []string{theYear, filedInDue}, ""},
	{"年度计划、总结日历", "calendar of annual plans and summaries", "zhangdian, county-1plusn, liuzhou, kaiyang", []string{theYear, filedInDue, "domain/duty.TestLateness"}, ""},
	{"工作简报", "bulletin on the next day", "weinan", []string{theYear, filedInDue}, "规则 rules：“次日”算出的期限由方案规定，登记时写成具体日期 / that it is due the day after is a rule; the record gives the day."},
	{"佐证材料", "evidence", "kaihua-chihuai, haining, jinghu, weinan, zhaike", []string{theYear}, "只登记名称、种类和所属记录；上传人和时间是事件的登记人和入账时间；文件及其哈希由佐证文件存储承接 / names, kinds and what they belong to; who and when are the event's; files and their hashes are the evidence store's."},
	{"档案、台账", "archives and running registers", "dezhou7, jianxing, county-1plusn, kindergarten, taicang, yunnan, home-school-week", []string{theYear}, "规则 rules：每类活动应有哪些材料由方案规定 / which files an activity must have is a rule."},
	{"督导、考核、检查", "supervision, assessment, inspection", "kaiyang, zhangdian, liuzhou, wuzhong, county-1plusn, group4", []string{theYear, "domain/inspection.TestCourseOfAnInspection"}, ""},
	{"约谈、问责、限期整改", "interview, accountability, rectification", "liuzhou, yunnan", []string{theYear, "domain/rectification.TestCourseOfAnOrder"}, ""},
	{"证书", "certificate", "wuzhong", []string{theYear, "domain/recognition.TestCourses"}, "规则 rules：哪一级发证由方案规定 / which level issues it is a rule."},
	{"帮扶申请和匹配", "application for support and its match", "zhangdian", []string{theYear, "domain/pairing.TestWhoIsInAMatch"}, ""},
	{"待遇、补贴", "benefits and subsidies", "county-1plusn, mihe, nanming, liuzhou, kaihua-chihuai, wuzhong", []string{theYear, "domain/recognition.TestHowLongItLasts"}, "规则 rules：谁有资格、标准多少由方案规定；享受的依据和期间在此登记 / who is entitled to what is a rule; basis and period are recorded here."},
	{"班主任共同体准入、淘汰", "class-teacher community with admission and elimination", "taicang", []string{theYear, "domain/pairing.TestCourses"}, ""},
	{"党建三清单、主题党日", "party-building lists and party days", "liuzhou, wuzhong", []string{theYear}, ""},
	{"联系人、责任人", "liaison and duty holder", "haining, zhenhai", []string{theYear, pairedLife}, ""},
}

// A recording is one command that records a part of a mechanism. Row 0 is whom
// and what the others name: "@name" is the record that the line of that name
// opened, "@name#" its event.
type recording struct {
	Row     int             `json:"row"`
	Name    string          `json:"name"`
	Request json.RawMessage `json:"request"`
}

func readMechanisms(t *testing.T) []recording {
	t.Helper()
	raw, err := os.ReadFile("testdata/mechanisms.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var lines []recording
	for line := range bytes.Lines(raw) {
		var l recording
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatalf("line %d: %v", len(lines)+1, err)
		}
		lines = append(lines, l)
	}
	return lines
}

// TestMechanisms records, for each of the 48 mechanisms, what the plans need to
// know of it.
func TestMechanisms(t *testing.T) {
	h := &command.Handler{Ledger: "k3m7q2xw5a", Log: memlog.New(), Registry: domain.Events(nil), Definitions: domain.Commands(),
		Clock: commandtest.ClockAt("2018-07-15T08:00:00.000Z"), Vault: &sealtest.Vault{}, Names: sealtest.Names{}}
	keys, mention := map[string]string{}, regexp.MustCompile(`"@([a-z0-9_-]+#?)"`)
	for i, line := range readMechanisms(t) {
		request := mention.ReplaceAllFunc(line.Request, func(name []byte) []byte { return []byte(`"` + keys[string(name[2:len(name)-1])] + `"`) })
		req, err := command.ParseRequest(request, h.Definitions)
		if err != nil {
			t.Fatalf("%d. %s: %v", line.Row, line.Name, err)
		}
		req.ID, req.Actor = commandtest.ID(i+1), "clerk"
		done, err := h.Handle(t.Context(), req)
		if err != nil || len(done.Events) == 0 {
			t.Errorf("%d. %s: %s: %d events, %v", line.Row, line.Name, req.Name, len(done.Events), err)
			continue
		}
		keys[line.Name], keys[line.Name+"#"] = done.Stream, done.Events[0].ID
	}
}

// TestMechanismsTable holds mechanisms.md to the commands, registers and tests
// that there are.
func TestMechanismsTable(t *testing.T) {
	if len(mechanisms) != 48 {
		t.Fatalf("%d mechanisms, want 48", len(mechanisms))
	}
	commands := domain.Commands()
	byRow := map[int][]string{}
	for _, line := range readMechanisms(t) {
		var r struct{ Command string }
		if err := json.Unmarshal(line.Request, &r); err != nil {
			t.Fatal(err)
		}
		if _, known := commands[r.Command]; !known {
			t.Errorf("%d. %s is no command", line.Row, r.Command)
		}
		if !slices.Contains(byRow[line.Row], r.Command) {
			byRow[line.Row] = append(byRow[line.Row], r.Command)
		}
	}
	for i, m := range mechanisms {
		if len(byRow[i+1]) == 0 {
			t.Errorf("%d. %s is recorded by nothing", i+1, m.en)
		}
		for _, name := range m.shown {
			if !testExists(t, name) {
				t.Errorf("%d. %s: there is no test %s", i+1, m.en, name)
			}
		}
	}
	table := renderMechanisms(byRow)
	if *update {
		if err := os.WriteFile("mechanisms.md", []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stored, err := os.ReadFile("mechanisms.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(stored), table); diff != "" {
		t.Errorf("mechanisms.md, which go test ./domain -run TestMechanismsTable -update writes anew (-stored +now):\n%s", diff)
	}
}

// testExists tells whether a folder's tests have a function, or the command
// line's scripts a file.
func testExists(t *testing.T, name string) bool {
	t.Helper()
	if strings.HasSuffix(name, ".txtar") {
		_, err := os.Stat(filepath.Join(root, "cmd/twinledger/testdata/script", name))
		return err == nil
	}
	files, err := filepath.Glob(filepath.Join(root, strings.TrimSuffix(name, path.Ext(name)), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		source, err := os.ReadFile(file)
		return err == nil && bytes.Contains(source, []byte("func "+path.Ext(name)[1:]+"(t *testing.T)"))
	})
}

const mechanismsHead = `# 机制对照表 Mechanisms

方案里的 48 种机制各由哪些命令登记、列在哪个登记册、由哪个测试证明。每行命令所登记的内容见
` + "`testdata/mechanisms.jsonl`" + `，由 ` + "`domain.TestMechanisms`" + ` 逐条登记；每类记录的登记、查询、更正、作废、导出及每一步骤，
由 ` + "`cmd/twinledger.TestWholeLife`" + ` 按目录逐类证明。“不在登记之内”一栏说明哪部分属于规则或页面，由哪里承接。

For each of the 48 mechanisms of the plans: the commands that record it, the register that lists it and the tests that show
it. What each line's commands say stands in ` + "`testdata/mechanisms.jsonl`" + ` and is recorded by ` + "`domain.TestMechanisms`" + `; that every kind can be
reported, found, corrected, voided and exported, and takes its every step, is shown by ` + "`cmd/twinledger.TestWholeLife`" + `. The last
column says what is no record but a rule or a page, or what no record can say.

This file is written by ` + "`go test ./domain -run TestMechanismsTable -update`" + `.

| # | 机制 mechanism | 方案 plans | 命令 commands | 登记册 registers | 测试 tests | 不在登记之内 carried elsewhere |
|---|---|---|---|---|---|---|
`

func renderMechanisms(commands map[int][]string) string {
	var b strings.Builder
	b.WriteString(mechanismsHead)
	code := func(names []string) string { return "`" + strings.Join(names, "` `") + "`" }
	for i, m := range mechanisms {
		var listed []string
		for _, name := range commands[i+1] {
			kind, _, _ := strings.Cut(name, ".")
			of, _ := register.Of(kind)
			if kind == "programme" {
				of.Name = "programme list"
			}
			if !slices.Contains(listed, of.Name) {
				listed = append(listed, of.Name)
			}
		}
		fmt.Fprintf(&b, "| %d | %s %s | %s | %s | %s | %s | %s |\n", i+1, m.zh, m.en, m.plans, code(commands[i+1]), strings.Join(listed, ", "), code(m.shown), m.elsewhere)
	}
	return b.String()
}
