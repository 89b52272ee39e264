package search

import (
	"slices"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

// House is a property as a search sees it: what it sells, but not how many
// rooms are left. It judges a query as booking's offers do: the same products,
// the same today, the same prices.
type House struct {
	Property property.Property
	Rating   review.Summary
	Zone     *time.Location
	Products []pricing.Product
}

// Left is how many rooms of a type are left on every night of a stay.
type Left func(nights stay.Stay, roomTypeID string) int

// Today is the date at the property.
func (h *House) Today(now time.Time) stay.Date { return stay.On(now, h.Zone) }

// Point is where the property is.
func (h *House) Point() Point { return Point{Lat: h.Property.Lat, Lon: h.Property.Lon} }

// Misses is a set of filters of a query that need no price and that a property
// does not pass.
type Misses uint8

// Filters that need no price.
const (
	MissesStars Misses = 1 << iota
	MissesRating
	MissesKinds
	MissesAmenities
	MissesTenant
)

// fields are those of the query, in the order of the bits.
var missesFields = []string{"stars", "rating", "kinds", "amenities", "tenant"}

// Fields names the filters as Problem.Field does.
func (m Misses) Fields() (fields []string) {
	for i, field := range missesFields {
		if m>>i&1 == 1 {
			fields = append(fields, field)
		}
	}
	return fields
}

// Misses is the filters that the property does not pass.
func (h *House) Misses(q Query) (m Misses) {
	p := &h.Property
	unless := func(ok bool, miss Misses) {
		if !ok {
			m |= miss
		}
	}
	unless(q.TenantID == "" || q.TenantID == p.TenantID, MissesTenant)
	unless(len(q.Stars) == 0 || slices.Contains(q.Stars, p.Stars), MissesStars)
	unless(h.Rating.Tenths >= q.MinRating, MissesRating)
	unless(len(q.Kinds) == 0 || slices.Contains(q.Kinds, p.Kind), MissesKinds)
	unless(!slices.ContainsFunc(q.Amenities, func(wanted string) bool { return !h.has(wanted) }), MissesAmenities)
	return m
}

func (h *House) has(amenity string) bool {
	return slices.ContainsFunc(h.Property.Amenities, func(a string) bool { return AmenityKey(a) == AmenityKey(amenity) })
}

// AmenityKey is an amenity's name as it is compared and counted.
func AmenityKey(name string) string { return strings.ToLower(name) }

// Listing is the hit of a query without dates.
func (h *House) Listing() Hit {
	p := &h.Property
	return Hit{
		PropertyID: p.ID, Name: p.Name, Kind: p.Kind, Stars: p.Stars, Rating: h.Rating,
		City: p.City, Country: p.Country, Lat: p.Lat, Lon: p.Lon,
	}
}
