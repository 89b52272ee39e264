// Package web is the guest site: server-rendered pages on which a stranger
// finds a room, books it, and later looks after the booking. Every page works
// without JavaScript, which only makes some of them quicker to use; a GET
// changes nothing (but one writes down what a payment provider says), and each
// form carries its own idempotency key, so that a double click is one booking.
//
// It knows the nouns and booking.Service and decides nothing itself: prices,
// stock and fees are what they say.
package web

import (
	"context"
	_ "embed" // for the list of countries
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/internal/throttle"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/money/exchange"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/traveller"
	"github.com/vacancyhq/vacancy/web/words"
)

//go:embed countries.txt
var countryList string

// Houses is what the site needs to know of properties; every store engine has it.
type Houses interface {
	Property(ctx context.Context, id string) (property.Property, error)
	RoomTypes(ctx context.Context, propertyID string) ([]property.RoomType, error)
}

// Options are the parts that the site is made of. Those without "optional" are needed.
type Options struct {
	Bookings *booking.Service
	Search   search.Index
	Houses   Houses
	Accounts *account.Service // makes the checkout tokens of guests
	IDs      *ident.Source    // makes the keys of forms
	Logger   *slog.Logger     // optional
	Now      func() time.Time

	// Cards are what the sandbox's card field offers; without any, a card
	// guarantee cannot be given here.
	Cards []Card
	// TrustedProxies are networks whose X-Forwarded-For says who is asking; optional.
	TrustedProxies []netip.Prefix
	// Visits is how often one address may ask; optional, 200 at once and 50 a second.
	Visits throttle.Rate
	// Lookups are counted together with the other doors'; optional, else the site counts its own.
	Lookups *throttle.Lookups
	// Holds counts the rooms that guests hold, likewise; optional.
	Holds *throttle.Holds
	// Letters counts the mails that strangers ask for, likewise; optional.
	Letters *throttle.Letters
	// Mails says that mail is sent: without, none is promised.
	Mails bool
	// Travellers are guests with accounts, and MailSignIn has the link mailed that a
	// guest asked for; optional, and there are no accounts without both.
	Travellers *traveller.Service
	MailSignIn func(ctx context.Context, id string) error
	// BaseURL is where guests reach the site ("https://book.example.com"), for
	// the addresses that search engines keep; optional, else as it was asked for.
	BaseURL string
	// Reviews are what guests said of their stays; optional.
	Reviews *review.Service
	// Rates show prices beside the property's own; optional.
	Rates exchange.Table
	// Places name towns on maps, the most visited first, and say what kind of
	// place each is, for the pictures; optional.
	Places []Place
	// Attributions name the sources of data in the footer; optional.
	Attributions []Attribution
	// Banner is a sentence above every page; optional.
	Banner string
	// Demonstration says above every page that nothing here is real.
	Demonstration bool
	// Secure says that guests reach the site by HTTPS even where this process
	// does not see it (behind a proxy): the cookie gets its __Host- name.
	Secure bool
	// TrustedOrigins are other origins ("https://book.example.com") that may post forms; optional.
	TrustedOrigins []string
}

var defaultVisits = throttle.Rate{Burst: 1000, Each: 500, Per: time.Second}

// Card is a choice in the sandbox's card field.
type Card struct{ Token, Label string }

// Attribution is a source of data with its licence.
type Attribution struct {
	Text string
	URL  string // optional; http or https
}

// Place is a town on the map.
type Place struct {
	Country, Name string
	Lat, Lon      float64
	Style         string // of scene.Styles
}

// site is the handler's parts.
type site struct {
	Options
	visits       *throttle.Table
	tongues      *words.Chooser
	pages        map[string]page          // by language and name: "en/search"
	selects      map[string]*partySelects // by language
	style        asset
	script       asset
	icon         asset
	styles       map[string]string // of places, by "FR/Paris"
	currencies   []money.Currency
	countryCodes []string
}

