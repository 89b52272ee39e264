package api_test

import (
	"strings"
	"testing"
)

// The desk of a house: what is written is read back, versions guard it.
func TestDesk(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	at := "/v1/properties/" + house.house
	put := func(path string, body any, tag string) answer {
		h := s.with(house.key)
		h["If-Match"] = tag
		return s.send("PUT", path, body, h)
	}
	changed := content()
	changed["name"], changed["stars"], changed["horizon_nights"] = "Pensione Due", 3, 365
	tag := s.as("", "GET", at, nil).want(200).header.Get("ETag")
	if got := put(at, changed, tag).want(200); got.str("name") != "Pensione Due" || got.at("horizon_nights") != 365.0 || got.at("version") != 2.0 || got.str("taxes.0.amount") != "2.10" {
		t.Errorf("property: %s", got.body)
	}
	put(at, changed, tag).problem(412, "version")
	changed["currency"] = "USD"
	put(at, changed, `"2"`).problem(422, "invalid")
	changed["currency"], changed["horizon_nights"] = "EUR", 731
	put(at, changed, `"2"`).problem(422, "invalid")

	room := object{"code": "DBL", "name": "Double", "stock": 4, "standard_guests": 2, "max_guests": 2, "max_children": 1}
	if got := put(at+"/room-types/"+house.room, room, `"1"`).want(200); got.str("name") != "Double" || got.at("max_children") != 1.0 {
		t.Errorf("room type: %s", got.body)
	}
	put(at+"/room-types/"+house.plan, room, `"1"`).problem(404, "not-found")
	p := plan("BAR", "at_property")
	p["supplements"] = []object{{"code": "dog", "name": "Dog", "rhythm": "each_night", "weekdays": []string{"fri"}, "amounts": []object{{"from": "2027-01-01", "through": "2027-12-31", "amount": "7.5"}}}}
	if got := put(at+"/rate-plans/"+house.plan, p, `"1"`).want(200); got.str("supplements.0.amounts.0.amount") != "7.50" || got.str("cancellation.0.until") != "18:00" {
		t.Errorf("plan: %s", got.body)
	}
	derived := plan("SAVE", "at_property")
	derived["derivation"] = object{"parent_id": house.plan, "factor": 9000, "amount": "-1"}
	saved := s.as(house.key, "POST", at+"/rate-plans", derived).want(201)
	if saved.str("derivation.amount") != "-1.00" {
		t.Errorf("derived: %s", saved.body)
	}
	p["derivation"] = object{"parent_id": saved.str("id"), "factor": 9000}
	put(at+"/rate-plans/"+house.plan, p, `"2"`).problem(422, "invalid") // a loop
	if n := len(s.as(house.key, "GET", at+"/rate-plans", nil).want(200).list("rate_plans")); n != 3 {
		t.Errorf("%d plans", n)
	}
	if n := len(s.as(house.key, "GET", at+"/room-types", nil).want(200).list("room_types")); n != 1 {
		t.Errorf("%d room types", n)
	}
}

