package booking_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// neighbour is the same house once more, under other ids.
func neighbour(id string) store.Bundle {
	b := house()
	p := *b.Property.Property
	p.ID = id
	b.Property.PropertyID, b.Property.Property, b.Rates.PropertyID, b.Inventory.PropertyID = id, &p, id, id
	for i := range b.Property.RoomTypes {
		b.Property.RoomTypes[i].PropertyID = id
	}
	for i := range b.Rates.Plans {
		b.Rates.Plans[i].PropertyID = id
	}
	for i := range b.Rates.Calendars {
		b.Rates.Calendars[i].PropertyID = id
	}
	return b
}

func TestOffersOfTwoHousesAreNoBooking(t *testing.T) {
	d := newDesk(t)
	d.must(d.store.Import(d.ctx, neighbour("prop_other")))
	q := couple(2)
	q.PropertyID = "prop_other"
	tokens := []string{d.double(2).Token, d.offer(q, doubleID, flexID).Token}
	if _, err := d.Hold(d.ctx, command("mixed"), tokens); !errors.Is(err, booking.ErrMixed) {
		t.Errorf("got %v, want ErrMixed", err)
	}
}

// A house may change its currency while offers in the old one are alive.
func TestOffersOfTwoCurrenciesAreNoBooking(t *testing.T) {
	d := newDesk(t)
	token := d.double(2).Token
	plan := house().Rates.Plans[0]
	plan.Currency, plan.Version = "CHF", 1
	d.must(d.store.ApplyRate(d.ctx, rate.Change{PropertyID: houseID, Plans: []rate.Plan{plan}}))
	shop, err := d.Offers(d.ctx, couple(2))
	d.must(err)
	for _, o := range shop.Rooms[0].Offers {
		if o.Currency != "EUR" {
			t.Errorf("an offer in %s at a house that charges EUR", o.Currency)
		}
	}
	p := *house().Property.Property
	p.Currency, p.Version = "CHF", 1
	d.must(d.store.ApplyProperty(d.ctx, property.Change{PropertyID: houseID, Property: &p}))
	if _, err := d.Hold(d.ctx, command("mixed"), []string{token, d.double(2).Token}); !errors.Is(err, booking.ErrMixed) {
		t.Errorf("got %v, want ErrMixed", err)
	}
}

func TestRoomsOfOneBookingAreBounded(t *testing.T) {
	d := newDesk(t)
	tokens := make([]string, booking.MaxRooms+1)
	for i := range tokens {
		tokens[i] = d.double(1).Token
	}
	if _, err := d.Hold(d.ctx, command("many"), tokens); !errors.Is(err, booking.ErrTooMany) {
		t.Errorf("hold of %d rooms: %v, want ErrTooMany", len(tokens), err)
	}
	q := couple(1)
	for len(q.Parties) <= booking.MaxRooms {
		q.Parties = append(q.Parties, q.Parties[0])
	}
	if _, err := d.Offers(d.ctx, q); !errors.Is(err, booking.ErrTooMany) {
		t.Errorf("offers for %d rooms: %v, want ErrTooMany", len(q.Parties), err)
	}
}

// Property 10.
func TestCancelOfAnOldVersionChangesNothing(t *testing.T) {
	d := newDesk(t)
	b := d.made(d.BookOffers(d.ctx, command("book"), withOffers(purchase(), d.double(2).Token)))
	before := d.events()
	if _, err := d.Cancel(d.ctx, command("old"), b, b.Version+1); !errors.Is(err, booking.ErrStale) {
		t.Errorf("got %v, want ErrStale", err)
	}
	if sold, _ := d.counts(doubleID); sold != 1 || d.events() != before {
		t.Errorf("sold %d, %d events more", sold, d.events()-before)
	}
}

