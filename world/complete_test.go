package world

import (
	"reflect"
	"slices"
	"testing"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

func known() property.Property {
	return property.Property{
		TenantID: "ten_a", Name: "Villa Nautica", Kind: "hotel", Stars: 5, Country: "MV", Lat: 4.286849, Lon: 73.553608,
		Zone: "Indian/Maldives", CheckInFrom: 14 * 60,
		Source: property.Source{ID: "osm:n773451744", Name: "osm", Licence: "ODbL-1.0"},
	}
}

func TestCompleteKeepsWhatIsKnown(t *testing.T) {
	b := Complete(known(), Hints{Today: today, Rooms: 282})
	sound(t, b)
	p := b.Property.Property
	if p.Name != "Villa Nautica" || p.Stars != 5 || p.CheckInFrom != 14*60 || p.Currency != "MVR" || p.Source != known().Source {
		t.Errorf("completed to %+v", p)
	}
	for _, fact := range []string{"rates", "room_types", "stock", "check_out", "description"} {
		if !slices.Contains(p.Generated, fact) {
			t.Errorf("generated %v lacks %s", p.Generated, fact)
		}
	}
	for _, fact := range []string{"stars", "rooms", "check_in"} {
		if slices.Contains(p.Generated, fact) {
			t.Errorf("%s was known and is called generated", fact)
		}
	}
	rooms := 0
	for _, r := range b.Property.RoomTypes {
		rooms += r.Stock
	}
	if rooms < 270 || rooms > 294 {
		t.Errorf("%d rooms of 282", rooms)
	}
}

func TestCompleteTwiceIsTheSame(t *testing.T) {
	a, b := Complete(known(), Hints{Today: today}), Complete(known(), Hints{Today: today})
	if !reflect.DeepEqual(a, b) {
		t.Error("the same source gives two different hotels")
	}
	other := known()
	other.TenantID = "ten_b"
	if Complete(other, Hints{Today: today}).Property.PropertyID == a.Property.PropertyID {
		t.Error("two tenants share an id")
	}
}

func TestCompleteStartsFromAKnownPrice(t *testing.T) {
	p := known()
	p.Country, p.Zone, p.Lat, p.Lon = "GB", "Europe/London", 52.2, 0.13
	total, priced := cheapest(Complete(p, Hints{Today: today, Price: money.Of(7_000, "GBP")}), stay.Date(today+60))
	if priced == 0 || total.Minor < 2*4_000 || total.Minor > 2*13_000 {
		t.Errorf("two nights cost %v from 70.00 GBP a night", total)
	}
}
