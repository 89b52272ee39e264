package memindex

import (
	"context"
	"fmt"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// Search answers from memory alone.
func (x *Index) Search(ctx context.Context, q search.Query) (search.Page, error) {
	ask, found, fresh, err := x.ask(q)
	if err != nil {
		return search.Page{}, err
	}
	page, err := ask.Page(ctx, found)
	page.Freshness = fresh
	return page, err
}

// Days is the least total for each arrival day of the query's window.
func (x *Index) Days(ctx context.Context, q search.Query) (search.Strip, error) {
	if err := q.CheckWindow(); err != nil {
		return search.Strip{}, err
	}
	ask, found, fresh, err := x.ask(q)
	if err != nil {
		return search.Strip{}, err
	}
	strip, err := ask.Strip(ctx, found)
	strip.Freshness = fresh
	return strip, err
}

// Map is the hits of a query gathered in a net of cells.
func (x *Index) Map(ctx context.Context, q search.Query, grid int) (search.Map, error) {
	if err := search.CheckGrid(grid); err != nil {
		return search.Map{}, err
	}
	ask, found, fresh, err := x.ask(q)
	if err != nil {
		return search.Map{}, err
	}
	m, err := ask.Map(ctx, found, grid)
	m.Freshness = fresh
	return m, err
}

// Why says why a property is in the list of a query or not.
func (x *Index) Why(ctx context.Context, q search.Query, propertyID string) (search.Why, error) {
	ask, _, fresh, err := x.ask(q)
	if err != nil {
		return search.Why{}, err
	}
	s := x.shown.Load()
	for i, h := range s.houses {
		if s.atlas.At(i).ID == propertyID {
			km, outside := s.atlas.Where(&q, i)
			why, err := ask.Why(ctx, h.candidate(km), outside)
			why.Freshness = fresh
			return why, err
		}
	}
	return search.Why{}, fmt.Errorf("%w: %s", property.ErrNotFound, propertyID)
}

// Places suggests cities and properties for typed text; without text the
// cities with most properties.
func (x *Index) Places(ctx context.Context, text string, limit int) ([]search.Place, error) {
	if err := search.CheckPlaces(text, limit); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := x.shown.Load()
	if s == nil {
		return nil, search.ErrStarting
	}
	if limit == 0 {
		limit = search.DefaultPlaces
	}
	return s.atlas.Suggest(text, limit), nil
}

func (h *house) candidate(km float64) search.Candidate {
	return search.Candidate{House: h.known(), KM: km, Left: func(nights stay.Stay, roomTypeID string) int {
		_, free := h.free(nights)
		return free(roomTypeID)
	}}
}

func (x *Index) ask(q search.Query) (search.Ask, []search.Candidate, search.Freshness, error) {
	now := x.options.Now()
	ask := search.Ask{Query: q, Now: now, Rates: x.options.Rates}
	if err := q.CheckNow(now); err != nil {
		return ask, nil, search.Freshness{}, err
	}
	s := x.shown.Load()
	if s == nil {
		return ask, nil, search.Freshness{}, search.ErrStarting
	}
	var fresh search.Freshness
	fresh.AsOf, fresh.Staleness = x.freshness() // before the counts are read: they can only be newer
	var found []search.Candidate
	entries, ground := s.atlas.Scope(&q)
	for _, i := range entries {
		if km, ok := ground.Has(s.atlas.At(i).Point); ok {
			found = append(found, s.houses[i].candidate(km))
		}
	}
	return ask, found, fresh, q.CheckBreadth(len(found), now)
}
