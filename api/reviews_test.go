package api_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/review"
)

func scores(all int) object {
	return object{"cleanliness": all, "comfort": all, "location": 10, "facilities": all, "staff": all, "value": all}
}

// stayed is a booking whose guest has left, with the guest's link.
func (s *site) stayed(house tenancy) (id, manage string) {
	offer, guest := s.offer(house, house.plan)
	booked := s.as(guest, "POST", "/v1/bookings", purchase(offer)).want(201)
	at := "/v1/bookings/" + booked.str("id")
	s.as(guest, "POST", at+"/review", object{"scores": scores(9)}).problem(409, "state") // not stayed
	if got := s.as(guest, "GET", at+"/review", nil).want(200); got.str("reason") != "not_stayed" || got.at("possible") != false {
		s.t.Errorf("before the stay: %s", got.body)
	}
	s.until("2027-05-15T16:00:00+02:00")
	s.as(house.key, "POST", at+"/check-in", object{}).want(200)
	s.until("2027-05-17T10:00:00+02:00")
	s.as(house.key, "POST", at+"/check-out", object{}).want(200)
	return booked.str("id"), booked.str("manage_token")
}

// Reviews: written once by the guest who stayed, answered by the house, hidden
// for a reason, and without a name once the guest is erased (Property 69).
func TestReviews(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	id, manage := s.stayed(house)
	at, of := "/v1/properties/"+house.house, "/v1/bookings/"+id
	if got := s.as("", "GET", at+"/reviews", nil).want(200); got.at("summary.count") != 0.0 || len(got.list("reviews")) != 0 {
		t.Errorf("no reviews: %s", got.body)
	}
	draft := object{"scores": scores(8), "title": "A quiet house", "good": "The bay", "bad": "Stairs"}
	s.as(house.key, "POST", of+"/review", draft).problem(404, "not-found") // a house does not praise itself
	s.as(manage, "POST", of+"/review", object{"scores": scores(8), "bad": "4242 4242 4242 4242"}).problem(422, "card-number")
	s.as(manage, "POST", of+"/review", object{"scores": scores(11)}).problem(422, "invalid")
	written := s.as(manage, "POST", of+"/review", draft).want(201)
	if written.at("score") != 8.3 || written.str("author") != "Grace" || written.str("stay_month") != "2027-05" || written.str("booking_id") != id {
		t.Errorf("written: %s", written.body)
	}
	s.as(manage, "POST", of+"/review", draft).problem(409, "state")
	seen := s.as("", "GET", at+"/reviews", nil).want(200)
	if seen.at("summary.score") != 8.3 || seen.at("summary.parts.location") != 10.0 || seen.str("reviews.0.good") != "The bay" || strings.Contains(seen.body, id) {
		t.Errorf("as everybody sees it: %s", seen.body)
	}
	if tag := s.as(manage, "GET", of+"/review", nil).want(200).header.Get("ETag"); tag != `"1"` {
		t.Errorf("ETag %s", tag)
	}
	s.moderate(house, at+"/reviews/"+written.str("id"))
	s.as(house.key, "POST", of+"/erase", nil).want(200)
	after := s.as("", "GET", at+"/reviews", nil).want(200)
	if strings.Contains(after.body, "Grace") || after.str("reviews.0.good") != "The bay" {
		t.Errorf("after the erasure: %s", after.body)
	}
	s.tallies(house, 1)
}

// moderate answers a review, hides it and shows it again.
func (s *site) moderate(house tenancy, at string) {
	t := s.t
	list := strings.TrimSuffix(at, at[strings.LastIndex(at, "/"):])
	if got := s.as(house.key, "POST", at+"/answer", object{"text": "Thank you"}).want(200); got.str("answer.text") != "Thank you" {
		t.Errorf("answered: %s", got.body)
	}
	stale := s.with(house.key)
	stale["If-Match"] = `"1"`
	s.send("POST", at+"/hide", object{"reason": "names staff"}, stale).problem(412, "version")
	s.as(house.key, "POST", at+"/show", nil).problem(409, "state")
	s.as(house.key, "POST", at+"/hide", object{"reason": "names staff"}).want(200)
	s.as(house.key, "POST", at+"/hide", object{"reason": "names staff"}).problem(409, "state")
	if got := s.as("", "GET", list, nil).want(200); got.at("summary.count") != 0.0 || len(got.list("reviews")) != 0 {
		t.Errorf("hidden: %s", got.body)
	}
	if got := s.as(house.key, "GET", strings.Replace(list, "/reviews", "/all-reviews", 1), nil).want(200); got.str("reviews.0.hidden.reason") != "names staff" {
		t.Errorf("as the house sees it: %s", got.body)
	}
	s.as(house.key, "POST", at+"/show", nil).want(200)
	s.as(house.key, "POST", at+"x/answer", object{"text": "?"}).problem(404, "not-found")
}

// tallies checks that the events lead to what the store keeps, with rising versions.
func (s *site) tallies(house tenancy, want int) {
	events, err := s.store.Events(s.t.Context(), outbox.Position{}, 10_000)
	must(s.t, err)
	var last review.Tally
	for _, e := range events {
		tally, ok, err := review.TallyOf(e.Event)
		must(s.t, err)
		if ok && tally.Version <= last.Version {
			s.t.Errorf("tally %+v after %+v", tally, last)
		}
		if ok {
			last = tally
		}
	}
	kept, err := s.store.ReviewTally(s.t.Context(), house.house)
	must(s.t, err)
	if last != kept || kept.Count != want {
		s.t.Errorf("the events lead to %+v, the store keeps %+v", last, kept)
	}
}

// One booking, one review, however many browsers send it.
func TestOneReviewOfManyTries(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	id, manage := s.stayed(house)
	var all sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		all.Go(func() {
			statuses[i] = s.as(manage, "POST", "/v1/bookings/"+id+"/review", object{"scores": scores(7)}).status
		})
	}
	all.Wait()
	made := 0
	for _, status := range statuses {
		switch status {
		case 201:
			made++
		case 409:
		default:
			t.Errorf("status %d", status)
		}
	}
	if made != 1 {
		t.Errorf("%d reviews were written", made)
	}
	s.tallies(house, 1)
}
