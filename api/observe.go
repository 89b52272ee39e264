package api

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

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
		h.Set("Cache-Control", "no-store") // what a route does not let caches keep, a refusal above all, they may not
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
	status := max(out.status, http.StatusOK)
	pattern := d.Meters.answered(r, status, took)
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
