package api_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// canary is in every bad value: no answer and no log line may carry it.
const canary = "canary7f3a"

// bad is one wrong request and the problem that it must get.
type bad struct {
	name, method, path string
	body               any
	headers            headers
	status             int
	code               string
	where              string // a location that must be named
}

// Everything in issue 2's "Bad input": the right status, a problem that says
// what to do, nothing echoed, nothing written.
func TestBadInput(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	offer, guest := s.offer(house, house.plan)
	cardOffer, cardGuest := s.offer(house, house.cardPlan)
	cases := append(badQueries("/v1/properties/"+house.house), badBodies(house, offer, guest)...)
	cases = append(cases, badHouse(house)...)
	cases = append(cases, badCards(cardOffer, cardGuest)...)
	before, rows := s.events(), s.rows()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			outer := s.t
			s.t = t
			defer func() { s.t = outer }()
			h := s.with("")
			for name, value := range c.headers {
				h[name] = value
			}
			if h["Idempotency-Key"] == "none" {
				delete(h, "Idempotency-Key")
			}
			got := s.send(c.method, c.path, c.body, h).problem(c.status, c.code)
			if strings.Contains(got.body, canary) {
				t.Errorf("echoed: %s", got.body)
			}
			if c.where != "" && !strings.Contains(got.body, `"`+c.where+`"`) {
				t.Errorf("does not name %s: %s", c.where, got.body)
			}
			if strings.Contains(s.log.String(), canary) {
				t.Error("logged")
			}
		})
	}
	if s.events() != before || s.rows() != rows {
		t.Error("something was written")
	}
	s.as(guest, "POST", "/v1/bookings", purchase(offer)).want(201) // the offer is still good
}

