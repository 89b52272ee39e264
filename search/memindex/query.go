package memindex

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// Search answers from memory alone.
func (x *Index) Search(ctx context.Context, q search.Query) (page search.Page, err error) {
	err = x.answer(ctx, q, bySize, func(r *run, s *scope, fresh search.Freshness) error {
		if err := r.over(ctx, x, s); err != nil {
			return err
		}
		page, err = r.page()
		page.Freshness = fresh
		return err
	})
	return page, err
}

// Days is the least total for each arrival day of the query's window.
func (x *Index) Days(ctx context.Context, q search.Query) (strip search.Strip, err error) {
	if err := q.CheckWindow(); err != nil {
		return search.Strip{}, err
	}
	q.Facets = false
	err = x.answer(ctx, q, always(classDays), func(r *run, s *scope, fresh search.Freshness) error {
		strip.Freshness = fresh
		for _, nights := range r.stays {
			day := x.newRun(withStay(q, nights), r.ask.Now)
			if err := day.over(ctx, x, s); err != nil {
				return err
			}
			strip.Days = append(strip.Days, day.day(nights))
			day.done()
		}
		return nil
	})
	return strip, err
}

func withStay(q search.Query, nights stay.Stay) search.Query {
	q.Stay, q.Window = &nights, nil
	return q
}

func (r *run) day(nights stay.Stay) search.Day {
	d := search.Day{Stay: nights, Hits: len(r.hits)}
	if len(r.hits) > 0 {
		h := slices.MinFunc(r.hits, r.cheaper)
		d.PropertyID, d.Least = r.blocks[h.block].ids[h.lane], money.Of(h.total, r.front(&h).currency)
	}
	return d
}

// cheaper orders hits by total, as search.ByTotal does.
func (r *run) cheaper(a, b hit) int {
	if a.worth != b.worth {
		return compare(a.worth, b.worth)
	}
	first, second := r.key(&a, 0), r.key(&b, 0)
	return first.Compare(&second)
}

// Map is the hits of a query gathered in a net of cells.
func (x *Index) Map(ctx context.Context, q search.Query, grid int) (m search.Map, err error) {
	if err := search.CheckGrid(grid); err != nil {
		return search.Map{}, err
	}
	q.Facets = false
	err = x.answer(ctx, q, always(classMap), func(r *run, s *scope, fresh search.Freshness) error {
		if err := r.over(ctx, x, s); err != nil {
			return err
		}
		m = search.Gather(r.spots(), q.Box, grid)
		m.Freshness = fresh
		return nil
	})
	return m, err
}

func (r *run) spots() []search.Spot {
	spots := make([]search.Spot, len(r.hits))
	for i := range r.hits {
		h := &r.hits[i]
		house := r.blocks[h.block].houses[h.lane]
		spots[i] = search.Spot{Point: house.point(), PropertyID: house.property.ID, Worth: h.worth}
		if len(r.stays) > 0 {
			spots[i].Total = money.Of(h.total, house.property.Currency)
		}
	}
	return spots
}

// Why says why a property is in the list of a query or not. It reads the
// property's plans from the store, which has every rule in its own words.
func (x *Index) Why(ctx context.Context, q search.Query, propertyID string) (search.Why, error) {
	ask, fresh, err := x.asked(q)
	if err != nil {
		return search.Why{}, err
	}
	s := x.shown.Load()
	entry, ok := s.atlas.Find(propertyID)
	if !ok {
		return search.Why{}, fmt.Errorf("%w: %s", property.ErrNotFound, propertyID)
	}
	p, err := x.source.Property(ctx, propertyID)
	if err != nil {
		return search.Why{}, err
	}
	facts, err := x.facts(ctx, p)
	if err != nil {
		return search.Why{}, err
	}
	f, lane := s.look(entry)
	km, outside := s.atlas.Where(&q, entry)
	why, err := ask.Why(ctx, search.Candidate{House: facts, KM: km, Left: f.left(lane)}, outside)
	why.Freshness = fresh
	return why, err
}

func (s *shown) look(entry int) (*facts, int) {
	at := s.position(entry)
	return s.blocks[at/lanesPerBlock].facts.Load(), int(at % lanesPerBlock)
}

// left is what is left of a property's rooms.
func (f *facts) left(lane int) search.Left {
	h := f.houses[lane]
	return func(nights stay.Stay, roomTypeID string) (n int) {
		room := h.lane(roomTypeID)
		if room < 0 || nights.Arrival < h.base || nights.Departure > h.base.Add(h.nights) {
			return 0
		}
		f.almanac.read(func() { n = f.almanac.least(f.first[lane].rooms+room, nights) })
		return n
	}
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

// asked checks a query and says how old the answer will be; the counts are
// read afterwards and can only be newer.
func (x *Index) asked(q search.Query) (search.Ask, search.Freshness, error) {
	ask := search.Ask{Query: q, Now: x.options.Now(), Rates: x.options.Rates, Weights: x.options.Weights}
	if err := q.CheckNow(ask.Now); err != nil {
		return ask, search.Freshness{}, err
	}
	if x.shown.Load() == nil {
		return ask, search.Freshness{}, search.ErrStarting
	}
	return ask, x.freshness(ask.Now), nil
}

// answer runs a query where it looks.
func (x *Index) answer(ctx context.Context, q search.Query, class classify, run func(*run, *scope, search.Freshness) error) error {
	ask, fresh, err := x.asked(q)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	scope := x.shown.Load().scope(&q)
	if err := q.CheckBreadth(scope.properties, ask.Now); err != nil {
		return err
	}
	r := x.newRun(q, ask.Now)
	defer r.done()
	err = run(r, scope, fresh)
	x.meters.add(class(scope, len(r.stays) > 0), x.options.Now().Sub(ask.Now))
	return err
}

// Survey is where a query looks.
func (x *Index) Survey(q search.Query, most int) (sites []search.Site, total int, err error) {
	s := x.shown.Load()
	if s == nil {
		return nil, 0, search.ErrStarting
	}
	scope := s.scope(&q)
	if scope.properties > most {
		return nil, scope.properties, nil
	}
	for _, sp := range scope.spans {
		f := sp.block.facts.Load()
		each(sp.mask&f.shown, func(lane int) {
			site := search.Site{PropertyID: f.houses[lane].property.ID}
			if sp.metres != nil {
				site.KM = float64(sp.metres[lane]) / 1000
			}
			sites = append(sites, site)
		})
	}
	return sites, len(sites), nil
}

func (x *Index) freshness(now time.Time) search.Freshness {
	asOf := *x.asOf.Load()
	return search.Freshness{AsOf: asOf, Staleness: max(0, now.Sub(asOf))}
}
