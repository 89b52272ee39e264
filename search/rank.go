package search

import (
	"math"
	"math/bits"
	"slices"
)

// Weights of the recommended order in thousandths of a point. It prefers what
// costs less than most of the list, what has more stars, what is near, and what
// can be cancelled; nothing that a property pays moves it.
const (
	pricePoints      = 100_000 // × m / (m + price): 50 points at the median price m, 67 at half of it
	starPoints       = 8_000   // for each star
	nearPoints       = 20_000  // × 3 km / (3 km + distance)
	freeCancelPoints = 10_000
	nearMetres       = 3_000
)

// Rank orders the hits of a query and cuts out the page that its cursor asks
// for. It keeps no hits beyond the page.
func Rank(q Query, rates Rates, hits []Hit) (Page, error) {
	after, err := q.after()
	if err != nil {
		return Page{}, err
	}
	order := ranking{query: q, rates: rates}
	if after != nil {
		order.median = after.Median // scores must not move between pages
	} else {
		order.median = rates.median(hits)
	}
	marks := make([]ranked, len(hits))
	for i := range hits {
		marks[i] = ranked{order.mark(&hits[i]), i}
	}
	slices.SortFunc(marks, func(a, b ranked) int { return a.compare(b.mark) })
	if after != nil {
		begin, seen := slices.BinarySearchFunc(marks, after.After, func(r ranked, m mark) int { return r.compare(m) })
		if seen {
			begin++
		}
		marks = marks[begin:]
	}
	return order.page(hits, marks), nil
}

type ranked struct {
	mark
	hit int
}

type ranking struct {
	query  Query
	rates  Rates
	median int64
}

func (r ranking) page(hits []Hit, marks []ranked) Page {
	limit := r.query.Limit
	if limit == 0 {
		limit = DefaultPage
	}
	page := Page{Total: len(hits), Hits: make([]Hit, 0, min(limit, len(marks)))}
	for _, m := range marks[:min(limit, len(marks))] {
		page.Hits = append(page.Hits, hits[m.hit])
	}
	if len(marks) > limit {
		page.Next = cursor{Query: r.query.identity(), Median: r.median, After: marks[limit-1].mark}.String()
	}
	return page
}

func (r ranking) mark(h *Hit) mark {
	m := mark{Worth: r.rates.Worth(h.Total), Currency: h.Total.Currency, Minor: h.Total.Minor, ID: h.PropertyID}
	switch r.query.Sort {
	case ByTotal:
	case ByStars:
		m.First = -int64(h.Stars)
	case ByDistance:
		m.First = metres(h)
	default:
		m.First = -r.score(h, m.Worth)
	}
	return m
}

func (r ranking) score(h *Hit, worth int64) int64 {
	score := int64(h.Stars) * starPoints
	if r.query.Near != nil || r.query.Place != "" {
		score += nearPoints * nearMetres / (nearMetres + metres(h))
	}
	if r.query.Stay == nil {
		return score
	}
	if h.FreeCancel {
		score += freeCancelPoints
	}
	return score + share(pricePoints, r.median, worth)
}

// share is points × m / (m + worth), without overflow.
func share(points uint64, m, worth int64) int64 {
	most, rest := uint64(min(max(m, 1), math.MaxInt64/2)), uint64(max(worth, 0))
	hi, lo := bits.Mul64(points, most)
	quotient, _ := bits.Div64(hi, lo, most+rest) // hi is less than most: points are few
	return int64(quotient)
}

func metres(h *Hit) int64 { return int64(math.Round(h.DistanceKM * 1000)) }

func (r Rates) median(hits []Hit) int64 {
	if len(hits) == 0 {
		return 0
	}
	worths := make([]int64, len(hits))
	for i := range hits {
		worths[i] = r.Worth(hits[i].Total)
	}
	slices.Sort(worths)
	return worths[len(worths)/2]
}
