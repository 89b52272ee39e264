package api

import (
	"math"
	"time"

	"github.com/vacancyhq/vacancy/money"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// Place is something that a guest can mean.
type Place struct {
	ID         string  `json:"id" doc:"For place_id"`
	Kind       string  `json:"kind" enum:"city,region,country,landmark,property"`
	Name       string  `json:"name"`
	Region     string  `json:"region,omitempty" doc:"Where it tells places of one name apart"`
	City       string  `json:"city,omitempty"`
	Country    string  `json:"country"`
	PropertyID string  `json:"property_id,omitempty"`
	Lat        float64 `json:"lat"`
	Lon        float64 `json:"lon"`
	Properties int     `json:"properties"`
}

// Places is the answer to what a guest typed.
type Places struct {
	Places []Place `json:"places" nullable:"false"`
}

// Hit is a property with its cheapest bookable rate for the whole stay.
type Hit struct {
	PropertyID string    `json:"property_id"`
	Name       string    `json:"name"`
	Kind       string    `json:"kind"`
	Stars      int       `json:"stars"`
	Rating     *Rating   `json:"rating,omitempty" doc:"Absent before the first review"`
	City       string    `json:"city"`
	Country    string    `json:"country"`
	Lat        float64   `json:"lat"`
	Lon        float64   `json:"lon"`
	DistanceKM float64   `json:"distance_km,omitempty"`
	Arrival    string    `json:"arrival,omitempty" doc:"What the total is for; absent without dates"`
	Departure  string    `json:"departure,omitempty"`
	Total      *Money    `json:"total,omitempty" doc:"Of all rooms for the whole stay, everything mandatory included; absent without dates"`
	AtProperty *Money    `json:"due_at_property,omitempty"`
	FreeCancel bool      `json:"free_cancellation"`
	Rooms      []RoomHit `json:"rooms,omitempty"`
}

// Rating is what guests say of a property.
type Rating struct {
	Score   float64 `json:"score" doc:"Mean of all reviews, 0 to 10 with one digit" example:"8.7"`
	Reviews int     `json:"reviews"`
}

// RoomHit is what one party gets.
type RoomHit struct {
	RoomTypeID string `json:"room_type_id"`
	RoomType   string `json:"room_type"`
	PlanID     string `json:"rate_plan_id"`
	Plan       string `json:"rate_plan"`
	Board      string `json:"board"`
	Total      Money  `json:"total"`
	Free       int    `json:"free" doc:"Rooms left when the index last heard; 250 stands for any number from there on"`
}

// Results is one page of hits.
type Results struct {
	Hits   []Hit   `json:"hits" nullable:"false"`
	Total  int     `json:"total" doc:"Hits on all pages"`
	Facets *Facets `json:"facets,omitempty" doc:"Of all pages, when asked for"`
	Next   string  `json:"next,omitempty" doc:"cursor of the next page"`
	AsOf   string  `json:"as_of" doc:"Every change made before this instant is in the answer"`
}

// Facets count what is bookable.
type Facets struct {
	Stars      []Count `json:"stars" nullable:"false"`
	Kinds      []Count `json:"kinds" nullable:"false"`
	Boards     []Count `json:"boards" doc:"Empty without dates" nullable:"false"`
	Amenities  []Count `json:"amenities" doc:"The most frequent first, at most 40; counted beside those asked for" nullable:"false"`
	Ratings    []Count `json:"ratings" doc:"At least so many points" nullable:"false"`
	FreeCancel int     `json:"free_cancellation"`
	Totals     []Bin   `json:"totals" doc:"Histogram of the totals, without min_total and max_total; empty without dates" nullable:"false"`
}

// Count is a value of a filter and how many properties it would find.
type Count struct {
	Value      string `json:"value"`
	Properties int    `json:"properties"`
}

// Bin is a bar of a histogram: from <= total < to.
type Bin struct {
	From       Money `json:"from"`
	To         Money `json:"to"`
	Properties int   `json:"properties"`
}

// Strip is the least total for each day of arrival.
type Strip struct {
	Days []Day  `json:"days" nullable:"false"`
	AsOf string `json:"as_of"`
}

// Day is a day of arrival.
type Day struct {
	Arrival    string `json:"arrival"`
	Departure  string `json:"departure"`
	Hits       int    `json:"hits"`
	PropertyID string `json:"property_id,omitempty" doc:"The cheapest"`
	Least      *Money `json:"least_total,omitempty"`
}

// Map is hits gathered by where they are.
type Map struct {
	Clusters []Cluster `json:"clusters" nullable:"false"`
	Total    int       `json:"total"`
	AsOf     string    `json:"as_of"`
}

// Cluster is the hits of one cell.
type Cluster struct {
	Lat        float64 `json:"lat" doc:"The middle of its hits"`
	Lon        float64 `json:"lon"`
	Hits       int     `json:"hits"`
	PropertyID string  `json:"property_id" doc:"The cheapest; without dates the first by id"`
	Least      *Money  `json:"least_total,omitempty" doc:"Absent without dates"`
}

// Why is why a property is in a list or not.
type Why struct {
	Listed     bool     `json:"listed"`
	Hit        *Hit     `json:"hit,omitempty"`
	Parameters []string `json:"parameters" doc:"Those of the query that keep it out" nullable:"false"`
	Products   []WhyNot `json:"products" doc:"Without a bookable rate: for each party and product what closes it" nullable:"false"`
	AsOf       string   `json:"as_of"`
}

// WhyNot is what closes a product for a party.
type WhyNot struct {
	Party      int      `json:"party" doc:"Counted from 0, in the order of the parameters"`
	RoomTypeID string   `json:"room_type_id"`
	PlanID     string   `json:"rate_plan_id"`
	Reasons    []string `json:"reasons" doc:"Sentences; none when only the other parties' rooms are in the way" nullable:"false"`
}

func instantOf(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func placeOf(p search.Place) Place {
	return Place{
		ID: p.ID, Kind: p.Kind, Name: p.Name, Region: p.Region, City: p.City, Country: p.Country,
		PropertyID: p.PropertyID, Lat: p.Lat, Lon: p.Lon, Properties: p.Properties,
	}
}

func resultsOf(page search.Page) *Results {
	out := &Results{Hits: make([]Hit, len(page.Hits)), Total: page.Total, Facets: facetsOf(page.Facets), Next: page.Next, AsOf: instantOf(page.AsOf)}
	many := &hits{parts: make([]hitParts, len(page.Hits))}
	for i := range page.Hits {
		out.Hits[i] = many.hit(i, &page.Hits[i])
	}
	return out
}

// hits are made together: what each points to lies side by side, and the dates,
// which most share, are written once.
type hits struct {
	parts              []hitParts
	nights             stay.Stay
	arrival, departure string
}

// hitParts is what a hit points to.
type hitParts struct {
	rating     Rating
	total, due Money
	room       [1]RoomHit
}

func hitOf(h *search.Hit) Hit {
	return (&hits{parts: make([]hitParts, 1)}).hit(0, h)
}

func (all *hits) hit(i int, h *search.Hit) Hit {
	parts := &all.parts[i]
	hit := Hit{
		PropertyID: h.PropertyID, Name: h.Name, Kind: h.Kind, Stars: h.Stars, City: h.City, Country: h.Country,
		Lat: h.Lat, Lon: h.Lon, DistanceKM: math.Round(h.DistanceKM*100) / 100, FreeCancel: h.FreeCancel,
	}
	if h.Rating.Count > 0 {
		parts.rating = Rating{Score: float64(h.Rating.Tenths) / 10, Reviews: h.Rating.Count}
		hit.Rating = &parts.rating
	}
	if len(h.Rooms) == 0 {
		return hit
	}
	if h.Stay != all.nights || all.arrival == "" {
		all.nights, all.arrival, all.departure = h.Stay, h.Stay.Arrival.String(), h.Stay.Departure.String()
	}
	hit.Arrival, hit.Departure = all.arrival, all.departure
	parts.total = moneyOf(h.Total)
	hit.Total = &parts.total
	if h.DueAtProperty.Minor != 0 {
		parts.due = moneyOf(h.DueAtProperty)
		hit.AtProperty = &parts.due
	}
	hit.Rooms = parts.rooms(h)
	return hit
}

func (p *hitParts) rooms(h *search.Hit) []RoomHit {
	rooms := p.room[:]
	if len(h.Rooms) > 1 {
		rooms = make([]RoomHit, len(h.Rooms))
	}
	for i, r := range h.Rooms {
		total := p.total // of one room it is the same
		if r.Total != h.Total {
			total = moneyOf(r.Total)
		}
		rooms[i] = RoomHit{
			RoomTypeID: r.RoomTypeID, RoomType: r.RoomTypeName, PlanID: r.PlanID, Plan: r.PlanName,
			Board: r.Board, Total: total, Free: r.Free,
		}
	}
	return rooms
}

func facetsOf(f *search.Facets) *Facets {
	if f == nil {
		return nil
	}
	out := &Facets{
		Stars: countsOf(f.Stars), Kinds: countsOf(f.Kinds), Boards: countsOf(f.Boards), Amenities: countsOf(f.Amenities),
		Ratings: pointsOf(f.Ratings), FreeCancel: f.FreeCancel, Totals: make([]Bin, len(f.Totals)),
	}
	for i, b := range f.Totals {
		out.Totals[i] = Bin{From: moneyOf(b.From), To: moneyOf(b.To), Properties: b.Properties}
	}
	return out
}

func countsOf(counts []search.Count) []Count {
	out := make([]Count, len(counts))
	for i, c := range counts {
		out[i] = Count(c)
	}
	return out
}

// pointsOf writes the steps of ratings, which are tenths, as min_rating takes them.
func pointsOf(counts []search.Count) []Count {
	out := countsOf(counts)
	for i, c := range out {
		if n := len(c.Value); n > 1 {
			out[i].Value = c.Value[:n-1] + "." + c.Value[n-1:]
		}
	}
	return out
}

func stripOf(s search.Strip) Strip {
	out := Strip{Days: make([]Day, len(s.Days)), AsOf: instantOf(s.AsOf)}
	for i, d := range s.Days {
		out.Days[i] = Day{Arrival: d.Stay.Arrival.String(), Departure: d.Stay.Departure.String(), Hits: d.Hits, PropertyID: d.PropertyID}
		if d.Hits > 0 {
			out.Days[i].Least = pricedOf(d.Least)
		}
	}
	return out
}

func mapOf(m search.Map) Map {
	out := Map{Clusters: make([]Cluster, len(m.Clusters)), Total: m.Total, AsOf: instantOf(m.AsOf)}
	for i, c := range m.Clusters {
		out.Clusters[i] = Cluster{Lat: c.Lat, Lon: c.Lon, Hits: c.Hits, PropertyID: c.PropertyID, Least: pricedOf(c.Least)}
	}
	return out
}

// pricedOf is nil for the amount without a currency of a query without dates.
func pricedOf(a money.Amount) *Money {
	if a.Currency == "" {
		return nil
	}
	m := moneyOf(a)
	return &m
}

func whyOf(w search.Why) Why {
	out := Why{Listed: w.Hit != nil, Parameters: []string{}, Products: []WhyNot{}, AsOf: instantOf(w.AsOf)}
	if w.Hit != nil {
		hit := hitOf(w.Hit)
		out.Hit = &hit
	}
	for _, field := range w.Filters {
		out.Parameters = append(out.Parameters, parameterOf(field))
	}
	for _, r := range w.Rooms {
		out.Products = append(out.Products, WhyNot{Party: r.Party, RoomTypeID: r.RoomTypeID, PlanID: r.PlanID, Reasons: append([]string{}, r.Reasons...)})
	}
	return out
}

// parameterOf is what a field of a query is called at this door.
func parameterOf(field string) string {
	if name, other := parameterNames[field]; other {
		return name
	}
	return field
}

var parameterNames = map[string]string{
	"parties": "party", "kinds": "kind", "boards": "board", "amenities": "amenity", "rating": "min_rating",
	"radius": "radius_km", "window": "arrive_to", "stay": "departure", "free_cancel": "free_cancellation", "total": "max_total",
}
