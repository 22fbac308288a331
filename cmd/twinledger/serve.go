package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"twinledger/adapters/httpapi"
	"twinledger/adapters/web"
	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain"
	"twinledger/domain/fault"
)

type serveCommand struct {
	Listen string   `help:"监听地址 / address to listen on." default:"127.0.0.1:8480"`
	Host   []string `help:"也以此主机名提供，经代理访问时需要 / answer under this host name too, as behind a proxy." placeholder:"NAME"`
	Sample bool     `help:"使用样例县；未指定 --data 时放在临时文件夹，结束后删除 / serve the sample county, in a temporary folder unless --data names one."`
	Names  bool     `help:"在网页上显示姓名和文件名（任何能访问本服务的人都看得到）/ show the names of people and files on the pages, to everybody who can reach them."`

	BehindProxy bool `help:"前面有代理负责加密和身份验证；监听本机以外的地址时必须写明 / a proxy in front encrypts and authenticates; must be said to listen beyond this machine." name:"behind-proxy"`
}

// Help teaches the command.
func (serveCommand) Help() string {
	return `网页供查看和打印审查；/api/v1 供查询和写入（/openapi.json），/metrics 供监控。运行期间占用数据文件夹，按 Ctrl-C 停止。
其他写入命令照常使用，会经由本服务写入；凭据写在数据文件夹的 serve.json 中，只有本用户可读，每次启动换新。
本服务自己不加密，也不验证身份：监听本机以外的地址须写明 --behind-proxy（由前面的代理负责），否则不启动；能从别的机器访问时，
要显示姓名须同时写明 --names 和 --behind-proxy。只监听本机时，只接受以 IP 地址、localhost 或 --host 所写主机名发来的请求，其他网站的网页便读不到台账。

Pages to read and print reviews; /api/v1 for queries and commands, described at /openapi.json; /metrics for a
monitoring system. It holds the data folder while it runs; Ctrl-C stops it. Other commands that write work as
always and go through it, with the credential in the folder's serve.json, which is new at each start.
It neither encrypts nor authenticates by itself. To listen beyond this machine say --behind-proxy: that a proxy in
front does both. Names that can be seen from other machines need --names and --behind-proxy.
While only this machine can reach it, requests under an IP address, localhost or a --host are answered and no
others, so that no page of another site can read the ledger.`
}

var errStopping = fault.New(fault.Unavailable, "serve.stopping",
	"服务正在停止；请稍后再试。", "The service is stopping; try again later.")

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context, p *program) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	o, clean, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close(), clean()) }()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return errCannotListen.With("listen", c.Listen).Because(err)
	}
	o.Logger = p.logger()
	s, err := newService(ctx, o, listener, c.Names)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if isLoopback(listener) || len(c.Host) > 0 {
		s.handler = httpapi.OnlyHosts(s.handler, o.Logger, c.Host)
	}
	site := "http://" + listener.Addr().String()
	result := serveResult{o.Path, site + "/", site + "/api/v1/communities", site + "/openapi.json"}
	if err := p.print(result, func(w io.Writer) { result.text(w, c.Sample) }); err != nil {
		return errors.Join(err, listener.Close())
	}
	return s.run(ctx)
}

// check refuses to serve where others could reach what no proxy guards.
func (c *serveCommand) check() error {
	address, err := net.ResolveTCPAddr("tcp", c.Listen)
	switch {
	case err != nil:
		return errCannotListen.With("listen", c.Listen).Because(err)
	case c.BehindProxy:
		return nil
	case !address.IP.IsLoopback():
		return errOffLoopback.With("listen", c.Listen)
	case c.Names && len(c.Host) > 0:
		return errNamesBeyond
	}
	return nil
}

// Errors for a service that others could reach.
var (
	errOffLoopback = fault.New(fault.Refused, "serve.off-loopback",
		"此地址从别的机器也能访问，而本服务不加密、不验证身份；请让代理负责这两件事并写明 --behind-proxy，或只监听 127.0.0.1。",
		"Other machines can reach this address, and the service neither encrypts nor authenticates. Put a proxy in front that does both and say --behind-proxy, or listen on 127.0.0.1 only.")
	errNamesBeyond = fault.New(fault.Refused, "serve.names-beyond",
		"写了 --host，别的机器可以访问，姓名会显示给所有人；请让代理验证身份并写明 --behind-proxy，或去掉 --names。",
		"With --host other machines can reach the service, and names would be shown to everybody. Let a proxy authenticate and say --behind-proxy, or leave --names out.")
)

// isLoopback tells whether a listener is reached from this machine only. Under
// which names others reach this machine only they know.
func isLoopback(listener net.Listener) bool {
	tcp, ok := listener.Addr().(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// A serveResult is what "serve" prints once it answers.
type serveResult struct {
	Folder  string `json:"folder"`
	Pages   string `json:"pages"`   // address of the pages
	Queries string `json:"queries"` // address of a first query
	OpenAPI string `json:"openapi"` // address of the endpoint's description
}

func (r serveResult) text(w io.Writer, sample bool) {
	if sample {
		fmt.Fprintf(w, "样例县 sample county: %s\n", r.Folder)
	}
	fmt.Fprintf(w, "网页 pages   %s\n查询 queries %s\n说明 OpenAPI %s\n按 Ctrl-C 停止 / Ctrl-C stops\n", r.Pages, r.Queries, r.OpenAPI)
}

// logger returns the log of what an operator must see, on standard error.
func (p *program) logger() *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.LevelWarn}
	if p.json {
		return slog.New(slog.NewJSONHandler(p.err, options))
	}
	return slog.New(slog.NewTextHandler(p.err, options))
}

var errCannotListen = fault.New(fault.Refused, "serve.cannot-listen",
	"无法监听此地址；可能已被占用，请用 --listen 换一个。", "This address cannot be listened on; it may be taken. Choose another with --listen.")

