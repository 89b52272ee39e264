package memindex

import (
	"cmp"
	"math"
	"slices"
	"time"
	"unique"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/snapshot"
	"github.com/vacancyhq/vacancy/stay"
)

// The window of a house reaches from yesterday to spare nights beyond its
// horizon, or to the last night that is on sale, and moves long before those are
// used up: today moves without any event. No window is longer than this one.
const (
	spare     = 8
	window    = 1 + inventory.Horizon + spare
	renewDays = 5
)

// house is what one property sells, without the counts. It is replaced whole
// and never changed.
type house struct {
	zone      *time.Location
	rooms     []room // with something to sell
	plans     []plan
	tariffs   []*tariff // by column; nil: of no product
	rules     []*rules  // that differ
	levies    []levy
	levied    uint32 // the number of the taxes, see ledger
	base      stay.Date
	nights    int   // of the window
	deals     deals // what the kernel prices
	expressed bool  // the taxes are in levies
	rating    review.Summary
	property  property.Property // without what only its own page shows
}

// room is a room type with its products.
type room struct {
	products []product
	limits   limits
	roomType *property.RoomType
}

// limits are what a room type asks of a party, beside its products because
// every query reads them.
type limits struct {
	least, standard, most int32 // guests
	children              int32 // at most; noLimit: as many as there is room for
}

const noLimit = math.MinInt32

func limitsOf(t *property.RoomType) limits {
	l := limits{int32(t.MinGuests), int32(t.Standard), int32(t.MaxGuests), noLimit}
	if t.MaxChildren != nil {
		l.children = int32(*t.MaxChildren)
	}
	return l
}

// compiled is a property that was read: the house, and what an almanac has to
// know of its nights.
type compiled struct {
	house  *house
	prices [][]uint16 // [tariff][night]
	counts []inventory.Counts
	packed []byte // the counts, where many properties wait
	facts  []byte // as a snapshot keeps them; nil when none is kept
}

// pack keeps the counts in a small part of their size.
func (c *compiled) pack() {
	if c.packed == nil {
		c.packed, c.counts = snapshot.EncodeCounts(c.counts), nil
	}
}

// newHouse compiles what was read of a property.
func newHouse(facts *search.House, counts []inventory.Counts, now time.Time, shared *ledger) compiled {
	h := &house{
		property: facts.Property, rating: facts.Rating, zone: facts.Zone,
		base: facts.Today(now) - 1,
	}
	h.nights = h.windowOf(counts)
	h.slim(shared)
	h.levies, h.expressed = levies(facts.Property.Taxes)
	h.levied = shared.levy(h)
	for i := range facts.Products {
		for p := &facts.Products[i]; p != nil; p = p.Parent {
			h.keep(&p.Plan, shared)
		}
	}
	h.rooms = make([]room, 0, roomTypes(facts.Products))
	c := compiler{base: h.base, house: h, tariffs: make(map[[2]string]*tariff)}
	for i := range facts.Products {
		p := &facts.Products[i]
		if compiled, ok := c.compile(p, h.property.Currency); ok {
			r := h.room(&p.RoomType)
			r.products = append(r.products, compiled)
		}
	}
	h.tariffs = make([]*tariff, len(c.columns))
	h.pack()
	h.group()
	return compiled{house: h, prices: c.columns, counts: counts}
}

// slim drops what only the property's own page shows, and shares what others
// have as well.
func (h *house) slim(shared *ledger) {
	p := &h.property
	p.Description, p.Address, p.Postcode, p.TermsVersion, p.Generated = "", "", "", "", nil
	p.Source = property.Source{}
	same(&p.ID, &p.TenantID, &p.Kind, &p.Country, &p.City, &p.Zone)
	p.Amenities = slices.Clone(p.Amenities)
	for i := range p.Amenities {
		same(&p.Amenities[i])
	}
	p.Taxes = shared.tax(p.Taxes)
}

// same makes texts the one copy that all have of them.
func same(texts ...*string) {
	for _, text := range texts {
		*text = unique.Make(*text).Value()
	}
}

// windowOf is how many nights the house wants places for.
func (h *house) windowOf(counts []inventory.Counts) int {
	nights := 1 + cmp.Or(h.property.Horizon, inventory.Horizon) + spare
	for i := range counts {
		for _, n := range counts[i].Nights {
			nights = max(nights, int(n.Night-h.base)+1)
		}
	}
	return min(nights, window)
}

