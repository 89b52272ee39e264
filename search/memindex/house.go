package memindex

import (
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// The prices of a house reach from yesterday to spare nights beyond the
// horizon, and are read anew long before those are used up: today moves without
// any event.
const (
	spare     = 62
	window    = 1 + inventory.Horizon + spare
	renewDays = 30
)

// house is what one property sells, without the counts. It is replaced whole
// and never changed.
type house struct {
	property  property.Property // without what only its own page shows
	label     search.Label
	rating    review.Summary
	zone      *time.Location
	base      stay.Date
	rooms     []room // with something to sell
	plans     []*rate.Plan
	levies    []levy
	expressed bool // the taxes are in levies
}

// room is a room type with its products.
type room struct {
	roomType *property.RoomType
	products []product
}

// newHouse compiles what was read of a property.
func newHouse(facts *search.House, now time.Time, terms func(steps []rate.CancellationStep, zone *time.Location) uint32) *house {
	h := &house{
		property: facts.Property, rating: facts.Rating, zone: facts.Zone, base: facts.Today(now) - 1, label: facts.LabelOf(),
	}
	h.property.Description, h.property.Address, h.property.Generated, h.property.LocalNames = "", "", nil, nil
	h.levies, h.expressed = levies(facts.Property.Taxes)
	c := compiler{
		base: h.base, plans: make(map[string]*rate.Plan), tariffs: make(map[[2]string]*tariff),
		terms: func(steps []rate.CancellationStep) uint32 { return terms(steps, facts.Zone) },
	}
	for i := range facts.Products {
		p := &facts.Products[i]
		h.keepPlans(c.plans, p)
		if compiled, ok := c.compile(p, h.property.Currency); ok {
			r := h.room(&p.RoomType)
			r.products = append(r.products, compiled)
		}
	}
	return h
}

// keepPlans keeps one copy of the product's plan and of those that it derives from.
func (h *house) keepPlans(known map[string]*rate.Plan, p *pricing.Product) {
	for ; p != nil; p = p.Parent {
		if known[p.Plan.ID] == nil {
			plan := p.Plan
			known[plan.ID] = &plan
			h.plans = append(h.plans, &plan)
		}
	}
}

// room is the one of the type; products come room type by room type.
func (h *house) room(t *property.RoomType) *room {
	if last := len(h.rooms) - 1; last < 0 || h.rooms[last].roomType.ID != t.ID {
		kept := *t
		kept.Description = ""
		h.rooms = append(h.rooms, room{roomType: &kept})
	}
	return &h.rooms[len(h.rooms)-1]
}

// product is a product as package pricing knows it, for the nights of one stay
// and without the rules of its calendars.
func (h *house) product(t *property.RoomType, p *product, nights stay.Stay) *pricing.Product {
	if p.plain != nil {
		return p.plain
	}
	whole := &pricing.Product{RoomType: *t, Plan: *p.plan, Taxes: h.property.Taxes}
	source := whole
	for source.Plan.Derivation != nil {
		source.Parent = &pricing.Product{RoomType: *t, Plan: *h.plan(source.Plan.Derivation.ParentID), Taxes: h.property.Taxes}
		source = source.Parent
	}
	source.Calendar.Prices = p.tariff.prices(nights)
	return whole
}

func (h *house) plan(id string) *rate.Plan {
	for _, p := range h.plans {
		if p.ID == id {
			return p
		}
	}
	return new(rate.Plan) // of no product that was compiled
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
