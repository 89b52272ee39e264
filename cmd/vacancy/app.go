package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/api"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/internal/throttle"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money/exchange"
	"github.com/vacancyhq/vacancy/notify"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/spotcheck"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/combine"
	"github.com/vacancyhq/vacancy/traveller"
	"github.com/vacancyhq/vacancy/web"
	"github.com/vacancyhq/vacancy/world"
)

// settings is what an operator may choose.
type settings struct {
	region         string
	trustedProxies []netip.Prefix
	setupToken     string
	baseURL        string       // where guests reach the platform: "https://book.example.com"
	heldRooms      int          // that guests at one address may hold in ten minutes; 0: throttle.DefaultHolds
	demonstration  bool         // nothing is real, and every page says so
	mails          bool         // are sent, so that pages may promise them
	mailPage       http.Handler // shows what was sent, for development; nil: hidden
	search         string       // where the search index is: "" in memory, see openIndex
	snapshot       string       // folder of the index in memory; "": a start reads the store
	snapshotEvery  time.Duration
	checks         spotChecks // of what searches showed
	sandboxFile    string     // where the sandbox's bank keeps its truth; "": in memory
	logger         *slog.Logger
}

// app is the platform over one store: the doors' handler, and the loops that
// must run beside it.
type app struct {
	store     store.Store
	handler   http.Handler
	index     follower
	search    search.Index // the index, with the store beside it when it is old
	checks    *spotcheck.Checker
	bookings  *booking.Service
	bank      *sandboxpay.Provider
	inventory *inventory.Service
	accounts  *account.Service
	reviews   *review.Service
	guests    *traveller.Service
	keys      *account.Keyring
	ids       *ident.Source
	mails     *notify.Meters
	post      *postOffice // nil: no mail is sent
	logger    *slog.Logger
}

// newApp wires the services, the index and the doors over a store.
func newApp(ctx context.Context, s store.Store, set settings) (*app, error) {
	ids, err := newIDs(set.region)
	if err != nil {
		return nil, err
	}
	keys, err := account.OpenKeyring(ctx, s, ids, time.Now)
	if err != nil {
		return nil, err
	}
	index, err := openIndex(s, set)
	if err != nil {
		return nil, fmt.Errorf("open the search index: %w", err)
	}
	bank, err := sandboxpay.Open(sandboxpay.Options{File: set.sandboxFile, BaseURL: set.baseURL, Now: time.Now})
	if err != nil {
		return nil, err
	}
	a := &app{
		store: s, index: index, search: checked(index, s), keys: keys, ids: ids, mails: notify.NewMeters(), logger: set.logger, bank: bank,
		bookings:  booking.NewService(s, keys, ids, bank),
		inventory: inventory.NewService(s),
		accounts:  account.NewService(s, keys, ids, time.Now),
		reviews:   review.NewService(s, ids),
	}
	if a.checks, err = set.checks.open(a.bookings, set.logger); err != nil {
		return nil, errors.Join(err, bank.Close())
	}
	a.guests = traveller.NewService(s, a.bookings, ids, time.Now)
	if a.handler, err = a.doors(set); err != nil {
		return nil, errors.Join(err, bank.Close())
	}
	return a, nil
}

// accountsOf opens only the accounts, for commands that need no doors.
func accountsOf(ctx context.Context, s store.Store, region string) (*account.Service, error) {
	ids, err := newIDs(region)
	if err != nil {
		return nil, err
	}
	keys, err := account.OpenKeyring(ctx, s, ids, time.Now)
	if err != nil {
		return nil, err
	}
	return account.NewService(s, keys, ids, time.Now), nil
}

