package api_test

import (
	"strings"
	"testing"
	"time"
)

func contractOf(t tenancy) object {
	return object{"stays": []object{{
		"room_type_id": t.room, "rate_plan_id": t.plan, "arrival": "2027-05-15", "departure": "2027-05-17",
		"party": object{"adults": 2}, "night_prices": []string{"80", "85.50"}, "adjustment": "-5", "reason": "regular",
	}}, "guest": object{"name": "Herr Gruber"}}
}

// until moves the clock to an instant.
func (s *site) until(at string) {
	s.t.Helper()
	instant, err := time.Parse(time.RFC3339, at)
	must(s.t, err)
	s.pass(instant.Sub(s.clock()))
}

// The house's day: a walk-in, its arrival, its money, its leaving, its erasure.
func TestFrontDesk(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	entered := s.as(house.key, "POST", "/v1/properties/"+house.house+"/bookings", contractOf(house)).want(201)
	if entered.str("total.amount") != "165.50" || entered.str("guest.name") != "Herr Gruber" || entered.str("state") != "confirmed" {
		t.Fatalf("entered: %s", entered.body)
	}
	at := "/v1/bookings/" + entered.str("id")
	stay := entered.str("stays.0.id")
	s.as(house.key, "POST", at+"/check-in", object{}).problem(409, "state") // a day that is not yet
	s.until("2027-05-15T16:00:00+02:00")
	if in := s.as(house.key, "POST", at+"/check-in", object{"stay_ids": []string{stay}}).want(200); in.str("state") != "in_house" || in.str("stays.0.checked_in_at") == "" {
		t.Errorf("checked in: %s", in.body)
	}
	s.as(house.key, "POST", at+"/check-in", object{"stay_ids": []string{"stay_x"}}).problem(404, "not-found")
	s.as(house.key, "POST", at+"/undo", object{}).want(200)
	s.as(house.key, "POST", at+"/check-in", object{}).want(200)
	s.as(house.key, "POST", at+"/room-move", object{"stay_id": stay, "room_type_id": "room_x"}).problem(404, "not-found")
	s.as(house.key, "POST", at+"/notes", object{"text": "card 4242 4242 4242 4242"}).problem(422, "card-number")
	s.as(house.key, "POST", at+"/notes", object{"text": "Early breakfast for Herr Gruber"}).want(200)

	s.as(house.key, "POST", at+"/payments", object{"method": "cash", "amount": "160.501"}).problem(422, "invalid")
	s.as(house.key, "POST", at+"/payments", object{"method": "cash", "amount": "160.51"}).problem(409, "state")
	s.as(house.key, "POST", at+"/payments", object{"method": "cash", "amount": "160.50", "reference": "till 1"}).want(200)
	s.as(house.key, "POST", at+"/paybacks", object{"method": "cash", "amount": "10"}).want(200)
	account := s.as(house.key, "GET", at+"/account", nil).want(200)
	if account.str("charged.amount") != "160.50" || account.str("received.amount") != "150.50" || account.str("open.amount") != "10.00" {
		t.Errorf("account: %s", account.body)
	}
	s.as(house.key, "POST", at+"/erase", nil).problem(409, "state")
	s.until("2027-05-17T10:00:00+02:00")
	s.as(house.key, "POST", at+"/check-out", object{}).want(200)
	timeline := s.as(house.key, "GET", at+"/timeline", nil).want(200)
	var kinds []string
	for _, e := range timeline.list("entries") {
		kinds = append(kinds, e.(map[string]any)["kind"].(string))
	}
	if got := strings.Join(kinds, " "); got != "confirmed checked_in undone checked_in noted paid paid_back checked_out" {
		t.Errorf("timeline: %s", got)
	}
	dossier := s.as(house.key, "GET", at+"/dossier", nil).want(200)
	if dossier.str("booking.guest.name") != "Herr Gruber" || len(dossier.list("postings")) != 3 || dossier.str("notes.0.text") == "" {
		t.Errorf("dossier: %s", dossier.body)
	}
	s.as(house.key, "POST", at+"/erase", nil).want(200)
	for _, path := range []string{"/dossier", "/timeline", ""} {
		if left := s.as(house.key, "GET", at+path, nil).want(200); strings.Contains(left.body, "Gruber") {
			t.Errorf("%s after the erasure: %s", path, left.body)
		}
	}
}

