package search

import (
	"context"
	"time"

	"github.com/vacancyhq/vacancy/money"
)

// Ask is a query at a moment. Its methods answer it in the plain way, one
// candidate after the other: that is what every index has to agree with.
type Ask struct {
	Query
	Now     time.Time
	Rates   Rates
	Weights Weights
}

// Candidate is a property that lies where the query looks, and is on sale.
type Candidate struct {
	*House
	KM   float64
	Left Left // not asked without dates
}

// dated tells whether the query asks for prices.
func (q *Query) dated() bool { return q.Stay != nil || q.Window != nil }

func (a *Ask) affords(total money.Amount) bool {
	return (a.MinTotal == nil || a.Rates.Compare(total, *a.MinTotal) >= 0) &&
		(a.MaxTotal == nil || a.Rates.Compare(total, *a.MaxTotal) <= 0)
}

// Page is the answer to Index.Search.
func (a Ask) Page(ctx context.Context, found []Candidate) (Page, error) {
	var tally *Tally
	if a.Facets {
		tally = new(Tally)
	}
	hits, err := a.hits(ctx, found, tally)
	if err != nil {
		return Page{}, err
	}
	page, err := a.Rank(hits)
	if tally != nil {
		page.Facets = tally.Facets(a.dated())
	}
	return page, err
}

// hits is what fits the query; the tally, unless nil, counts the facets on the way.
func (a *Ask) hits(ctx context.Context, found []Candidate, tally *Tally) (hits []Hit, err error) {
	for _, c := range found {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		misses := c.Misses(a.Query)
		if misses != 0 && tally == nil {
			continue
		}
		if !a.dated() {
			tally.count(c.House, misses)
			if misses == 0 {
				hits = append(hits, c.at(c.Listing()))
			}
			continue
		}
		sales := c.sales(a, c.Left)
		deal, ok := cheapest(sales, a.terms())
		fits := ok && a.affords(deal.total)
		if fits {
			tally.count(c.House, misses)
		}
		if misses != 0 {
			continue
		}
		tally.countSales(a, sales, deal, ok)
		if hit, ok := deal.hitIf(fits); ok {
			hits = append(hits, c.at(hit))
		}
	}
	return hits, ctx.Err()
}

func (d deal) hitIf(fits bool) (Hit, bool) {
	if !fits {
		return Hit{}, false
	}
	return d.hit()
}

func (c Candidate) at(h Hit) Hit {
	h.DistanceKM = c.KM
	return h
}

// Strip is the answer to Index.Days.
func (a Ask) Strip(ctx context.Context, found []Candidate) (Strip, error) {
	var strip Strip
	for _, nights := range a.Stays(a.Now) {
		day := a
		day.Query.Stay, day.Query.Window = &nights, nil
		hits, err := day.hits(ctx, found, nil)
		if err != nil {
			return Strip{}, err
		}
		d := Day{Stay: nights, Hits: len(hits)}
		if least := a.least(hits); least != nil {
			d.PropertyID, d.Least = least.PropertyID, least.Total
		}
		strip.Days = append(strip.Days, d)
	}
	return strip, nil
}

// Map is the answer to Index.Map.
func (a Ask) Map(ctx context.Context, found []Candidate, grid int) (Map, error) {
	hits, err := a.hits(ctx, found, nil)
	if err != nil {
		return Map{}, err
	}
	spots := make([]Spot, len(hits))
	for i := range hits {
		h := &hits[i]
		spots[i] = Spot{Point: Point{h.Lat, h.Lon}, PropertyID: h.PropertyID, Total: h.Total, Worth: a.Rates.Worth(h.Total)}
	}
	return Gather(spots, a.Box, grid), nil
}

// least is the cheapest hit, nil of none.
func (a *Ask) least(hits []Hit) (least *Hit) {
	order := Order{query: Query{Sort: ByTotal}}
	var first Key
	for i := range hits {
		if key := order.Key(a.Rates.traits(&hits[i])); least == nil || key.Compare(&first) < 0 {
			least, first = &hits[i], key
		}
	}
	return least
}
