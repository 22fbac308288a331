package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// A side is one binary with its own copy of a data folder.
type side struct {
	binary, folder string
	address        string // while it serves
	service        *exec.Cmd
}

// newSide copies a data folder without what its read models and running processes
// left there.
func newSide(binary, original, folder string) (*side, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(original)
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() || !strings.Contains(e.Name(), ".sqlite") || strings.HasSuffix(e.Name(), "-shm") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(original, e.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, e.Name()), content, 0o600)
		}
		if err != nil {
			return nil, err
		}
	}
	return &side{binary: binary, folder: folder}, nil
}

// command prepares the binary on its folder, without the settings of whoever runs
// this.
func (s *side) command(ctx context.Context, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.binary, append([]string{"-d", s.folder}, args...)...)
	for _, setting := range os.Environ() {
		if !strings.HasPrefix(setting, "TWINLEDGER_") {
			cmd.Env = append(cmd.Env, setting)
		}
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = time.Minute
	return cmd
}

// ask answers a question: on the command line, or over HTTP when it has a path.
func (s *side) ask(ctx context.Context, q question) (answer, error) {
	if q.path != "" {
		return s.get(ctx, q)
	}
	target := s.folder + ".xlsx"
	var out, told bytes.Buffer
	args := make([]string, len(q.args))
	for i, arg := range q.args {
		args[i] = strings.ReplaceAll(arg, "{target}", target)
	}
	cmd := s.command(ctx, args)
	cmd.Stdout, cmd.Stderr = &out, &told
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return answer{}, err
	}
	if ctx.Err() != nil {
		return answer{}, ctx.Err()
	}
	a := answer{code: fmt.Sprint("exit ", cmd.ProcessState.ExitCode()), raw: s.normal(out.Bytes())}
	if err != nil {
		a.tree, err = lines(s.normal(told.Bytes()))
		return a, err
	}
	if q.form == nil {
		q.form = lines
	}
	if a.tree, err = q.form(a.raw); err == nil && q.kind == "export" {
		var cells any
		cells, err = workbook(target)
		a.tree = map[string]any{"said": a.tree, "cells": cells}
		err = errors.Join(err, os.Remove(target))
	}
	return a, err
}

// normal replaces what differs by nature in any answer: folder and address.
func (s *side) normal(said []byte) []byte {
	said = bytes.ReplaceAll(said, []byte(s.folder), []byte("FOLDER"))
	if s.address != "" {
		said = bytes.ReplaceAll(said, []byte(s.address), []byte("ADDRESS"))
	}
	return said
}

// serve starts the service at a free port and waits until it is ready.
func (s *side) serve(ctx context.Context) error {
	s.service = s.command(ctx, []string{"--json", "serve", "--listen", "127.0.0.1:0"})
	s.service.Stderr = os.Stderr
	out, err := s.service.StdoutPipe()
	if err == nil {
		err = s.service.Start()
	}
	if err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var said struct{ Pages string }
	if err == nil {
		err = json.Unmarshal(line, &said)
	}
	s.address = strings.TrimSuffix(said.Pages, "/")
	for tries := 0; err == nil; tries++ {
		code, _, _, getErr := s.fetch(ctx, "/readyz")
		if getErr == nil && code == http.StatusOK {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
		if err = ctx.Err(); tries > 3000 {
			err = errors.New("it does not become ready")
		}
	}
	return errors.Join(fmt.Errorf("serve %s: %w", s.binary, err), s.stop())
}

// stop ends the service by its own process and waits for it.
func (s *side) stop() error {
	if s.service == nil {
		return nil
	}
	err := s.service.Process.Signal(syscall.SIGTERM)
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	err = errors.Join(err, s.service.Wait())
	s.service, s.address = nil, ""
	return err
}

// fetch gets one address. The request's id is always the same: refusals repeat it.
func (s *side) fetch(ctx context.Context, path string) (int, http.Header, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address+path, nil)
	if err != nil {
		return 0, nil, nil, err
	}
	r.Header.Set("X-Request-Id", "compare")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, s.normal(body), errors.Join(err, response.Body.Close())
}

var nextPage = regexp.MustCompile(`<([^>]+)>; rel="next"`)

// get answers a question over HTTP with all its pages as one.
func (s *side) get(ctx context.Context, q question) (answer, error) {
	var all answer
	var sizes []any
	for path := q.path; path != ""; {
		code, header, body, err := s.fetch(ctx, path)
		if err != nil {
			return all, err
		}
		tree, err := served(header.Get("Content-Type"), body)
		if err != nil {
			return all, fmt.Errorf("%s: %w", path, err)
		}
		path = ""
		if next := nextPage.FindStringSubmatch(header.Get("Link")); next != nil {
			path = next[1]
		}
		if len(sizes) == 0 {
			said := fmt.Sprint("status ", code, ", ", header.Get("Content-Type"), ", as of ", header.Get("Twinledger-As-Of-Ordinal"))
			all = answer{code: said, raw: body, tree: tree}
		}
		if path == "" && len(sizes) == 0 {
			return all, nil
		}
		sizes = append(sizes, join(all.tree, tree, len(sizes) == 0))
		all.tree.(map[string]any)["page_sizes"] = sizes
	}
	return all, nil
}

// join puts a page behind the first and returns how many items it has. Its cursor
// is each binary's own matter.
func join(first, page any, same bool) any {
	whole, isObject := first.(map[string]any)
	part, isToo := page.(map[string]any)
	if !isObject || !isToo {
		return "no page"
	}
	delete(whole, "next")
	for _, name := range []string{"items", "rows"} {
		if items, is := part[name].([]any); is {
			if before, is := whole[name].([]any); is && !same {
				whole[name] = append(before, items...)
			}
			return len(items)
		}
	}
	return "no items"
}
