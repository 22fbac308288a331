package httpapi_test

import (
	"log/slog"
	"net/http"
	"testing"

	"twinledger/adapters/httpapi"
)

func TestOnlyOwnHostsAreAnswered(t *testing.T) {
	guarded := httpapi.OnlyHosts(handler(t, sample()), slog.New(slog.DiscardHandler), []string{"Ledger.county.example"})
	for _, test := range []struct {
		name, host string
		status     int
	}{
		{"the address", "127.0.0.1:8480", http.StatusOK},
		{"the address without a port", "127.0.0.1", http.StatusOK},
		{"an address of the next generation", "[::1]:8480", http.StatusOK},
		{"the same without a port", "[::1]", http.StatusOK},
		{"localhost", "localhost:8480", http.StatusOK},
		{"localhost with a dot", "LOCALHOST.:8480", http.StatusOK},
		{"the proxy's name", "ledger.county.example", http.StatusOK},
		{"a site that gives its name this address", "rebound.example:8480", http.StatusMisdirectedRequest},
		{"a name that begins like an address", "127.0.0.1.rebound.example", http.StatusMisdirectedRequest},
		{"a name that ends like localhost", "not-localhost", http.StatusMisdirectedRequest},
		{"a part of the proxy's name", "county.example", http.StatusMisdirectedRequest},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := ask(guarded, "GET", "http://"+test.host+"/api/v1/status")
			if w.Code != test.status {
				t.Errorf("%d, want %d: %s", w.Code, test.status, w.Body)
			}
			if test.status != http.StatusOK {
				refused(t, w, test.status, "http.other-host", "--host")
			}
		})
	}
}
