package memindex

import (
	"context"
	"sync"

	"github.com/vacancyhq/vacancy/search"
)

// Search answers from memory alone.
func (x *Index) Search(ctx context.Context, q search.Query) (search.Page, error) {
	now := x.options.Now()
	if err := q.Check(); err != nil {
		return search.Page{}, err
	}
	if err := q.CheckDates(now); err != nil {
		return search.Page{}, err
	}
	atlas := x.atlas.Load()
	if atlas == nil {
		return search.Page{}, search.ErrStarting
	}
	asOf, staleness := x.freshness() // before the counts are read: they can only be newer
	found := atlas.candidates(q)
	if q.Stay != nil && len(found) > search.MaxPriced {
		return search.Page{}, search.ErrBroad
	}
	hits, err := x.hits(ctx, search.Ask{Query: q, Now: now, Rates: x.options.Rates}, found)
	if err != nil {
		return search.Page{}, err
	}
	page, err := search.Rank(q, x.options.Rates, hits)
	page.AsOf, page.Staleness = asOf, staleness
	return page, err
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
	atlas := x.atlas.Load()
	if atlas == nil {
		return nil, search.ErrStarting
	}
	if limit == 0 {
		limit = search.DefaultPlaces
	}
	return atlas.suggest(text, limit), nil
}

// candidate is a property of the place that was asked for.
type candidate struct {
	house *house
	km    float64
}

// candidates is the properties of the query's place, or of the whole world,
// within the radius. Distances are from the point, else from the middle of the place.
func (a *atlas) candidates(q search.Query) []candidate {
	indexes := a.everywhere()
	if q.Place != "" {
		indexes = a.find(q.Place)
	}
	from, radius := a.origin(q, indexes)
	found := make([]candidate, 0, len(indexes))
	for _, i := range indexes {
		c := candidate{house: a.entries[i].house}
		if from != nil {
			c.km = from.KM(a.entries[i].label.point)
		}
		if radius == 0 || c.km <= radius {
			found = append(found, c)
		}
	}
	return found
}

// origin is where distances are measured from, and how far is near enough; 0
// is anywhere.
func (a *atlas) origin(q search.Query, indexes []int) (from *search.Point, radius float64) {
	switch {
	case q.Near != nil && q.RadiusKM == 0 && q.Place == "":
		return q.Near, search.DefaultRadiusKM
	case q.Near != nil:
		return q.Near, q.RadiusKM
	case q.Place == "" || len(indexes) == 0:
		return nil, 0
	}
	middle := a.middle(indexes)
	return &middle, 0
}

func (a *atlas) everywhere() []int {
	all := make([]int, len(a.entries))
	for i := range all {
		all[i] = i
	}
	return all
}

// Pricing is spread over the processors, a stretch of properties at a time,
// because one large city takes longer than a guest wants to wait.
const stretch = 32

func (x *Index) hits(ctx context.Context, ask search.Ask, found []candidate) ([]search.Hit, error) {
	stretches := (len(found) + stretch - 1) / stretch
	parts := make([][]search.Hit, stretches)
	next := make(chan int, stretches)
	for i := range stretches {
		next <- i
	}
	close(next)
	var workers sync.WaitGroup
	for range min(x.options.Workers, stretches) {
		workers.Go(func() {
			for i := range next {
				if ctx.Err() != nil {
					return
				}
				for _, c := range found[i*stretch : min((i+1)*stretch, len(found))] {
					if hit, ok := c.hit(ask); ok {
						parts[i] = append(parts[i], hit)
					}
				}
			}
		})
	}
	workers.Wait()
	var hits []search.Hit
	for _, part := range parts {
		hits = append(hits, part...)
	}
	return hits, ctx.Err()
}

func (c candidate) hit(ask search.Ask) (search.Hit, bool) {
	if ask.Stay == nil {
		facts := c.house.known()
		hit := facts.Listing()
		hit.DistanceKM = c.km
		return hit, facts.Shows(ask.Query)
	}
	var facts *search.House
	facts, ask.Free = c.house.free(*ask.Stay)
	if !facts.Shows(ask.Query) {
		return search.Hit{}, false
	}
	hit, ok := facts.Hit(ask)
	hit.DistanceKM = c.km
	return hit, ok
}
