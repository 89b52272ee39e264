package search

import (
	"cmp"
	"context"
	"slices"
)

// Loosened is what a query finds without a filter.
type Loosened struct {
	Field      string // as in Problem.Field, or "total" for both limits; "": without all filters
	Value      string // of a filter whose values are asked for together: the one that is left out
	Properties int
}

// filter is a filter in force with the query that does without it.
type filter struct {
	field, value string
	without      Query
}

// filters are those that a query has in force.
func (q Query) filters() []filter {
	var all []filter
	drop := func(inForce bool, field, value string, change func(*Query)) {
		if inForce {
			rest := q
			change(&rest)
			all = append(all, filter{field, value, rest})
		}
	}
	drop(len(q.Stars) > 0, "stars", "", func(q *Query) { q.Stars = nil })
	drop(q.MinRating > 0, "min_rating", "", func(q *Query) { q.MinRating = 0 })
	drop(len(q.Kinds) > 0, "kinds", "", func(q *Query) { q.Kinds = nil })
	drop(len(q.Boards) > 0, "boards", "", func(q *Query) { q.Boards = nil })
	drop(q.FreeCancel, "free_cancel", "", func(q *Query) { q.FreeCancel = false })
	drop(q.MinTotal != nil || q.MaxTotal != nil, "total", "", func(q *Query) { q.MinTotal, q.MaxTotal = nil, nil })
	for _, a := range q.Amenities {
		drop(true, "amenities", a, func(q *Query) {
			q.Amenities = slices.DeleteFunc(slices.Clone(q.Amenities), func(b string) bool { return a == b })
		})
	}
	return all
}

// unfiltered is the query without any filter.
func (q Query) unfiltered() Query {
	q.Stars, q.MinRating, q.Kinds, q.Boards, q.FreeCancel, q.MinTotal, q.MaxTotal, q.Amenities = nil, 0, nil, nil, false, nil, nil, nil
	return q
}

// loosened counts what the query finds without its filters, together and one by one.
func loosened(ctx context.Context, index Index, q Query) ([]Loosened, error) {
	filters := q.filters()
	if len(filters) == 0 {
		return nil, nil
	}
	q.Limit = 1
	page, err := index.Search(ctx, q.unfiltered())
	if err != nil || page.Total == 0 {
		return nil, err
	}
	var each []Loosened
	for _, f := range filters {
		f.without.Limit = 1
		found, err := index.Search(ctx, f.without)
		if err != nil {
			return nil, err
		}
		if found.Total > 0 {
			each = append(each, Loosened{f.field, f.value, found.Total})
		}
	}
	slices.SortStableFunc(each, func(a, b Loosened) int { return cmp.Compare(b.Properties, a.Properties) })
	return append([]Loosened{{Properties: page.Total}}, each...), nil
}