// pack lays the tariffs that products have side by side, and the products.
func (h *house) pack() {
	used, sold := 0, 0
	for i := range h.rooms {
		for _, p := range h.rooms[i].products {
			if p.tariff != nil && h.tariffs[p.tariff.column] == nil {
				h.tariffs[p.tariff.column] = p.tariff
				used++
			}
			sold++
		}
	}
	tariffs, products := make([]tariff, 0, used), make([]product, 0, sold)
	for column, t := range h.tariffs {
		if t != nil {
			tariffs = append(tariffs, *t)
			h.tariffs[column] = &tariffs[len(tariffs)-1]
		}
	}
	for i := range h.rooms {
		for _, p := range h.rooms[i].products {
			if p.tariff != nil {
				p.tariff = h.tariffs[p.tariff.column]
			}
			products = append(products, p)
		}
		n := len(h.rooms[i].products)
		h.rooms[i].products = products[len(products)-n:]
	}
}

// keep keeps one copy of a plan.
func (h *house) keep(p *rate.Plan, shared *ledger) {
	for i := range h.plans {
		if h.plans[i].ID == p.ID {
			return
		}
	}
	kept, terms := *p, shared.leaving(p.Cancellation, h.zone)
	kept.Cancellation = shared.terms.all()[terms].steps
	same(&kept.PropertyID, &kept.Code, &kept.Name, &kept.PromoCode)
	h.plans = append(h.plans, plan{
		Plan: &kept, terms: terms, percent: percents(p.Offers), fills: p.FillWithKid,
		bound:  p.PromoCode != "" || p.Ages != (rate.Ages{}) || p.Guests != (rate.GuestLimits{}) || p.Conditions != (rate.Conditions{}),
		frees:  slices.ContainsFunc(p.Offers, func(o rate.Offer) bool { return o.Kind == rate.FreeNights }),
		family: slices.ContainsFunc(p.Offers, func(o rate.Offer) bool { return o.Kind == rate.Family }),
	})
}

func (h *house) planOf(id string) uint16 {
	return uint16(slices.IndexFunc(h.plans, func(p plan) bool { return p.ID == id }))
}

// roomTypes counts them; products come room type by room type.
func roomTypes(products []pricing.Product) (n int) {
	for i := range products {
		if i == 0 || products[i].RoomType.ID != products[i-1].RoomType.ID {
			n++
		}
	}
	return n
}

// room is the one of the type.
func (h *house) room(t *property.RoomType) *room {
	if last := len(h.rooms) - 1; last < 0 || h.rooms[last].roomType.ID != t.ID {
		kept := *t
		kept.Description = ""
		same(&kept.PropertyID, &kept.Code, &kept.Name)
		h.rooms = append(h.rooms, room{roomType: &kept, limits: limitsOf(t)})
	}
	return &h.rooms[len(h.rooms)-1]
}

// label is what the house can be found by.
func (h *house) label() search.Label {
	as := search.House{Property: h.property}
	return as.LabelOf()
}

func (h *house) point() search.Point { return search.Point{Lat: h.property.Lat, Lon: h.property.Lon} }

// product is a product as package pricing knows it, for the nights of one stay
// and without the rules of its calendars.
func (h *house) product(t *property.RoomType, p *product, seen *sight, nights stay.Stay) *pricing.Product {
	if p.tariff == nil {
		return p.rare.plain
	}
	whole := &pricing.Product{RoomType: *t, Plan: *h.plans[p.plan].Plan, Taxes: h.property.Taxes}
	source := whole
	for source.Plan.Derivation != nil {
		source.Parent = &pricing.Product{RoomType: *t, Plan: *h.plans[h.planOf(source.Plan.Derivation.ParentID)].Plan, Taxes: h.property.Taxes}
		source = source.Parent
	}
	source.Calendar.Prices = p.tariff.prices(seen, nights)
	return whole
}

// facts is the house as a search sees it, with these products.
func (h *house) facts(products []pricing.Product) search.House {
	return search.House{Property: h.property, Rating: h.rating, Zone: h.zone, Products: products}
}

// stale tells whether the window of nights has to move.
func (h *house) stale(now time.Time) bool {
	today := stay.On(now, h.zone)
	return today > h.base+renewDays || today < h.base
}
