package web

import (
	"net/http"

	"twinledger/domain/fault"
)

// errOurs stands for everything that went wrong on our side.
var errOurs = fault.New(fault.Internal, "web.internal",
	"服务器出错，已记入运行日志；请稍后再试，仍不行请把网址和时间告诉管理员。",
	"Something went wrong on our side and was logged; try again later, else tell the administrator the address and the time.")

// A failure is the page that says what is wrong.
type failure struct {
	frame
	Status  int
	Heading phrase
	Message phrase
	Code    string
	Details []fault.Detail
	Place   string
}

func failureOf(status int, f *fault.Error) failure {
	heading := headings[status]
	return failure{
		frame: frame{Title: heading.zh, Served: true}, Status: status, Heading: heading,
		Message: phrase{zh: f.ZH, en: f.EN}, Code: f.Code, Details: f.Details, Place: f.Place.String(),
	}
}

var headings = map[int]phrase{
	http.StatusBadRequest:          {zh: "问法有误", en: "The request is not right"},
	http.StatusNotFound:            {zh: "没有找到", en: "Not found"},
	http.StatusMethodNotAllowed:    {zh: "只供查看", en: "For reading only"},
	http.StatusConflict:            {zh: "与他人的操作冲突", en: "Somebody else got there first"},
	http.StatusUnprocessableEntity: {zh: "不能受理", en: "Refused"},
	http.StatusInternalServerError: {zh: "服务器出错", en: "Something went wrong"},
	http.StatusServiceUnavailable:  {zh: "暂时无法回答", en: "Not available at the moment"},
}

func statusOf(f *fault.Error) int {
	if f.Code == ErrReadOnly.Code {
		return http.StatusMethodNotAllowed
	}
	switch f.Kind {
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
	}
	return http.StatusInternalServerError
}
