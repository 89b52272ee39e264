package api_test

import (
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/api"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/throttle"
)

// Property 71: a bot that comes as a new visitor each time, holds whatever is
// free and extends it, never has the whole house, and what it had comes back.
func TestHoldingBot(t *testing.T) {
	const rooms, burst = 5, 2
	s := open(t, func(o *api.Options) {
		o.Holds = throttle.NewHolds(throttle.Rate{Burst: burst, Each: burst, Per: booking.HoldLife}, o.Now)
	})
	house := s.first()
	from := func(address, secret, path string, body any) answer {
		h := s.with(secret)
		h["Test-Address"] = address
		return s.send("POST", path, body, h)
	}
	free := func() int {
		s.t.Helper()
		if _, err := s.bookings.Sweep(t.Context(), 100); err != nil {
			t.Fatal(err)
		}
		nights := s.as(house.key, "GET", "/v1/properties/"+house.house+"/availability?from=2027-05-15&through=2027-05-15", nil).want(200)
		return int(nights.at("nights.0.free").(float64))
	}
	type held struct{ secret, at string }
	var bag []held
	refused, least := 0, rooms
	for range 6 * 60 { // three hours
		s.pass(30 * time.Second)
		offer, secret := s.offer(house, house.plan)
		if got := from("198.51.100.9:1", secret, "/v1/holds", object{"offers": []string{offer}}); got.status == 201 {
			bag = append(bag, held{secret, "/v1/holds/" + got.str("id") + "/extend"})
		} else if got.problem(429, "too-many-requests").header.Get("Retry-After") == "" {
			t.Fatal("no Retry-After")
		} else {
			refused++
		}
		for _, h := range bag[max(0, len(bag)-rooms):] {
			from("198.51.100.9:1", h.secret, h.at, nil) // refused when dead, extended often, or too many
		}
		least = min(least, free())
	}
	if least < rooms-2*burst || refused == 0 || len(bag) == 0 {
		t.Errorf("the bot left %d of %d rooms and was refused %d times", least, rooms, refused)
	}
	offer, secret := s.offer(house, house.plan)
	from("203.0.113.5:1", secret, "/v1/holds", object{"offers": []string{offer}}).want(201) // a guest meanwhile
	s.pass(booking.HoldLife)
	if got := free(); got != rooms {
		t.Errorf("%d of %d rooms came back", got, rooms)
	}
}

// A repeated request and one that took nothing are not counted; a house's own
// credential is never limited so.
func TestHoldsThatAreNotCounted(t *testing.T) {
	s := open(t, func(o *api.Options) {
		o.Holds = throttle.NewHolds(throttle.Rate{Burst: 1, Each: 1, Per: booking.HoldLife}, o.Now)
	})
	house := s.first()
	offer, guest := s.offer(house, house.plan)
	s.as(guest, "POST", "/v1/holds", object{"offers": []string{"none"}}).want(422)
	h := s.with(guest)
	s.send("POST", "/v1/holds", object{"offers": []string{offer}}, h).want(201)
	s.as(guest, "POST", "/v1/holds", object{"offers": []string{offer}}).want(429)
	s.pass(booking.HoldLife)
	for range 3 {
		s.send("POST", "/v1/holds", object{"offers": []string{offer}}, h).want(201)
	}
	fresh, other := s.offer(house, house.plan)
	s.as(other, "POST", "/v1/holds", object{"offers": []string{fresh}}).want(201)
	at := "/v1/properties/" + house.house + "/offers?arrival=2027-05-15&departure=2027-05-17"
	for range 3 {
		token := s.as(house.key, "GET", at, nil).want(200).str("rooms.0.offers.0.token")
		s.as(house.key, "POST", "/v1/holds", object{"offers": []string{token}}).want(201)
	}
}
