package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/throttle"
)

// maxForm bounds a posted form: a booking of booking.MaxRooms offers stays below.
const maxForm = 1 << 20

// policy lets a page load its style, script and pictures from this site and send
// forms to it. Nothing written into a page runs, whatever found its way there.
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard puts what holds for every page around the routes: headers, no forms
// from other sites, bounded bodies, no floods, a page instead of a torn
// connection, and one line in the log.
func (s *site) guard(routes *http.ServeMux) (http.Handler, error) {
	origins := http.NewCrossOriginProtection()
	for _, origin := range s.TrustedOrigins {
		if err := origins.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("web: trusted origin: %w", err)
		}
	}
	origins.SetDenyHandler(s.serve(func(http.ResponseWriter, *http.Request) error { return errForeign }))
	protected := origins.Handler(routes)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counted := r
		r = s.heard(w, r)
		_, r.Pattern = routes.Handler(r) // what is refused here is logged and counted as its route
		counted.Pattern = r.Pattern
		out := &recorder{ResponseWriter: w}
		w = out
		h := w.Header()
		h.Set("X-Request-Id", s.IDs.ID("req"))
		defer s.log(out, r, s.Now())
		defer s.recovered(w, r)
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if s.visits.Take(throttle.Subscriber(s.client(r))) > 0 {
			s.fail(w, r, errVisits)
			return
		}
		if !text(r.URL.Path) {
			s.fail(w, r, errNoPage)
			return
		}
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		}
		protected.ServeHTTP(w, r)
	}), nil
}

// client is the address that a request is counted under.
func (s *site) client(r *http.Request) string {
	return throttle.Client(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), s.TrustedProxies)
}

// keeping counts the rooms that a verb takes off sale or keeps there. What was
// refused, or done before, took none.
func (s *site) keeping(r *http.Request, rooms int, verb func() (booking.Answer, error)) (booking.Answer, error) {
	undo, wait := s.Holds.Try(s.client(r), rooms)
	if wait > 0 {
		return booking.Answer{}, errHolds
	}
	answer, err := verb()
	if err != nil || answer.Replayed {
		undo()
	}
	return answer, err
}

// log writes the route and never the address, which may open a booking.
func (s *site) log(w *recorder, r *http.Request, began time.Time) {
	s.Logger.InfoContext(r.Context(), "request", "method", r.Method, "route", r.Pattern, "status", w.status,
		"took", s.Now().Sub(began), "request_id", w.Header().Get("X-Request-Id"))
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = cmp.Or(r.status, status)
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(data []byte) (int, error) {
	r.status = cmp.Or(r.status, http.StatusOK)
	return r.ResponseWriter.Write(data)
}

// Unwrap lets the body's limit reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (s *site) recovered(w http.ResponseWriter, r *http.Request) {
	switch reason := recover(); reason {
	case nil:
	case http.ErrAbortHandler:
		panic(reason)
	default:
		s.fail(w, r, fmt.Errorf("web: panic: %v", reason))
	}
}

// private keeps a page out of caches and search engines.
func private(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
}

// text tells whether all are what every database can keep and look for.
func text(words ...string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !utf8.ValidString(word) || strings.ContainsRune(word, 0) })
}

// posted reads the request's form; fields come from the body, never from the URL.
func posted(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errForm
	}
	for _, values := range r.PostForm {
		if !text(values...) {
			return errForm
		}
	}
	if key := r.PostForm.Get("key"); len(key) < 16 || len(key) > 100 {
		return errForm
	}
	return nil
}
