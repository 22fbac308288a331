package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"twinledger/domain/event"
)

// startServe runs serve with these flags as a process of its own on a free port
// and returns its address once it says where to look.
func startServe(t *testing.T, folder string, flags ...string) (address string, cmd *exec.Cmd) {
	t.Helper()
	cmd = twinledgerProcess(t, append([]string{"-d", folder, "serve", "--listen", "127.0.0.1:0"}, flags...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	told, err := os.Create(filepath.Join(t.TempDir(), "told"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = told
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		if content, err := os.ReadFile(told.Name()); t.Failed() {
			t.Logf("serve told %v: %.4000s", err, content)
		}
		_ = told.Close()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := regexp.MustCompile(`pages +(http://[^/]+)/`).FindStringSubmatch(lines.Text()); m != nil {
			go io.Copy(io.Discard, out) //nolint:errcheck // nobody reads the rest
			return m[1], cmd
		}
	}
	t.Fatal("serve did not say where to look")
	return "", nil
}

func get(t *testing.T, url string) (int, http.Header, []byte) {
	t.Helper()
	answer, err := http.Get(url) //nolint:gosec,noctx // a loopback address of this test
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, body
}

// TestServeSample starts the sample county as the README does, reads it as a
// person and as a program, and stops it.
func TestServeSample(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	address, serve := startServe(t, folder, "--sample")

	if code, _, body := get(t, address+"/"); code != http.StatusOK || !bytes.Contains(body, []byte("清涧县第二小学共同体")) {
		t.Errorf("front page: %d\n%s", code, body)
	}
	waitReady(t, address)
	asked := "/api/v1/reviews?community=%E6%B8%85%E6%B6%A7%E5%8E%BF%E7%AC%AC%E4%BA%8C%E5%B0%8F%E5%AD%A6%E5%85%B1%E5%90%8C%E4%BD%93&term=2017-2018/2&programme=zhaike"
	code, header, served := get(t, address+asked)
	if code != http.StatusOK {
		t.Fatalf("review: %d %s", code, served)
	}

	// A site that gives its own name this machine's address reads nothing.
	for _, path := range []string{"/", "/api/v1/communities", "/metrics"} {
		asked, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		asked.Host = "rebound.example"
		answer, err := http.DefaultClient.Do(asked)
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("%s under another host: %s %v", path, answer.Status, err)
		}
	}

	// Beside the server one may read, and gets the same bytes.
	cmd := twinledgerProcess(t, "-d", folder, "review", "清涧", "2017-2018/2", "--programme", "zhaike", "--format", "json")
	var told bytes.Buffer
	cmd.Stderr = &told
	review, err := cmd.Output()
	sum := told.String()
	if err != nil || !bytes.Equal(review, served) {
		t.Error("the endpoint and the command line give different bytes")
	}
	if want := header.Get("Twinledger-Review-SHA256"); want == "" || !strings.Contains(sum, want) {
		t.Errorf("the endpoint says %q, the command line %q", want, sum)
	}
	stopServe(t, serve)
	mustRun(t, nil, "-d", folder, "import", "sample/records/hanting-2013.csv")
}

// stopServe asks serve to stop and waits until it has.
func stopServe(t *testing.T, serve *exec.Cmd) {
	t.Helper()
	http.DefaultClient.CloseIdleConnections() // for one that was never used, it would wait 5 seconds
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("serve did not stop in good order: %v", err)
	}
}

// waitReady asks until the server says that queries may be sent.
func waitReady(t *testing.T, address string) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		code, _, body := get(t, address+"/readyz")
		if code == http.StatusOK {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not ready: %s", body)
		}
	}
}

// TestStoppedProjectorIsSeen writes an event that this program does not know:
// every command that projects says so, status shows where it stopped, and what
// was projected before stays readable in the file.
func TestStoppedProjectorIsSeen(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "county")
	mustRun(t, nil, "-d", folder, "init", "--district", "某县")
	p := &program{now: time.Now, data: folder, out: io.Discard, err: io.Discard}
	o, err := p.openToWrite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stream := event.StreamName(o.Ledger, "lesson-"+event.UUIDv5(o.Ledger, "unknown").String())
	unknown, err := event.Encode(event.Envelope{
		ID: event.UUIDv5(o.Ledger, "event").String(), Stream: stream, Type: "lesson.dreamt", Version: 1, Occurred: "unknown",
		Recorded: event.InstantOf(time.Now()), Command: event.UUIDv5(o.Ledger, "command").String(), Data: json.RawMessage(`{}`),
	})
	if err == nil {
		_, err = o.Log.Append(t.Context(), stream, event.NoStream, unknown)
	}
	if err != nil {
		t.Fatal(err)
	}
	closeFolder(t, o)

	review := twinledgerProcess(t, "-d", folder, "review", "某", "2017-2018/2")
	if out, err := review.CombinedOutput(); err == nil || !strings.Contains(string(out), "projection.cannot-apply") {
		t.Errorf("review: %v\n%s", err, out)
	}
	status := mustRun(t, nil, "-d", folder, "status")
	if !strings.Contains(status, "已停止 stopped") || !strings.Contains(status, "ordinal=3") || !strings.Contains(status, "落后 behind 1") {
		t.Errorf("status does not show the stopped projectors:\n%s", status)
	}
}
