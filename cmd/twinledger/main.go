// Command twinledger keeps the ledger of a county's education communities:
// records in, term reviews out, every number open to the events behind it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"twinledger/domain/fault"
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
}

// commandLine is the grammar of the command line. Each command is a file of its
// own.
type commandLine struct {
	Data  string `help:"数据文件夹 / data folder." env:"TWINLEDGER_DATA" placeholder:"FOLDER" short:"d"`
	Actor string `help:"操作账号编号（不写姓名）/ opaque account id of whoever acts, never a name." env:"TWINLEDGER_ACTOR" default:"clerk"`

	Init      initCommand      `cmd:"" help:"新建台账 / open a new ledger in a data folder."`
	Serve     serveCommand     `cmd:"" help:"运行查询服务 / serve pages and the query endpoint."`
	Import    importCommand    `cmd:"" help:"导入活动台账文件 / import record files (CSV, XLSX)."`
	Record    recordCommand    `cmd:"" help:"登记一条命令 / carry out one command from a JSON file."`
	Void      voidCommand      `cmd:"" help:"作废一条记录 / void a record."`
	Correct   correctCommand   `cmd:"" help:"更正一条记录 / correct a record with complete facts."`
	Programme programmeCommand `cmd:"" help:"方案 / programmes: publish, list, show."`
	Review    reviewCommand    `cmd:"" help:"学期审查 / the term review of one community."`
	Journal   journalCommand   `cmd:"" help:"事件日志 / list the ledger's events."`
	Rebuild   rebuildCommand   `cmd:"" help:"重建读模型 / rebuild read models from the log."`
	Status    statusCommand    `cmd:"" help:"台账与读模型状态 / how the ledger and its read models stand."`
	Version   versionCommand   `cmd:"" help:"版本 / print the version."`
}

const description = `Twinledger 结对台账：城乡教育共同体的事件台账与学期审查。
The event ledger of education communities and their term reviews.

第一次使用 / the first time:
  twinledger serve --sample                     看一看样例县 / look at the sample county
  twinledger init -d FOLDER --district 某县     新建台账 / open a ledger
  twinledger import -d FOLDER --dry-run FILE    先试读 / see what a file would become
  twinledger import -d FOLDER FILE …            导入 / import it
  twinledger review -d FOLDER 共同体 2017-2018/2  出审查 / the term review`

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	var line commandLine
	exited := -1
	parser, err := kong.New(&line, kong.Name("twinledger"), kong.Description(description), kong.Writers(out, errOut),
		kong.Exit(func(code int) { exited = code }), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
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
		fmt.Fprintf(errOut, "命令行有误 / the command line is off: %v\n用 twinledger --help 查看用法 / see twinledger --help\n", err)
		return exitRefused
	}
	p := &program{in, out, errOut, time.Now, line.Data, line.Actor}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return report(errOut, parsed.Run(p))
}

// report writes an error in words and returns the exit code for it.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	code := exitDone
	for _, one := range flatten(err) {
		f, ok := fault.As(one)
		if ok && f.Kind != fault.Internal {
			fmt.Fprintf(w, "%s\n  [%s]\n", f.Message(), f.Code)
			code = max(code, exitRefused)
			continue
		}
		if errors.Is(one, context.Canceled) {
			fmt.Fprintln(w, "已中断；再次运行同一命令即可继续 / stopped; run the same command again to continue")
		} else {
			fmt.Fprintf(w, "出错 / failed: %v\n", one)
		}
		code = exitFailed
	}
	return code
}

// flatten returns the parts of joined errors.
func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // only what errors.Join made at the top
		var out []error
		for _, e := range joined.Unwrap() {
			out = append(out, flatten(e)...)
		}
		return out
	}
	return []error{err}
}
