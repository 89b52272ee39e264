package booking_test

import (
	"errors"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

// Who left an address with a hold is the guest of its booking, and is forgotten
// with a hold that ends otherwise.
func TestContactOfAHold(t *testing.T) {
	d := newDesk(t)
	known := func(b booking.Booking) guest.Guest {
		g, err := d.Guest(d.ctx, b)
		d.must(err)
		return *g
	}
	held := func(key string) booking.Booking {
		b := d.made(d.Hold(d.ctx, command(key), []string{d.double(2).Token}))
		return d.made(d.Contact(d.ctx, command("contact "+key), b, guest.Guest{Email: "ada@example.com", Language: "fr"}))
	}
	b := held("booked")
	if g := known(b); g.Email != "ada@example.com" || g.Language != "fr" || b.State() != booking.Held {
		t.Errorf("guest %+v of a booking that is %s", g, b.State())
	}
	if _, err := d.Contact(d.ctx, command("bad"), b, guest.Guest{Email: "no address"}); !errors.Is(err, guest.ErrInvalid) {
		t.Errorf("a bad address: %v", err)
	}
	if _, err := d.Find(d.ctx, "", "ada@example.com"); !errors.Is(err, booking.ErrNotFound) {
		t.Errorf("a hold is found by its address: %v", err)
	}
	confirmed := d.made(d.BookHold(d.ctx, command("book"), b, purchase()))
	if g := known(confirmed); confirmed.GuestID != b.GuestID || g.Name != "Ada Lovelace" {
		t.Errorf("guest %s %+v of the booking, %s of the hold", confirmed.GuestID, g, b.GuestID)
	}
	if _, err := d.Contact(d.ctx, command("late"), confirmed, guest.Guest{Email: "eve@example.com"}); !errors.Is(err, booking.ErrState) {
		t.Errorf("the contact of a booking: %v", err)
	}

	b = held("expired")
	d.clock.forward(booking.HoldLife + time.Second)
	if _, err := d.Sweep(d.ctx, 10); err != nil {
		t.Fatal(err)
	}
	if g := known(b); g != (guest.Guest{ID: b.GuestID, PropertyID: houseID}) {
		t.Errorf("after the hold: %+v", g)
	}
}

// A guest who typed everything and never paid leaves as little.
func TestWhoNeverPaidIsForgotten(t *testing.T) {
	d := newTill(t)
	p := purchase()
	p.Requests, p.ReturnURL = "a cot, please", "/back"
	pending := func(key string) booking.Booking {
		return d.settle(d.made(d.BookHold(d.ctx, command(key), d.hold(key, payID), p)))
	}
	declined := func(b booking.Booking) booking.Booking {
		d.must(d.bank.Decide(d.asked(b).Page, sandboxpay.TokenDeclined))
		return d.settle(b)
	}
	forgotten := func(name string, b booking.Booking) {
		g, err := d.Guest(d.ctx, b)
		d.must(err)
		if *g != (guest.Guest{ID: b.GuestID, PropertyID: houseID}) || b.Requests != "" {
			t.Errorf("%s: still known as %+v, who wants %q", name, g, b.Requests)
		}
	}
	back := declined(pending("declined"))
	if g, err := d.Guest(d.ctx, back); err != nil || g.Name == "" || back.Requests == "" {
		t.Errorf("the form of another try begins with %+v, %q, %v", g, back.Requests, err)
	}
	lapsed := pending("lapsed")
	d.clock.forward(booking.PendingLife + time.Minute)
	lapsed = d.settle(lapsed)
	d.wants(lapsed, booking.Released)
	forgotten("nobody paid", lapsed)

	late := pending("late")
	d.clock.forward(booking.PendingLife + time.Minute)
	late = declined(late)
	d.wants(late, booking.Released)
	forgotten("declined too late", late)

	if _, err := d.Sweep(d.ctx, 10); err != nil {
		t.Fatal(err)
	}
	forgotten("a hold after a decline", d.again(back))
}

func TestStayedTellsWhatAReviewMayKnow(t *testing.T) {
	d := newDesk(t)
	b := d.made(d.BookOffers(d.ctx, command("book"), withOffers(purchase(), d.double(2).Token)))
	if of, err := d.Stayed(d.ctx, b); err != nil || !of.EndedAt.IsZero() || of.Author != "" {
		t.Errorf("before the stay: %+v, %v", of, err)
	}
	d.at(may1, "16:00")
	b = d.made(d.CheckIn(d.ctx, command("in"), b, 0))
	d.at(may1+2, "10:00")
	b = d.made(d.CheckOut(d.ctx, command("out"), b, 0))
	of, err := d.Stayed(d.ctx, b)
	d.must(err)
	if of.Author != "Ada" || of.Company != review.Couple || of.Month != "2027-05" || stay.On(of.EndedAt, time.UTC) != may1+2 {
		t.Errorf("after the stay: %+v", of)
	}
	b = d.made(d.Erase(d.ctx, command("erase"), b, 0))
	if of, err := d.Stayed(d.ctx, b); err != nil || of.Author != "" {
		t.Errorf("after the erasure: %+v, %v", of, err)
	}
}
