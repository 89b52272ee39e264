package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/api"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/internal/throttle"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

const setupToken = "setup-token-of-the-test"

// site is the whole product behind the door, on a store of its own, with a
// clock that tests move.
type site struct {
	provider *sandboxpay.Provider
	t        testing.TB
	handler  http.Handler
	store    *sqlitestore.Store
	index    *memindex.Index
	accounts *account.Service
	bookings *booking.Service
	log      *bytes.Buffer

	mu  sync.Mutex
	now time.Time
	seq int
}

func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// bank is the site's payment provider.
func (s *site) bank() *sandboxpay.Provider {
	if s.provider == nil {
		s.provider = sandboxpay.New(s.clock)
	}
	return s.provider
}

// open builds a site on an empty store.
func open(t testing.TB, change func(*api.Options)) *site {
	t.Helper()
	s := &site{t: t, now: time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC), log: &bytes.Buffer{}}
	ctx := t.Context()
	store, err := sqlitestore.Open(ctx, filepath.Join(t.TempDir(), "site.db"), sqlitestore.Options{Clock: s.clock})
	must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	must(t, store.Migrate(ctx))
	ids, err := ident.New("eu", s.clock)
	must(t, err)
	keys, err := account.OpenKeyring(ctx, store, ids, s.clock)
	must(t, err)
	s.index, err = memindex.Open(ctx, store, memindex.Options{Now: s.clock})
	must(t, err)
	s.store, s.accounts = store, account.NewService(store, keys, ids, s.clock)
	s.bookings = booking.NewService(store, keys, ids, s.bank())
	options := api.Options{
		Bookings: s.bookings, Properties: property.NewService(store, ids), Rates: rate.NewService(store, ids),
		Inventory: inventory.NewService(store), Accounts: s.accounts, Reviews: review.NewService(store, ids), Search: s.index, Log: store, IDs: ids,
		Logger: slog.New(slog.NewTextHandler(s.log, nil)), Version: "test", Ready: store.Ready, Now: s.clock,
		SetupToken: setupToken, BaseURL: "https://book.example.com",
		Holds:  throttle.NewHolds(throttle.Rate{Burst: 1e6, Each: 1e6, Per: time.Second}, s.clock),
		Limits: api.Limits{Client: throttle.Rate{Burst: 1e6, Each: 1e6, Per: time.Second}, Credential: throttle.Rate{Burst: 1e6, Each: 1e6, Per: time.Second}},
	}
	if change != nil {
		change(&options)
	}
	s.handler, err = api.New(options)
	must(t, err)
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	t       testing.TB
	request string
	status  int
	header  http.Header
	body    string
}

// headers of one request.
type headers map[string]string

// send sends a request; a body that is no string is encoded.
func (s *site) send(method, path string, body any, h headers) answer {
	s.t.Helper()
	var text string
	switch b := body.(type) {
	case nil:
	case string:
		text = b
	default:
		data, err := json.Marshal(b)
		must(s.t, err)
		text = string(data)
	}
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(text))
	if text != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range h {
		r.Header.Set(name, value)
	}
	if address := r.Header.Get("Test-Address"); address != "" {
		r.RemoteAddr = address
		r.Header.Del("Test-Address")
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	data, err := io.ReadAll(w.Result().Body)
	must(s.t, err)
	return answer{t: s.t, request: method + " " + path, status: w.Code, header: w.Result().Header, body: string(data)}
}

// as sends with a credential; a write gets a new key.
func (s *site) as(secret, method, path string, body any) answer {
	s.t.Helper()
	return s.send(method, path, body, s.with(secret))
}

func (s *site) with(secret string) headers {
	s.mu.Lock()
	s.seq++
	key := fmt.Sprintf("key-%d", s.seq)
	s.mu.Unlock()
	h := headers{"Idempotency-Key": key}
	if secret != "" {
		h["Authorization"] = "Bearer " + secret
	}
	return h
}

// want fails the test unless the answer has the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: status %d, want %d: %s", a.request, a.status, status, a.body)
	}
	return a
}

// problem fails the test unless the answer is that problem.
func (a answer) problem(status int, code string) answer {
	a.t.Helper()
	a.want(status)
	if got := a.str("type"); got != "urn:vacancy:problem:"+code {
		a.t.Fatalf("%s: problem %q, want %s: %s", a.request, got, code, a.body)
	}
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
		a.t.Fatalf("content type %q", ct)
	}
	if kept := a.header.Get("Cache-Control"); kept != "no-store" {
		a.t.Fatalf("caches may keep a problem: %q", kept)
	}
	if a.str("detail") == "" || a.str("title") == "" {
		a.t.Fatalf("a problem must say what it is and what to do: %s", a.body)
	}
	return a
}

