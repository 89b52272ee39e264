package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store"
)

var importTests = []test{
	{"Import/Sellable", testImport},
	{"Import/AllOrNothing", testImportAllOrNothing},
	{"Import/Several", testImportSeveral},
	{"Store/MigrateAgain", testMigrateAgain},
	{"Store/Ready", testReady},
}

func testImport(t *testing.T, o Opened) {
	h := sketch(t, o, "prop_new", 3, 2)
	bundle := h.bundle(openNights)
	bundle.Property.Events = []outbox.Event{bundle.Property.Event()}
	h.must(o.Store.Import(h.ctx, bundle))
	h.applied(h.book(h.stay(0, 0, openNights), h.stay(1, 3, 1)))
	if n := h.night(1, 3); n.Version != 2 || n.Stock != 2 || n.Sold != 1 {
		t.Errorf("night %+v after the first sale", n)
	}
	plans, err := o.Store.Plans(h.ctx, h.property.ID)
	h.must(err)
	calendars, err := o.Store.Calendars(h.ctx, h.property.ID)
	h.must(err)
	if len(plans) != 1 || len(calendars) != 2 {
		t.Errorf("%d plans and %d calendars", len(plans), len(calendars))
	}
	// One event for the whole property: 730 nights of each room type are no news.
	if events := h.events(); events[0].Type != property.EventChanged || events[1].Type != "booking.confirmed" && len(events) != 3 {
		t.Errorf("%d events, the first %s", len(events), events[0].Type)
	}
}

func testImportAllOrNothing(t *testing.T, o Opened) {
	h := sketch(t, o, "prop_new", 3)
	h.must(o.Store.Import(h.ctx, h.bundle(openNights)))
	h.applied(h.book(h.stay(0, 0, 1)))
	traces := h.traces()
	wantErr(t, o.Store.Import(h.ctx, h.bundle(openNights)), property.ErrConflict) // again: as it was

	for i, spoil := range []func(b *store.Bundle){
		func(b *store.Bundle) { b.Inventory.Settings[len(b.Inventory.Settings)-1].RoomTypeID = "room_none" },
		func(b *store.Bundle) { b.Inventory.Settings[7].Stock = new(-1) },
		func(b *store.Bundle) { b.Inventory.Settings[len(b.Inventory.Settings)-1].Stock = nil },
		func(b *store.Bundle) { b.Rates.Calendars[0].PlanID = "rate_none" },
		func(b *store.Bundle) { b.Property.RoomTypes = append(b.Property.RoomTypes, b.Property.RoomTypes[0]) },
	} {
		bad := sketch(t, o, fmt.Sprintf("prop_bad_%d", i), 3)
		bundle := bad.bundle(openNights)
		bundle.Property.Events = []outbox.Event{bundle.Property.Event()}
		spoil(&bundle)
		if err := o.Store.Import(h.ctx, bundle); err == nil {
			t.Errorf("bundle %d: taken", i)
		}
		if _, err := o.Store.Property(h.ctx, bad.property.ID); !errors.Is(err, property.ErrNotFound) {
			t.Errorf("bundle %d: half-imported: %v", i, err)
		}
		if rows, err := o.Store.Nights(h.ctx, bad.property.ID, opening, opening.Add(openNights)); err != nil || len(rows) != 0 {
			t.Errorf("bundle %d: %d nights left, %v", i, len(rows), err)
		}
	}
	if h.traces() != traces {
		t.Error("failed imports left something")
	}
	if n := h.night(0, 0); n.Sold != 1 {
		t.Errorf("the second import changed a night to %+v", n)
	}
}

// Several properties come together or not at all, whichever of them is wrong.
func testImportSeveral(t *testing.T, o Opened) {
	var houses []*house
	var bundles []store.Bundle
	for i := range 3 {
		h := sketch(t, o, fmt.Sprintf("prop_%d", i), 3, 2)
		bundle := h.bundle(openNights + i) // not all a round number of nights
		bundle.Property.Events = []outbox.Event{bundle.Property.Event()}
		houses, bundles = append(houses, h), append(bundles, bundle)
	}
	h := houses[0]
	h.must(o.Store.Import(h.ctx, bundles[1]))
	wantErr(t, o.Store.Import(h.ctx, bundles...), property.ErrConflict)
	for _, i := range []int{0, 2} {
		if _, err := o.Store.Property(h.ctx, houses[i].property.ID); !errors.Is(err, property.ErrNotFound) {
			t.Errorf("property %d came without the others: %v", i, err)
		}
	}
	h.must(o.Store.Import(h.ctx, bundles[0], bundles[2]))
	h.must(o.Store.Import(h.ctx)) // nothing
	for i, house := range houses {
		rows, err := o.Store.Nights(h.ctx, house.property.ID, opening, opening.Add(2*openNights))
		h.must(err)
		if want := 2 * (openNights + i); len(rows) != want {
			t.Errorf("property %d has %d nights; want %d", i, len(rows), want)
		}
		for _, n := range rows {
			if n.Version != 1 || n.Sold != 0 || n.Cap != n.Stock {
				t.Fatalf("property %d: %+v", i, n)
			}
		}
		plans, err := o.Store.Plans(h.ctx, house.property.ID)
		h.must(err)
		if len(plans) != 1 || plans[0].Version != 1 || plans[0].PropertyID != house.property.ID {
			t.Errorf("property %d has the plans %+v", i, plans)
		}
	}
	if events := h.events(); len(events) != 3 {
		t.Errorf("%d events for three properties", len(events))
	}
}

func testMigrateAgain(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	h.applied(h.book(h.stay(0, 0, 1)))
	h.must(o.Store.Migrate(h.ctx))
	if all := h.bookings(); len(all) != 1 || all[0].State() != booking.Confirmed {
		t.Errorf("bookings after migrating again: %+v", all)
	}
}

func testReady(t *testing.T, o Opened) {
	if err := o.Store.Ready(t.Context()); err != nil {
		t.Errorf("a fresh store is not ready: %v", err)
	}
}
