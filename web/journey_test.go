package web_test

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/throttle"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/web"
)

const details = "name=Ana+Lima&email=ana%40example.com&phone=%2B351+1&country=PT&requests=A+quiet+room%2C+please"

// fill writes what every guest in these tests is called.
func (f *form) fill() *form {
	values, _ := url.ParseQuery(details)
	for name := range values {
		f.fields.Set(name, values.Get(name))
	}
	if f.fields.Has("card") {
		f.fields.Set("card", sandboxpay.TokenOK)
	}
	return f.set("accept", "yes")
}

// checkout brings a new visitor to the checkout of the house's cheapest room.
func (h *house) checkout(p property.Property) *visitor {
	h.t.Helper()
	v := h.visitor().get("/hotels/" + p.ID)
	v.wants(200, p.Name)
	return v.form("/hold").send().wants(200, "Your details", "kept for you until")
}

func TestJourney(t *testing.T) {
	h := open(t, 40)
	p := h.build(3, property.Property{Name: "Hôtel de l'Escalier", Stars: 3, Address: "12 rue du Chat"})
	v := h.visitor().get("/").wants(200, "Where people go")
	v.form("/").set("place", "Hôtel de l'Escalier").send().wants(200, p.Name, "2 nights")
	if strings.Contains(v.url.RawQuery, "c1=") || !strings.Contains(v.url.RawQuery, "room=2") {
		t.Errorf("the address is not the short one: %s", v.url)
	}
	v.follow("/hotels/"+p.ID).wants(200, "Check-in from 15:00", "Europe/Paris", "Free cancellation until")
	v.row("Flexible").send().wants(200, "Your details", "kept for you until 10:10 (Europe/Paris)")
	v.form(v.url.Path).fill().send().wants(200, "You are expected, Ana Lima", "A quiet room, please", "Confirmed")
	manage := v.url.Path
	if all := h.booked(p.ID); len(all) != 1 || all[0].State() != booking.Confirmed || all[0].Accepted.Version != "2026-1" {
		t.Fatalf("bookings: %+v", all)
	}
	code := regexp.MustCompile(`[0-9A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(v.words())

	stranger := h.visitor()
	stranger.get("/find").form("/find").set("code", strings.ToLower(code), "email", "ANA@example.com").send().wants(200, "You are expected")
	stranger.follow(manage+"/cancel").wants(200, "Cancelling now costs nothing")
	stranger.form("/cancel").send().wants(200, "This booking is cancelled", "Nothing is owed")
	if state := h.booked(p.ID)[0].State(); state != booking.Cancelled {
		t.Errorf("state %s", state)
	}
	stranger.get(manage+"/cancel").wants(200, "This booking is cancelled")
}

func TestSubmittedTwice(t *testing.T) {
	h := open(t, 1)
	p := h.build(5, property.Property{Name: "Twice"})
	v := h.visitor().get("/hotels/" + p.ID)
	holds := v.form("/hold")
	first := holds.send().url.Path
	if second := holds.send().url.Path; second != first {
		t.Errorf("two holds: %s, %s", first, second)
	}
	book := v.form(first).fill()
	one := book.send().wants(200, "You are expected").url.Path
	if two := book.send().url.Path; two != one {
		t.Errorf("two pages: %s, %s", one, two)
	}
	book.set("name", "Ana Maria Lima").send().wants(200, "You are expected, Ana Lima") // back, edited, sent again
	cancel := v.follow(one + "/cancel").form("/cancel")
	cancel.send().wants(200, "cancelled")
	cancel.send().wants(200, "cancelled")
	if all := h.booked(p.ID); len(all) != 1 {
		t.Errorf("%d bookings", len(all))
	}
}

func TestHoldExpires(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Slow"})
	v := h.checkout(p)
	old := v.url.Path
	guest := v.form(old).fill()
	h.forward(booking.HoldLife + time.Second)
	guest.send().wants(409, "The time for this room has passed", "What you typed is kept")
	if strings.Contains(v.url.String(), "ana") {
		t.Error("details in the address")
	}
	v.form("/again").send().wants(200, "Your details")
	again := v.form("").set() // the first form is the guest's
	if again.fields.Get("email") != "ana@example.com" || again.fields.Get("requests") != "A quiet room, please" {
		t.Errorf("typed again: %v", again.fields)
	}
	again.fill().send().wants(200, "You are expected, Ana Lima")
	v.get(old).wants(409, "The time for this room has passed")
}

func TestExtendKeepsWhatWasTyped(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Longer"})
	v := h.checkout(p)
	h.forward(9 * time.Minute)
	f := v.form(v.url.Path).fill()
	f.sendTo(f.action+"/extend").wants(200, "until 10:19 (Europe/Paris)")
	if typed := v.form("").fields.Get("name"); typed != "Ana Lima" {
		t.Errorf("name %q", typed)
	}
	h.forward(8 * time.Minute)
	v.form("").fill().send().wants(200, "You are expected")
}

func TestReleaseGivesTheRoomBack(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Back"})
	v := h.checkout(p)
	f := v.form(v.url.Path)
	f.sendTo(f.action+"/release").wants(200, "Choose your room")
	if state := h.booked(p.ID)[0].State(); state != booking.Released {
		t.Errorf("state %s", state)
	}
}

func TestSoldOutWhileChoosing(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Race"})
	slow, fast := h.visitor().get("/hotels/"+p.ID), h.visitor().get("/hotels/"+p.ID)
	fast.form("/hold").send().wants(200, "Your details")
	slow.form("/hold").send().wants(409, "Somebody was faster")
	// What is left, if anything, is offered at once.
	if strings.Contains(slow.words(), "Reserve") {
		slow.form("/hold").send().wants(200, "Your details")
	}
}

func TestOfferExpires(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Tab left open"})
	v := h.visitor().get("/hotels/" + p.ID)
	h.forward(booking.OfferLife + 2*time.Second)
	v.form("/hold").send().wants(409, "prices of now").form("/hold").send().wants(200, "Your details")
}

func TestErrorsBesideTheirField(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Strict"})
	v := h.checkout(p)
	f := v.form(v.url.Path).fill()
	f.fields.Del("accept")
	f.set("email", "not an address", "name", " ").send().wants(422, "Write the name", "Write one e-mail address", "Tick this")
	back := v.form("")
	if back.fields.Get("email") != "not an address" || back.fields.Get("phone") != "+351 1" {
		t.Errorf("typed: %v", back.fields)
	}
	if back.fields.Get("key") != f.fields.Get("key") {
		t.Error("another key: a lost answer could book twice")
	}
	back.fill().send().wants(200, "You are expected")
}

func TestCardGuarantee(t *testing.T) {
	h := open(t, 1)
	p := h.build(2, property.Property{Name: "Careful"})
	v := h.checkout(p).wants(200, "Guarantee")
	v.form("").fill().set("card", "").send().wants(422, "Choose a card")
	v.form("").fill().set("card", sandboxpay.TokenDeclined).send().wants(422, "declined this card", "Nothing was booked")
	v.form("").fill().set("card", sandboxpay.TokenDown).send().wants(503, "nothing was booked")
	v.form("").fill().send().wants(200, "You are expected")
	if all := h.booked(p.ID); len(all) != 1 || all[0].Guarantee == "" {
		t.Errorf("bookings: %+v", all)
	}
}

func TestSeveralRooms(t *testing.T) {
	h := open(t, 1)
	p := h.build(3, property.Property{Name: "Family"})
	v := h.visitor().get("/hotels/" + p.ID + "?arrival=2026-12-18&departure=2026-12-20&room=2&room=2&room=1-7")
	v.wants(200, "2 × 2 adults", "1 adult, a child of 7", "Choose 3 rooms in all")
	f := v.form("/hold")
	f.fields["n"][0] = "0"
	f.send().wants(422, "You chose 1 room, but are looking for 3 rooms")
	v.form("/hold").send().wants(200, "Your details")
	v.form("").fill().send().wants(200, "You are expected")
	if stays := h.booked(p.ID)[0].Stays; len(stays) != 3 {
		t.Errorf("%d stays", len(stays))
	}
}

func TestSomebodyElsesHold(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Mine"})
	mine := h.checkout(p)
	f := mine.form(mine.url.Path).fill()
	stranger := h.visitor().get("/hotels/" + p.ID + "?arrival=2026-12-18&departure=2026-12-20&room=2")
	if !strings.Contains(stranger.header.Get("Set-Cookie"), "vacancy_checkout") {
		t.Fatal("the stranger is nobody: without a token of their own they prove nothing")
	}
	for _, other := range []*visitor{h.visitor(), stranger} {
		other.get(mine.url.Path).wants(404)
		for _, path := range []string{"", "/extend", "/release", "/again"} {
			other.do("POST", mine.url.Path+path, f.fields.Encode(), nil).wants(404)
		}
	}
	if state := h.booked(p.ID)[0].State(); state != booking.Held {
		t.Errorf("state %s", state)
	}
}

func TestFindSaysNothing(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Quiet"})
	v := h.checkout(p)
	v.form("").fill().send().wants(200)
	code := h.booked(p.ID)[0].Code
	other := h.visitor()
	wrongMail := other.get("/find").form("/find").set("code", code, "email", "eve@example.com").send().wants(404).words()
	wrongCode := other.get("/find").form("/find").set("code", "00000000000", "email", "ana@example.com").send().wants(404).words()
	if wrongMail != wrongCode {
		t.Errorf("two answers:\n%s\n%s", wrongMail, wrongCode)
	}
	for range 20 { // who finds the booking is not limited
		other.get("/find").form("/find").set("code", code, "email", "ana@example.com").send().wants(200, "You are expected")
	}
	for i := range 8 {
		other.get("/find").form("/find").set("code", fmt.Sprintf("%011d", i), "email", "ana@example.com").send().wants(404)
	}
	other.get("/find").form("/find").set("code", code, "email", "ana@example.com").send().wants(429, "Too many attempts")
	h.forward(time.Hour)
	other.get("/find").form("/find").set("code", code, "email", "ana@example.com").send().wants(200)
}

func TestFloodsAreSlowedDown(t *testing.T) {
	h := open(t, 1, func(o *web.Options) { o.Visits = throttle.Rate{Burst: 3, Each: 1, Per: time.Second} })
	v := h.visitor()
	for range 3 {
		v.get("/find").wants(200)
	}
	v.get("/find").wants(429, "a little fast")
	h.forward(time.Second)
	v.get("/find").wants(200)
}

// Property 71, on the pages: cookies are thrown away, the address stays.
func TestHoldsOfOneAddressAreFew(t *testing.T) {
	h := open(t, 1, func(o *web.Options) {
		o.Holds = throttle.NewHolds(throttle.Rate{Burst: 1, Each: 1, Per: booking.HoldLife}, o.Now)
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} // what comes from here is not counted itself
	})
	p := h.build(5, property.Property{Name: "Popular"})
	first := h.checkout(p)
	first.form("").sendTo(first.url.Path+"/extend").wants(429, "Too many rooms are being kept")
	h.visitor().get("/hotels/"+p.ID).row("Flexible").send().wants(429, "Nothing was booked")
	h.forward(booking.HoldLife)
	h.checkout(p).wants(200)
}

func TestSaysWhy(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Curious"})
	h.checkout(p) // somebody holds the only double room
	v := h.visitor().get("/hotels/" + p.ID)
	v.wants(200, "What is not available, and why", "is sold out on")
	v.get("/hotels/"+p.ID+"?arrival=2026-12-18&departure=2026-12-20&room=9").wants(200, "No room is free here", "Look at other places in Paris")
}

func TestDeadlinePassesOnTheCancelPage(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Late"})
	v := h.visitor().get("/hotels/" + p.ID)
	v.row("Flexible").send()
	v.form("").fill().send()
	cancel := v.get(v.url.Path+"/cancel").wants(200, "Cancel without a fee").form("/cancel")
	h.forward(25 * 24 * time.Hour) // one day before the arrival
	cancel.send().wants(409, "A deadline has passed", "Nothing was cancelled yet")
	if state := h.booked(p.ID)[0].State(); state != booking.Confirmed {
		t.Fatalf("state %s", state)
	}
	v.form("/cancel").send().wants(200, "This booking is cancelled", "The fee is €")
}
