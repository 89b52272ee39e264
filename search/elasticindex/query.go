package elasticindex

import (
	"context"
	"fmt"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
)

// Search is one page of the properties that fit a query.
func (x *Index) Search(ctx context.Context, q search.Query) (search.Page, error) {
	ask, found, fresh, err := x.ask(ctx, q)
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
	ask, found, fresh, err := x.ask(ctx, q)
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
	ask, found, fresh, err := x.ask(ctx, q)
	if err != nil {
		return search.Map{}, err
	}
	m, err := ask.Map(ctx, found, grid)
	m.Freshness = fresh
	return m, err
}

// Why says why a property is in the list of a query or not.
func (x *Index) Why(ctx context.Context, q search.Query, propertyID string) (search.Why, error) {
	s, err := x.scope(&q)
	if err != nil {
		return search.Why{}, err
	}
	i, shown := s.names.Find(propertyID)
	if !shown {
		return search.Why{}, fmt.Errorf("%w: %s", property.ErrNotFound, propertyID)
	}
	brought, err := x.bring(ctx, []named{{id: propertyID}}) // as it is now, whatever is kept
	if err != nil {
		return search.Why{}, err
	}
	if len(brought) == 0 {
		return search.Why{}, fmt.Errorf("%w: %s", property.ErrNotFound, propertyID)
	}
	km, outside := s.names.Where(&q, i)
	why, err := s.Ask.Why(ctx, brought[0].candidate(km), outside)
	why.Freshness = s.fresh
	return why, err
}

// Places suggests what typed text may mean.
func (x *Index) Places(ctx context.Context, text string, limit int) ([]search.Place, error) {
	if err := search.CheckPlaces(text, limit); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	names := x.names.Load()
	if names == nil {
		return nil, search.ErrStarting
	}
	if limit == 0 {
		limit = search.DefaultPlaces
	}
	return names.Suggest(text, limit), nil
}

// scope is a query at this moment with where it looks.
type scope struct {
	search.Ask
	names  *names
	fresh  search.Freshness
	ground search.Ground
	named  map[string]search.Point // properties of the named place; nil: the query names none
}

func (x *Index) scope(q *search.Query) (scope, error) {
	now := x.options.Now()
	s := scope{Ask: search.Ask{Query: *q, Now: now, Rates: x.options.Rates, Weights: x.options.Weights}, names: x.names.Load()}
	err := q.CheckNow(now)
	if err != nil {
		return s, err
	}
	if s.names == nil {
		return s, search.ErrStarting
	}
	if err = s.checkBreadth(); err != nil {
		return s, err
	}
	if s.fresh, err = x.freshness(now); err != nil {
		return s, err
	}
	if !q.Named() {
		s.ground = q.Ground(nil)
		return s, nil
	}
	entries, middle := s.names.Look(q)
	s.ground, s.named = q.Ground(middle), make(map[string]search.Point, len(entries))
	for _, i := range entries {
		label := s.names.At(i)
		s.named[label.ID] = label.Point
	}
	return s, nil
}

// checkBreadth judges the properties where the query looks, as every index
// does. They are counted only where all would be too many.
func (s *scope) checkBreadth() error {
	if s.CheckBreadth(s.names.Len(), s.Now) == nil {
		return nil
	}
	_, total := s.names.Survey(&s.Query, 0)
	return s.CheckBreadth(total, s.Now)
}

// Survey is where a query looks. The names are known here: the cluster is not asked.
func (x *Index) Survey(q search.Query, most int) ([]search.Site, int, error) {
	names := x.names.Load()
	if names == nil {
		return nil, 0, search.ErrStarting
	}
	sites, total := names.Survey(&q, most)
	return sites, total, nil
}

// ask is a query with the candidates that the cluster knows for it.
func (x *Index) ask(ctx context.Context, q search.Query) (search.Ask, []search.Candidate, search.Freshness, error) {
	s, err := x.scope(&q)
	if err != nil || s.named != nil && len(s.named) == 0 {
		return s.Ask, nil, s.fresh, err
	}
	houses, err := x.retrieve(ctx, append(filters(q), s.area()...), func(n named) bool {
		_, there := s.named[n.id]
		return there || s.named == nil
	})
	return s.Ask, s.candidates(houses), s.fresh, err
}

// candidates are the houses on the ground: the cluster's circles are a little wider.
func (s *scope) candidates(houses []*house) []search.Candidate {
	all := make([]search.Candidate, 0, len(houses))
	for _, h := range houses {
		if km, ok := s.ground.Has(h.facts.Point()); ok {
			all = append(all, h.candidate(km))
		}
	}
	return all
}
