package bench

import (
	"math/rand/v2"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// Of the stays that are asked for.
const (
	latestArrival = 90 // days ahead
	longestStay   = 14
)

// breadth is what is measured apart from others: how many hotels lie where a
// query looks decides what it costs.
type breadth struct {
	name    string
	column  string   // of PostgreSQL's hotels that says where they are
	places  []string // that queries name in turn
	hotels  int      // in all of them
	ask     int      // queries of every kind, and as many simple ones
	queries []search.Query
	simple  []search.Query // that PostgreSQL can answer as well
	hits    int            // of all queries, first pages or not
}

// The breadths of which something is promised.
const (
	inLargest = "largest city"
	inCountry = "country"
)

// breadths are the four kinds of places of a world with the queries for them.
func (w *searchWorld) breadths() []breadth {
	small, mid := breadth{name: "small town", column: "town", ask: 30}, breadth{name: "mid city", column: "town", ask: 16}
	for n, t := range w.towns {
		switch {
		case n == 0 || t.country != "FR":
		case n%31 == 1:
			mid.places, mid.hotels = append(mid.places, t.id), mid.hotels+t.hotels
		case len(small.places) < small.ask:
			small.places, small.hotels = append(small.places, t.id), small.hotels+t.hotels
		}
	}
	country := 0
	for _, t := range w.towns {
		if t.country == "FR" {
			country = t.until
		}
	}
	all := []breadth{
		small, mid,
		{name: inLargest, column: "town", places: []string{w.towns[0].id}, hotels: w.towns[0].hotels, ask: 16},
		{name: inCountry, column: "country", places: []string{countryID("FR")}, hotels: country, ask: 6},
	}
	all = slices.DeleteFunc(all, func(b breadth) bool { return len(b.places) == 0 })
	for i := range all {
		all[i].draw(w.today, uint64(i))
	}
	return all
}

// draw makes the queries: stays of 1 to 14 nights, most of them short, and a mix
// of parties, filters and orders; and those that PostgreSQL can answer as well,
// for two adults in the order of totals.
func (b *breadth) draw(today stay.Date, seed uint64) {
	random := rand.New(rand.NewPCG(searchSeed, seed))
	for i := range b.ask {
		arrival := today.Add(1 + min(random.IntN(latestArrival), random.IntN(2*latestArrival)))
		nights := stay.Stay{Arrival: arrival, Departure: arrival.Add(1 + min(random.IntN(longestStay), random.IntN(longestStay)))}
		q := search.Query{
			PlaceID: b.places[i%len(b.places)], Stay: &nights, Parties: []stay.Party{{Adults: 2}}, Facets: true, Sort: search.ByTotal,
		}
		b.queries = append(b.queries, dressed(q, i, random))
		if i%3 == 0 {
			q.Stars = []int{3, 4}
		}
		b.simple = append(b.simple, q)
	}
}

// orders are how guests sort, in their shares.
var orders = [...]search.Sort{
	search.ByRecommended, search.ByTotal, search.ByRecommended, search.ByRating, search.ByRecommended,
	search.ByRecommended, search.ByDistance, search.ByRecommended, search.ByTotal, search.ByRecommended,
}

// dressed is query i with its party, filters and order: one of eight asks for
// several rooms, one of five brings a child, one of two has a filter, one of six
// a range of totals.
func dressed(q search.Query, i int, random *rand.Rand) search.Query {
	q.Sort = orders[i%len(orders)]
	q.Parties = []stay.Party{{Adults: 1 + (i+1)%3}}
	if i%5 == 3 {
		q.Parties[0].ChildAges = []int{random.IntN(18)}
	}
	if i%8 == 5 {
		q.Parties = append(q.Parties, stay.Party{Adults: 2})
	}
	if i%2 == 1 {
		switch i / 2 % 5 {
		case 0:
			q.Stars = search.StarsFrom(3)
		case 1:
			q.Amenities = []string{"wifi", "parking"}
		case 2:
			q.MinRating = 80
		case 3:
			q.FreeCancel = true
		case 4:
			q.Kinds = []string{"hotel"}
		}
	}
	if i%6 == 4 {
		q.MaxTotal = new(money.Of(20_000*int64(q.Stay.Nights()), "EUR"))
	}
	return q
}
