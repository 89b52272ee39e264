package memindex

import (
	"unsafe"

	"github.com/vacancyhq/vacancy/search"
)

// Stats is what an index holds.
type Stats struct {
	search.Freshness
	Properties int // closed ones included
	Products   int
	Plain      int   // of the products: left to package pricing
	Refused    int   // properties that there was no room for
	Bytes      int64 // of the properties, about
}

// Stats is zero while the index is being built.
func (x *Index) Stats() Stats {
	held := x.held.Load()
	if held == nil || !x.Ready() { // counted, but not answering yet
		return Stats{}
	}
	return Stats{
		Freshness: x.freshness(x.options.Now()), Properties: held.properties, Products: held.products, Plain: held.plain,
		Refused: held.refused, Bytes: held.bytes,
	}
}

// Ready tells whether queries are answered.
func (x *Index) Ready() bool { return x.shown.Load() != nil }

// holding is what the blocks hold, kept as houses come and go.
type holding struct {
	properties, products, plain, refused int
	bytes                                int64
}

// add counts a house, or with -1 takes it off.
func (h *holding) add(of *house, times int) {
	if of == nil {
		return
	}
	h.properties += times
	h.bytes += int64(times) * of.bytes()
	for _, r := range of.rooms {
		h.products += times * len(r.products)
		for i := range r.products {
			if r.products[i].tariff == nil {
				h.plain += times
			}
		}
	}
}

// affords tells whether properties may take so many bytes.
func (x *Index) affords(bytes int64) bool {
	return x.options.MaxBytes <= 0 || bytes <= x.options.MaxBytes
}

// Sizes that are only about right: a plan's texts, steps and supplements, and
// the names and the taxes of a property.
const (
	planBytes     = int64(unsafe.Sizeof(plan{})) + 700
	propertyBytes = int64(unsafe.Sizeof(house{})) + 500
	roomBytes     = int64(unsafe.Sizeof(room{})) + 250
	plainBytes    = 20_000
)

// bytes is about what the house and the counts of its rooms take.
func (h *house) bytes() int64 {
	n := propertyBytes + int64(len(h.plans))*planBytes + int64(len(h.rooms))*roomBytes +
		int64(h.nights)*int64(2*len(h.rooms)+2*len(h.tariffs)+2)
	var rules *rules
	for _, r := range h.rooms {
		n += int64(len(r.products)) * int64(unsafe.Sizeof(product{}))
		var tariff *tariff
		for i := range r.products {
			p := &r.products[i]
			if p.tariff == nil {
				n += plainBytes
				continue
			}
			if p.tariff != tariff {
				tariff = p.tariff
				n += int64(4*len(tariff.large)+2*len(tariff.small)+2*len(tariff.pairs)) + 150
			}
			if p.rules != nil && p.rules != rules {
				rules = p.rules
				n += int64(len(rules.days)) + int64(len(rules.table))*int64(unsafe.Sizeof(ruled{}))
			}
		}
	}
	return n
}
