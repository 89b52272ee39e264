package booking_test

import (
	"fmt"
	"testing"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

func (d *desk) explained(q booking.Query, roomTypeID, planID string) booking.Explained {
	d.t.Helper()
	reasons, err := d.Explain(d.ctx, q)
	d.must(err)
	for _, e := range reasons.Products {
		if e.RoomType.ID == roomTypeID && e.Plan.ID == planID {
			return e
		}
	}
	d.t.Fatalf("%s under %s is not explained", roomTypeID, planID)
	return booking.Explained{}
}

func codes(refusals []pricing.Refusal) string {
	var all []string
	for _, r := range refusals {
		all = append(all, r.Code)
	}
	return fmt.Sprint(all)
}

func TestExplainAgreesWithTheOffer(t *testing.T) {
	d := newDesk(t)
	e := d.explained(couple(3), doubleID, flexID)
	if offer := d.double(3); len(e.Refusals) > 0 || e.Quote == nil || e.Total.Minor != offer.Total || e.Free != offer.Free {
		t.Errorf("refusals %s, total %s, free %d; the offer is %d, %d free", codes(e.Refusals), e.Total, e.Free, offer.Total, offer.Free)
	}
}

func TestExplainListsEveryRuleThatSaysNo(t *testing.T) {
	d := newDesk(t)
	token := d.double(2).Token
	for i := range 2 {
		d.made(d.BookOffers(d.ctx, command(fmt.Sprint(i)), withOffers(purchase(), token)))
	}
	closed := calendar(flexID, doubleID, 10_000)
	closed.Version = 1
	closed.Rules = []rate.Rule{{
		Span:   rate.Span{From: may1.Add(2), Through: may1.Add(2), Days: stay.EveryDay},
		Closed: true, MinStayThrough: ptr(7),
	}}
	d.must(d.store.ApplyRate(d.ctx, rate.Change{PropertyID: houseID, Calendars: []rate.Calendar{closed}}))

	e := d.explained(couple(3), doubleID, flexID)
	sold := 0
	seen := make(map[string]bool)
	for _, r := range e.Refusals {
		seen[r.Code] = true
		if r.Code == booking.RefusalSoldOut {
			sold++
		}
		if r.Text == "" {
			t.Errorf("%s says nothing to people", r.Code)
		}
	}
	if sold != 2 || len(seen) < 3 || e.Quote != nil {
		t.Errorf("want two sold-out nights, the stop-sell and the minimum stay; got %s", codes(e.Refusals))
	}
}

// Display offers what Offers does, and has a reason for every product that is not offered.
func TestDisplay(t *testing.T) {
	d := newDesk(t)
	q := couple(3)
	q.Parties = append(q.Parties, stay.Party{Adults: 20}) // more than any room holds
	want, err := d.Offers(d.ctx, q)
	d.must(err)
	shop, reasons, err := d.Display(d.ctx, q)
	d.must(err)
	if len(shop.RoomTypes) == 0 || shop.Property.ID != houseID || len(shop.Rooms) != len(want.Rooms) || len(shop.Rooms[0].Offers) == 0 {
		t.Fatalf("%d room types of %s, %d rooms", len(shop.RoomTypes), shop.Property.ID, len(shop.Rooms))
	}
	offered := make(map[string]bool)
	for i, room := range shop.Rooms {
		if len(room.Offers) != len(want.Rooms[i].Offers) {
			t.Errorf("room %d: %d offers, want %d", i, len(room.Offers), len(want.Rooms[i].Offers))
		}
		for _, o := range room.Offers {
			offered[fmt.Sprint(o.Party, o.RoomTypeID, o.PlanID)] = true
		}
	}
	for _, e := range reasons.Products {
		if offered[fmt.Sprint(e.Party, e.RoomType.ID, e.Plan.ID)] == (len(e.Refusals) > 0) {
			t.Errorf("%s under %s for %v: refusals %s", e.RoomType.ID, e.Plan.ID, e.Party, codes(e.Refusals))
		}
	}
}
