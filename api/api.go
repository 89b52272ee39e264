package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/internal/throttle"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
)

// Options is what the door opens to.
type Options struct {
	Bookings   *booking.Service
	Properties *property.Service
	Rates      *rate.Service
	Inventory  *inventory.Service
	Accounts   *account.Service
	Reviews    *review.Service
	Search     search.Index
	Log        outbox.Log
	IDs        *ident.Source

	Logger         *slog.Logger
	TrustedProxies []netip.Prefix // whose X-Forwarded-For counts
	Limits         Limits
	Holds          *throttle.Holds   // rooms that guests hold; share it too; nil: this door's own
	Meters         *Meters           // counts here too what other doors answer; nil: this door's own
	Letters        *throttle.Letters // mails that strangers ask for; share it too; nil: this door's own
	Lookups        *throttle.Lookups // share it with the other doors; nil: this door's own
	Version        string
	Ready          func(ctx context.Context) error // nil: always
	Now            func() time.Time                // for limits and timings; rules use the store's clock
	// SetupToken lets its holder make the first administrator; "" shuts that
	// route. The server makes one when it starts on an empty store and prints
	// it, so that only who can read its console can use it.
	SetupToken string
	// BaseURL begins the links that guests get: "https://book.example.com".
	BaseURL string
}

// door is the handler with what it needs.
type door struct {
	Options
	huma    huma.API
	logger  *slog.Logger
	ids     *ident.Source
	limits  *limiter
	flights *flights
	memory  *memory
}

// adaptHuma makes huma's own refusals problems of ours. It is a variable of
// that package, so it is set once for the process.
var adaptHuma = sync.OnceFunc(func() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return fromHuma(nil, status, message, errs...)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		return fromHuma(ctx, status, message, errs...)
	}
})

// New builds the handler of /v1, its documentation, health and metrics.
func New(o Options) (http.Handler, error) {
	if o.Bookings == nil || o.Properties == nil || o.Rates == nil || o.Inventory == nil ||
		o.Accounts == nil || o.Reviews == nil || o.Search == nil || o.Log == nil || o.IDs == nil || o.Now == nil {
		return nil, errors.New("api: an option is missing: every service, the index, the log, the ids and the clock are needed")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Ready == nil {
		o.Ready = func(context.Context) error { return nil }
	}
	if o.Meters == nil {
		o.Meters = NewMeters()
	}
	if o.Lookups == nil {
		o.Lookups = throttle.NewLookups(o.Now)
	}
	if o.Letters == nil {
		o.Letters = throttle.NewLetters(o.Now)
	}
	if o.Holds == nil {
		o.Holds = throttle.NewHolds(throttle.DefaultHolds, o.Now)
	}
	adaptHuma()
	mux := http.NewServeMux()
	d := &door{
		Options: o, logger: o.Logger, ids: o.IDs, limits: newLimiter(o.Limits, o.Now),
		flights: &flights{running: make(map[string]bool)}, memory: newMemory(o.Now),
	}
	d.huma = humago.New(mux, config(o.Version))
	d.routes()
	d.plain(mux)
	return d.observe(d.guard(mux)), nil
}

func config(version string) huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", schemaName)
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Vacancy", Version: version, Description: introduction,
				License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Servers: []*huma.Server{{URL: "/"}},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{"bearer": {
					Type: "http", Scheme: "bearer",
					Description: "An API key, a session, a guest's checkout_token or a booking's manage_token.",
				}},
			},
		},
		OpenAPIPath: "/openapi", Formats: map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
	}
}

// routes registers the whole table; each file has the lines of its resource.
func (d *door) routes() {
	d.searchRoutes()
	d.offerRoutes()
	d.holdRoutes()
	d.bookingRoutes()
	d.reviewRoutes()
	d.propertyRoutes()
	d.roomTypeRoutes()
	d.planRoutes()
	d.availabilityRoutes()
	d.calendarRoutes()
	d.eventRoutes()
	d.accountRoutes()
}

// plain is what is no JSON API: health, metrics and documentation.
func (d *door) plain(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := d.Ready(r.Context()); err != nil {
			d.logger.LogAttrs(r.Context(), slog.LevelWarn, "not ready", slog.Any("error", err))
			writeText(w, http.StatusServiceUnavailable, "not ready\n")
			return
		}
		writeText(w, http.StatusOK, "ready\n")
	})
	mux.Handle("GET /metrics", d.Meters.handler())
	mux.HandleFunc("GET /docs", d.docs)
	mux.HandleFunc("GET /problems", d.problems)
}

// guard counts requests by address, refuses addresses that are no text, and
// answers what no route takes.
func (d *door) guard(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, r.Pattern = mux.Handler(r) // what is refused before its route is counted as its route
		if err := d.limits.client(w, clientOf(r.Context())); err != nil && r.URL.Path != "/healthz" {
			writeProblem(w, d.fail(r.Context(), err).(*Problem))
			return
		}
		if !plainText(r.URL) {
			writeProblem(w, d.fail(r.Context(), errText).(*Problem))
			return
		}
		if r.Pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		probe := &blank{header: http.Header{}}
		mux.ServeHTTP(probe, r)
		refusal := errRoute
		if probe.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", probe.header.Get("Allow"))
			refusal = errMethod
		}
		writeProblem(w, d.fail(r.Context(), refusal).(*Problem))
	})
}

// plainText tells whether a path and query are UTF-8 without NUL: what they name
// is looked for, and not every database can be asked for anything else. A query
// with broken escapes passes, for checkQuery says what is wrong with it.
func plainText(u *url.URL) bool {
	query, err := url.QueryUnescape(u.RawQuery)
	if err != nil {
		query = u.RawQuery
	}
	return !slices.ContainsFunc([]string{u.Path, query}, func(text string) bool {
		return !utf8.ValidString(text) || strings.ContainsRune(text, 0)
	})
}

// blank takes the mux's own plain-text refusal, so that ours is sent instead.
type blank struct {
	header http.Header
	status int
}

func (b *blank) Header() http.Header            { return b.header }
func (b *blank) WriteHeader(status int)         { b.status = status }
func (b *blank) Write(data []byte) (int, error) { return len(data), nil }

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // whoever asked is gone
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.MarshalWrite(w, p, lean) // whoever asked is gone
}

// schemaOf registers B's schema.
func schemaOf[B any](d *door) *huma.Schema {
	return d.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[B](), true, "")
}

// schemaName names schemas as the types are named.
func schemaName(t reflect.Type, hint string) string {
	return huma.DefaultSchemaNamer(t, hint)
}

// failure describes every refusal of a route.
func (d *door) failure() *huma.Response {
	return &huma.Response{
		Description: "A problem; /problems lists them all",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schemaOf[Problem](d)}},
	}
}