// Property 63: a guest, or whoever has the link, is not the house.
func TestTheDeskIsNotTheGuests(t *testing.T) {
	s := open(t, nil)
	house, other := s.first(), s.second()
	offer, guest := s.offer(house, house.plan)
	booked := s.as(guest, "POST", "/v1/bookings", purchase(offer)).want(201)
	at := "/v1/bookings/" + booked.str("id")
	for _, path := range []string{"/check-in", "/check-out", "/no-show", "/undo", "/room-move", "/notes", "/payments", "/paybacks", "/erase"} {
		s.as(guest, "POST", at+path, object{}).problem(401, "unauthorized")
		s.as(booked.str("manage_token"), "POST", at+path, object{}).problem(401, "unauthorized")
		s.as(other.key, "POST", at+path, object{}).problem(404, "not-found")
	}
	for _, path := range []string{"/timeline", "/dossier"} {
		s.as(guest, "GET", at+path, nil).problem(401, "unauthorized")
	}
	agreed := object{"stays": []object{{"stay_id": booked.str("stays.0.id"), "night_prices": []string{"1", "1"}, "reason": "mine"}}}
	s.as(guest, "POST", at+"/change-offers", agreed).problem(403, "forbidden")
	s.as(booked.str("manage_token"), "POST", at+"/change-offers", agreed).problem(403, "forbidden")
	s.as(house.key, "POST", at+"/change-offers", agreed).want(200)
	// An agency of another tenant may change what it booked, but not say what it costs.
	offered := s.as(other.key, "GET", "/v1/properties/"+house.house+"/offers?arrival=2027-05-15&departure=2027-05-17&party=2", nil).want(200)
	agency := s.as(other.key, "POST", "/v1/bookings", purchase(offered.tokenOf(house.plan))).want(201)
	agreed["stays"].([]object)[0]["stay_id"] = agency.str("stays.0.id")
	s.as(other.key, "POST", "/v1/bookings/"+agency.str("id")+"/change-offers", agreed).problem(403, "forbidden")
	s.as(other.key, "POST", "/v1/bookings/"+agency.str("id")+"/check-in", object{}).problem(404, "not-found")
}

// Property 11: a guest changes the dates from the link, at the price of the dry run.
func TestGuestChangesDates(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	offer, guest := s.offer(house, house.plan)
	booked := s.as(guest, "POST", "/v1/bookings", purchase(offer)).want(201)
	at, manage := "/v1/bookings/"+booked.str("id"), booked.str("manage_token")
	stay := booked.str("stays.0.id")
	s.as(house.key, "POST", "/v1/properties/"+house.house+"/prices", object{"writes": []object{{
		"rate_plan_id": house.plan, "room_type_ids": []string{house.room}, "from": "2027-05-01", "through": "2027-05-31",
		"base": []object{{"guests": 2, "amount": "120"}},
	}}}).want(200)
	wanted := object{"stays": []object{{"stay_id": stay, "departure": "2027-05-18"}}}
	change := s.as(manage, "POST", at+"/change-offers", wanted).want(200)
	if change.str("difference.amount") != "124.20" || change.str("stays.0.fee.amount") != "0.00" || change.str("stays.0.room.total.amount") != "333.60" {
		t.Fatalf("change offer: %s", change.body)
	}
	token := object{"token": change.str("token")}
	s.as(manage, "POST", at+"/change", token).problem(428, "version-needed")
	h := s.with(manage)
	h["If-Match"] = `"7"`
	s.send("POST", at+"/change", token, h).problem(412, "version")
	h = s.with(manage)
	h["If-Match"] = `"1"`
	if changed := s.send("POST", at+"/change", token, h).want(200); changed.str("total.amount") != "333.60" || changed.at("version") != 2.0 {
		t.Errorf("changed: %s", changed.body)
	}
	crowd := object{"stays": []object{{"stay_id": stay, "party": object{"adults": 4}}}}
	if refused := s.as(manage, "POST", at+"/change-offers", crowd).problem(409, "change-refused"); refused.str("errors.0.location") != "rule.guests_above_max" {
		t.Errorf("refused: %s", refused.body)
	}
	s.as(manage, "POST", at+"/stays/cancel", object{"stay_ids": []string{stay}}).want(200)
	s.as(manage, "POST", at+"/change-offers", wanted).problem(409, "state")
}
