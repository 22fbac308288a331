package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metricsPath is where the numbers for a monitoring system are read.
const metricsPath = "/metrics"

// metrics counts what the endpoint answers and, whenever somebody reads it, tells
// how far ledger and read models are. Its labels are names of this program's own:
// routes, methods, statuses and read models, never a path or a value.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

func newMetrics(status Status) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "twinledger_http_requests_total", Help: "HTTP requests answered, by method, route pattern and status.",
		}, []string{"method", "route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "twinledger_http_request_duration_seconds", Help: "How long HTTP requests took, by method and route pattern.",
			Buckets: []float64{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300},
		}, []string{"method", "route"}),
	}
	m.registry.MustRegister(m.requests, m.took, ledgerNumbers{status},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// answered counts one request. route is "" for an address that is none. How long a
// request took whose client went away says nothing about this program, so only the
// others are measured.
func (m *metrics) answered(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	if status == statusClientGone {
		return
	}
	m.took.WithLabelValues(method, route).Observe(took.Seconds())
}

// ledgerNumbers reads the state of ledger and read models when it is asked.
type ledgerNumbers struct{ status Status }

var (
	headNumber = prometheus.NewDesc("twinledger_log_head_ordinal",
		"Ordinal of the ledger's last record.", nil, nil)
	appendedNumber = prometheus.NewDesc("twinledger_log_appended_events_total",
		"Events appended since the program started.", nil, nil)
	checkpointNumber = prometheus.NewDesc("twinledger_projector_checkpoint_ordinal",
		"Ordinal of the last record that a read model holds.", []string{"projector"}, nil)
	appliedNumber = prometheus.NewDesc("twinledger_projector_applied_events_total",
		"Events applied to a read model since the program started.", []string{"projector"}, nil)
	lagNumber = prometheus.NewDesc("twinledger_projector_lag_events",
		"How many events a read model is behind the ledger's last record.", []string{"projector"}, nil)
	stoppedNumber = prometheus.NewDesc("twinledger_projector_stopped",
		"1 while a read model has stopped for an error, else 0.", []string{"projector"}, nil)
)

// Describe sends what Collect may send.
func (ledgerNumbers) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{headNumber, appendedNumber, checkpointNumber, appliedNumber, lagNumber, stoppedNumber} {
		out <- d
	}
}

// Collect sends the numbers as they are now. When they cannot be read it sends
// the error in place of the first, and the other metrics are told all the same.
func (n ledgerNumbers) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), longestWait)
	defer cancel()
	state, err := n.status.Status(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(headNumber, err)
		return
	}
	gauge := func(d *prometheus.Desc, value uint64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(value), labels...)
	}
	counter := func(d *prometheus.Desc, value uint64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value), labels...)
	}
	gauge(headNumber, state.Head)
	counter(appendedNumber, state.Appended)
	for _, p := range state.Projectors {
		stopped := uint64(0)
		if p.Stopped != "" {
			stopped = 1
		}
		gauge(checkpointNumber, p.Ordinal, p.Name)
		counter(appliedNumber, p.Applied, p.Name)
		gauge(lagNumber, state.Head-min(p.Ordinal, state.Head), p.Name)
		gauge(stoppedNumber, stopped, p.Name)
	}
}
