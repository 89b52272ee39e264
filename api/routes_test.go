package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/account"
)

// described is a route as the OpenAPI document has it.
type described struct{ method, path, text string }

func (s *site) described() []described {
	s.t.Helper()
	var doc struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	must(s.t, json.Unmarshal([]byte(s.send("GET", "/openapi.json", nil, nil).want(200).body), &doc))
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		s.t.Fatalf("OpenAPI %s", doc.OpenAPI)
	}
	var routes []described
	for path, item := range doc.Paths {
		for method, op := range item {
			routes = append(routes, described{strings.ToUpper(method), path, string(op)})
		}
	}
	if len(routes) < 35 {
		s.t.Fatalf("only %d routes are described", len(routes))
	}
	return routes
}

// openRoutes take an id and are for everybody: the public face of a property.
// A new one must be put here on purpose.
var openRoutes = map[string]bool{
	"GET /v1/properties/{property_id}":         true,
	"GET /v1/properties/{property_id}/offers":  true,
	"GET /v1/properties/{property_id}/explain": true,
	"GET /v1/properties/{property_id}/reviews": true,
}

// Property 63: tenant B, a guest, and a stranger with another's manage link get
// 404 or 401 for every id of tenant A on every route that the document has.
func TestOthersIDs(t *testing.T) {
	s := open(t, nil)
	a, b := s.first(), s.second()
	offer, guestA := s.offer(a, a.plan)
	booked := s.as(guestA, "POST", "/v1/bookings", purchase(offer)).want(201)
	offer, guestA = s.offer(a, a.plan)
	hold := s.as(guestA, "POST", "/v1/holds", object{"offers": []string{offer}}).want(201)
	_, guestB := s.offer(b, b.plan)
	staff := s.as(a.key, "POST", "/v1/staff", object{
		"email": "x@example.com", "name": "X", "password": "correct horse battery", "scopes": []string{"properties:read"},
	}).want(201)
	keys := s.as(a.key, "GET", "/v1/keys", nil).want(200)
	ids := map[string]string{
		"property_id": a.house, "room_type_id": a.room, "rate_plan_id": a.plan,
		"booking_id": booked.str("id"), "hold_id": hold.str("id"), "key_id": keys.str("keys.0.id"), "staff_id": staff.str("id"),
		"review_id": "rev_of_a",
	}
	offerB, ownerB := s.offer(b, b.plan)
	strangers := map[string]string{
		"tenant B": b.key, "guest B": guestB,
		"manage link B": s.as(ownerB, "POST", "/v1/bookings", purchase(offerB)).want(201).str("manage_token"),
	}
	before := s.events()
	tried := 0
	for _, r := range s.described() {
		path := r.path
		for name, id := range ids {
			path = strings.ReplaceAll(path, "{"+name+"}", id)
		}
		if strings.Contains(path, "{") {
			t.Fatalf("%s: the test has no id for %s", r.path, path)
		}
		if path == r.path || openRoutes[r.method+" "+r.path] {
			continue
		}
		for who, secret := range strangers {
			tried++
			h := s.with(secret)
			h["If-Match"] = `"1"`
			switch got := s.send(r.method, path, bodyFor(r.method), h); {
			case who == "tenant B" && got.status != 404 && got.status != 422:
				t.Errorf("%s %s as %s: %d %s", r.method, r.path, who, got.status, got.body)
			case got.status != 404 && got.status != 401 && got.status != 422:
				t.Errorf("%s %s as %s: %d %s", r.method, r.path, who, got.status, got.body)
			case got.status == 422 && strings.Contains(r.path, "property_id"):
				t.Errorf("%s %s as %s told more than 404", r.method, r.path, who)
			}
		}
	}
	if tried < 60 {
		t.Errorf("only %d calls were tried", tried)
	}
	if s.events() != before {
		t.Error("a stranger changed something")
	}
	// With the bodies that would be right.
	s.as(b.key, "POST", "/v1/keys/"+ids["key_id"]+"/rotate", object{"overlap_hours": 1}).problem(404, "not-found")
	s.as(guestB, "POST", "/v1/bookings", object{"hold_id": hold.str("id"), "guest": guestOf(), "terms_version": "2027-01"}).problem(404, "not-found")
	s.as(b.key, "POST", "/v1/properties/"+b.house+"/prices", object{"writes": []object{{
		"rate_plan_id": a.plan, "room_type_ids": []string{a.room}, "from": "2027-05-01", "through": "2027-05-02",
	}}}).problem(422, "invalid")
	s.as(b.key, "POST", "/v1/properties/"+b.house+"/availability", object{"ranges": []object{{
		"room_type_ids": []string{a.room}, "from": "2027-05-01", "through": "2027-05-02", "stock": 9,
	}}}).problem(404, "not-found")
	offer, _ = s.offer(a, a.plan)
	s.as(guestB, "POST", "/v1/holds", object{"offers": []string{offer}}).problem(422, "offer-invalid")
	if feed := s.as(b.key, "GET", "/v1/events?limit=500", nil).want(200); strings.Contains(feed.body, a.house) {
		t.Error("tenant B reads A's events")
	}
	if strings.Contains(s.as(b.key, "GET", "/v1/properties", nil).want(200).body, a.house) {
		t.Error("tenant B lists A's properties")
	}
}