// at is the value at a path such as "rooms.0.offers.0.token"; nil when there is none.
func (a answer) at(path string) any {
	a.t.Helper()
	var v any
	must(a.t, json.Unmarshal([]byte(a.body), &v))
	for part := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[part]
		case []any:
			var i int
			if _, err := fmt.Sscan(part, &i); err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) str(path string) string {
	text, _ := a.at(path).(string)
	return text
}

func (a answer) list(path string) []any {
	list, _ := a.at(path).([]any)
	return list
}

type object = map[string]any

// tenancy is a tenant with a house that sells.
type tenancy struct {
	key, house, room, plan, cardPlan string
}

// first sets the platform up and gives its first tenant a house.
func (s *site) first() tenancy {
	s.t.Helper()
	a := s.send("POST", "/v1/setup", object{
		"tenant": "Albergo Test", "name": "Ada", "email": "ada@example.com", "password": "correct horse battery",
	}, headers{"Authorization": "Bearer " + setupToken}).want(201)
	return s.house(a.str("secret"))
}

// second makes another tenant, with a house, straight in the store: tenants are
// made by operators.
func (s *site) second() tenancy {
	s.t.Helper()
	secret := account.KeyPrefix + strings.Repeat("B", 52)
	must(s.t, s.store.ApplyAccount(s.t.Context(), account.Change{
		Tenants: []account.Tenant{{ID: "ten_b", Name: "B", CreatedAt: s.clock()}},
		Keys: []account.Key{{
			ID: "key_b", TenantID: "ten_b", Name: "b", Hash: hashOf(secret), Scopes: account.Scopes, CreatedAt: s.clock(),
		}},
	}))
	return s.house(secret)
}

func (s *site) house(key string) tenancy {
	s.t.Helper()
	h := s.as(key, "POST", "/v1/properties", content()).want(201)
	t := tenancy{key: key, house: h.str("id")}
	at := "/v1/properties/" + t.house
	t.room = s.as(key, "POST", at+"/room-types", object{
		"code": "DBL", "name": "Double room", "stock": 5, "standard_guests": 2, "max_guests": 3,
	}).want(201).str("id")
	t.plan = s.as(key, "POST", at+"/rate-plans", plan("BAR", "at_property")).want(201).str("id")
	t.cardPlan = s.as(key, "POST", at+"/rate-plans", plan("CARD", "card_guarantee")).want(201).str("id")
	for _, p := range []string{t.plan, t.cardPlan} {
		s.as(key, "POST", at+"/prices", object{"writes": []object{{
			"rate_plan_id": p, "room_type_ids": []string{t.room}, "from": "2027-01-01", "through": "2027-12-31",
			"base": []object{{"guests": 1, "amount": "90"}, {"guests": 2, "amount": "100.50"}},
		}}}).want(200)
	}
	return t
}

func content() object {
	return object{
		"name": "Pensione Uno", "kind": "guest_house", "country": "IT", "city": "Merano", "lat": 46.67, "lon": 11.16,
		"zone": "Europe/Rome", "currency": "EUR", "check_in_from": "15:00", "check_out_until": "11:00", "terms_version": "2027-01",
		"taxes": []object{{"code": "city", "name": "City tax", "kind": "per_person_night", "amount": "2.10", "on_site": true}},
	}
}

func plan(code, payment string) object {
	return object{
		"code": code, "name": code, "currency": "EUR", "board": "bed_and_breakfast", "basis": "per_room",
		"payment":      object{"kind": payment},
		"cancellation": []object{{"days_before": 2, "until": "18:00", "percent": "50"}},
	}
}

// offer asks for an offer of the plan as a new guest.
func (s *site) offer(t tenancy, planID string) (token, checkout string) {
	s.t.Helper()
	a := s.send("GET", "/v1/properties/"+t.house+"/offers?arrival=2027-05-15&departure=2027-05-17&party=2", nil, nil).want(200)
	return a.tokenOf(planID), a.str("checkout_token")
}

func (a answer) tokenOf(planID string) string {
	for i := range a.list("rooms.0.offers") {
		at := fmt.Sprintf("rooms.0.offers.%d.", i)
		if a.str(at+"room.rate_plan_id") == planID {
			return a.str(at + "token")
		}
	}
	a.t.Fatalf("no offer of the plan: %s", a.body)
	return ""
}

func guestOf() object {
	return object{"name": "Grace Hopper", "email": "Grace@Example.com", "phone": "+1 555 0100", "country": "US"}
}

func purchase(offers ...string) object {
	return object{"offers": offers, "guest": guestOf(), "terms_version": "2027-01"}
}

// events is everything that was written, counted by the log.
func (s *site) events() int {
	s.t.Helper()
	n, after := 0, outbox.Position{}
	for {
		batch, err := s.store.Events(s.t.Context(), after, 500)
		must(s.t, err)
		n += len(batch)
		if len(batch) < 500 {
			return n
		}
		after = batch[len(batch)-1].Position
	}
}
