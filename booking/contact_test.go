package booking_test

import (
	"errors"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
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