func TestClosedHouseOffersNothing(t *testing.T) {
	d := newDesk(t)
	p := *house().Property.Property
	p.Closed, p.Version = true, 1
	d.must(d.store.ApplyProperty(d.ctx, property.Change{PropertyID: houseID, Property: &p}))
	if _, err := d.Offers(d.ctx, couple(2)); !errors.Is(err, property.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestNightsThatAreNotOpenAreNotOffered(t *testing.T) {
	d := newDesk(t)
	q := couple(2)
	q.Stay = stay.Stay{Arrival: may1.Add(59), Departure: may1.Add(61)} // the last open night and one more
	shop, err := d.Offers(d.ctx, q)
	d.must(err)
	if n := len(shop.Rooms[0].Offers); n != 0 {
		t.Errorf("%d offers for a night that has no row", n)
	}
}

func TestAlternativesAreFew(t *testing.T) {
	d := newDesk(t)
	var more rate.Change
	more.PropertyID = houseID
	for i := range 10 {
		plan := house().Rates.Plans[0]
		plan.ID, plan.Code = fmt.Sprint("rate_", i), fmt.Sprint("R", i)
		more.Plans = append(more.Plans, plan)
		more.Calendars = append(more.Calendars, calendar(plan.ID, familyID, 20_000))
	}
	d.must(d.store.ApplyRate(d.ctx, more))
	token := d.double(2).Token
	for i := range 2 {
		d.made(d.BookOffers(d.ctx, command(fmt.Sprint(i)), withOffers(purchase(), token)))
	}
	var soldOut *booking.Unavailable
	if _, err := d.BookOffers(d.ctx, command("third"), withOffers(purchase(), token)); !errors.As(err, &soldOut) || len(soldOut.Offers) != 5 {
		t.Errorf("got %v with %+v, want five alternatives", err, soldOut)
	}
}

// watched remembers the last change that was applied.
type watched struct {
	store.Store
	change booking.Change
	fail   error // what the next apply says
}

func (w *watched) ApplyBooking(ctx context.Context, change booking.Change) error {
	w.change = change
	if err := w.fail; err != nil {
		w.fail = nil
		return err
	}
	return w.Store.ApplyBooking(ctx, change)
}

// A night is written once however many rooms of a type are taken, in key order:
// what keeps two bookings from waiting for each other.
func TestNightsOfAChangeAreMergedInOrder(t *testing.T) {
	d := newDesk(t)
	w := &watched{Store: d.store}
	d.Service = booking.NewService(w, d.keys, d.ids, sandboxpay.New(nil))
	double, family := d.double(2).Token, d.offer(couple(2), familyID, flexID).Token
	d.made(d.Hold(d.ctx, command("three"), []string{family, double, double}))
	want := []inventory.Delta{
		{Key: inventory.Key{RoomTypeID: doubleID, Night: may1}, Held: 2},
		{Key: inventory.Key{RoomTypeID: doubleID, Night: may1 + 1}, Held: 2},
		{Key: inventory.Key{RoomTypeID: familyID, Night: may1}, Held: 1},
		{Key: inventory.Key{RoomTypeID: familyID, Night: may1 + 1}, Held: 1},
	}
	if fmt.Sprint(w.change.Nights) != fmt.Sprint(want) {
		t.Errorf("nights %v, want %v", w.change.Nights, want)
	}
}

// One hold that cannot be ended now does not keep the others from ending.
func TestSweepGoesOnAfterAConflict(t *testing.T) {
	d := newDesk(t)
	w := &watched{Store: d.store}
	d.Service = booking.NewService(w, d.keys, d.ids, sandboxpay.New(nil))
	token := d.double(1).Token
	for i := range 2 {
		d.made(d.Hold(d.ctx, command(fmt.Sprint(i)), []string{token}))
	}
	d.clock.forward(booking.HoldLife)
	w.fail = booking.ErrConflict
	if ended, err := d.Sweep(d.ctx, 10); ended != 1 || err != nil {
		t.Errorf("ended %d holds, %v; want the second of two", ended, err)
	}
}
