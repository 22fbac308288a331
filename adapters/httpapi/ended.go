package httpapi

import (
	"context"
	"errors"
	"net/http"

	"twinledger/domain/fault"
)

// statusClientGone is the status under which a request is counted whose client went away
// before it was answered. Nobody reads it; HTTP has no status for this.
const statusClientGone = 499

// Errors for requests that ended before they were answered.
var (
	errTooSlow = fault.New(fault.Unavailable, "http.too-slow",
		"查询超时；请缩小范围或稍后再试。", "The query took too long; ask for less, or try again later.")
	errMayBeRecorded = fault.New(fault.Unavailable, "http.may-be-recorded",
		"超时，命令可能已经入账；请用同一 Idempotency-Key 和账号再发一次同一请求，已入账的不会重复。",
		"The time is over and the command may be recorded. Send the same request again, with the same Idempotency-Key and actor; what is recorded already is not recorded twice.")
	errMayBeImported = fault.New(fault.Unavailable, "http.may-be-imported",
		"超时，文件的一部分可能已经入账；请再次导入同一文件即可继续，已入账的行不会重复。",
		"The time is over and a part of the file may be recorded. Import the same file again to continue; rows that are recorded already are not recorded twice.")
	errClientGone = refusal{status: statusClientGone, fault: fault.New(fault.Unavailable, "http.client-gone",
		"客户端在答复之前断开了连接；如仍需要，请重新提交。", "The client closed the connection before it was answered; send the request again if it is still wanted.")}
)

// endedFault returns the error for a request that ended before it was answered, nil when err has
// another reason. A driver's error may say only "interrupted"; the request's context
// knows why.
func endedFault(r *http.Request, err error) error {
	ctx := r.Context()
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		if why, ok := fault.As(context.Cause(ctx)); ok {
			return why // the program ended the request, and says why
		}
		return errClientGone
	case ctx.Err() == nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled):
		return nil
	case r.Method == http.MethodPost && r.URL.Path == importsPath:
		return errMayBeImported
	case r.Method == http.MethodPost:
		return errMayBeRecorded
	}
	return errTooSlow
}
