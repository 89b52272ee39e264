package search

import (
	"context"
	"errors"
	"time"

	"github.com/vacancyhq/vacancy/property"
)

// Checked is an index that does not trust itself for long: when its answer is
// older than Limit and few properties lie where the query looks, those are read
// from the store and priced at this moment. A broad query, and one that the
// store does not answer, keeps the index's answer with its age.
type Checked struct {
	Index
	Source  Source
	Now     func() time.Time
	Rates   Rates
	Weights Weights

	Limit time.Duration // 0: DefaultLimit
	Most  int           // properties read for one query, up to MaxPage; 0: DefaultPage
}

// DefaultLimit is the age from which an answer is not taken as it is.
const DefaultLimit = 30 * time.Second

// Search is the index's answer, or the store's.
func (c *Checked) Search(ctx context.Context, q Query) (Page, error) {
	page, err := c.Index.Search(ctx, q)
	limit, most := c.Limit, c.Most
	if limit <= 0 {
		limit = DefaultLimit
	}
	if most <= 0 {
		most = DefaultPage
	}
	if err != nil || page.Staleness <= limit || !q.dated() {
		return page, err
	}
	fresh, ok := c.fromStore(ctx, q, min(most, MaxPage))
	if !ok {
		return page, nil
	}
	return fresh, nil
}

// fromStore answers from the store; false when there are too many properties,
// or the store fails.
func (c *Checked) fromStore(ctx context.Context, q Query, most int) (Page, bool) {
	now := c.Now()
	place := Query{
		Place: q.Place, PlaceID: q.PlaceID, Near: q.Near, RadiusKM: q.RadiusKM, Box: q.Box, Polygon: q.Polygon,
		TenantID: q.TenantID, Limit: most,
	}
	there, err := c.Index.Search(ctx, place)
	if err != nil || there.Total > most {
		return Page{}, false
	}
	var found []Candidate
	for _, hit := range there.Hits {
		read, err := candidate(ctx, c.Source, hit.PropertyID, q.Stays(now))
		if errors.Is(err, property.ErrNotFound) || err == nil && read.Property.Closed {
			continue
		}
		if err != nil {
			return Page{}, false
		}
		read.KM = hit.DistanceKM
		found = append(found, read)
	}
	page, err := Ask{Query: q, Now: now, Rates: c.Rates, Weights: c.Weights}.Page(ctx, found)
	page.Freshness = Freshness{AsOf: now}
	return page, err == nil
}
