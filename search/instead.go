package search

import (
	"cmp"
	"context"
	"slices"
)

// Instead is what a guest could do when nothing fits.
type Instead struct {
	Days []Day // other days of arrival with hits, the nearest first
	Near []Hit // properties around the place that fit, the nearest first
	// Loosened is what the query finds without some of its filters: first without
	// all of them, then without one at a time, those that find most first. Empty
	// where it is not the filters that leave nothing.
	Loosened []Loosened
}

// Bounds of what Suggest looks at.
const (
	insteadReach = 30 // days earlier and later
	insteadDays  = 11
	insteadHits  = 5
)

var insteadKM = [...]float64{15, 50, 150}

// Suggest looks for other days, for other places, and for filters that leave
// nothing. It asks the index at most six times, and once for each filter.
func Suggest(ctx context.Context, index Index, q Query) (Instead, error) {
	var out Instead
	q.Facets, q.Cursor, q.Limit = false, "", insteadHits
	if q.Stay != nil {
		days, err := otherDays(ctx, index, q)
		if err != nil {
			return Instead{}, err
		}
		out.Days = days
	}
	var err error
	if out.Loosened, err = loosened(ctx, index, q); err != nil {
		return Instead{}, err
	}
	from, err := startOf(ctx, index, q)
	if err != nil || from == nil {
		return out, err
	}
	near := q
	near.Place, near.PlaceID, near.Box, near.Polygon, near.Near, near.Sort = "", "", nil, nil, from, ByDistance
	for _, near.RadiusKM = range insteadKM {
		page, err := index.Search(ctx, near)
		if err != nil {
			return Instead{}, err
		}
		if out.Near = page.Hits; page.Total > 0 {
			break
		}
	}
	return out, nil
}

func otherDays(ctx context.Context, index Index, q Query) (days []Day, err error) {
	asked := *q.Stay
	q.Stay = nil
	q.Window = &Window{First: asked.Arrival.Add(-insteadReach), Last: asked.Arrival.Add(insteadReach), Nights: asked.Nights()}
	strip, err := index.Days(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, d := range strip.Days {
		if d.Hits > 0 && d.Stay != asked {
			days = append(days, d)
		}
	}
	away := func(d Day) int { return max(int(d.Stay.Arrival-asked.Arrival), int(asked.Arrival-d.Stay.Arrival)) }
	slices.SortStableFunc(days, func(a, b Day) int { return cmp.Compare(away(a), away(b)) })
	return days[:min(len(days), insteadDays)], nil
}

// startOf is the point to look around: the query's own, that of a property in
// the place that it names, or the middle of its box; nil when it names none.
func startOf(ctx context.Context, index Index, q Query) (*Point, error) {
	switch {
	case q.Near != nil:
		return q.Near, nil
	case q.Named():
		page, err := index.Search(ctx, Query{Place: q.Place, PlaceID: q.PlaceID, Limit: 1})
		if err != nil || len(page.Hits) == 0 {
			return nil, err
		}
		return &Point{page.Hits[0].Lat, page.Hits[0].Lon}, nil
	case q.Box != nil:
		return &Point{(q.Box.South + q.Box.North) / 2, turn(q.Box.West + q.Box.width()/2)}, nil
	}
	return nil, nil
}