// open opens the folder, or makes the sample; clean removes what was temporary.
func (c *serveCommand) open(ctx context.Context, p *program) (o *datafolder.Folder, clean func() error, err error) {
	clean = func() error { return nil }
	if !c.Sample {
		o, err = p.openHolding(ctx)
		return o, clean, err
	}
	folder, temporary, err := p.sampleFolder()
	if err != nil {
		return nil, clean, err
	}
	if temporary {
		clean = func() error { return os.RemoveAll(folder) }
	}
	if _, statErr := os.Stat(datafolder.LogPath(folder)); statErr == nil {
		p.data = folder
		o, err = p.openHolding(ctx)
		return o, clean, err
	}
	o, err = p.quietly().establishSample(ctx, folder)
	if err != nil {
		return nil, clean, errors.Join(err, clean())
	}
	return o, clean, nil
}

// A service is a data folder that answers at an address.
type service struct {
	o        *datafolder.Folder
	listener net.Listener
	note     datafolder.Serving // what stands in the folder while it runs
	follow   *datafolder.Following
	handler  http.Handler

	stopping atomic.Bool
	running  sync.RWMutex // held to read by every request, and to write when none may run any more
}

// newService returns the service of a data folder at a listener, whose note stands in
// the folder then.
func newService(ctx context.Context, o *datafolder.Folder, listener net.Listener, names bool) (*service, error) {
	// Where there are no read models yet, there is nothing that could be asked.
	if o.Models.Served() == nil {
		if err := o.CatchUp(ctx, nil); err != nil {
			return nil, err
		}
	}
	f, err := o.Follow(ctx)
	if err != nil {
		return nil, err
	}
	s := &service{o: o, listener: listener, note: datafolder.Serving{Address: datafolder.AddressOf(listener), Secret: rand.Text(), PID: os.Getpid()}, follow: f}
	s.handler, err = s.everything(names)
	if err == nil {
		err = s.note.Write(o.Path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Stop())
	}
	return s, nil
}

// How long a service takes to stop: for the requests that run, then, when some
// still do and were told to end, for those and the projectors.
const (
	finishTime = 20 * time.Second
	cutTime    = 10 * time.Second
)

// run answers requests and runs the projectors until ctx ends. Then it is no
// longer ready, takes no further requests, finishes those that run, and stops the
// projectors last, so that a request that waits for them is answered.
func (s *service) run(ctx context.Context) error {
	lasting := context.WithoutCancel(ctx)
	requests, cancel := context.WithCancelCause(lasting)
	cutRequests := func() { cancel(errStopping) }
	defer cutRequests()
	server := httpapi.Server(s.handler, s.o.Logger)
	server.BaseContext = func(net.Listener) context.Context { return requests }

	answering := make(chan error, 1)
	go func() { answering <- server.Serve(s.listener) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-answering:
	}
	s.stopping.Store(true)
	err = errors.Join(err, s.note.Remove(s.o.Path), s.finish(lasting, server, cutRequests))
	stopped := make(chan error, 1)
	go func() { stopped <- s.follow.Stop() }()
	select {
	case projectErr := <-stopped:
		err = errors.Join(err, projectErr)
	case <-time.After(finishTime):
		err = errors.Join(err, errors.New("projectors did not stop in time"))
	}
	return err
}

// finish takes no further requests and returns when none runs, after it has cut
// off those that take too long.
func (s *service) finish(ctx context.Context, server *http.Server, cutRequests func()) error {
	patient, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	err := server.Shutdown(patient)
	if err != nil {
		cutRequests()
		err = errors.Join(err, server.Close())
	}
	idle := make(chan struct{})
	go func() {
		s.running.Lock()
		close(idle)
	}()
	select {
	case <-idle:
	case <-time.After(cutTime):
		err = errors.Join(err, errors.New("a request did not end in time"))
	}
	return err
}

// everything returns the handler of everything that is served: the endpoint under
// its own paths, the pages everywhere else.
func (s *service) everything(names bool) (http.Handler, error) {
	o, asked := s.o, queries{s.o, s.follow}
	api, err := httpapi.New(httpapi.Config{
		Registers: o.MaskedRegisters(), Duplicates: o.Duplicates(), Journal: o.Journal(),
		Reviewer: asked, AsOf: asked, Status: asked, Ready: s.ready, Log: o.Logger, Version: version(),
		Imports: o.Imports(), Follower: s.follow, CommandGateway: o.Gateway, Rebuilder: s.follow, Definitions: domain.Commands(), CommandID: o.CommandID, Secret: s.note.Secret,
	})
	if err != nil {
		return nil, err
	}
	site := web.New(web.Config{Source: &pages{o: o}, Log: o.Logger, Overlay: func(*http.Request) web.Overlay { return overlayOf(o, names) }})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.running.RLock()
		defer s.running.RUnlock()
		// All of a request is answered from one generation of the read models, also when
		// another one takes its place meanwhile. What is written asks none, however slowly it
		// comes in; and an order to remove a generation waits until nobody asks it.
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			ctx, release := o.Models.Pin(r.Context())
			defer release()
			r = r.WithContext(ctx)
		}
		for _, own := range []string{"/api/", "/livez", "/readyz", "/metrics", "/openapi."} {
			if strings.HasPrefix(r.URL.Path, own) || r.URL.Path+"/" == own {
				api.ServeHTTP(w, r)
				return
			}
		}
		site.ServeHTTP(w, r)
	}), nil
}

// ready tells whether the read models follow and have reached the head, and the
// service is not stopping.
func (s *service) ready(ctx context.Context) error {
	if s.stopping.Load() {
		return errStopping
	}
	return s.follow.Ready(ctx)
}
