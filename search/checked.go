package search

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/vacancyhq/vacancy/property"
)

// Surveyor is an index that knows the ground by itself: it tells which
// properties lie where a query looks also when it cannot answer the query.
type Surveyor interface {
	Index
	// Survey counts the properties where a query looks, whatever its filters and
	// dates are, and lists them if they are no more than most.
	Survey(q Query, most int) (sites []Site, total int, err error)
}

// Site is a property where a query looks.
type Site struct {
	PropertyID string
	KM         float64 // from where the query's distances are measured
}

// Checked is an index that is not relied on alone: when it does not answer, or
// its answer is older than Limit, and few properties lie where the query looks,
// those are read from the store and priced at this moment. A broad query, one
// that the store does not answer, and one that comes while others are being
// read for, keep the index's answer with its age, or its error: the store has
// to sell rooms first.
type Checked struct {
	Surveyor
	Source  Source
	Now     func() time.Time
	Rates   Rates
	Weights Weights

	Limit  time.Duration // 0: DefaultLimit
	Most   int           // properties read for one query, up to MaxPage; 0: DefaultPage
	AtOnce int           // queries that the store is read for at the same time; 0: DefaultAtOnce

	reading atomic.Int32
}

// What an absent option of Checked reads as.
const (
	DefaultLimit  = 30 * time.Second // the age from which an answer is not taken as it is
	DefaultAtOnce = 4
)

// Search is the index's answer, or the store's.
func (c *Checked) Search(ctx context.Context, q Query) (Page, error) {
	page, err := c.Surveyor.Search(ctx, q)
	if c.relies(&q, page, err) {
		return page, err
	}
	defer c.reading.Add(-1)
	if int(c.reading.Add(1)) > orDefault(c.AtOnce, DefaultAtOnce) {
		return page, err
	}
	if fresh, ok := c.fromStore(ctx, q); ok {
		return fresh, nil
	}
	return page, err
}

// relies tells whether the index's answer is taken as it is.
func (c *Checked) relies(q *Query, page Page, err error) bool {
	if err != nil {
		return !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrStarting)
	}
	return page.Staleness <= orDefault(c.Limit, DefaultLimit) || !q.dated()
}

func orDefault[T int | time.Duration](value, otherwise T) T {
	if value <= 0 {
		return otherwise
	}
	return value
}

// fromStore answers from the store; false when there are too many properties,
// or the store fails.
func (c *Checked) fromStore(ctx context.Context, q Query) (Page, bool) {
	now := c.Now()
	most := min(orDefault(c.Most, DefaultPage), MaxPage)
	sites, total, err := c.Survey(q, most)
	if err != nil || total > most {
		return Page{}, false
	}
	var found []Candidate
	for _, site := range sites {
		read, err := candidate(ctx, c.Source, site.PropertyID, q.Stays(now))
		if errors.Is(err, property.ErrNotFound) || err == nil && read.Property.Closed {
			continue
		}
		if err != nil {
			return Page{}, false
		}
		read.KM = site.KM
		found = append(found, read)
	}
	page, err := Ask{Query: q, Now: now, Rates: c.Rates, Weights: c.Weights}.Page(ctx, found)
	page.Freshness = Freshness{AsOf: now}
	return page, err == nil
}