// Availability, prices and restrictions by ranges and weekdays, with versions.
func TestRates(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	at := "/v1/properties/" + house.house
	s.as(house.key, "POST", at+"/availability", object{"ranges": []object{
		{"from": "2027-05-01", "through": "2027-05-31", "weekdays": []string{"fri", "sat"}, "stock": 8, "out_of_order": 1},
		{"room_type_ids": []string{house.room}, "from": "2027-05-15", "through": "2027-05-15", "blocked": 2},
	}}).want(200)
	nights := s.as(house.key, "GET", at+"/availability?from=2027-05-13&through=2027-05-15", nil).want(200)
	if nights.at("nights.0.free") != 5.0 || nights.at("nights.1.free") != 7.0 || nights.at("nights.2.free") != 5.0 {
		t.Errorf("nights: %s", nights.body)
	}
	s.as(house.key, "GET", at+"/availability?from=2027-05-13&through=2028-05-15", nil).problem(422, "invalid")

	restrict := object{"writes": []object{
		{"rate_plan_id": house.plan, "from": "2027-05-15", "through": "2027-05-15", "min_stay_arrival": 3},
		{"rate_plan_id": house.plan, "room_type_ids": []string{house.room}, "from": "2027-05-20", "through": "2027-05-20", "closed": true, "arrival_days": []string{"mon"}},
	}}
	s.as(house.key, "POST", at+"/restrictions", restrict).want(200)
	why := s.send("GET", at+"/explain?arrival=2027-05-15&departure=2027-05-17", nil, nil).want(200)
	if !strings.Contains(why.body, "los_") && !strings.Contains(why.body, "stay") {
		t.Errorf("explain: %s", why.body)
	}
	calendars := s.as(house.key, "GET", at+"/calendars", nil).want(200)
	if !strings.Contains(calendars.body, `"min_stay_arrival":3`) || !strings.Contains(calendars.body, `"amount":"100.50"`) || !strings.Contains(calendars.body, `"arrival_days":["mon"]`) {
		t.Errorf("calendars: %s", calendars.body)
	}
	write := object{
		"rate_plan_id": house.plan, "room_type_ids": []string{house.room}, "from": "2027-06-01", "through": "2027-06-02",
		"base": []object{{"guests": 2, "amount": "80"}}, "version": 1,
	}
	s.as(house.key, "POST", at+"/prices", object{"writes": []object{write}}).problem(412, "version") // restrictions made it 2
	write["version"] = 2
	if got := s.as(house.key, "POST", at+"/prices", object{"writes": []object{write}}).want(200); got.at("calendars.0.version") != 3.0 {
		t.Errorf("versions: %s", got.body)
	}
	// Lifting the rule opens it again.
	s.as(house.key, "POST", at+"/restrictions", object{"writes": []object{
		{"rate_plan_id": house.plan, "from": "2027-05-15", "through": "2027-05-15", "min_stay_arrival": -1},
	}}).want(200)
	offers := s.send("GET", at+"/offers?arrival=2027-05-15&departure=2027-05-17", nil, nil).want(200)
	if n := len(offers.list("rooms.0.offers")); n != 2 {
		t.Errorf("%d offers: %s", n, offers.body)
	}
}

// A list in pages gives everything once.
func TestPages(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	for range 5 {
		offer, guest := s.offer(house, house.plan)
		s.as(guest, "POST", "/v1/bookings", purchase(offer)).want(201)
	}
	seen := map[string]bool{}
	for cursor, pages := "", 0; ; pages++ {
		page := s.as(house.key, "GET", "/v1/properties/"+house.house+"/bookings?limit=2&cursor="+cursor, nil).want(200)
		for _, b := range page.list("bookings") {
			seen[b.(object)["id"].(string)] = true
		}
		if cursor = page.str("next"); cursor == "" {
			if pages != 2 {
				t.Errorf("%d pages", pages+1)
			}
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d bookings", len(seen))
	}
}

// Property 58: when the last room is sold the house leaves the search, and who
// clicks on what they saw before gets a clean refusal.
func TestLastRoom(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	s.as(house.key, "POST", "/v1/properties/"+house.house+"/availability", object{"ranges": []object{
		{"from": "2027-05-16", "through": "2027-05-16", "stock": 1},
	}}).want(200)
	hits := func() int {
		must(t, s.index.CatchUp(t.Context()))
		return len(s.send("GET", "/v1/search?place=merano&arrival=2027-05-15&departure=2027-05-17", nil, nil).want(200).list("hits"))
	}
	if hits() != 1 {
		t.Fatal("not found while there is a room")
	}
	stale, late := s.offer(house, house.plan)
	offer, guest := s.offer(house, house.plan)
	s.as(guest, "POST", "/v1/bookings", purchase(offer)).want(201)
	if hits() != 0 {
		t.Error("still found")
	}
	if got := s.as(late, "POST", "/v1/bookings", purchase(stale)).problem(409, "sold-out"); got.str("night") != "2027-05-16" {
		t.Errorf("night %s", got.str("night"))
	}
}
