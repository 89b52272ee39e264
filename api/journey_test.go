package api_test

import (
	"crypto/sha256"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"
)

func hashOf(secret string) [32]byte { return sha256.Sum256([]byte(secret)) }

// The whole way of a guest: search, offer, hold, book, replay, look up, cancel.
func TestJourney(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	must(t, s.index.CatchUp(t.Context()))

	found := s.send("GET", "/v1/search?place=merano&arrival=2027-05-15&departure=2027-05-17&party=2", nil, nil).want(200)
	if found.str("hits.0.property_id") != house.house || found.str("hits.0.total.amount") != "209.40" {
		t.Fatalf("search: %s", found.body)
	}
	if s.send("GET", "/v1/places?q=meran", nil, nil).want(200).str("places.0.name") != "Merano" {
		t.Error("the city was not found as typed")
	}
	offer, guest := s.offer(house, house.plan)
	hold := s.as(guest, "POST", "/v1/holds", object{"offers": []string{offer}}).want(201)
	if hold.str("state") != "held" || hold.str("total.amount") != "209.40" || hold.at("total.minor") != 20940.0 {
		t.Fatalf("hold: %s", hold.body)
	}
	at := "/v1/holds/" + hold.str("id")
	s.as(guest, "GET", at, nil).want(200)
	if s.as(guest, "POST", at+"/extend", nil).want(200).at("extensions") != 1.0 {
		t.Error("the hold was not extended")
	}

	body := object{"hold_id": hold.str("id"), "guest": guestOf(), "terms_version": "2027-01", "special_requests": "A quiet room"}
	h := s.with(guest)
	booked := s.send("POST", "/v1/bookings", body, h).want(201)
	again := s.send("POST", "/v1/bookings", body, h).want(201)
	if again.body != booked.body || again.header.Get("Idempotency-Replayed") != "true" || booked.header.Get("Idempotency-Replayed") != "" {
		t.Fatalf("replay: %v %s", again.header, again.body)
	}
	if !strings.HasPrefix(booked.str("manage_url"), "https://book.example.com/bookings/") || len(booked.str("confirmation_code")) != 11 {
		t.Fatalf("booking: %s", booked.body)
	}

	lookup := object{"code": strings.ToLower(booked.str("confirmation_code")), "email": "grace@example.com "}
	seen := s.send("POST", "/v1/bookings/lookup", lookup, nil).want(200)
	if seen.str("booking.id") != booked.str("id") || seen.str("booking.guest.name") != "Grace Hopper" {
		t.Fatalf("lookup: %s", seen.body)
	}
	s.cancelWith(booked, booked.str("manage_token"), house)
	s.feed(house, booked.str("id"))
}

// cancelWith cancels as the guest does, from the link.
func (s *site) cancelWith(booked answer, manage string, house tenancy) {
	t := s.t
	at := "/v1/bookings/" + booked.str("id")
	dry := s.as(manage, "GET", at+"/cancellation", nil).want(200)
	if dry.str("free_until.at") != "2027-05-13T18:00:00+02:00" || dry.str("free_until.zone") != "Europe/Rome" || dry.str("fee.amount") != "0.00" {
		t.Fatalf("dry run: %s", dry.body)
	}
	if tag := s.as(house.key, "GET", at, nil).want(200).header.Get("ETag"); tag != `"3"` {
		t.Errorf("ETag %s", tag)
	}
	h := s.with(manage)
	h["If-Match"] = `"1"`
	s.send("POST", at+"/cancel", nil, h).problem(412, "version")
	gone := s.as(manage, "POST", at+"/cancel", nil).want(200)
	if gone.str("state") != "cancelled" || gone.str("cancellation_fee.amount") != "0.00" {
		t.Fatalf("cancel: %s", gone.body)
	}
	s.as(manage, "POST", at+"/cancel", nil).problem(409, "state")
	nights := s.as(house.key, "GET", "/v1/properties/"+house.house+"/availability?from=2027-05-15&through=2027-05-16", nil).want(200)
	if nights.at("nights.0.free") != 5.0 || nights.at("nights.0.sold") != 0.0 {
		t.Errorf("the room did not return: %s", nights.body)
	}
	if s.as(house.key, "GET", "/v1/properties/"+house.house+"/bookings", nil).want(200).str("bookings.0.id") != booked.str("id") {
		t.Error("the house does not see the booking")
	}
}

