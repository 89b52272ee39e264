package world

import (
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store"
)

// nearby is how far the place that a house belongs to may be, in kilometres.
const nearby = 30

// Complete makes a sellable property of what a source knows: Source, TenantID,
// Name, Kind, Country, Zone and the coordinates must be given. What is missing
// is made up and named in Property.Generated. The same source id gives the same
// rooms, terms and prices; stock and calendars begin today.
func Complete(p property.Property, hints Hints) store.Bundle {
	d := castFor("complete:" + p.TenantID + ":" + p.Source.ID)
	place, found := Near(p.Country, p.Lat, p.Lon, nearby)
	if !found {
		place = Place{Country: p.Country, Style: wild(p.Country), Weight: 20, Lat: p.Lat, Lon: p.Lon}
	}
	named := p.City == "" && found
	if named {
		p.City = place.Name
	}
	h := newHouse(d, p, hints, place)
	if named {
		h.make("city")
	}
	return h.bundle()
}

// wild is the style of a spot far from every place that we know.
func wild(country string) Style {
	switch country {
	case "MV", "SC", "BS", "FJ", "PF", "TC", "MU":
		return Sea
	case "AD", "LI":
		return Ski
	default:
		return Country
	}
}
