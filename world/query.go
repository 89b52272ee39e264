package world

import (
	"iter"
	"math"
	"sort"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// Class is how much of a world a query looks at.
type Class string

// Classes of queries, by the properties of this world near the destination.
const (
	Town       Class = "town" // fewer than 200
	MidCity    Class = "city" // fewer than 3,000
	Metropolis Class = "metropolis"
	Region     Class = "region" // a circle on the map, 500 km around the destination
)

// Query is what one traveller looks for.
type Query struct {
	search.Query
	Class Class
	Page  int // the first or the second
}

// Queries are what travellers ask of this world, without an end: where they go,
// when, for how long and how many of them as in the real data (lead, nights,
// party, skew), what else they want in the mix that docs/generated-worlds.md
// lists. The same seed asks the same.
func (w *World) Queries(seed uint64) iter.Seq[Query] {
	return func(yield func(Query) bool) {
		t := &travellers{World: w, dice: cast(seed, "queries", w.options.Seed), destinations: popularity()}
		for yield(t.query()) {
		}
	}
}

// popularity is the sums of the places' chances of being searched.
func popularity() []float64 {
	power := fitted("skew", 1)[0]
	sums := make([]float64, len(Places()))
	sum := 0.0
	for i, p := range Places() {
		sum += math.Pow(float64(p.Weight), power)
		sums[i] = sum
	}
	return sums
}

// travellers ask one after another.
type travellers struct {
	*World
	dice         dice
	destinations []float64
}

func (t *travellers) query() Query {
	place := t.destination()
	like := "city"
	if place.Style != City && place.Style != Business {
		like = "resort"
	}
	nights := t.nights(like)
	q := Query{Page: 1}
	q.Stay, q.Parties, q.Limit, q.Facets = &nights, t.parties(like), search.DefaultPage, true
	q.Class = t.where(&q.Query, place)
	t.filters(&q.Query, marketIn(place.Country, place.Name))
	q.Sort = []search.Sort{search.ByRecommended, search.ByTotal, search.ByRating, search.ByDistance}[t.dice.weighted(60, 25, 8, 7)]
	if t.dice.chance(10) {
		q.Page = 2
	}
	return q
}

func (t *travellers) destination() Place {
	sums := t.destinations
	at := sort.SearchFloat64s(sums, t.dice.Float64()*sums[len(sums)-1])
	return Places()[min(at, len(sums)-1)]
}

// where asks for the place by its name, for what is around a point in it, or
// for a part of the map.
func (t *travellers) where(q *search.Query, p Place) Class {
	near := &search.Point{Lat: p.Lat, Lon: p.Lon}
	switch t.dice.weighted(75, 24, 1) {
	case 0:
		q.Place = p.Name
	case 1:
		near.Lat, near.Lon = scatter(t.dice, p)
		q.Near, q.RadiusKM = near, float64(t.dice.between(2, 15))
	default:
		q.Near, q.RadiusKM = near, search.MaxRadiusKM
		return Region
	}
	switch n := t.Len() * p.Weight / t.deal.cycle(); {
	case n < 200:
		return Town
	case n < 3_000:
		return MidCity
	}
	return Metropolis
}

// longest is the most nights that anybody searches for.
const longest = 28

// nights is when and for how long; what is after the last night on sale is
// drawn again.
func (t *travellers) nights(like string) stay.Stay {
	lead, length := fitted("lead."+like, 3), fitted("nights."+like, 3)
	first := t.options.Today.Add(ownDays)
	end := t.options.Today.Add(t.options.Nights)
	for range 100 {
		s := stay.Stay{Arrival: first, Departure: first}
		if t.dice.Float64() >= lead[0] {
			s.Arrival = first.Add(int(min(t.dice.weibull(lead[1], lead[2])+0.5, inventory.Horizon)))
		}
		s.Departure = s.Arrival.Add(t.lengthOf(length))
		if s.Departure <= end {
			return s
		}
	}
	return stay.Stay{Arrival: first, Departure: first.Add(1)}
}

func (t *travellers) lengthOf(shape []float64) int {
	if t.dice.Float64() < shape[0] {
		return 7
	}
	return min(max(1, int(math.Round(t.dice.logNormal(shape[1], shape[2])))), longest)
}

// parties are one for each room; in every fifth query children come along.
func (t *travellers) parties(like string) []stay.Party {
	parties := make([]stay.Party, 1+t.dice.weighted(88, 10, 2))
	for i := range parties {
		parties[i].Adults = 1 + t.dice.shares(fitted("party."+like, 4))
	}
	if t.dice.chance(20) {
		for range t.dice.between(1, 2) {
			parties[0].ChildAges = append(parties[0].ChildAges, t.dice.IntN(stay.MaxChildAge+1))
		}
		parties[0].Adults = min(parties[0].Adults, 2)
	}
	return parties
}

// filters: half of the travellers want something in particular.
func (t *travellers) filters(q *search.Query, m market) {
	d := t.dice
	if d.chance(17) {
		perNight := int64(d.between(60, 260)) * 100 * int64(m.level) / 100
		total := perNight * int64(q.Stay.Nights()*len(q.Parties))
		if amount, err := m.amount(total).Round(m.currency); err == nil {
			q.MaxTotal = new(money.Of(amount.Minor, m.currency))
		}
	}
	if !d.chance(50) {
		return
	}
	if d.chance(40) {
		q.Stars = pick(d, [][]int{{3, 4}, {4, 5}, {5}, {3, 4, 5}})
	}
	if d.chance(45) {
		q.Amenities = pick(d, [][]string{{"wifi"}, {"parking"}, {"pool"}, {"restaurant"}, {"spa", "pool"}, {"wifi", "parking"}, {"pets"}, {"gym"}})
	}
	if d.chance(20) {
		q.Kinds = pick(d, [][]string{{"hotel"}, {"apartment"}, {"guest_house", "hostel"}})
	}
	q.FreeCancel = d.chance(30)
	if d.chance(20) {
		q.Boards = []string{string(rate.BedAndBreakfast)}
	}
}
