package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
)

var inventoryTests = []test{
	{"Inventory/Settings", testSettings},
	{"Inventory/SettingErrors", testSettingErrors},
	{"Inventory/OpenOnly", testOpenOnly},
	{"Inventory/BelowSold", testBelowSold},
	{"Inventory/Constraint", testConstraint},
	{"Inventory/ForcedSale", testForcedSale},
	{"Inventory/Duplicate", testInventoryDuplicate},
	{"Inventory/Counts", testCounts},
}

func (h *house) set(settings ...inventory.Setting) error {
	return h.Store.ApplyInventory(h.ctx, inventory.Change{PropertyID: h.property.ID, Settings: settings, By: "stf_ana"})
}

func (h *house) force(settings ...inventory.Setting) error {
	return h.Store.ApplyInventory(h.ctx, inventory.Change{PropertyID: h.property.ID, Settings: settings, By: "stf_ana", Force: true})
}

func (h *house) cases() []inventory.Case {
	h.t.Helper()
	all, err := h.Store.Cases(h.ctx, h.property.ID)
	h.must(err)
	return all
}

// wantNight compares the counters; the version has its own rule: it rises.
func (h *house) wantNight(want inventory.Night, room, night int) {
	h.t.Helper()
	got := h.night(room, night)
	want.RoomTypeID, want.Night, want.Version = got.RoomTypeID, got.Night, got.Version
	if got != want {
		h.t.Errorf("night %+v\nwant  %+v", got, want)
	}
}

func testSettings(t *testing.T, o Opened) {
	h := newHouse(t, o, 5)
	key := h.key(0, 0)
	h.wantNight(inventory.Night{Stock: 5, Cap: 5}, 0, 0)
	for _, step := range []struct {
		set  inventory.Setting
		want inventory.Night
	}{
		{inventory.Setting{OutOfOrder: new(2)}, inventory.Night{Stock: 5, OutOfOrder: 2, Cap: 3}},
		{inventory.Setting{Overbooking: new(4)}, inventory.Night{Stock: 5, OutOfOrder: 2, Cap: 7}},
		{inventory.Setting{Stock: new(10)}, inventory.Night{Stock: 10, OutOfOrder: 2, Cap: 12}},
		{inventory.Setting{Blocked: new(3)}, inventory.Night{Stock: 10, OutOfOrder: 2, Cap: 12, Blocked: 3}},
		{inventory.Setting{OutOfOrder: new(0), Overbooking: new(0)}, inventory.Night{Stock: 10, Cap: 10, Blocked: 3}},
		{inventory.Setting{}, inventory.Night{Stock: 10, Cap: 10, Blocked: 3}},
	} {
		step.set.Key, step.set.Version = key, h.night(0, 0).Version
		h.must(h.set(step.set))
		h.wantNight(step.want, 0, 0)
	}
	h.wantNight(inventory.Night{Stock: 5, Cap: 5}, 0, 1)
	h.must(h.set(inventory.Setting{Key: h.key(0, openNights), Stock: new(3), OutOfOrder: new(1), Overbooking: new(2), Blocked: new(1)}))
	h.wantNight(inventory.Night{Stock: 3, OutOfOrder: 1, Cap: 4, Blocked: 1}, 0, openNights)
	h.audit()
}