func badQueries(at string) []bad {
	get := func(name, path, where string, code string) bad {
		return bad{name: name, method: "GET", path: path, status: 422, code: code, where: where}
	}
	offers, dates := at+"/offers?", "arrival=2027-05-15&departure=2027-05-17"
	return []bad{
		get("past", offers+"arrival=2026-05-15&departure=2026-05-17", "", "past"),
		get("reversed", offers+"arrival=2027-05-17&departure=2027-05-15", "query.departure", "invalid"),
		get("zero nights", offers+"arrival=2027-05-15&departure=2027-05-15", "query.departure", "invalid"),
		get("ten thousand nights", offers+"arrival=2027-05-15&departure=2054-09-30", "query.departure", "invalid"),
		get("beyond the horizon", offers+"arrival=2030-05-15&departure=2030-05-17", "", "beyond-horizon"),
		get("no date", offers+"departure=2027-05-17", "query.arrival", "invalid"),
		get("no such day", offers+"arrival=2027-02-30&departure=2027-03-02", "query.arrival", "invalid"),
		get("no date at all", offers+"arrival="+canary+"&departure=2027-05-17", "query.arrival", "invalid"),
		get("a thousand rooms", offers+"arrival=2027-05-15&departure=2027-05-17"+strings.Repeat("&party=2", 1000), "query.party", "invalid"),
		get("child of thirty", offers+"arrival=2027-05-15&departure=2027-05-17&party=2:30", "query.party", "invalid"),
		get("nobody", offers+"arrival=2027-05-15&departure=2027-05-17&party=0", "query.party", "invalid"),
		get("thousand adults", offers+"arrival=2027-05-15&departure=2027-05-17&party=999", "query.party", "invalid"),
		get("no party", offers+"arrival=2027-05-15&departure=2027-05-17&party="+canary, "query.party", "invalid"),
		get("two arrivals", offers+"arrival=2027-05-15&arrival=2027-05-16&departure=2027-05-17", "query.arrival", "invalid"),
		get("broken escape", "/v1/places?q=%zz"+canary, "query", "invalid"),
		get("unknown parameter", offers+"arrival=2027-05-15&departure=2027-05-17&"+canary+"=1", "query", "invalid"),
		get("search: negative money", "/v1/search?place=x&currency=EUR&max_total=-1&arrival=2027-05-15&departure=2027-05-17", "query.max_total", "invalid"),
		get("search: unknown currency", "/v1/search?place=x&currency=XXQ&max_total=1&arrival=2027-05-15&departure=2027-05-17", "query.currency", "invalid"),
		get("search: nowhere", "/v1/search?near=91,0&radius_km=5", "query.near", "invalid"),
		get("search: not a number", "/v1/search?near=NaN,"+canary+"&radius_km=5", "query.near", "invalid"),
		get("search: absurd box", "/v1/search?box=91,0,95,10", "query.box", "invalid"),
		get("search: box upside down", "/v1/search?box=50,0,40,10", "query.box", "invalid"),
		get("search: three sides", "/v1/search?box=50,0,40", "query.box", "invalid"),
		get("search: a line for a polygon", "/v1/search?polygon=48.8,2.2,48.9,2.2", "query.polygon", "invalid"),
		get("search: endless polygon", "/v1/search?polygon="+strings.Repeat("48.8,2.2,", 500)+"1,1", "query.polygon", "invalid"),
		get("search: polygon of words", "/v1/search?polygon="+canary, "query.polygon", "invalid"),
		get("search: ten kilobytes of place", "/v1/search?place="+strings.Repeat("a", 10_000), "query.place", "invalid"),
		get("search: rating", "/v1/search?min_rating=11", "query.min_rating", "invalid"),
		get("search: half a tenth", "/v1/search?min_rating=8.55", "query.min_rating", "invalid"),
		get("search: six stars", "/v1/search?stars=6", "query.stars", "invalid"),
		get("search: a kind unknown", "/v1/search?kind=castle", "query.kind", "invalid"),
		get("search: both dates", "/v1/search?arrival=2027-05-15&departure=2027-05-17&arrive_from=2027-05-01", "query.arrive_from", "invalid"),
		get("search: flexible without nights", "/v1/search?arrive_from=2027-05-01&arrive_to=2027-05-31", "query.nights", "invalid"),
		get("search: flexible for a year", "/v1/search?arrive_from=2027-05-01&arrive_to=2028-05-01&nights=2", "query.arrive_to", "invalid"),
		get("search: flexible on no day", "/v1/search?arrive_from=2027-05-03&arrive_to=2027-05-03&nights=2&weekday=fri", "query.arrive_to", "invalid"),
		get("search: a strip without days", "/v1/search/days?arrival=2027-05-15&departure=2027-05-17", "query.arrive_from", "invalid"),
		get("search: a fine net", "/v1/search/map?grid=65", "query.grid", "invalid"),
		get("search: an endless number", "/v1/search?box="+strings.Repeat("1", 90)+",0,40,10", "query.box", "invalid"),
		get("search: box of nothing", "/v1/search?box=48.8,2.2,48.8,2.2&"+dates, "query.box", "invalid"),
		get("search: box of no numbers", "/v1/search?box=NaN,0,40,10", "query.box", "invalid"),
		get("search: polygon that crosses itself", "/v1/search?polygon=0,0,10,10,0,10,10,0&"+dates, "query.polygon", "invalid"),
		get("search: polygon around a pole", "/v1/search?polygon=80,0,80,120,80,-120", "query.polygon", "invalid"),
		get("search: thousands of corners", "/v1/search?polygon="+strings.Repeat("48.8,2.2,", 6_000)+"1,1", "query.polygon", "invalid"),
		get("search: radius of no number", "/v1/search?near=48,2&radius_km=NaN", "query.radius_km", "invalid"),
		get("search: radius without end", "/v1/search?near=48,2&radius_km=Inf", "query.radius_km", "invalid"),
		get("search: the past", "/v1/search?arrival=2020-01-01&departure=2020-01-03", "query.arrival", "invalid"),
		get("search: beyond the horizon", "/v1/search?arrival=2040-01-01&departure=2040-01-03", "query.departure", "invalid"),
		get("search: flexible in the past", "/v1/search/days?arrive_from=2020-01-01&arrive_to=2020-01-30&nights=2", "query.arrive_to", "invalid"),
		get("search: flexible beyond the horizon", "/v1/search/days?arrive_from=2040-01-01&arrive_to=2040-01-30&nights=2", "query.arrive_to", "invalid"),
		get("search: five rooms", "/v1/search?"+dates+strings.Repeat("&party=2", 5), "query.party", "invalid"),
		get("search: ninety-nine rooms", "/v1/search?"+dates+strings.Repeat("&party=2", 99), "query.party", "invalid"),
		get("search: a page without end", "/v1/search?limit=1000000000&"+dates, "query.limit", "invalid"),
		get("search: a number of no integer", "/v1/search?limit="+strings.Repeat("9", 30)+"&"+dates, "query.limit", "invalid"),
		get("search: page by number", "/v1/search?page=1000000000&"+dates, "query", "invalid"),
		get("search: unknown filter", "/v1/search?"+canary+"=true&"+dates, "query", "invalid"),
		get("search: thirty amenities", "/v1/search?"+dates+strings.Repeat("&amenity=wifi", 30), "query.amenity", "invalid"),
		get("search: all the money", "/v1/search?currency=EUR&min_total="+strings.Repeat("9", 39)+"&"+dates, "query.min_total", "invalid"),
		get("search: a cursor without end", "/v1/search?cursor="+strings.Repeat("a", 10_000)+"&"+dates, "query.cursor", "invalid"),
		get("places: ten kilobytes", "/v1/places?q="+strings.Repeat("hotel%20", 1_300), "query.q", "invalid"),
		get("places: all of them", "/v1/places?q=a&limit=1000000000", "query.limit", "invalid"),
		get("search: order", "/v1/search?place=x&sort="+canary, "query.sort", "invalid"),
		get("search: cursor", "/v1/search?place=x&cursor="+canary, "", "invalid"),
		noText("GET", "/v1/places?q=%ff"+canary),
		noText("GET", "/v1/places?q="+canary+"%00"),
		noText("GET", "/v1/places?q=x&%ff"+canary+"=1"),
		noText("GET", "/v1/properties/%00"),
		noText("GET", "/v1/properties/"+canary+"%00"),
		noText("GET", "/v1/properties/%ff/offers?arrival=2027-05-15&departure=2027-05-17"),
		noText("GET", "/v1/bookings/%00"),
		noText("GET", "/v1/properties?cursor=%00"),
		noText("DELETE", "/v1/staff/%00"),
		noText("GET", "/docs?%c3%28"),
		{name: "no such property", method: "GET", path: "/v1/properties/" + canary, status: 404, code: "not-found"},
		{name: "no credential", method: "GET", path: "/v1/properties", status: 401, code: "unauthorized"},
		{name: "a wrong credential", method: "GET", path: "/v1/properties", headers: headers{"Authorization": "Bearer vk_live_" + canary}, status: 401, code: "unauthorized"},
		{name: "another scheme", method: "GET", path: at, headers: headers{"Authorization": "Basic " + canary}, status: 401, code: "unauthorized"},
	}
}

