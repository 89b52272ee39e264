package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/money/exchange"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/jobs"
	"github.com/vacancyhq/vacancy/traveller"
	"github.com/vacancyhq/vacancy/web"
	"github.com/vacancyhq/vacancy/world"
)

const tenant = "ten_eu01"

var start = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// house is a site over a small world, with a clock that the test moves.
type house struct {
	t        testing.TB
	began    time.Time
	store    store.Store
	queueOf  func(jobs.Options) *jobs.Queue
	index    *memindex.Index
	bookings *booking.Service
	reviews  *review.Service
	guests   *traveller.Service
	mail     *jobs.Queue // once the office is open
	asked    int         // links to sign in
	looks    int
	bank     *sandboxpay.Provider
	server   *httptest.Server
	skipped  atomic.Int64 // nanoseconds
}

func (h *house) now() time.Time           { return h.began.Add(time.Duration(h.skipped.Load())) }
func (h *house) forward(by time.Duration) { h.skipped.Add(int64(by)) }

// open is a site on a SQLite file, where most tests are quickest.
func open(t testing.TB, properties int, adapt ...func(*web.Options)) *house {
	t.Helper()
	return onFile(t).open(properties, adapt...)
}

// open fills the store with a small world and opens the site over it.
func (h *house) open(properties int, adapt ...func(*web.Options)) *house {
	h.t.Helper()
	t, ctx := h.t, context.Background()
	h.must(h.store.Migrate(ctx))
	w, err := world.New(world.Options{Seed: 3, Today: stay.On(h.began, time.UTC), Properties: properties, TenantID: tenant})
	h.must(err)
	for i := range w.Len() {
		h.must(h.store.Import(ctx, w.Bundle(i)))
	}
	ids, err := ident.New("eu", h.now)
	h.must(err)
	keys, err := account.OpenKeyring(ctx, h.store, ids, h.now)
	h.must(err)
	h.index, err = memindex.Open(ctx, h.store, memindex.Options{Now: h.now})
	h.must(err)
	h.bank = sandboxpay.New(h.now)
	h.bookings = booking.NewService(h.store, keys, ids, h.bank)
	h.reviews = review.NewService(h.store, ids)
	h.guests = traveller.NewService(h.store, h.bookings, ids, h.now)
	options := web.Options{
		Bookings: h.bookings, Search: h.index, Houses: h.store, IDs: ids, Now: h.now,
		Accounts: account.NewService(h.store, keys, ids, h.now),
		Cards: []web.Card{
			{Token: sandboxpay.TokenOK, Label: "Sandbox card that works"},
			{Token: sandboxpay.TokenDeclined, Label: "Sandbox card that is declined"},
		},
		Rates: exchange.Bundled(), Mails: true, Travellers: h.guests, MailSignIn: h.mailSignIn,
		Reviews:      h.reviews,
		Attributions: []web.Attribution{{Text: "Example data, CC0", URL: "https://example.org/data"}},
	}
	for _, p := range world.Places() {
		options.Places = append(options.Places, web.Place{Country: p.Country, Name: p.Name, Lat: p.Lat, Lon: p.Lon, Style: string(p.Style)})
	}
	for _, change := range adapt {
		change(&options)
	}
	handler, err := web.New(options)
	h.must(err)
	mux := http.NewServeMux()
	mux.Handle(sandboxpay.Path, h.bank.Page())
	mux.Handle("/", handler)
	h.server = httptest.NewServer(mux)
	t.Cleanup(h.server.Close)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// build puts a house of our own on sale, with so many rooms of each type.
func (h *house) build(rooms int, p property.Property) property.Property {
	h.t.Helper()
	p.TenantID, p.Kind, p.Zone, p.Currency = tenant, "hotel", "Europe/Paris", "EUR"
	if p.City == "" {
		p.Country, p.City = "FR", "Paris"
	}
	if p.Lat == 0 {
		p.Lat, p.Lon = 48.86, 2.35
	}
	p.CheckInFrom, p.CheckOutUntil, p.TermsVersion = 15*60, 11*60, "2026-1"
	bundle := world.Complete(p, world.Hints{Today: stay.On(h.began, time.UTC), Rooms: 30})
	for i := range bundle.Inventory.Settings {
		none := 0
		bundle.Inventory.Settings[i].Stock, bundle.Inventory.Settings[i].Blocked = &rooms, &none
	}
	h.must(h.store.Import(context.Background(), bundle))
	h.must(h.index.Load(context.Background()))
	return *bundle.Property.Property
}

func (h *house) booked(id string) []booking.Booking {
	h.t.Helper()
	all, err := h.bookings.Bookings(context.Background(), id, "", 100)
	h.must(err)
	return all
}

// visitor is a browser without scripts: cookies, links and forms.
type visitor struct {
	*house
	client *http.Client
	page   *html.Node
	text   string
	status int
	header http.Header
	url    *url.URL
}

func (h *house) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	h.must(err)
	return &visitor{house: h, client: &http.Client{Jar: jar}}
}

func (v *visitor) get(path string) *visitor {
	v.t.Helper()
	return v.do("GET", path, "", nil)
}

