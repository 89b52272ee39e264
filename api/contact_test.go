package api_test

import (
	"strings"
	"testing"
)

// A hold's guest leaves an address: only who made the hold does, and no answer
// or event repeats it.
func TestContactOfAHold(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	offer, guest := s.offer(house, house.plan)
	hold := s.as(guest, "POST", "/v1/holds", object{"offers": []string{offer}}).want(201)
	at := "/v1/holds/" + hold.str("id") + "/contact"
	body := object{"email": "ada@example.com", "language": "fr"}
	s.as(guest, "POST", at, object{"email": "not one"}).problem(422, "invalid")
	s.as(house.key, "POST", at, body).problem(404, "not-found")
	if got := s.as(guest, "POST", at, body).want(200); got.str("state") != "held" || strings.Contains(got.body, "ada@") {
		t.Errorf("contact: %s", got.body)
	}
	if feed := s.as(house.key, "GET", "/v1/events?limit=500", nil).want(200); strings.Contains(feed.body, "ada@") || !strings.Contains(feed.body, "contact_given") {
		t.Errorf("events: %s", feed.body)
	}
	for range 4 {
		s.as(guest, "POST", at, body).want(200)
	}
	s.as(guest, "POST", at, body).problem(429, "too-many-requests") // the address has had its share of mail
	s.as(guest, "DELETE", "/v1/holds/"+hold.str("id"), nil).want(200)
	body["email"] = "grace@example.com"
	s.as(guest, "POST", at, body).problem(409, "state")
}