// noText is an address with a NUL or broken UTF-8.
func noText(method, path string) bad {
	return bad{name: "no text: " + method + " " + path, method: method, path: path, status: 400, code: "not-text"}
}

func badBodies(house tenancy, offer, guest string) []bad {
	forged := offer[:len(offer)-4] + "AAAA"
	text, _ := json.Marshal(purchase(offer))
	good := string(text)
	post := func(name string, body any, status int, code, where string) bad {
		return bad{
			name: "book: " + name, method: "POST", path: "/v1/bookings", body: body,
			headers: headers{"Authorization": "Bearer " + guest}, status: status, code: code, where: where,
		}
	}
	with := func(change func(object)) object {
		p := purchase(offer)
		change(p)
		return p
	}
	media := post("wrong media type", good, 415, "media-type", "")
	media.headers["Content-Type"] = "text/plain"
	charset := post("wrong charset", good, 415, "media-type", "")
	charset.headers["Content-Type"] = "application/json; charset=latin1"
	keyless := post("no key", good, 400, "idempotency-key-missing", "")
	keyless.headers["Idempotency-Key"] = "none"
	long := post("long key", good, 400, "idempotency-key-missing", "")
	long.headers["Idempotency-Key"] = strings.Repeat("k", 256)
	stranger := post("no caller", good, 401, "unauthorized", "")
	stranger.headers = headers{}
	return []bad{
		media, charset, keyless, long, stranger,
		post("malformed offer", with(func(p object) { p["offers"] = []string{canary} }), 422, "offer-invalid", ""),
		post("forged offer", with(func(p object) { p["offers"] = []string{forged} }), 422, "offer-invalid", ""),
		post("eleven rooms", with(func(p object) { p["offers"] = strings.Split(strings.Repeat("x ", 10)+"x", " ") }), 422, "invalid", "body.offers"),
		post("neither hold nor offer", with(func(p object) { delete(p, "offers") }), 422, "invalid", "body"),
		post("no guest", with(func(p object) { delete(p, "guest") }), 422, "invalid", "body.guest"),
		post("unknown field", with(func(p object) { p[canary] = 1 }), 422, "invalid", "body"),
		post("folded case", with(func(p object) { p["Terms_Version"] = p["terms_version"]; delete(p, "terms_version") }), 422, "invalid", "body"),
		post("wrong type", with(func(p object) { p["offers"] = canary }), 422, "invalid", "body.offers"),
		post("null guest", with(func(p object) { p["guest"] = nil }), 422, "invalid", "body.guest"),
		post("e-mail", with(func(p object) { p["guest"] = object{"name": "A", "email": canary} }), 422, "invalid", ""),
		post("HTML in the name", with(func(p object) { p["guest"] = object{"name": "<script>" + canary + "</script>", "email": "a@b.example"} }), 422, "invalid", "body.guest.name"),
		post("control character", with(func(p object) { p["guest"] = object{"name": "A\x00" + canary, "email": "a@b.example"} }), 422, "invalid", ""),
		post("long name", with(func(p object) { p["guest"] = object{"name": strings.Repeat(canary, 21), "email": "a@b.example"} }), 422, "invalid", "body.guest.name"),
		post("other terms", with(func(p object) { p["terms_version"] = canary }), 409, "terms-changed", ""),
		post("card number", with(func(p object) { p["special_requests"] = canary + " 4111 1111 1111 1111" }), 422, "card-number", ""),
		post("too large", with(func(p object) { p["special_requests"] = strings.Repeat("x", 1<<20) }), 413, "too-large", ""),
		post("duplicate key", strings.Replace(good, `{"guest"`, `{"terms_version":"`+canary+`","guest"`, 1), 400, "malformed", ""),
		post("duplicate key inside", strings.Replace(good, `"name"`, `"email":"`+canary+`","name"`, 1), 400, "malformed", ""),
		post("bad UTF-8", strings.Replace(good, "Grace Hopper", canary+"\xff", 1), 400, "malformed", ""),
		post("half a surrogate", strings.Replace(good, "Grace Hopper", canary+`\ud800`, 1), 400, "malformed", ""),
		post("something after", good+` {"`+canary+`":1}`, 400, "malformed", ""),
		post("cut off", good[:len(good)-3], 400, "malformed", ""),
		post("not an object", `"`+canary+`"`, 400, "malformed", ""),
		post("not JSON", canary, 400, "malformed", ""),
		post("too deep", strings.Repeat(`{"a":`, 100)+"1"+strings.Repeat("}", 100), 400, "malformed", ""),
		post("empty", nil, 400, "body-missing", ""),
		{name: "hold: nothing", method: "POST", path: "/v1/holds", body: object{"offers": []string{}}, headers: headers{"Authorization": "Bearer " + guest}, status: 422, code: "invalid", where: "body.offers"},
		{name: "cancel: not a booking", method: "POST", path: "/v1/bookings/" + canary + "/cancel", headers: headers{"Authorization": "Bearer " + guest}, status: 404, code: "not-found"},
		{name: "look up: nothing", method: "POST", path: "/v1/bookings/lookup", body: object{"code": canary, "email": canary}, status: 404, code: "not-found"},
		{name: "set up: wrong token", method: "POST", path: "/v1/setup", body: object{}, headers: headers{"Authorization": "Bearer " + canary}, status: 401, code: "setup-token"},
	}
}

