package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"twinledger/adapters/httpapi"
	"twinledger/adapters/web"
	"twinledger/domain/fault"
)

type serveCommand struct {
	Listen string `help:"监听地址 / address to listen on." default:"127.0.0.1:8480"`
	Sample bool   `help:"使用样例县；未指定 --data 时放在临时文件夹，结束后删除 / serve the sample county, in a temporary folder unless --data names one."`
	Names  bool   `help:"在网页上显示姓名（任何能访问本服务的人都看得到）/ show people's names on the pages, to everybody who can reach them."`
}

// Help teaches the command.
func (serveCommand) Help() string {
	return `网页供查看和打印审查；/api/v1 供查询（/openapi.json）。运行期间占用数据文件夹，按 Ctrl-C 停止。
Pages to read and print reviews; /api/v1 for queries, described at /openapi.json. It holds the data folder
while it runs; Ctrl-C stops it.`
}

var errNotFollowing = fault.New(fault.Unavailable, "serve.not-ready",
	"读模型尚未追平台账，或有读模型已停止；用 status 查看。", "Read models are still catching up, or one has stopped; see status.")

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context, p *program) (err error) {
	o, clean, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close(), clean()) }()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return errCannotListen.With("listen", c.Listen).Because(err)
	}
	logger := slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	o.logger = logger
	handler, err := o.pages(c.Names, logger)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintf(p.out, "网页 pages   http://%s/\n查询 queries http://%s/api/v1/communities\n说明 OpenAPI http://%s/openapi.json\n按 Ctrl-C 停止 / Ctrl-C stops\n",
		listener.Addr(), listener.Addr(), listener.Addr())
	return o.serve(ctx, listener, handler, logger)
}

var errCannotListen = fault.New(fault.Refused, "serve.cannot-listen",
	"无法监听此地址；可能已被占用，请用 --listen 换一个。", "This address cannot be listened on; it may be taken. Choose another with --listen.")

// open opens the folder, or makes the sample; clean removes what was temporary.
func (c *serveCommand) open(ctx context.Context, p *program) (o *office, clean func() error, err error) {
	clean = func() error { return nil }
	if !c.Sample {
		o, err = p.openToWrite(ctx)
		return o, clean, err
	}
	folder, temporary, err := p.sampleFolder()
	if err != nil {
		return nil, clean, err
	}
	if temporary {
		clean = func() error { return os.RemoveAll(folder) }
	}
	if _, statErr := os.Stat(logPath(folder)); statErr == nil {
		p.data = folder
		o, err = p.openToWrite(ctx)
		return o, clean, err
	}
	o, err = p.establishSample(ctx, folder)
	if err != nil {
		return nil, clean, errors.Join(err, clean())
	}
	fmt.Fprintf(p.out, "样例县 sample county: %s\n", folder)
	return o, clean, nil
}

// serve answers requests and runs the projectors until ctx ends, then lets both
// finish what they are at.
func (o *office) serve(ctx context.Context, listener net.Listener, handler http.Handler, logger *slog.Logger) error {
	server := httpapi.Server(handler, logger)
	projecting := make(chan error, 1)
	go func() { projecting <- o.project(ctx, o.models, false, nil) }()
	answering := make(chan error, 1)
	go func() { answering <- server.Serve(listener) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-answering:
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	err = errors.Join(err, server.Shutdown(finish))
	select {
	case projectErr := <-projecting:
		err = errors.Join(err, projectErr)
	case <-finish.Done():
		err = errors.Join(err, fmt.Errorf("projectors did not stop: %w", finish.Err()))
	}
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// pages returns the handler of everything that is served: the endpoint under
// its own paths, the pages everywhere else.
func (o *office) pages(names bool, logger *slog.Logger) (http.Handler, error) {
	api, err := httpapi.New(httpapi.Config{
		Communities: o.models.communities, Lessons: o.models.lessons, Exchanges: o.models.exchanges,
		Inspections: o.models.inspections, Journal: o.models.journal,
		Reviewer: queries{o}, AsOf: queries{o}, Status: queries{o}, Ready: o.ready, Log: logger, Version: version(),
	})
	if err != nil {
		return nil, err
	}
	site := web.New(web.Config{Source: pages{o}, Log: logger, Overlay: func(*http.Request) web.Overlay { return o.overlay(names) }})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, own := range []string{"/api/", "/livez", "/readyz", "/openapi."} {
			if strings.HasPrefix(r.URL.Path, own) || r.URL.Path+"/" == own {
				api.ServeHTTP(w, r)
				return
			}
		}
		site.ServeHTTP(w, r)
	}), nil
}

// ready tells whether every read model follows and has reached the head.
func (o *office) ready(ctx context.Context) error {
	_, states, err := o.modelStates(ctx)
	if err != nil {
		return err
	}
	for _, s := range states {
		if s.Stopped != "" || s.Lag > 0 {
			return errNotFollowing.With("model", s.Name).With("behind", s.Lag)
		}
	}
	return nil
}
