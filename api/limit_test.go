package api_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/api"
	"github.com/vacancyhq/vacancy/internal/throttle"
)

// Property 64, a tenth of the addresses and a hundredth of the guesses: over
// a day, of 10^4 guesses from 10^3 addresses in 40 networks at most 10^3 are
// evaluated, and the others say nothing.
func TestGuessing(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	offer, guest := s.offer(house, house.plan)
	booked := s.as(guest, "POST", "/v1/bookings", purchase(offer)).want(201)
	random := rand.New(rand.NewPCG(1, 2))
	evaluated, refused := 0, 0
	var wrong string
	for i := range 10_000 {
		s.pass(24 * time.Hour / 10_000)
		address := fmt.Sprintf("10.0.%d.%d:1234", i%40, i/40%25)
		body := object{"code": fmt.Sprintf("%011d", random.Int64N(1e11)), "email": "grace@example.com"}
		switch got := s.send("POST", "/v1/bookings/lookup", body, headers{"Test-Address": address}); got.status {
		case 404:
			evaluated++
			wrong = got.str("type") + got.str("title") + got.str("detail")
		case 429:
			refused++
			if got.header.Get("Retry-After") == "" {
				t.Fatal("no Retry-After")
			}
		default:
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	if evaluated > 1000 || refused == 0 {
		t.Errorf("%d guesses were evaluated", evaluated)
	}
	// A right code with a wrong address reads like a wrong code.
	s.pass(48 * time.Hour)
	code := booked.str("confirmation_code")
	got := s.send("POST", "/v1/bookings/lookup", object{"code": code, "email": "eve@example.com"}, nil).problem(404, "not-found")
	if got.str("type")+got.str("title")+got.str("detail") != wrong {
		t.Errorf("the answers differ: %s", got.body)
	}
}

// Whoever guesses at one booking's address is stopped however many addresses
// they have; the guest with the right answer is not charged for it.
func TestGuessingOneCode(t *testing.T) {
	s := open(t, nil)
	house := s.first()
	offer, guest := s.offer(house, house.plan)
	code := s.as(guest, "POST", "/v1/bookings", purchase(offer)).want(201).str("confirmation_code")
	right := object{"code": code, "email": "grace@example.com"}
	for range 50 {
		s.send("POST", "/v1/bookings/lookup", right, headers{"Test-Address": "192.0.2.1:1"}).want(200)
	}
	stopped := false
	for i := range 20 {
		body := object{"code": code, "email": fmt.Sprintf("guess%d@example.com", i)}
		stopped = s.send("POST", "/v1/bookings/lookup", body, headers{"Test-Address": fmt.Sprintf("10.%d.0.1:1", i)}).status == 429
	}
	if !stopped {
		t.Error("one code could be guessed at without end")
	}
	// One network of IPv6 is one guesser.
	for i := range 40 {
		address := netip.AddrPortFrom(netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+1)), 1).String()
		stopped = s.send("POST", "/v1/bookings/lookup", object{"code": fmt.Sprint(i), "email": "a@b.example"}, headers{"Test-Address": address}).status == 429
	}
	if !stopped {
		t.Error("a /64 was taken for many guessers")
	}
}

func TestRequestLimits(t *testing.T) {
	s := open(t, func(o *api.Options) {
		o.Limits = api.Limits{Client: throttle.Rate{Burst: 5, Each: 1, Per: time.Second}}
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	})
	from := func(address, forwarded string) answer {
		h := headers{"Test-Address": address}
		if forwarded != "" {
			h["X-Forwarded-For"] = forwarded
		}
		return s.send("GET", "/v1/places?q=x", nil, h)
	}
	for i := range 5 {
		got := from("192.0.2.1:1", "")
		if got.want(200).header.Get("RateLimit-Remaining") != fmt.Sprint(4-i) {
			t.Errorf("remaining %s", got.header.Get("RateLimit-Remaining"))
		}
	}
	if got := from("192.0.2.1:1", "").problem(429, "too-many-requests"); got.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %s", got.header.Get("Retry-After"))
	}
	from("192.0.2.1:9", "203.0.113.7").want(429)           // its word for another address is not taken
	from("10.1.1.1:9", "203.0.113.7").want(200)            // a proxy's is
	from("10.1.1.1:9", "203.0.113.8, 192.0.2.1").want(429) // the last untrusted hop counts
	from("10.1.1.1:9", "192.0.2.1, 203.0.113.9").want(200) // not what the client wrote before it
	from("10.1.1.1:9", "203.0.113.9, 10.2.2.2").want(200)  // through two proxies
	from("10.1.1.1:9", "not an address").want(200)         // then it is the proxy itself
	from("[2001:db8::1]:9", "").want(200)
	s.pass(time.Second)
	from("192.0.2.1:1", "").want(200)
	from("192.0.2.1:1", "").want(429)
	if s.send("GET", "/healthz", nil, headers{"Test-Address": "192.0.2.1:1"}).status != 200 {
		t.Error("health was limited")
	}
}

func TestRequestID(t *testing.T) {
	s := open(t, nil)
	if got := s.send("GET", "/v1/nowhere", nil, headers{"X-Request-Id": "abc-1"}); got.header.Get("X-Request-Id") != "abc-1" || got.str("request_id") != "abc-1" {
		t.Errorf("%v %s", got.header, got.body)
	}
	got := s.send("GET", "/v1/properties", nil, headers{"X-Request-Id": "<script>"})
	if id := got.header.Get("X-Request-Id"); id == "<script>" || id == "" || got.str("request_id") != id {
		t.Errorf("%v %s", got.header, got.body)
	}
}
