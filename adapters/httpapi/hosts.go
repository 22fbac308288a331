package httpapi

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"twinledger/domain/fault"
)

var errOtherHost = refusal{status: http.StatusMisdirectedRequest, fault: fault.New(fault.Refused, "http.other-host",
	"本服务不以这个主机名提供；请用本机地址访问，或在启动 serve 时用 --host 写明它。",
	"This program does not answer under that host name; use the address that serve printed, or name the host with --host when serve starts.")}

// OnlyHosts returns a handler that passes on the requests to an IP address, to
// localhost and to one of the hosts, and refuses all others. A page of another
// site can give its own name this machine's address, and could then read what
// only this machine may; it cannot give the browser another Host.
func OnlyHosts(next http.Handler, log *slog.Logger, hosts []string) http.Handler {
	s := &server{Config: Config{Log: log}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isOwnHost(r.Host, hosts) {
			next.ServeHTTP(w, r)
			return
		}
		s.identified(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errOtherHost) })).ServeHTTP(w, r)
	})
}

func isOwnHost(sent string, hosts []string) bool {
	host := sent
	if name, _, err := net.SplitHostPort(sent); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || host == "" || host == "localhost" {
		return true
	}
	return slices.ContainsFunc(hosts, func(own string) bool { return strings.EqualFold(own, host) })
}