// feed reads the events page by page and finds the booking's in order.
func (s *site) feed(house tenancy, id string) {
	t := s.t
	var types []string
	for after := ""; ; {
		page := s.as(house.key, "GET", "/v1/events?limit=3&after="+after, nil).want(200)
		for _, e := range page.list("events") {
			if data, ok := e.(object)["data"].(object); ok && data["booking_id"] == id {
				types = append(types, e.(object)["type"].(string))
			}
		}
		after = page.str("next")
		if page.at("more") != true {
			break
		}
	}
	if got := strings.Join(types, " "); got != "booking.held booking.extended booking.confirmed booking.cancelled" {
		t.Errorf("events: %s", got)
	}
}

// Property 4: the same key and body fifty times at once is one booking.
func TestSameRequestAtOnce(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	offer, guest := s.offer(house, house.plan)
	h := s.with(guest)
	before := s.events()
	var wg sync.WaitGroup
	answers := make([]answer, 50)
	for i := range answers {
		wg.Go(func() { answers[i] = s.send("POST", "/v1/bookings", purchase(offer), h) })
	}
	wg.Wait()
	made, body := 0, ""
	for _, a := range answers {
		switch {
		case a.status == 201 && a.header.Get("Idempotency-Replayed") == "":
			made, body = made+1, a.body
		case a.status == 409:
			a.problem(409, "request-in-flight")
			if a.header.Get("Retry-After") != "1" {
				t.Error("no Retry-After")
			}
		case a.status != 201:
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if made != 1 || s.send("POST", "/v1/bookings", purchase(offer), h).want(201).body != body {
		t.Errorf("%d bookings were made", made)
	}
	if n := s.events() - before; n != 2 { // confirmed, and the stock
		t.Errorf("%d events, want 2", n)
	}
}

// Property 5: another body is 422 and changes nothing; another order of names is a replay.
func TestReusedKey(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	offer, guest := s.offer(house, house.plan)
	h := s.with(guest)
	data, _ := json.Marshal(purchase(offer)) // a map: names in order
	first := s.send("POST", "/v1/bookings", string(data), h).want(201)
	before := s.events()
	turned := `{"terms_version":"2027-01", "offers":["` + offer + `"], "guest":{"phone":"+1 555 0100","name":"Grace Hopper","email":"Grace@Example.com","country":"US"}}`
	if again := s.send("POST", "/v1/bookings", turned, h).want(201); again.body != first.body {
		t.Error("another order of names was another request")
	}
	other := purchase(offer)
	other["special_requests"] = "A cot"
	s.send("POST", "/v1/bookings", other, h).problem(422, "idempotency-key-reused")
	if s.events() != before {
		t.Error("something was written")
	}
	// The same key of another guest is another request.
	offer2, guest2 := s.offer(house, house.plan)
	h["Authorization"] = "Bearer " + guest2
	s.send("POST", "/v1/bookings", purchase(offer2), h).want(201)
	// A property and a room type once, too.
	for _, path := range []string{"/v1/properties", "/v1/properties/" + house.house + "/room-types"} {
		body := any(content())
		if path != "/v1/properties" {
			body = object{"code": "TWN", "name": "Twin", "stock": 1, "standard_guests": 2, "max_guests": 2}
		}
		h := s.with(house.key)
		one := s.send("POST", path, body, h).want(201)
		if two := s.send("POST", path, body, h).want(201); two.body != one.body {
			t.Errorf("%s was done twice", path)
		}
	}
}

// A sold-out refusal says what else there is; an expired offer says the new price.
func TestRefusedWithAlternatives(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	at := "/v1/properties/" + house.house
	offer, guest := s.offer(house, house.plan)
	s.pass(16 * time.Minute)
	stale := s.as(guest, "POST", "/v1/holds", object{"offers": []string{offer}}).problem(409, "offer-expired")
	fresh := stale.str("offers.0.token")
	s.as(guest, "POST", "/v1/holds", object{"offers": []string{fresh}}).want(201)
	second, guest2 := s.offer(house, house.plan)
	s.as(house.key, "POST", at+"/availability", object{"ranges": []object{{
		"from": "2027-05-15", "through": "2027-05-15", "stock": 1,
	}}}).want(200)
	s.as(guest2, "POST", "/v1/holds", object{"offers": []string{second}}).problem(409, "sold-out")
	s.as(house.key, "POST", at+"/availability", object{"ranges": []object{{
		"from": "2027-05-15", "through": "2027-05-15", "stock": 0,
	}}}).problem(409, "below-sold")
	why := s.send("GET", at+"/explain?arrival=2027-05-15&departure=2027-05-17", nil, nil).want(200)
	if why.str("products.0.refusals.0.code") != "sold_out" || why.str("products.0.total.amount") != "209.40" {
		t.Errorf("explain: %s", why.body)
	}
	s.pass(11 * time.Minute)
	s.as(guest2, "POST", "/v1/holds", object{"offers": []string{second}}).want(201)
}

// Property 68: a revoked key and a disabled person are refused on the next request.
func TestRevoked(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	made := s.as(house.key, "POST", "/v1/keys", object{"name": "desk", "scopes": []string{"properties:read"}}).want(201)
	key := made.str("secret")
	s.as(key, "GET", "/v1/properties", nil).want(200)
	s.as(key, "GET", "/v1/keys", nil).problem(403, "forbidden")
	s.as(key, "POST", "/v1/properties", content()).problem(403, "forbidden")
	if strings.Contains(s.as(house.key, "GET", "/v1/keys", nil).want(200).body, key) {
		t.Error("a secret was shown twice")
	}
	s.as(house.key, "DELETE", "/v1/keys/"+made.str("id"), nil).want(200)
	s.as(key, "GET", "/v1/properties", nil).problem(401, "unauthorized")

	person := object{"email": "Desk@example.com", "name": "Dora", "password": "correct horse battery", "scopes": []string{"properties:read"}}
	staff := s.as(house.key, "POST", "/v1/staff", person).want(201)
	s.send("POST", "/v1/sessions", object{"email": "desk@example.com", "password": "wrong horse battery"}, nil).problem(401, "unauthorized")
	session := s.send("POST", "/v1/sessions", object{"email": "desk@example.com", "password": "correct horse battery"}, nil).want(201).str("token")
	s.as(session, "GET", "/v1/properties", nil).want(200)
	s.as(house.key, "DELETE", "/v1/staff/"+staff.str("id"), nil).want(200)
	s.as(session, "GET", "/v1/properties", nil).problem(401, "unauthorized")

	rotated := s.as(house.key, "POST", "/v1/keys", object{"name": "pms", "scopes": []string{"properties:read"}}).want(201)
	next := s.as(house.key, "POST", "/v1/keys/"+rotated.str("id")+"/rotate", object{"overlap_hours": 1}).want(201)
	s.as(rotated.str("secret"), "GET", "/v1/properties", nil).want(200)
	s.as(next.str("secret"), "GET", "/v1/properties", nil).want(200)
	s.pass(2 * time.Hour)
	s.as(rotated.str("secret"), "GET", "/v1/properties", nil).problem(401, "unauthorized")
	s.send("POST", "/v1/setup", object{"tenant": "Again", "name": "Eve", "email": "eve@example.com", "password": "correct horse battery"},
		headers{"Authorization": "Bearer " + setupToken}).problem(409, "conflict")
}

// A key that is asked for twice is made once, and shown the same.
func TestSecretsReplay(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	body := object{"name": "pms", "scopes": []string{"properties:read"}}
	h := s.with(house.key)
	one := s.send("POST", "/v1/keys", body, h).want(201)
	two := s.send("POST", "/v1/keys", body, h).want(201)
	if one.body != two.body || two.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%s and %s", one.body, two.body)
	}
	body["name"] = "other"
	s.send("POST", "/v1/keys", body, h).problem(422, "idempotency-key-reused")
	s.pass(11 * time.Minute)
	s.send("POST", "/v1/keys", body, h).want(201)
	if n := len(s.as(house.key, "GET", "/v1/keys", nil).want(200).list("keys")); n != 3 {
		t.Errorf("%d keys", n)
	}
	s.send("POST", "/v1/keys", body, headers{"Authorization": "Bearer " + house.key}).problem(400, "idempotency-key-missing")
}
