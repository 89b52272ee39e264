// Package world makes up believable hotels: where people travel, what houses
// there are called, how many rooms they have, what those cost by season and
// weekday, what is still free. The same seed gives the same world, byte for
// byte; nothing here reads a clock.
//
// A world streams: property i is computed from the seed and i alone, so that a
// world of a million takes no more memory than one of ten, and begins with the
// same properties. Complete fills in, with the same model, what a real source
// lacks.
package world

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// ErrOptions is a world that cannot be made.
var ErrOptions = errors.New("world: invalid options")

// MaxProperties is the largest world.
const MaxProperties = 5_000_000

// Options describe a world.
type Options struct {
	Seed       uint64
	Today      stay.Date // the first night on sale
	Properties int
	Nights     int // for how many nights from Today there are stock and prices; 0: inventory.Horizon, which is the most
	TenantID   string
	Region     string // two letters in every id; "" reads as "eu"
	Reviews    bool   // also what guests say, for demonstrations
	Prepaid    bool   // also plans that are paid at booking, for stores that have a payment provider
}

// World is the hotels of one seed. It may be used by many at once.
type World struct {
	options Options
	deal    deal
}

// New prepares a world.
func New(o Options) (*World, error) {
	if o.Properties < 1 || o.Properties > MaxProperties || o.TenantID == "" {
		return nil, fmt.Errorf("%w: 1 to %d properties of a tenant", ErrOptions, MaxProperties)
	}
	if o.Nights < 0 || o.Nights > inventory.Horizon {
		return nil, fmt.Errorf("%w: stock for 1 to %d nights", ErrOptions, inventory.Horizon)
	}
	o.Region = cmp.Or(o.Region, "eu")
	o.Nights = cmp.Or(o.Nights, inventory.Horizon)
	return &World{options: o, deal: newDeal(Places(), o.Seed)}, nil
}

// Len is the number of properties.
func (w *World) Len() int { return w.options.Properties }

// Place is where property i is.
func (w *World) Place(i int) Place {
	place, _ := w.deal.find(i)
	return Places()[place]
}

// Bundle is property i, 0 <= i < Len, with everything that makes it sellable.
func (w *World) Bundle(i int) store.Bundle {
	h := w.house(i)
	bundle := h.bundle()
	if w.options.Reviews {
		bundle.Reviews = h.reviewed()
	}
	return bundle
}

// house is property i without its terms and calendars.
func (w *World) house(i int) *house {
	at, ordinal := w.deal.find(i)
	place := Places()[at]
	d := cast(w.options.Seed, "house", uint64(i))
	p := property.Property{
		TenantID: w.options.TenantID,
		Country:  place.Country,
		City:     place.Name,
		Zone:     place.Zone,
		Source:   property.Source{ID: w.sourceID(i), Name: "world"},
	}
	m := marketIn(place.Country, place.Name)
	order := cast(w.options.Seed, "names", uint64(at))
	n := m.names.name(place.Style, ordinal, order.Uint64())
	p.Name, p.LocalNames, p.Kind = n.latin, n.local, n.kind
	p.Lat, p.Lon = scatter(d, place)
	p.Address = m.names.address(d)
	h := newHouse(d, p, w.hints(), place)
	h.property.Generated = []string{"property", "room_types", "rates", "stock"}
	return h
}

// sourceID is by what a property that was imported is known again.
func (w *World) sourceID(i int) string { return fmt.Sprintf("world:%d:%d", w.options.Seed, i) }

func (w *World) hints() Hints {
	return Hints{Today: w.options.Today, Nights: w.options.Nights, Region: w.options.Region, Prepaid: w.options.Prepaid}
}