func bodyFor(method string) any {
	if method == http.MethodPost || method == http.MethodPut {
		return "{}"
	}
	return nil
}

// A key for some properties does not reach the others, nor make keys that do.
func TestPropertyLists(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	other := s.house(house.key)
	key := s.as(house.key, "POST", "/v1/keys", object{
		"name": "one house", "scopes": []string{"properties:read", "admin", "properties:write"}, "property_ids": []string{house.house},
	}).want(201).str("secret")
	s.as(key, "GET", "/v1/properties/"+house.house+"/rate-plans", nil).want(200)
	s.as(key, "GET", "/v1/properties/"+other.house+"/rate-plans", nil).problem(404, "not-found")
	s.as(key, "POST", "/v1/properties", content()).problem(403, "forbidden")
	wide := object{"name": "wide", "scopes": []string{string(account.Admin)}}
	s.as(key, "POST", "/v1/keys", wide).problem(403, "forbidden")
	if got := s.as(key, "GET", "/v1/properties", nil).want(200).list("properties"); len(got) != 1 {
		t.Errorf("%d properties listed", len(got))
	}
}

// Property 66: reading changes nothing, on any route.
func TestReadingChangesNothing(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	offer, guest := s.offer(house, house.plan)
	booked := s.as(guest, "POST", "/v1/bookings", purchase(offer)).want(201)
	ids := strings.NewReplacer("{property_id}", house.house, "{booking_id}", booked.str("id"), "{hold_id}", booked.str("id"))
	before, rows := s.events(), s.rows()
	for _, r := range s.described() {
		if r.method != http.MethodGet {
			continue
		}
		path := ids.Replace(r.path)
		for _, query := range []string{"", "?arrival=2027-05-15&departure=2027-05-17", "?from=2027-05-15&through=2027-05-17", "?q=mer"} {
			s.as(house.key, "GET", path+query, nil)
			if got := s.as(guest, "GET", path+query, nil); got.status >= 500 {
				t.Errorf("%s: %d %s", path+query, got.status, got.body)
			}
		}
		// A form of another site cannot make a write of it either: the method is not taken or wants more than a cookie.
		got := s.send("POST", path, "x=1", headers{"Content-Type": "application/x-www-form-urlencoded", "Cookie": "session=" + guest})
		if got.status < 400 {
			t.Errorf("POST %s from a form: %d", path, got.status)
		}
	}
	if s.events() != before || s.rows() != rows {
		t.Error("a GET changed something")
	}
}

// rows is what the property's counters and lists say, as text.
func (s *site) rows() string {
	bookings, err := s.store.Bookings(s.t.Context(), "", "", 100)
	must(s.t, err)
	tenants, err := s.store.Tenants(s.t.Context())
	must(s.t, err)
	all, err := s.store.Properties(s.t.Context(), "", "", 100)
	must(s.t, err)
	text := fmt.Sprint(len(bookings), len(tenants))
	for _, p := range all {
		of, err := s.store.Bookings(s.t.Context(), p.ID, "", 100)
		must(s.t, err)
		text += fmt.Sprint(" ", p.ID, p.Version, len(of))
	}
	return text
}

func TestDocuments(t *testing.T) {
	s := open(t, nil)
	for _, path := range []string{"/docs", "/problems", "/openapi.yaml", "/healthz", "/readyz", "/metrics"} {
		if got := s.send("GET", path, nil, nil).want(200); len(got.body) < 3 {
			t.Errorf("%s is empty", path)
		}
	}
	docs := s.send("GET", "/docs", nil, nil).body
	for _, r := range s.described() {
		if !strings.Contains(docs, "<code>"+r.path+"</code>") {
			t.Errorf("the page lacks %s", r.path)
		}
		if !strings.Contains(r.text, "Who may: ") {
			t.Errorf("%s does not say who may", r.path)
		}
		if writes := r.method != "GET"; writes && strings.Contains(r.text, "Idempotency-Replayed") == false {
			t.Errorf("%s %s", r.method, r.path)
		}
	}
	if strings.Contains(docs, "<script") || strings.Contains(docs, "http://") {
		t.Error("the page needs more than itself")
	}
	s.send("GET", "/v1/nowhere", nil, nil).problem(404, "not-found")
	if s.send("DELETE", "/v1/properties", nil, nil).problem(405, "method-not-allowed").header.Get("Allow") == "" {
		t.Error("no Allow header")
	}
}
