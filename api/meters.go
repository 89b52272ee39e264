package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Meters is what Prometheus scrapes. It counts for this door, and with Count for
// others beside it.
type Meters struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	problems *prometheus.CounterVec
	done     *prometheus.CounterVec
}

// NewMeters has counted nothing yet.
func NewMeters() *Meters {
	m := &Meters{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vacancy_http_requests_total", Help: "Requests by route and status.",
		}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vacancy_http_request_seconds", Help: "Time to answer by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"route"}),
		problems: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vacancy_problems_total", Help: "Refusals by problem; sold-out is a room that could not be had.",
		}, []string{"problem"}),
		done: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vacancy_writes_total", Help: "Holds, bookings and cancellations that were made; replays do not count.",
		}, []string{"what"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.problems, m.done)
	return m
}

// Register adds what another part of the process counts.
func (m *Meters) Register(collector prometheus.Collector) { m.registry.MustRegister(collector) }

// Count counts and times what another door answers, by its routes: next must be,
// or serve the same request with, an http.ServeMux, which says which route it was.
func (m *Meters) Count(next http.Handler, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := now()
		out := &recorder{ResponseWriter: w}
		defer func() { m.answered(r, max(out.status, http.StatusOK), now().Sub(started)) }()
		next.ServeHTTP(out, r)
	})
}

// answered counts a request under the pattern of its route, so that no id
// becomes a label.
func (m *Meters) answered(r *http.Request, status int, took time.Duration) (pattern string) {
	if pattern = r.Pattern; pattern == "" {
		pattern = "none"
	}
	m.requests.WithLabelValues(pattern, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(pattern).Observe(took.Seconds())
	return pattern
}

func (m *Meters) refused(kind string) {
	m.problems.WithLabelValues(strings.TrimPrefix(kind, problemPrefix)).Inc()
}

// wrote counts what was done, once.
func (m *Meters) wrote(what string, a answer) {
	if !a.replayed {
		m.done.WithLabelValues(what).Inc()
	}
}

func (m *Meters) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
