package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

var propertyTests = []test{
	{"Property/RoundTrip", testPropertyRoundTrip},
	{"Property/Versions", testPropertyVersions},
	{"Property/Paging", testPropertyPaging},
	{"Property/NamesVerbatim", testNamesVerbatim},
	{"Property/Duplicate", testPropertyDuplicate},
}

// exact compares values that were stored with those that came back.
var exact = cmp.Options{cmp.Comparer(func(a, b money.Rat) bool { return a.Cmp(b) == 0 })}

func same[T any](t *testing.T, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got, exact); diff != "" {
		t.Errorf("not what was stored (-want +got):\n%s", diff)
	}
}

func wantErr(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error %v, want %v", got, want)
	}
}

// fullProperty has every field set, so that one that is not stored shows.
func fullProperty() property.Property {
	from, through := stay.DateOf(2030, 5, 1), stay.DateOf(2030, 9, 30)
	return property.Property{
		ID: "prop_full", TenantID: "ten_a", Closed: true, Name: "Grand Hôtel «Ω»",
		LocalNames: map[string]string{"ja": "東京ステーションホテル", "ar": "فندق"},
		Kind:       "guest_house", Description: "Line one\nline two", Stars: 4, Amenities: []string{"wifi", "pool"},
		Country: "JP", City: "Tokyo", Address: "1-9-1 Marunouchi", Postcode: "100-0005", Lat: 35.681236, Lon: -139.767125,
		Zone: "Asia/Tokyo", Currency: "JPY", CheckInFrom: 15*60 + 30, CheckOutUntil: 11 * 60,
		Taxes: []property.Tax{
			{Code: "vat", Name: "VAT", Kind: property.TaxPercent, Percent: money.RatOf(77, 10), Included: true},
			{
				Code: "city", Name: "City tax", Kind: property.TaxPerPersonNight, Amount: money.RatOf(1, 3), OnSite: true,
				ExemptBelow: 14, MaxNights: 7, From: &from, Through: &through,
			},
		},
		TermsVersion: "2030-01", Source: property.Source{ID: "src-1", Name: "Open data", Licence: "CC-BY-4.0"},
		Generated: []string{"rooms", "rates"},
	}
}

func fullRoomType() property.RoomType {
	return property.RoomType{
		ID: "room_full", PropertyID: "prop_full", Code: "DBL", Name: "Doppelzimmer", Description: "With a view", Closed: true,
		Stock: 12, MinGuests: 1, Standard: 2, MaxGuests: 4, MaxChildren: new(2),
	}
}

func testPropertyRoundTrip(t *testing.T, o Opened) {
	ctx, p, room := t.Context(), fullProperty(), fullRoomType()
	change := property.Change{PropertyID: p.ID, Property: &p, RoomTypes: []property.RoomType{room}}
	change.Events = []outbox.Event{change.Event()}
	if err := o.Store.ApplyProperty(ctx, change); err != nil {
		t.Fatal(err)
	}
	p.Version, room.Version = 1, 1
	got, err := o.Store.Property(ctx, p.ID)
	wantErr(t, err, nil)
	same(t, p, got)
	got, err = o.Store.PropertyBySource(ctx, "ten_a", "src-1")
	wantErr(t, err, nil)
	same(t, p, got)
	rooms, err := o.Store.RoomTypes(ctx, p.ID)
	wantErr(t, err, nil)
	same(t, []property.RoomType{room}, rooms)
	events := tail(t, o.Store, outbox.Position{})
	if len(events) != 1 || events[0].Type != property.EventChanged || events[0].PropertyID != p.ID {
		t.Errorf("events %+v, want the change's own", events)
	}
	_, err = o.Store.Property(ctx, "prop_none")
	wantErr(t, err, property.ErrNotFound)
	_, err = o.Store.PropertyBySource(ctx, "ten_b", "src-1")
	wantErr(t, err, property.ErrNotFound)
	_, err = o.Store.PropertyBySource(ctx, "ten_a", "")
	wantErr(t, err, property.ErrNotFound)
}

