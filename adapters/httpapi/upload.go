package httpapi

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"twinledger/domain/fault"
)

// How long the body of an import may take. A client that sends nothing for uploadPause is
// cut off, and so is one that has not sent everything after uploadTime: a connection that
// hangs would else be held for as long as an import may run.
const (
	uploadPause = 30 * time.Second
	uploadTime  = 10 * time.Minute
)

// errUploadTooSlow refuses a body that does not arrive.
var errUploadTooSlow = refusal{status: http.StatusRequestTimeout, fault: fault.New(fault.Unavailable, "http.upload-too-slow",
	"正文一直没有收完，已停止接收，什么也没有入账；请检查网络后重新提交。",
	"The body did not arrive in time, so the request was ended and nothing was recorded; check the network and send it again.")}

// An upload is a request's body that must keep arriving.
type upload struct {
	io.ReadCloser

	control *http.ResponseController
	pause   time.Duration
	end     time.Time // when all of the body must be there
}

// Read gives the next bytes pause to arrive.
func (u upload) Read(b []byte) (int, error) {
	until := time.Now().Add(u.pause)
	if until.After(u.end) {
		until = u.end
	}
	if err := u.control.SetReadDeadline(until); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, fmt.Errorf("set deadline of upload: %w", err)
	}
	n, err := u.ReadCloser.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return n, errUploadTooSlow
	}
	if errors.Is(err, io.EOF) {
		u.arrived()
	}
	return n, err
}

// arrived takes the deadline away. The server goes on reading, to notice a client that
// goes away, and would take a deadline that passes for that.
func (u upload) arrived() {
	u.control.SetReadDeadline(time.Time{}) //nolint:errcheck // the answer fails if the connection is broken
}

// watchImport gives an import the time that it may take: for its body what an upload may
// take, for the answer what an import may.
func (s *server) watchImport(w http.ResponseWriter, r *http.Request) error {
	control := http.NewResponseController(w)
	err := control.SetWriteDeadline(time.Now().Add(importTimeout))
	if err != nil && !errors.Is(err, http.ErrNotSupported) { // no connection stands behind a recorder
		return fmt.Errorf("extend deadline: %w", err)
	}
	r.Body = upload{r.Body, control, s.uploadPause(), time.Now().Add(uploadTime)}
	return nil
}

// watchBody does the same for every other request. One without a body has nothing that
// could be late.
func (s *server) watchBody(w http.ResponseWriter, r *http.Request) {
	body := upload{r.Body, http.NewResponseController(w), s.uploadPause(), time.Now().Add(readTimeout)}
	if r.ContentLength == 0 {
		body.arrived()
		return
	}
	r.Body = body
}

func (s *server) uploadPause() time.Duration {
	if s.UploadPause > 0 {
		return s.UploadPause
	}
	return uploadPause
}