// New makes the site's handler. It serves every path that it is given, so it is
// mounted at "/" beside the other doors.
func New(o Options) (http.Handler, error) {
	if o.Bookings == nil || o.Search == nil || o.Houses == nil || o.Accounts == nil || o.IDs == nil || o.Now == nil {
		return nil, errors.New("web: Bookings, Search, Houses, Accounts, IDs and Now are needed")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Lookups == nil {
		o.Lookups = throttle.NewLookups(o.Now)
	}
	if o.Holds == nil {
		o.Holds = throttle.NewHolds(throttle.DefaultHolds, o.Now)
	}
	if o.Letters == nil {
		o.Letters = throttle.NewLetters(o.Now)
	}
	s := &site{Options: o, visits: throttle.New(o.Visits.Or(defaultVisits), o.Now)}
	if err := s.load(); err != nil {
		return nil, err
	}
	s.learn()
	return s.guard(s.routes())
}

// learn puts what the site was given into the form in which pages ask for it.
func (s *site) learn() {
	s.styles = map[string]string{}
	for _, p := range s.Places {
		s.styles[p.Country+"/"+p.Name] = p.Style
	}
	s.currencies = slices.Sorted(maps.Keys(s.Rates.PerEUR))
	for line := range strings.Lines(countryList) {
		code, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		s.countryCodes = append(s.countryCodes, code)
	}
}

// accounts tells whether guests can have accounts here.
func (s *site) accounts() bool { return s.Travellers != nil && s.MailSignIn != nil }

func (s *site) routes() *http.ServeMux {
	mux := http.NewServeMux()
	handle := func(pattern string, h handler) { mux.Handle(pattern, s.serve(h)) }
	handle("GET /{$}", s.searchPage)
	handle("GET /hotels/{id}", s.hotelPage)
	handle("GET /hotels/{id}/around", s.neighbours)
	handle("POST /hotels/{id}/hold", s.hold)
	handle("GET /checkout/{hold}", s.checkoutPage)
	handle("POST /checkout/{hold}", s.book)
	handle("GET /checkout/{hold}/payment", s.paymentPage)
	handle("POST /checkout/{hold}/extend", s.extend)
	handle("POST /checkout/{hold}/remind", s.remind)
	handle("POST /checkout/{hold}/release", s.release)
	handle("POST /checkout/{hold}/again", s.again)
	handle("GET /resume/{token}", s.resume)
	handle("GET /bookings/{token}", s.bookingPage)
	handle("GET /bookings/{token}/cancel", s.cancelPage)
	handle("POST /bookings/{token}/cancel", s.cancel)
	handle("GET /bookings/{token}/stay.ics", s.calendarFile)
	handle("GET /bookings/{token}/change", s.changePage)
	handle("POST /bookings/{token}/change", s.change)
	handle("POST /bookings/{token}/message", s.write)
	handle("GET /bookings/{token}/invoice", s.invoice)
	handle("GET /bookings/{token}/review", s.reviewPage)
	handle("POST /bookings/{token}/review", s.review)
	if s.accounts() {
		handle("GET /account", s.accountPage)
		handle("POST /account", s.signIn)
		handle("GET /account/enter/{token}", s.enterPage)
		handle("POST /account/enter/{token}", s.enter)
		handle("POST /account/out", s.signOut)
		handle("GET /account/forget", s.forgetPage)
		handle("POST /account/forget", s.forget)
	}
	handle("GET /find", s.findPage)
	handle("POST /find", s.find)
	handle("GET /places", s.suggest)
	handle("GET /days", s.monthPage)
	handle("POST /preferences", s.preferences)
	handle("GET /scenes/{style}/{view}/{file}", s.scene)
	handle("GET /robots.txt", s.robots)
	handle("GET /sitemap.xml", s.sitemap)
	mux.HandleFunc("GET /static/site.css", s.style.serve)
	mux.HandleFunc("GET /static/site.js", s.script.serve)
	mux.HandleFunc("GET /favicon.svg", s.icon.serve)
	handle("/", func(http.ResponseWriter, *http.Request) error { return errNoPage })
	return mux
}

// handler serves a request or says why not; serve turns the error into a page.
type handler func(w http.ResponseWriter, r *http.Request) error

func (s *site) serve(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}
