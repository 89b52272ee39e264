package booking_test

import (
	"errors"
	"testing"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
)

// One price that no total can hold takes its own rate off sale, not the house.
func TestAbsurdPriceTakesOnlyItsRateOffSale(t *testing.T) {
	d := newDesk(t)
	absurd := calendar(cardID, doubleID, 1<<62)
	absurd.Version = 1
	d.must(d.store.ApplyRate(d.ctx, rate.Change{PropertyID: houseID, Calendars: []rate.Calendar{absurd}}))
	shop, err := d.Offers(d.ctx, couple(3))
	d.must(err)
	if n := len(shop.Rooms[0].Offers); n != 2 {
		t.Errorf("%d offers, want the two of the sane plan", n)
	}
	reasons, err := d.Explain(d.ctx, couple(3))
	d.must(err)
	for _, p := range reasons.Products {
		if absurd := p.Plan.ID == cardID; absurd == (len(p.Refusals) == 0) && p.RoomType.ID == doubleID {
			t.Errorf("plan %s: refusals %v", p.Plan.ID, p.Refusals)
		}
	}
}

// Rooms whose totals have no sum are no booking.
func TestTotalsThatOverflowTogether(t *testing.T) {
	d := newDesk(t)
	dear := calendar(flexID, doubleID, 1<<61)
	dear.Version = 1
	d.must(d.store.ApplyRate(d.ctx, rate.Change{PropertyID: houseID, Calendars: []rate.Calendar{dear}}))
	token := d.double(2).Token
	d.made(d.Hold(d.ctx, command("one"), []string{token}))
	before := d.events()
	if _, err := d.Hold(d.ctx, command("two"), []string{token, token}); !errors.Is(err, money.ErrOverflow) || d.events() != before {
		t.Errorf("got %v, want ErrOverflow and nothing written", err)
	}
}