func (a *app) doors(set settings) (http.Handler, error) {
	properties := property.NewService(a.store, a.ids)
	meters := api.NewMeters()
	meters.Register(a.mails)
	countCombining(meters, a.store)
	countSearching(meters, a.index)
	meters.Register(a.checks)
	lookups := throttle.NewLookups(time.Now)
	kept := throttle.DefaultHolds
	if set.heldRooms > 0 {
		kept.Burst, kept.Each = set.heldRooms, set.heldRooms
	}
	holds, letters := throttle.NewHolds(kept, time.Now), throttle.NewLetters(time.Now)
	machine, err := api.New(api.Options{
		Bookings: a.bookings, Properties: properties, Rates: rate.NewService(a.store, a.ids),
		Inventory: a.inventory, Accounts: a.accounts, Reviews: a.reviews, Search: a.checks.Over(a.search, "api"), Log: a.store, IDs: a.ids, Ready: a.ready,
		Logger: set.logger, TrustedProxies: set.trustedProxies, SetupToken: set.setupToken, BaseURL: set.baseURL,
		Version: version, Now: time.Now, Lookups: lookups, Holds: holds, Letters: letters, Meters: meters,
	})
	if err != nil {
		return nil, fmt.Errorf("open the API: %w", err)
	}
	pages, err := web.New(web.Options{
		Bookings: a.bookings, Search: a.checks.Over(a.search, "web"), Houses: a.store, Accounts: a.accounts, IDs: a.ids,
		Logger: set.logger, Now: time.Now, Demonstration: set.demonstration, Attributions: attributions, BaseURL: set.baseURL,
		Rates: exchange.Bundled(), Places: towns(), Reviews: a.reviews,
		Secure: strings.HasPrefix(set.baseURL, "https://"), TrustedProxies: set.trustedProxies, Lookups: lookups, Holds: holds,
		Letters: letters, Mails: set.mails, Travellers: a.guests, MailSignIn: a.signInMail(set),
		Cards: []web.Card{
			{Token: sandboxpay.TokenOK, Label: "Sandbox card that works"},
			{Token: sandboxpay.TokenDeclined, Label: "Sandbox card that is declined"},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("open the pages: %w", err)
	}
	mux := http.NewServeMux()
	for _, path := range machinePaths {
		mux.Handle(path, machine)
	}
	if set.mailPage != nil {
		mux.Handle("/mail", set.mailPage)
		mux.Handle("/mail/", set.mailPage)
	}
	mux.Handle(sandboxpay.Path, a.bank.Page())
	mux.Handle("/", meters.Count(pages, time.Now))
	return mux, nil
}

// countCombining exports how bookings share transactions. One that is tried again
// alone is answered all the same, so that nothing else would tell.
func countCombining(meters *api.Meters, s store.Store) {
	combined, ok := s.(*combine.Store)
	if !ok {
		return
	}
	meters.CountFrom("vacancy_booking_batches_total", "Transactions that carried several bookings.",
		func() int64 { return combined.Stats().Transactions })
	meters.CountFrom("vacancy_booking_batched_total", "Bookings that shared a transaction.",
		func() int64 { return combined.Stats().Together })
	meters.CountFrom("vacancy_booking_batch_broken_total",
		"Bookings tried again alone because their transaction failed as a whole; more than a few: see the log.",
		func() int64 { return combined.Stats().Broken })
}

// ready tells whether requests should be sent here: the store serves, and the
// index has been read.
func (a *app) ready(ctx context.Context) error {
	if !a.index.Ready() {
		return search.ErrStarting
	}
	return a.store.Ready(ctx)
}

// machinePaths are the API's; everything else is a page.
var machinePaths = []string{"/v1/", "/docs", "/problems", "/problems/", "/openapi.json", "/openapi.yaml", "/healthz", "/readyz", "/metrics"}

// attributions name the sources of the data that ships in the binary (NOTICE).
var attributions = []web.Attribution{
	{Text: "Places: GeoNames, CC BY 4.0", URL: "https://www.geonames.org/"},
	{Text: "Time zones: OpenStreetMap contributors, ODbL 1.0", URL: "https://www.openstreetmap.org/copyright"},
}

// towns are the places that maps name, and by whose kind pictures are drawn.
func towns() []web.Place {
	var all []web.Place
	for _, p := range world.Places() {
		all = append(all, web.Place{Country: p.Country, Name: p.Name, Lat: p.Lat, Lon: p.Lon, Style: string(p.Style)})
	}
	return all
}
