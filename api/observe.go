package api

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/vacancyhq/vacancy/internal/throttle"
)

// note is what is known of a request while it runs; it is made where the
// request comes in and filled on the way, because the log line is written last.
type note struct {
	requestID string
	client    string
	caller    string
}

type noteKey struct{}

func noteOf(ctx context.Context) *note {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		return n
	}
	return &note{}
}

func requestID(ctx context.Context) string          { return noteOf(ctx).requestID }
func clientOf(ctx context.Context) string           { return noteOf(ctx).client }
func noteCaller(ctx context.Context, caller string) { noteOf(ctx).caller = caller }

// observe is the outermost layer: it names the request, times it, logs and
// counts it, and turns a panic into a problem. Bodies, credentials and query
// strings are never logged, and no id becomes a label.
func (d *door) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := d.Now()
		n := &note{requestID: d.requestID(r.Header.Get("X-Request-Id")), client: throttle.Client(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), d.TrustedProxies)}
		r = r.WithContext(context.WithValue(r.Context(), noteKey{}, n))
		out := &recorder{ResponseWriter: w}
		h := out.Header()
		h.Set("X-Request-Id", n.requestID)
		h.Set("X-Content-Type-Options", "nosniff")
		defer func() {
			if broken := recover(); broken != nil {
				d.logger.Error("panic", slog.String("request_id", n.requestID), slog.Any("panic", broken), slog.String("stack", string(debug.Stack())))
				if out.status == 0 {
					writeProblem(out, d.internal(n.requestID))
				}
			}
			d.done(r, out, n, d.Now().Sub(started))
		}()
		next.ServeHTTP(out, r)
	})
}

func (d *door) internal(id string) *Problem {
	p := kindOf("internal").problem()
	p.RequestID = id
	return p
}

func (d *door) done(r *http.Request, out *recorder, n *note, took time.Duration) {
	pattern := r.Pattern
	if pattern == "" {
		pattern = "none"
	}
	status := max(out.status, http.StatusOK)
	d.meters.requests.WithLabelValues(pattern, strconv.Itoa(status)).Inc()
	d.meters.seconds.WithLabelValues(pattern).Observe(took.Seconds())
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	d.logger.LogAttrs(r.Context(), level, "request",
		slog.String("method", r.Method), slog.String("route", pattern), slog.Int("status", status),
		slog.Duration("took", took), slog.String("request_id", n.requestID), slog.String("caller", n.caller))
}

// requestID is the client's when it is a plain word, else one of ours.
func (d *door) requestID(theirs string) string {
	plain := func(r rune) bool {
		return r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	if theirs != "" && len(theirs) <= 64 && strings.IndexFunc(theirs, func(r rune) bool { return !plain(r) }) < 0 {
		return theirs
	}
	return d.ids.ID("req")
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(data []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// meters is what Prometheus scrapes.
type meters struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	problems *prometheus.CounterVec
	done     *prometheus.CounterVec
}

func newMeters() *meters {
	m := &meters{
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

func (m *meters) refused(kind string) {
	m.problems.WithLabelValues(strings.TrimPrefix(kind, problemPrefix)).Inc()
}

// wrote counts what was done, once.
func (m *meters) wrote(what string, a answer) {
	if !a.replayed {
		m.done.WithLabelValues(what).Inc()
	}
}

func (m *meters) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
