package bench

import (
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
	generated "github.com/vacancyhq/vacancy/world"
)

// Of the stays that PostgreSQL is asked for.
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
func (w *searchWorld) breadths() ([]breadth, error) {
	small, mid := breadth{name: "small town", column: "town", ask: 40}, breadth{name: "mid city", column: "town", ask: 24}
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
		{name: inLargest, column: "town", places: []string{w.towns[0].id}, hotels: w.towns[0].hotels, ask: 20},
		{name: inCountry, column: "country", places: []string{countryID("FR")}, hotels: country, ask: 10},
	}
	all = slices.DeleteFunc(all, func(b breadth) bool { return len(b.places) == 0 })
	for i := range all {
		if err := all[i].draw(w.today, uint64(i)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// draw makes the queries: what travellers ask in the generated world (lengths of
// stay, leads, parties, filters, orders), but of these places and in euro; and
// those that PostgreSQL can answer as well, for two adults in the order of totals.
func (b *breadth) draw(today stay.Date, seed uint64) error {
	w, err := generated.New(generated.Options{Seed: searchSeed, Today: today, Properties: molds, Nights: searchNights - 2, TenantID: "ten_bench"})
	if err != nil {
		return err
	}
	several := 0
	for asked := range w.Queries(seed) {
		i, q := len(b.queries), asked.Query
		if len(q.Parties) > 1 { // a tenth, which a handful of queries may not be far from
			if several > i/10 {
				continue
			}
			several++
		}
		q.Place, q.PlaceID, q.Near, q.RadiusKM = "", b.places[i%len(b.places)], nil, 0
		if q.MaxTotal != nil {
			q.MaxTotal = new(money.Of(200_00*int64(q.Stay.Nights()*len(q.Parties)), "EUR"))
		}
		b.queries, b.simple = append(b.queries, q), append(b.simple, simple(q, today, i))
		if len(b.queries) == b.ask {
			break
		}
	}
	return nil
}

// simple is a query as PostgreSQL can answer it: a stay within the nights that it
// holds, of no more than two weeks.
func simple(q search.Query, today stay.Date, i int) search.Query {
	arrival := today.Add(int(q.Stay.Arrival-today) % latestArrival)
	nights := stay.Stay{Arrival: arrival, Departure: arrival.Add(min(q.Stay.Nights(), longestStay))}
	q = search.Query{PlaceID: q.PlaceID, Stay: &nights, Parties: []stay.Party{{Adults: 2}}, Facets: true, Sort: search.ByTotal}
	if i%3 == 0 {
		q.Stars = []int{3, 4}
	}
	return q
}
