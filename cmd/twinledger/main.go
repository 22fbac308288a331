// Command twinledger keeps the ledger of a county's education communities:
// records in, term reviews out, every number open to the events behind it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"twinledger/domain/command"
	"twinledger/domain/fault"
	"twinledger/projections/records"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitDone    = 0
	exitFailed  = 1 // our bug, or a disk that failed
	exitRefused = 2 // the request can be mended; the message says how
)

// program is what every command may use of the world.
type program struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	data     string // the data folder, "" when none was named
	actor    string
	json     bool // results and errors are JSON; see print
}

// commandLine is the grammar of the command line. Each command is a file of its
// own.
type commandLine struct {
	Data  string `help:"数据文件夹 / data folder." env:"TWINLEDGER_DATA" placeholder:"FOLDER" short:"d"`
	Actor string `help:"操作账号编号，用字母、数字和 . _ -（不写姓名）/ opaque account id of whoever acts, letters, digits and . _ - only, never a name." env:"TWINLEDGER_ACTOR" default:"clerk"`
	JSON  bool   `help:"以 JSON 输出结果和错误 / print results and errors as JSON." name:"json"`

	Guide       guideCommand       `cmd:"" help:"使用说明（中文）/ the guide for clerks, in Chinese."`
	Init        initCommand        `cmd:"" help:"新建台账 / open a new ledger in a data folder."`
	Serve       serveCommand       `cmd:"" help:"运行查询服务 / serve pages and the query endpoint."`
	Import      importCommand      `cmd:"" help:"导入活动台账文件 / import record files (CSV, XLSX)."`
	Imports     importsCommand     `cmd:"" help:"导入过的文件：列出、撤销 / the files that were taken in: list them, undo one."`
	Record      recordCommand      `cmd:"" help:"登记一条命令 / carry out one command from a JSON file."`
	Void        voidCommand        `cmd:"" help:"作废一条记录 / void a record."`
	Correct     correctCommand     `cmd:"" help:"更正一条记录 / correct a record with complete facts."`
	Schools     schoolsCommand     `cmd:"" kong:"set='zh=学校',set='en=schools'" help:"学校：待确认、认定、更名、合并 / schools: provisional, identified, renamed, merged."`
	Communities communitiesCommand `cmd:"" kong:"set='zh=共同体',set='en=communities'" help:"共同体：待确认、认定、更正名称 / communities: provisional, identified, names put right."`
	People      peopleCommand      `cmd:"" kong:"set='zh=人员',set='en=people'" help:"人员：待确认、认定、更正姓名 / people: provisional, identified, names put right."`
	Duplicates  duplicatesCommand  `cmd:"" help:"重复上报：列出、判定 / what was probably told twice: list it and decide."`
	Programme   programmeCommand   `cmd:"" help:"方案 / programmes: publish, list, show."`
	Review      reviewCommand      `cmd:"" help:"学期审查 / the term review of one community."`
	List        listCommand        `cmd:"" help:"列出登记册 / list a register."`
	Export      exportCommand      `cmd:"" help:"把登记册写成表格，可再导入 / write registers as tables that import again."`
	Template    templateCommand    `cmd:"" help:"写出供学校填写的空白工作簿 / write the workbook to fill in."`
	Sheet       sheetCommand       `cmd:"" help:"一校或一人一览 / everything that names one school or person."`
	Journal     journalCommand     `cmd:"" help:"事件日志 / list the ledger's events."`
	Generate    generateCommand    `cmd:"" help:"生成虚构的县，供试用 / write a made-up county into a new ledger, to try things on."`
	Rebuild     rebuildCommand     `cmd:"" help:"重建读模型 / rebuild read models from the log."`
	Verify      verifyCommand      `cmd:"" help:"核对读模型 / hold the read models against the log."`
	Backup      backupCommand      `cmd:"" help:"备份台账；密钥另作一份 / back up the ledger and, apart, its keys."`
	Restore     restoreCommand     `cmd:"" help:"从备份恢复到新文件夹 / restore a ledger from its backup into a new folder."`
	Status      statusCommand      `cmd:"" help:"台账与读模型状态 / how the ledger and its read models stand."`
	Version     versionCommand     `cmd:"" help:"版本 / print the version."`
}

const description = `Twinledger 结对台账：城乡教育共同体的事件台账与学期审查。
The event ledger of education communities and their term reviews.

第一次使用 / the first time:
  twinledger serve --sample                     看一看样例县 / look at the sample county
  twinledger init -d FOLDER --district 某县     新建台账 / open a ledger
  twinledger import -d FOLDER --dry-run FILE    先试读 / see what a file would become
  twinledger import -d FOLDER FILE …            导入 / import it
  twinledger review -d FOLDER 共同体 2017-2018/2  出审查 / the term review`

var errCommandLine = fault.New(fault.Invalid, "command-line.invalid",
	"命令行有误；用 twinledger --help 查看用法。", "The command line is off; see twinledger --help.")

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	var line commandLine
	exited := -1
	parser, err := kong.New(&line, kong.Name("twinledger"), kong.Description(description), kong.Writers(out, errOut),
		kong.Exit(func(code int) { exited = code }), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Vars{"registers": registerNames(), "exported": exportedNames(), "marks": strings.Join(records.AllMarks, " ")})
	if err != nil {
		fmt.Fprintln(errOut, err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		return report(errOut, wantsJSON(args), errCommandLine.With("why", err))
	}
	if err := command.CheckActor(line.Actor); err != nil {
		return report(errOut, line.JSON, err)
	}
	p := &program{in, out, errOut, time.Now, line.Data, line.Actor, line.JSON}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return report(errOut, line.JSON, parsed.Run(p))
}
