package searchtest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// Reference is the plain index: every property with its products and the rows
// of its nights, priced one after the other by package pricing. It follows
// nothing, but reads everything anew when it is told to. Every other index has
// to agree with it on every query, and is measured against it.
type Reference struct {
	setup Setup
	from  search.Source

	mu     sync.RWMutex
	asOf   time.Time
	atlas  *search.Atlas
	houses []*referenceHouse // of the atlas's entries
}

type referenceHouse struct {
	search.House
	nights map[inventory.Key]int // rooms free
}

// NewReference is a reference over a source; of the setup it needs all but
// Source. It holds nothing before Sync.
func NewReference(from search.Source, setup Setup) *Reference {
	return &Reference{setup: setup, from: from, atlas: search.NewAtlas(nil, nil)}
}

// Sync reads the whole source.
func (r *Reference) Sync(ctx context.Context) error {
	began, after := r.setup.Now(), ""
	var labels []search.Label
	var houses []*referenceHouse
	for {
		page, err := r.from.Properties(ctx, "", after, 500)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			h, err := r.read(ctx, p)
			if err != nil {
				return err
			}
			if !h.Property.Closed {
				labels, houses = append(labels, h.LabelOf()), append(houses, h)
			}
		}
		after = page[len(page)-1].ID
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asOf, r.houses, r.atlas = began, houses, search.NewAtlas(labels, r.setup.CityNames)
	return nil
}

func (r *Reference) read(ctx context.Context, p property.Property) (*referenceHouse, error) {
	types, err1 := r.from.RoomTypes(ctx, p.ID)
	plans, err2 := r.from.Plans(ctx, p.ID)
	calendars, err3 := r.from.Calendars(ctx, p.ID)
	zone, err4 := stay.Zone(p.Zone)
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return nil, err
		}
	}
	h := &referenceHouse{nights: make(map[inventory.Key]int)}
	h.Property, h.Zone, h.Products = p, zone, pricing.Products(types, plans, calendars, p.Taxes)
	if err4 != nil {
		h.Property.Closed, h.Zone = true, time.UTC
	}
	if rated, ok := r.from.(search.Rated); ok {
		rating, err := rated.Rating(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		h.Rating = rating
	}
	today := h.Today(r.setup.Now())
	nights, err := r.from.Nights(ctx, p.ID, today-1, today.Add(2*inventory.Horizon))
	for _, n := range nights {
		h.nights[inventory.Key{RoomTypeID: n.RoomTypeID, Night: n.Night}] = n.Free()
	}
	return h, err
}

// left is the smallest count of the nights; a night without a row is not on sale.
func (h *referenceHouse) left(nights stay.Stay, roomTypeID string) int {
	n := inventory.MaxStock
	for date := nights.Arrival; date < nights.Departure; date++ {
		n = min(n, h.nights[inventory.Key{RoomTypeID: roomTypeID, Night: date}])
	}
	return n
}

// Search answers by Ask.Page.
func (r *Reference) Search(ctx context.Context, q search.Query) (search.Page, error) {
	ask, found, fresh, err := r.ask(q)
	if err != nil {
		return search.Page{}, err
	}
	page, err := ask.Page(ctx, found)
	page.Freshness = fresh
	return page, err
}

// Days answers by Ask.Strip.
func (r *Reference) Days(ctx context.Context, q search.Query) (search.Strip, error) {
	if err := q.CheckWindow(); err != nil {
		return search.Strip{}, err
	}
	ask, found, fresh, err := r.ask(q)
	if err != nil {
		return search.Strip{}, err
	}
	strip, err := ask.Strip(ctx, found)
	strip.Freshness = fresh
	return strip, err
}

// Map answers by Ask.Map.
func (r *Reference) Map(ctx context.Context, q search.Query, grid int) (search.Map, error) {
	if err := search.CheckGrid(grid); err != nil {
		return search.Map{}, err
	}
	ask, found, fresh, err := r.ask(q)
	if err != nil {
		return search.Map{}, err
	}
	m, err := ask.Map(ctx, found, grid)
	m.Freshness = fresh
	return m, err
}

// Why answers by Ask.Why.
func (r *Reference) Why(ctx context.Context, q search.Query, propertyID string) (search.Why, error) {
	ask, _, fresh, err := r.ask(q)
	if err != nil {
		return search.Why{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for i, h := range r.houses {
		if h.Property.ID == propertyID {
			km, outside := r.atlas.Where(&q, i)
			why, err := ask.Why(ctx, h.candidate(km), outside)
			why.Freshness = fresh
			return why, err
		}
	}
	return search.Why{}, fmt.Errorf("%w: %s", property.ErrNotFound, propertyID)
}

// Places suggests from the atlas.
func (r *Reference) Places(ctx context.Context, text string, limit int) ([]search.Place, error) {
	if err := search.CheckPlaces(text, limit); err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if limit == 0 {
		limit = search.DefaultPlaces
	}
	return r.atlas.Suggest(text, limit), ctx.Err()
}

func (h *referenceHouse) candidate(km float64) search.Candidate {
	return search.Candidate{House: &h.House, KM: km, Left: h.left}
}

// ask is the query at this moment, and the properties that lie where it looks.
func (r *Reference) ask(q search.Query) (search.Ask, []search.Candidate, search.Freshness, error) {
	now := r.setup.Now()
	ask := search.Ask{Query: q, Now: now, Rates: r.setup.Rates, Weights: r.setup.Weights}
	if err := q.CheckNow(now); err != nil {
		return ask, nil, search.Freshness{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	var found []search.Candidate
	entries, ground := r.atlas.Scope(&q)
	for _, i := range entries {
		if km, ok := ground.Has(r.atlas.At(i).Point); ok {
			found = append(found, r.houses[i].candidate(km))
		}
	}
	return ask, found, search.Freshness{AsOf: r.asOf, Staleness: now.Sub(r.asOf)}, q.CheckBreadth(len(found), now)
}