// What is wrong with a body is said with its place, and without a word of it.
func TestMalformedSaysWhat(t *testing.T) {
	s := open(t, nil)
	guest, _ := s.accounts.IssueCheckout()
	for body, want := range map[string]string{
		`{"` + canary + `":1,"` + canary + `":2}`:                     "A member is there twice, near byte 15. ",
		`{"guest":{"name":"` + canary + `","name":"` + canary + `"}}`: "A member is there twice, near byte 29. ",
		`{"guest":"` + canary + "\xff\"}":                             "Text is not valid UTF-8, near byte 8. ",
		`{"guest":"` + canary + `\ud800"}`:                            "Text is not valid UTF-8, near byte 8. ",
		`{"guest":` + canary + `}`:                                    "The body is not valid JSON, near byte 8. ",
	} {
		got := s.as(guest, "POST", "/v1/bookings", body).problem(400, "malformed")
		if !strings.HasPrefix(got.str("detail"), want) || strings.Contains(got.body, canary) {
			t.Errorf("%s\nwant %s", got.body, want)
		}
	}
}

func badCards(offer, guest string) []bad {
	body := func(token string) object {
		p := purchase(offer)
		if token != "" {
			p["card_token"] = token
		}
		return p
	}
	h := headers{"Authorization": "Bearer " + guest}
	return []bad{
		{name: "card: none", method: "POST", path: "/v1/bookings", body: body(""), headers: h, status: 422, code: "card-needed"},
		{name: "card: strange", method: "POST", path: "/v1/bookings", body: body(canary), headers: h, status: 422, code: "card-needed"},
		{name: "card: declined", method: "POST", path: "/v1/bookings", body: body("sandbox_card_declined"), headers: h, status: 402, code: "card-declined"},
		{name: "card: provider down", method: "POST", path: "/v1/bookings", body: body("sandbox_provider_down"), headers: h, status: 503, code: "provider-unavailable"},
		{name: "card: number", method: "POST", path: "/v1/bookings", body: body("4111111111111111"), headers: h, status: 422, code: "card-number"},
	}
}