func testPropertyVersions(t *testing.T, o Opened) {
	h := newHouse(t, o, 2)
	put := func(p property.Property, rooms ...property.RoomType) error {
		return o.Store.ApplyProperty(h.ctx, property.Change{PropertyID: p.ID, Property: &p, RoomTypes: rooms})
	}
	p := h.property
	wantErr(t, put(p), property.ErrConflict) // new, but it exists
	p.Version, p.Name = 1, "Renamed"
	h.must(put(p))
	wantErr(t, put(p), property.ErrConflict) // version 1 has gone
	missing := h.property
	missing.ID, missing.Version = "prop_none", 3
	wantErr(t, put(missing), property.ErrNotFound)

	room := h.rooms[0]
	room.Version, room.Name = 7, "Suite"
	p.Version = 2
	p.Name = "Renamed again"
	wantErr(t, put(p, room), property.ErrConflict)
	got, err := o.Store.Property(h.ctx, p.ID)
	h.must(err)
	if got.Name != "Renamed" || got.Version != 2 {
		t.Errorf("a failed change left %q version %d", got.Name, got.Version)
	}
	room.Version = 1
	h.must(o.Store.ApplyProperty(h.ctx, property.Change{PropertyID: p.ID, RoomTypes: []property.RoomType{room}}))

	twin := room
	twin.ID, twin.Version = "room_twin", 0
	only := func(r property.RoomType) error {
		return o.Store.ApplyProperty(h.ctx, property.Change{PropertyID: r.PropertyID, RoomTypes: []property.RoomType{r}})
	}
	wantErr(t, only(twin), property.ErrConflict) // the code is taken
	twin.Code, twin.Version = "OTHER", 4
	wantErr(t, only(twin), property.ErrNotFound)
	twin.PropertyID, twin.Version = "prop_none", 0
	wantErr(t, only(twin), property.ErrNotFound)
}

func testPropertyPaging(t *testing.T, o Opened) {
	ctx := t.Context()
	for i := range 7 {
		p := fullProperty()
		p.ID, p.Source.ID = fmt.Sprintf("prop_%d", (i*3)%7), "" // not in order; entered here, so no source
		p.TenantID = []string{"ten_a", "ten_b"}[i%2]
		if err := o.Store.ApplyProperty(ctx, property.Change{PropertyID: p.ID, Property: &p}); err != nil {
			t.Fatal(err)
		}
	}
	for tenant, want := range map[string]string{
		"":      "prop_0 prop_1 prop_2 prop_3 prop_4 prop_5 prop_6 ",
		"ten_b": "prop_1 prop_2 prop_3 ",
		"ten_c": "",
	} {
		got := ""
		for after := ""; ; {
			page, err := o.Store.Properties(ctx, tenant, after, 2)
			wantErr(t, err, nil)
			if len(page) == 0 || len(page) > 2 {
				break
			}
			for _, p := range page {
				got, after = got+p.ID+" ", p.ID
			}
		}
		if got != want {
			t.Errorf("tenant %q: pages give %q, want %q", tenant, got, want)
		}
	}
	twin := fullProperty()
	if err := o.Store.ApplyProperty(ctx, property.Change{PropertyID: twin.ID, Property: &twin}); err != nil {
		t.Fatal(err)
	}
	twin.ID = "prop_twin" // the same source and tenant as the one before
	wantErr(t, o.Store.ApplyProperty(ctx, property.Change{PropertyID: twin.ID, Property: &twin}), property.ErrConflict)
	twin.TenantID = "ten_b"
	wantErr(t, o.Store.ApplyProperty(ctx, property.Change{PropertyID: twin.ID, Property: &twin}), nil)
}

func testNamesVerbatim(t *testing.T, o Opened) {
	ctx := context.WithoutCancel(t.Context())
	for i, name := range []string{
		`Robert'); DROP TABLE property;--`, `<script>alert("x")</script> & <b>`, `%s %d $1 ? :name @p1`, `back\slash "quotes" '' ''' `,
		"日本語 \U0001F3E8 e\u0301 \u00e9 \u202eright to left", "tab\tand newline\n", `{"json": [null]}`, " ",
	} {
		p := fullProperty()
		p.ID, p.Name, p.Source.ID = fmt.Sprintf("prop_%d", i), name, name
		if err := o.Store.ApplyProperty(ctx, property.Change{PropertyID: p.ID, Property: &p}); err != nil {
			t.Fatal(err)
		}
		got, err := o.Store.PropertyBySource(ctx, "ten_a", name)
		if err != nil || got.Name != name || got.ID != p.ID {
			t.Errorf("%q came back as %q, %v", name, got.Name, err)
		}
	}
}

func testPropertyDuplicate(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	p := h.property
	p.Version = 1
	change := property.Change{PropertyID: p.ID, Property: &p}
	change.Request = h.request("key_a", "k", "{}")
	h.must(o.Store.ApplyProperty(h.ctx, change))
	duplicate := new(outbox.Duplicate)
	if err := o.Store.ApplyProperty(h.ctx, change); !errors.As(err, &duplicate) || duplicate.Stored.Status != 201 {
		t.Errorf("the same request again: %v, want a duplicate before any conflict", err)
	}
}
