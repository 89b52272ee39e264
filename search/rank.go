package search

import (
	"cmp"
	"math"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/review"
)

// Order is the order of a query's hits and where its page begins in it.
type Order struct {
	query  Query
	rates  Rates
	weigh  Weights
	after  *cursor
	median int64
}

// Order is the query's. Of the hits it still wants Settle, unless its cursor
// brings what that would find.
func (a *Ask) Order() (*Order, error) {
	after, err := a.after()
	o := &Order{query: a.Query, rates: a.Rates, weigh: a.Weights.orDefault(), after: after}
	if after != nil {
		o.median = after.Median // scores must not move between pages
	}
	return o, err
}

// Unsettled tells whether keys depend on the median of the hits' worth, which
// nobody has said yet.
func (o *Order) Unsettled() bool {
	return o.after == nil && cmp.Or(o.query.Sort, ByRecommended) == ByRecommended
}

// Settle says the median: of n worths in order that at n/2; 0 of none.
func (o *Order) Settle(median int64) { o.median = median }

// Limit is how many hits a page has.
func (o *Order) Limit() int { return cmp.Or(o.query.Limit, DefaultPage) }

// Traits are what the order of a hit depends on.
type Traits struct {
	ID         string
	Total      money.Amount
	Worth      int64 // of the total
	Stars      int
	Rating     review.Summary
	Metres     int64 // from where distances are measured
	FreeCancel bool
}

// Key is the place of one hit in an order, ascending. A cursor is the key of
// the last hit seen, so that the next page begins behind it even when that hit
// is gone.
type Key struct {
	First    int64          `json:"f"` // what the order is by
	Worth    int64          `json:"w"`
	Currency money.Currency `json:"c"`
	Minor    int64          `json:"m"`
	ID       string         `json:"i"`
}

// Compare orders keys.
func (k *Key) Compare(l *Key) int {
	switch {
	case k.First != l.First:
		return cmp.Compare(k.First, l.First)
	case k.Worth != l.Worth:
		return cmp.Compare(k.Worth, l.Worth)
	case k.Currency != l.Currency:
		return cmp.Compare(k.Currency, l.Currency)
	case k.Minor != l.Minor:
		return cmp.Compare(k.Minor, l.Minor)
	}
	return cmp.Compare(k.ID, l.ID)
}

// Key is where a hit with these traits comes.
func (o *Order) Key(t *Traits) Key {
	return Key{First: o.First(t), Worth: t.Worth, Currency: t.Total.Currency, Minor: t.Total.Minor, ID: t.ID}
}

// First is Key's first part.
func (o *Order) First(t *Traits) int64 {
	switch o.query.Sort {
	case ByTotal:
		return 0
	case ByStars:
		return -int64(t.Stars)
	case ByRating:
		if t.Rating.Count == 0 {
			return 1 // the unrated come last
		}
		return -confident(t.Rating)
	case ByDistance:
		return t.Metres
	}
	return -o.score(t)
}

// Seen tells whether a key is on a page before this one.
func (o *Order) Seen(k Key) bool { return o.after != nil && k.Compare(&o.after.After) <= 0 }

// Next is the cursor of the page behind the one that ends with a key.
func (o *Order) Next(last Key) string {
	return cursor{Query: o.query.identity(), Median: o.median, After: last}.String()
}

func (o *Order) score(t *Traits) int64 {
	w := &o.weigh
	score := int64(t.Stars)*w.Star + w.Rating*confident(t.Rating)/fullMarks
	if o.query.Near != nil || o.query.Named() {
		score += w.Near * nearMetres / (nearMetres + t.Metres)
	}
	if !o.query.dated() {
		return score
	}
	if t.FreeCancel {
		score += w.FreeCancel
	}
	return score + share(uint64(w.Price), o.median, t.Worth)
}

// Rank orders hits and cuts out the page that the cursor asks for. It keeps no
// hits beyond the page.
func (a Ask) Rank(hits []Hit) (Page, error) {
	order, err := a.Order()
	if err != nil {
		return Page{}, err
	}
	if order.Unsettled() {
		order.Settle(a.Rates.median(hits))
	}
	var marks []ranked
	for i := range hits {
		if key := order.Key(a.Rates.traits(&hits[i])); !order.Seen(key) {
			marks = append(marks, ranked{key, i})
		}
	}
	slices.SortFunc(marks, func(a, b ranked) int { return a.Compare(&b.Key) })
	shown := min(order.Limit(), len(marks))
	page := Page{Total: len(hits), Hits: make([]Hit, 0, shown)}
	for _, m := range marks[:shown] {
		page.Hits = append(page.Hits, hits[m.hit])
	}
	if len(marks) > shown {
		page.Next = order.Next(marks[shown-1].Key)
	}
	return page, nil
}

type ranked struct {
	Key
	hit int
}

func (r Rates) traits(h *Hit) *Traits {
	return &Traits{
		ID: h.PropertyID, Total: h.Total, Worth: r.Worth(h.Total), Stars: h.Stars, Rating: h.Rating,
		Metres: Metres(h.DistanceKM), FreeCancel: h.FreeCancel,
	}
}

// Metres are a distance in kilometres as the order knows it.
func Metres(km float64) int64 { return int64(math.Round(km * 1000)) }

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
