package httpapi

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"twinledger/domain/event"
	"twinledger/domain/fault"
)

// A problemJSON is an RFC 9457 problem.
type problemJSON struct {
	Type     string        `json:"type" format:"uri" doc:"The code as a URI: urn:twinledger:problem: and the code." example:"urn:twinledger:problem:query.parameters"`
	Title    string        `json:"title" doc:"What sort of problem it is, in Chinese and English; the same for every problem of a status." example:"请求有误 / Bad request"`
	Status   int           `json:"status" doc:"The HTTP status." example:"400"`
	Detail   string        `json:"detail" doc:"What is wrong and what to do next, in Chinese and English." example:"请求参数有误；请按 fields 逐项改正。 / Some parameters are wrong; mend those listed under fields. (colour=unknown)"`
	Instance string        `json:"instance" format:"uri" doc:"This occurrence: urn:twinledger:request: and the id of the request." example:"urn:twinledger:request:7f1c0a4e"`
	Code     string        `json:"code" doc:"Stable code of the problem, for programs." example:"query.parameters"`
	Kind     string        `json:"kind" enum:"internal,invalid,not-found,conflict,refused,unavailable" doc:"What the caller may do about it." example:"invalid"`
	ZH       string        `json:"zh" doc:"The message alone, in Chinese." example:"请求参数有误；请按 fields 逐项改正。"`
	EN       string        `json:"en" doc:"The same in English." example:"Some parameters are wrong; mend those listed under fields."`
	Details  []detailJSON  `json:"details" doc:"The values that the message speaks of."`
	Place    *placeJSON    `json:"place,omitempty" doc:"Where the bad input stands; left out when that is not known."`
	Fields   []fieldJSON   `json:"fields" doc:"The parameters that are wrong, the first 20 of them; empty when the problem is another."`
	Report   *ImportReport `json:"report,omitempty" doc:"What became of a file's rows before this problem; left out of every other."`
}

// A fieldJSON is a parameter that is wrong.
type fieldJSON struct {
	Name string `json:"name" doc:"Name of the parameter." example:"colour"`
	In   string `json:"in" enum:"query,path,header" doc:"Where it stands." example:"query"`
	Code string `json:"code" enum:"unknown,repeated,missing,unreadable,not_a_number,out_of_range,too_long,malformed,not_listed" doc:"What is wrong with it." example:"unknown"`
	ZH   string `json:"zh" doc:"The same in Chinese, with what is right." example:"没有这个参数；可用的参数：as_of"`
	EN   string `json:"en" doc:"The same in English." example:"There is no such parameter; there are as_of."`
}

// ContentType makes Huma describe problems under their own media type.
func (problemJSON) ContentType(string) string { return problemType }

// The media types of answers.
const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
)

// What the endpoint itself refuses with, beside what its ports say.
var (
	errParameters = fault.New(fault.Invalid, "query.parameters",
		"请求参数有误；请按 fields 逐项改正。", "Some parameters are wrong; mend those listed under fields.")
	errUnreadableQuery = fault.New(fault.Invalid, "query.unreadable",
		"查询串无法解析；请对 %、; 等字符做百分号编码。", "The query string cannot be read; percent-encode characters such as % and ;.")
	errNoRecord = fault.New(fault.NotFound, "query.no-such-record",
		"截至该时点没有这条记录；请核对编号，或换一个 as_of。", "There is no such record at that point; check the id, or ask with another as_of.")
	errOfTheFuture = fault.New(fault.NotFound, "query.as-of-ahead",
		"台账还没有这么多记录；请用 /api/v1/status 查看最新序号。", "The ledger does not hold so many records yet; see its head under /api/v1/status.")
	errBehind = fault.New(fault.Unavailable, "query.read-model-behind",
		"读模型尚未跟上所问的序号；请稍后再试，详情见 /api/v1/status。", "The read model has not reached that ordinal; try again shortly, and see /api/v1/status.")
	errNotReady = fault.New(fault.Unavailable, "http.not-ready",
		"服务尚未就绪；请稍后再试。", "The service is not ready; try again shortly.")
	errInternal = fault.New(fault.Internal, "http.internal",
		"服务内部错误，已记入日志；请把 instance 中的请求编号告诉管理员。", "Something broke here and was logged; tell the operator the request's id under instance.")
	errNoAddress = fault.New(fault.NotFound, "http.no-such-address",
		"没有这个地址；可用的地址见 /openapi.json。", "There is nothing at this address; see /openapi.json for those there are.")
	errMethod = refusal{http.StatusMethodNotAllowed, fault.New(fault.Invalid, "http.method-not-allowed",
		"此地址不接受这种方法；可用的方法列在 Allow 中。", "This address does not take that method; Allow lists those it takes."), nil}
	errBody = refusal{http.StatusRequestEntityTooLarge, fault.New(fault.Invalid, "http.body-not-expected",
		"查询请求不应带正文；请去掉。", "A query has no body; leave it out."), nil}
	errAddressTooLong = refusal{http.StatusRequestURITooLong, fault.New(fault.Invalid, "http.address-too-long",
		"地址过长；请缩短参数。", "The address is too long; shorten its parameters."), nil}
)