func (v *visitor) do(method, path, body string, header http.Header) *visitor {
	v.t.Helper()
	address := path
	if strings.HasPrefix(path, "/") {
		address = v.server.URL + path
	}
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	v.must(err)
	request.Header.Set("X-Forwarded-For", "192.0.2.7") // counts only where the test's own address is a trusted proxy
	for name, values := range header {
		request.Header[name] = values
	}
	if method == "POST" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := v.client.Do(request)
	v.must(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	v.must(err)
	v.text, v.status, v.header, v.url = string(data), response.StatusCode, response.Header, response.Request.URL
	v.page, err = html.Parse(strings.NewReader(v.text))
	v.must(err)
	return v
}

func (v *visitor) wants(status int, texts ...string) *visitor {
	v.t.Helper()
	if v.status != status {
		v.t.Fatalf("%s: status %d, want %d\n%s", v.url, v.status, status, v.words())
	}
	words := v.words()
	for _, text := range texts {
		if !strings.Contains(words, text) {
			v.t.Fatalf("%s does not say %q:\n%s", v.url, text, words)
		}
	}
	return v
}

// words is the page as it reads.
func (v *visitor) words() string { return wordsOf(v.page) }

func wordsOf(within *html.Node) string {
	var all []string
	for n := range within.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			all = append(all, strings.Fields(n.Data)...)
		}
	}
	return strings.Join(all, " ")
}

// follow clicks the first link whose address begins so.
func (v *visitor) follow(prefix string) *visitor {
	v.t.Helper()
	for n := range v.page.Descendants() {
		if n.Data == "a" && strings.HasPrefix(attribute(n, "href"), prefix) {
			return v.get(attribute(n, "href"))
		}
	}
	v.t.Fatalf("%s has no link to %s", v.url, prefix)
	return nil
}

// followText clicks the first link that says text.
func (v *visitor) followText(text string) *visitor {
	v.t.Helper()
	for n := range v.page.Descendants() {
		if n.Data == "a" && strings.Contains(wordsOf(n), text) {
			return v.get(attribute(n, "href"))
		}
	}
	v.t.Fatalf("%s has no link that says %q:\n%s", v.url, text, v.words())
	return nil
}

// followIn clicks the first link in a part of the page with a class.
func (v *visitor) followIn(class string) *visitor {
	v.t.Helper()
	for part := range v.page.Descendants() {
		if attribute(part, "class") != class {
			continue
		}
		for n := range part.Descendants() {
			if n.Data == "a" {
				return v.get(attribute(n, "href"))
			}
		}
	}
	v.t.Fatalf("%s has no link in %s:\n%s", v.url, class, v.words())
	return nil
}

// form is a form of the page as it would be sent.
type form struct {
	*visitor
	method, action string
	fields         url.Values
}

// form finds the first form whose action ends so.
func (v *visitor) form(action string) *form {
	v.t.Helper()
	for n := range v.page.Descendants() {
		path, _, _ := strings.Cut(attribute(n, "action"), "?")
		if n.Data == "form" && strings.HasSuffix(path, action) && (path != "/preferences" || path == action) { // the one in the header
			return &form{v, strings.ToUpper(attribute(n, "method")), attribute(n, "action"), fieldsOf(n)}
		}
	}
	v.t.Fatalf("%s has no form to %s:\n%s", v.url, action, v.words())
	return nil
}

// row is the form in the first row of a table that says text.
func (v *visitor) row(text string) *form {
	v.t.Helper()
	for n := range v.page.Descendants() {
		if n.Data != "tr" || !strings.Contains(wordsOf(n), text) {
			continue
		}
		for f := range n.Descendants() {
			if f.Data == "form" {
				return &form{v, "POST", attribute(f, "action"), fieldsOf(f)}
			}
		}
	}
	v.t.Fatalf("%s has no row with %q", v.url, text)
	return nil
}

func fieldsOf(form *html.Node) url.Values {
	fields := url.Values{}
	for n := range form.Descendants() {
		name := attribute(n, "name")
		switch {
		case name == "":
		case n.Data == "input" && (attribute(n, "type") == "checkbox" || attribute(n, "type") == "radio") && !has(n, "checked"):
		case n.Data == "input":
			fields.Add(name, attribute(n, "value"))
		case n.Data == "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data
			}
			fields.Add(name, text)
		case n.Data == "select":
			fields.Add(name, selectedOf(n))
		}
	}
	return fields
}

func selectedOf(list *html.Node) string {
	first, found := "", false
	for n := range list.Descendants() {
		if n.Data == "option" && has(n, "selected") {
			return attribute(n, "value")
		}
		if n.Data == "option" && !found {
			first, found = attribute(n, "value"), true
		}
	}
	return first
}

func (f *form) set(pairs ...string) *form {
	for i := 0; i < len(pairs); i += 2 {
		f.fields.Set(pairs[i], pairs[i+1])
	}
	return f
}

func (f *form) send() *visitor { return f.sendTo(f.action) }

// sendTo sends the form with another button.
func (f *form) sendTo(action string) *visitor {
	f.t.Helper()
	if f.method == "GET" {
		return f.get(action + "?" + f.fields.Encode())
	}
	return f.do("POST", action, f.fields.Encode(), http.Header{"Sec-Fetch-Site": {"same-origin"}})
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
