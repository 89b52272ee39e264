// Package world makes up believable hotels: where people travel, what houses
// there are called, how many rooms they have, what those cost by season and
// weekday, what is still free. The same seed gives the same world, byte for
// byte; nothing here reads a clock.
//
// A world streams: property i is computed from the seed and i alone, so that a
// world of a million takes no more memory than one of ten. Complete fills in,
// with the same model, what a real source lacks.
package world

import (
	"errors"
	"fmt"

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
	Today      stay.Date // the first night on sale; prices and stock run inventory.Horizon nights from here
	Properties int
	TenantID   string
	Region     string // two letters in every id; "" reads as "eu"
	Reviews    bool   // also what guests say, for demonstrations
	Prepaid    bool   // also a plan that is paid at once, for stores that have a payment provider
}

// World is the hotels of one seed.
type World struct {
	options Options
	quota   quota
	stride  uint64
}

// New prepares a world.
func New(o Options) (*World, error) {
	if o.Properties < 1 || o.Properties > MaxProperties || o.TenantID == "" {
		return nil, fmt.Errorf("%w: 1 to %d properties of a tenant", ErrOptions, MaxProperties)
	}
	if o.Region == "" {
		o.Region = "eu"
	}
	return &World{
		options: o,
		quota:   apportion(o.Properties, Places()),
		stride:  coprime(uint64(o.Properties), cast(o.Seed, "order", 0).Uint64()),
	}, nil
}

// Len is the number of properties.
func (w *World) Len() int { return w.options.Properties }

// Place is where property i is.
func (w *World) Place(i int) Place {
	place, _ := w.locate(i)
	return Places()[place]
}

// locate is the place of property i, and which of the place's properties it is.
// The order is shuffled, so that the first hundred are all over the world.
func (w *World) locate(i int) (place, ordinal int) {
	n := uint64(w.options.Properties)
	return w.quota.find(int(uint64(i) % n * w.stride % n))
}

// Bundle is property i, 0 <= i < Len, with everything that makes it sellable.
func (w *World) Bundle(i int) store.Bundle {
	at, ordinal := w.locate(i)
	place := Places()[at]
	d := cast(w.options.Seed, "house", uint64(i))
	p := property.Property{
		TenantID: w.options.TenantID,
		Country:  place.Country,
		City:     place.Name,
		Zone:     place.Zone,
		Source:   property.Source{ID: fmt.Sprintf("world:%d:%d", w.options.Seed, i), Name: "world"},
	}
	m := marketIn(place.Country, place.Name)
	order := cast(w.options.Seed, "names", uint64(at))
	n := m.names.name(place.Style, ordinal, order.Uint64())
	p.Name, p.LocalNames, p.Kind = n.latin, n.local, n.kind
	p.Lat, p.Lon = scatter(d, place)
	p.Address = m.names.address(d)
	h := newHouse(d, p, Hints{Today: w.options.Today, Region: w.options.Region, Prepaid: w.options.Prepaid}, place)
	h.property.Generated = []string{"property", "room_types", "rates", "stock"}
	bundle := h.bundle()
	if w.options.Reviews {
		bundle.Reviews = h.reviewed()
	}
	return bundle
}