// A refusal is a fault for which HTTP has a status of its own, or which names
// parameters.
type refusal struct {
	status int
	fault  *fault.Error
	fields []fieldJSON
}

// Error returns the fault's text.
func (r refusal) Error() string { return r.fault.Error() }

// Unwrap returns the fault.
func (r refusal) Unwrap() error { return r.fault }

// status maps the kinds of faults to HTTP, for every answer of this package. A
// parameter that is wrong is 400 everywhere; 422 means that a rule says no.
func status(kind fault.Kind) int {
	switch kind {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Refused:
		return http.StatusUnprocessableEntity
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Internal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

// titles names every status that problems have.
var titles = map[int]string{
	http.StatusBadRequest:            "请求有误 / Bad request",
	http.StatusUnauthorized:          "需要凭据 / Unauthorized",
	http.StatusForbidden:             "不允许 / Forbidden",
	http.StatusUnsupportedMediaType:  "不支持的正文类型 / Unsupported media type",
	http.StatusNotFound:              "没有找到 / Not found",
	http.StatusMethodNotAllowed:      "不支持的方法 / Method not allowed",
	http.StatusConflict:              "已有变化 / Conflict",
	http.StatusRequestEntityTooLarge: "正文过大 / Content too large",
	http.StatusRequestURITooLong:     "地址过长 / Address too long",
	http.StatusRequestTimeout:        "正文没有按时到达 / Request timeout",
	statusClientGone:                 "客户端已断开 / Client gone",
	http.StatusMisdirectedRequest:    "不是本服务的主机名 / Misdirected request",
	http.StatusUnprocessableEntity:   "规则不允许 / Refused by a rule",
	http.StatusInternalServerError:   "内部错误 / Internal error",
	http.StatusServiceUnavailable:    "暂不可用 / Unavailable",
}

// retryAfter is what a client is asked to wait, in seconds: about the time in
// which a projector that follows catches up.
const retryAfter = "5"

// fail answers with the problem that err is, and logs what the client is not
// shown.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	own := refusal{}
	if !errors.As(err, &own) {
		shown := shown(r, err)
		if !errors.As(shown, &own) {
			own.fault, _ = fault.As(shown)
			own.status = status(own.fault.Kind)
		}
	}
	s.logFailure(r, own, err)
	if own.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	var report *ImportReport
	if broken := (brokenOff{}); errors.As(err, &broken) {
		report = &broken.report
	}
	s.writeProblem(w, r, own, report)
}

// logFailure writes a line for a request that is refused or fails: its code and its
// route, and never a value that the client sent, which may be a name. What the client is
// not told stands in the line of a failure as its cause.
func (s *server) logFailure(r *http.Request, own refusal, err error) {
	said := []slog.Attr{
		slog.String("request_id", requestID(r.Context())), slog.String("code", own.fault.Code), slog.Int("status", own.status),
		slog.String("method", method(r)), slog.String("path", chi.RouteContext(r.Context()).RoutePattern()),
	}
	switch {
	case own.status == statusClientGone:
		s.Log.LogAttrs(r.Context(), slog.LevelInfo, "client gone", said...)
	case own.status < http.StatusInternalServerError:
		s.Log.LogAttrs(r.Context(), slog.LevelWarn, "request refused", said...)
	case own.status == http.StatusServiceUnavailable:
		s.Log.LogAttrs(r.Context(), slog.LevelWarn, "request not answered", append(said, slog.String("cause", err.Error()))...)
	default:
		s.Log.LogAttrs(r.Context(), slog.LevelError, "request not answered", append(said, slog.String("cause", err.Error()))...)
	}
}

// shown returns what the client may know of err.
func shown(r *http.Request, err error) error {
	if f, is := fault.As(err); is && f.Kind != fault.Internal {
		return f
	}
	if ended := endedFault(r, err); ended != nil {
		return ended
	}
	return errInternal
}

func (s *server) writeProblem(w http.ResponseWriter, r *http.Request, own refusal, report *ImportReport) {
	found := WireFault(own.fault)
	problem := problemJSON{
		Type: "urn:twinledger:problem:" + own.fault.Code, Title: titles[own.status], Status: own.status,
		Detail: own.fault.Message(), Instance: "urn:twinledger:request:" + requestID(r.Context()),
		Code: own.fault.Code, Kind: found.Kind, ZH: found.ZH, EN: found.EN, Details: found.Details, Place: found.Place,
		Fields: list(own.fields), Report: report,
	}
	body, err := event.Marshal(problem)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "encode problem", slog.String("cause", err.Error()))
		http.Error(w, own.fault.Code, own.status)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	write(w, r, own.status, problemType, append(body, '\n'))
}

// write sends a whole answer, without its body to HEAD.
func write(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body) //nolint:errcheck // the client is gone; there is nobody to tell
	}
}

// list returns s, or an empty list in place of null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
