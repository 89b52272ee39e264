package searchtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/gazetteer"
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
	atlas  *gazetteer.Atlas
	houses []*referenceHouse // of the atlas's entries
}

type referenceHouse struct {
	search.House
	left search.Left
}

// NewReference is a reference over a source; of the setup it needs all but
// Source. It holds nothing before Sync.
func NewReference(from search.Source, setup Setup) *Reference {
	return &Reference{setup: setup, from: from, atlas: gazetteer.NewAtlas(gazetteer.New(setup.Places))}
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
	r.asOf, r.houses, r.atlas = began, houses, r.atlas.Next(labels)
	return nil
}

func (r *Reference) read(ctx context.Context, p property.Property) (*referenceHouse, error) {
	house, err := search.Read(ctx, r.from, p)
	if errors.Is(err, stay.ErrZone) {
		house.Property.Closed, house.Zone, err = true, time.UTC, nil
	}
	if err != nil {
		return nil, err
	}
	today := house.Today(r.setup.Now())
	counts, err := r.from.Counts(ctx, p.ID, p.ID, today-1, today.Add(2*inventory.Horizon))
	return &referenceHouse{House: *house, left: search.LeftOf(counts)}, err
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

// Survey is where a query looks.
func (r *Reference) Survey(q search.Query, most int) ([]search.Site, int, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	sites, total := r.atlas.Survey(&q, most)
	return sites, total, nil
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