func testSettingErrors(t *testing.T, o Opened) {
	h := newHouse(t, o, 5)
	before, traces := h.night(0, 0), h.traces()
	good := inventory.Setting{Key: h.key(0, 0), Stock: new(9)}
	other := good
	other.RoomTypeID = "room_none"
	for _, c := range []struct {
		name string
		set  inventory.Setting
		want error
	}{
		{"no row, no stock", inventory.Setting{Key: h.key(0, openNights), OutOfOrder: new(1)}, inventory.ErrNotOnSale},
		{"old version", inventory.Setting{Key: h.key(0, 1), Stock: new(9), Version: 77}, inventory.ErrConflict},
		{"version of no row", inventory.Setting{Key: h.key(0, openNights), Stock: new(9), Version: 1}, inventory.ErrConflict},
		{"negative", inventory.Setting{Key: h.key(0, 1), Stock: new(-1)}, inventory.ErrInvalid},
		{"too many", inventory.Setting{Key: h.key(0, 1), Stock: new(inventory.MaxStock + 1)}, inventory.ErrInvalid},
		{"cap below zero", inventory.Setting{Key: h.key(0, 1), OutOfOrder: new(6)}, inventory.ErrInvalid},
		{"more blocked than there are", inventory.Setting{Key: h.key(0, 1), Blocked: new(6)}, inventory.ErrBelowSold},
		{"no such room type", other, property.ErrNotFound},
	} {
		err := h.set(good, c.set)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if after := h.night(0, 0); after != before || h.traces() != traces {
		t.Errorf("failed changes left %+v", after)
	}
}

func testOpenOnly(t *testing.T, o Opened) {
	h := newHouse(t, o, 5)
	h.applied(h.book(h.stay(0, 0, 1)))
	before := h.night(0, 0)
	h.must(o.Store.ApplyInventory(h.ctx, inventory.Change{PropertyID: h.property.ID, OpenOnly: true, Settings: []inventory.Setting{
		{Key: h.key(0, 0), Stock: new(99)}, {Key: h.key(0, openNights), Stock: new(7)},
	}}))
	if after := h.night(0, 0); after != before {
		t.Errorf("OpenOnly changed an open night to %+v", after)
	}
	h.wantNight(inventory.Night{Stock: 7, Cap: 7}, 0, openNights)
	h.audit()
}

// Property 16.
func testBelowSold(t *testing.T, o Opened) {
	h := newHouse(t, o, 3)
	for range 2 {
		h.applied(h.book(h.stay(0, 4, 1)))
	}
	lower := inventory.Setting{Key: h.key(0, 4), Stock: new(1)}
	traces := h.traces()
	err := h.set(lower)
	night := new(inventory.NightError)
	if !errors.Is(err, inventory.ErrBelowSold) || !errors.As(err, &night) || night.Key != lower.Key {
		t.Errorf("lowering the cap below what is sold: %v, want ErrBelowSold with the night", err)
	}
	if h.traces() != traces || len(h.cases()) != 0 {
		t.Error("the refused change left something")
	}
	h.must(h.force(lower))
	h.wantNight(inventory.Night{Stock: 1, Cap: 1, Sold: 2, Oversold: 1}, 0, 4)
	cases := h.cases()
	if len(cases) != 1 || cases[0].Key != lower.Key || cases[0].Oversold != 1 || cases[0].By != "stf_ana" ||
		cases[0].PropertyID != h.property.ID || cases[0].ID == "" || cases[0].OpenedAt.IsZero() {
		t.Errorf("cases %+v, want one that names the night, the rooms and who forced it", cases)
	}
	// What makes it no worse needs no force, and opens no second case.
	h.must(h.set(inventory.Setting{Key: h.key(0, 4), OutOfOrder: new(0)}))
	wantErr(t, h.set(inventory.Setting{Key: h.key(0, 4), OutOfOrder: new(1)}), inventory.ErrBelowSold)
	h.must(h.force(inventory.Setting{Key: h.key(0, 4), OutOfOrder: new(1)}))
	h.must(h.set(inventory.Setting{Key: h.key(0, 4), OutOfOrder: new(0), Stock: new(2)}))
	h.wantNight(inventory.Night{Stock: 2, Cap: 2, Sold: 2}, 0, 4)
	if cases := h.cases(); len(cases) != 2 || cases[0].Oversold != 2 {
		t.Errorf("cases %+v, want two, the newest first", cases)
	}
	h.audit()
}

// Property 14: the constraint stops what no code of ours would try.
func testConstraint(t *testing.T, o Opened) {
	h := newHouse(t, o, 2)
	h.applied(h.book(h.stay(0, 0, 1)))
	before := h.night(0, 0)
	for _, set := range []string{
		`sold = cap + 1`, `held = cap`, `blocked = 2`, `sold = -1`, `held = -1`, `blocked = -1`, `sold = sold - 2, held = 1`,
		`oversold = -1`, `cap = 0`, `sold = 1000000`,
	} {
		if err := o.Exec(h.ctx, `UPDATE night SET `+set+` WHERE property_id = '`+h.property.ID+`'`); err == nil {
			t.Errorf("the database took %s", set)
		}
	}
	if after := h.night(0, 0); after != before {
		t.Errorf("night %+v, was %+v", after, before)
	}
}

// Property 14: a sale that must be accepted is never silent.
func testForcedSale(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	first := h.applied(h.book(h.stay(0, 0, 2)))
	forced := h.book(h.stay(0, 1, 2))
	for i := range forced.Nights {
		forced.Nights[i].Forced = true
	}
	h.applied(forced)
	h.wantNight(inventory.Night{Stock: 1, Cap: 1, Sold: 1}, 0, 0)
	h.wantNight(inventory.Night{Stock: 1, Cap: 1, Sold: 2, Oversold: 1}, 0, 1)
	h.wantNight(inventory.Night{Stock: 1, Cap: 1, Sold: 1}, 0, 2)
	if cases := h.cases(); len(cases) != 1 || cases[0].Key != h.key(0, 1) || cases[0].Oversold != 1 {
		t.Errorf("cases %+v, want one for the night that is oversold", cases)
	}
	wantErr(t, h.apply(h.book(h.stay(0, 1, 1))), inventory.ErrSoldOut)
	h.applied(h.cancel(first))
	h.wantNight(inventory.Night{Stock: 1, Cap: 1, Sold: 1}, 0, 1)
	h.wantNight(inventory.Night{Stock: 1, Cap: 1}, 0, 0)
	forced = h.book(h.stay(0, 0, 1)) // a forced sale into a free room is an ordinary one
	forced.Nights[0].Forced = true
	h.applied(forced)
	missing := h.book(h.stay(0, openNights, 1))
	missing.Nights[0].Forced = true
	wantErr(t, h.apply(missing), inventory.ErrNotOnSale)
	if len(h.cases()) != 1 {
		t.Error("a case without a rise of oversold")
	}
	h.audit()
}

func testInventoryDuplicate(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	change := inventory.Change{PropertyID: h.property.ID, Settings: []inventory.Setting{{Key: h.key(0, 0), Stock: new(4)}}}
	change.Request = h.request("key_a", "k", "{}")
	h.must(o.Store.ApplyInventory(h.ctx, change))
	version := h.night(0, 0).Version
	if err := o.Store.ApplyInventory(h.ctx, change); !errors.As(err, new(*outbox.Duplicate)) {
		t.Errorf("the same request again: %v, want a duplicate", err)
	}
	if h.night(0, 0).Version != version {
		t.Error("a replay changed the night")
	}
	o.Shift(time.Hour)
	stored, err := o.Store.Request(h.ctx, h.property.ID, "key_a", "k")
	if err != nil || stored == nil || stored.CreatedAt.IsZero() || h.now().Sub(stored.CreatedAt) < time.Hour-time.Minute {
		t.Errorf("request %+v, %v: want it stamped by the store's clock", stored, err)
	}
}

// testCounts: the counts of many properties are those of their rows.
func testCounts(t *testing.T, o Opened) {
	houses := []*house{newHouse(t, o, 5, 2), sketch(t, o, "prop_other", 3)}
	houses[1].must(o.Store.Import(houses[1].ctx, houses[1].bundle(10)))
	houses[0].applied(houses[0].book(houses[0].stay(0, 1, 3)))
	want := make(map[inventory.Key]inventory.Count)
	first, last := houses[0].property.ID, houses[0].property.ID
	for _, h := range houses {
		first, last = min(first, h.property.ID), max(last, h.property.ID)
		rows, err := o.Store.Nights(h.ctx, h.property.ID, opening+1, opening.Add(4))
		h.must(err)
		for _, n := range rows {
			want[inventory.Key{RoomTypeID: h.property.ID + n.RoomTypeID, Night: n.Night}] = inventory.Count{Night: n.Night, Free: n.Free(), Version: n.Version}
		}
	}
	counts, err := o.Store.Counts(houses[0].ctx, first, last, opening+1, opening.Add(4))
	houses[0].must(err)
	got := make(map[inventory.Key]inventory.Count)
	for _, c := range counts {
		for _, n := range c.Nights {
			got[inventory.Key{RoomTypeID: c.PropertyID + c.RoomTypeID, Night: n.Night}] = n
		}
	}
	for key, count := range want {
		if got[key] != count {
			t.Errorf("%v counts %+v, want %+v", key, got[key], count)
		}
	}
	if len(got) < len(want) || len(want) == 0 {
		t.Errorf("%d counts, want %d", len(got), len(want))
	}
}