func badHouse(house tenancy) []bad {
	at := "/v1/properties/" + house.house
	write := func(name, method, path string, body any, status int, code, where string) bad {
		return bad{name: name, method: method, path: path, body: body, headers: headers{"Authorization": "Bearer " + house.key}, status: status, code: code, where: where}
	}
	with := func(field string, value any) object {
		c := content()
		c[field] = value
		return c
	}
	price := func(amount string) object {
		return object{"writes": []object{{
			"rate_plan_id": house.plan, "room_type_ids": []string{house.room}, "from": "2027-05-01", "through": "2027-05-02",
			"base": []object{{"guests": 2, "amount": amount}},
		}}}
	}
	nights := func(change object) object {
		r := object{"from": "2027-05-01", "through": "2027-05-02", "stock": 3}
		for k, v := range change {
			r[k] = v
		}
		return object{"ranges": []object{r}}
	}
	stale := write("wrong If-Match", "PUT", at, content(), 412, "version", "")
	stale.headers = headers{"Authorization": "Bearer " + house.key, "If-Match": `"7"`}
	odd := write("odd If-Match", "PUT", at, content(), 422, "invalid", "header.If-Match")
	odd.headers = headers{"Authorization": "Bearer " + house.key, "If-Match": canary}
	return []bad{
		stale, odd,
		write("no If-Match", "PUT", at, content(), 428, "version-needed", ""),
		write("zone", "POST", "/v1/properties", with("zone", canary), 422, "invalid", "body.zone"),
		write("currency", "POST", "/v1/properties", with("currency", "XXQ"), 422, "invalid", "body.currency"),
		write("latitude", "POST", "/v1/properties", with("lat", 91), 422, "invalid", "body.lat"),
		write("kind", "POST", "/v1/properties", with("kind", canary), 422, "invalid", "body.kind"),
		write("stars", "POST", "/v1/properties", with("stars", 6), 422, "invalid", "body.stars"),
		write("name", "POST", "/v1/properties", with("name", "<b>"+canary), 422, "invalid", "body.name"),
		write("negative money", "POST", at+"/prices", price("-1.00"), 422, "invalid", "body.writes[0].base[0].amount"),
		write("no money", "POST", at+"/prices", price(canary), 422, "invalid", "body.writes[0].base[0].amount"),
		write("reversed range", "POST", at+"/availability", nights(object{"from": "2027-05-09"}), 422, "invalid", "body.ranges[0].through"),
		write("past range", "POST", at+"/availability", nights(object{"from": "2026-05-01"}), 422, "past", ""),
		write("far range", "POST", at+"/availability", nights(object{"through": "2032-05-01"}), 422, "beyond-horizon", ""),
		write("negative stock", "POST", at+"/availability", nights(object{"stock": -1}), 422, "invalid", "body.ranges[0].stock"),
		write("too much stock", "POST", at+"/availability", nights(object{"stock": 10001}), 422, "invalid", "body.ranges[0].stock"),
		write("weekday", "POST", at+"/availability", nights(object{"weekdays": []string{canary}}), 422, "invalid", "body.ranges[0].weekdays"),
		write("night's version", "POST", at+"/availability", nights(object{"version": 99}), 412, "version", ""),
		write("scope", "POST", "/v1/keys", object{"name": "k", "scopes": []string{canary}}, 422, "invalid", ""),
		write("short password", "POST", "/v1/staff", object{"email": "a@b.example", "name": "k", "password": "short", "scopes": []string{"admin"}}, 422, "invalid", "body.password"),
		write("plan's parent", "POST", at+"/rate-plans", func() object {
			p := plan("D", "at_property")
			p["derivation"] = object{"parent_id": canary, "factor": 9000}
			return p
		}(), 404, "not-found", ""),
	}
}
