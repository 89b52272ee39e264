package api

import (
	"context"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
)

// placesInput and searchInput are the parameters of looking around.
type placesInput struct {
	Q     string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"What a guest typed: a city, a region or a name"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"10"`
}

type searchInput struct {
	Place    string   `query:"place" maxLength:"100" doc:"City, region or property name, as typed"`
	Near     string   `query:"near" maxLength:"50" doc:"Latitude,longitude in degrees" example:"48.85,2.35"`
	RadiusKM float64  `query:"radius_km" minimum:"0" maximum:"500" doc:"Around near"`
	Arrival  string   `query:"arrival" maxLength:"10" doc:"Date" example:"2027-05-15"`
	Depart   string   `query:"departure" maxLength:"10" doc:"Date" example:"2027-05-17"`
	Party    []string `query:"party,explode" maxItems:"4" doc:"One for each room: adults, or adults:ages of children. Two adults when absent" example:"2:5,9"`
	Promo    string   `query:"promo_code" maxLength:"100"`
	MinStars int      `query:"min_stars" minimum:"0" maximum:"5"`
	Kinds    []string `query:"kind,explode" maxItems:"10"`
	Amenity  []string `query:"amenity,explode" maxItems:"20" doc:"All of them"`
	Board    []string `query:"board,explode" maxItems:"5" doc:"Any of them"`
	Free     bool     `query:"free_cancellation" doc:"Only what can be cancelled free of charge today"`
	Min      string   `query:"min_total" maxLength:"40" doc:"Decimal number, in currency"`
	Max      string   `query:"max_total" maxLength:"40" doc:"Decimal number, in currency"`
	Currency string   `query:"currency" maxLength:"3" doc:"Of min_total and max_total" example:"EUR"`
	Sort     string   `query:"sort" enum:"recommended,total,stars,distance" default:"recommended"`
	Limit    int      `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor   string   `query:"cursor" maxLength:"500" doc:"next of the page before"`
}

// Place is something that a guest can mean.
type Place struct {
	Kind       string  `json:"kind" enum:"city,region,property"`
	Name       string  `json:"name"`
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
	City       string    `json:"city"`
	Country    string    `json:"country"`
	Lat        float64   `json:"lat"`
	Lon        float64   `json:"lon"`
	DistanceKM float64   `json:"distance_km,omitempty"`
	Total      *Money    `json:"total,omitempty" doc:"Of all rooms for the whole stay, everything mandatory included; absent without dates"`
	AtProperty *Money    `json:"due_at_property,omitempty"`
	FreeCancel bool      `json:"free_cancellation"`
	Rooms      []RoomHit `json:"rooms,omitempty"`
}

// RoomHit is what one party gets.
type RoomHit struct {
	RoomTypeID string `json:"room_type_id"`
	RoomType   string `json:"room_type"`
	PlanID     string `json:"rate_plan_id"`
	Plan       string `json:"rate_plan"`
	Board      string `json:"board"`
	Total      Money  `json:"total"`
	Free       int    `json:"free" doc:"Rooms left when the index last heard"`
}

// Results is one page of hits.
type Results struct {
	Hits  []Hit  `json:"hits" nullable:"false"`
	Total int    `json:"total" doc:"Hits on all pages"`
	Next  string `json:"next,omitempty" doc:"cursor of the next page"`
	AsOf  string `json:"as_of" doc:"Every change made before this instant is in the answer"`
}

func (d *door) searchRoutes() {
	read(d, route{
		id: "list-places", method: http.MethodGet, path: "/v1/places", tag: "Search", rule: public(),
		summary: "What a guest may mean by what they typed",
	}, d.listPlaces)
	read(d, route{
		id: "search", method: http.MethodGet, path: "/v1/search", tag: "Search", rule: public(),
		summary: "Where a party can stay, and for how much in total",
		doc:     "With dates each hit carries the exact total of its cheapest bookable rate for the whole stay. It is a moment old: ask the property for offers before booking.",
	}, d.search)
}

func (d *door) listPlaces(ctx context.Context, c *call, in *placesInput) (Places, error) {
	found, err := d.Search.Places(ctx, in.Q, in.Limit)
	if err != nil {
		return Places{}, err
	}
	c.shared = true
	places := make([]Place, len(found))
	for i, p := range found {
		places[i] = Place{
			Kind: p.Kind, Name: p.Name, City: p.City, Country: p.Country, PropertyID: p.PropertyID,
			Lat: p.Lat, Lon: p.Lon, Properties: p.Properties,
		}
	}
	return Places{Places: places}, nil
}

func (d *door) search(ctx context.Context, _ *call, in *searchInput) (Results, error) {
	q, err := in.query()
	if err != nil {
		return Results{}, err
	}
	page, err := d.Search.Search(ctx, q)
	if err != nil {
		return Results{}, err
	}
	out := Results{Hits: make([]Hit, len(page.Hits)), Total: page.Total, Next: page.Next, AsOf: page.AsOf.UTC().Format(time.RFC3339Nano)}
	for i, h := range page.Hits {
		out.Hits[i] = hitOf(h)
	}
	return out, nil
}

func (in *searchInput) query() (search.Query, error) {
	q := search.Query{
		Place: in.Place, RadiusKM: in.RadiusKM, PromoCode: in.Promo, Stars: search.StarsFrom(in.MinStars), Kinds: in.Kinds,
		Amenities: in.Amenity, Boards: in.Board, FreeCancel: in.Free,
		Sort: search.Sort(in.Sort), Limit: in.Limit, Cursor: in.Cursor,
	}
	if err := in.when(&q); err != nil {
		return search.Query{}, err
	}
	if in.Near != "" {
		point, err := parsePoint(in.Near)
		if err != nil {
			return search.Query{}, err
		}
		q.Near = &point
	}
	var err error
	if q.MinTotal, err = in.total("query.min_total", in.Min); err != nil {
		return search.Query{}, err
	}
	if q.MaxTotal, err = in.total("query.max_total", in.Max); err != nil {
		return search.Query{}, err
	}
	return q, q.Check()
}

func (in *searchInput) when(q *search.Query) error {
	switch {
	case in.Arrival == "" && in.Depart == "":
		if len(in.Party) > 0 {
			return fault("query.party", "needs arrival and departure")
		}
		return nil
	case in.Arrival == "":
		return fault("query.arrival", "is needed with departure")
	case in.Depart == "":
		return fault("query.departure", "is needed with arrival")
	}
	nights, err := parseStay(in.Arrival, in.Depart)
	if err != nil {
		return err
	}
	q.Stay = &nights
	q.Parties, err = parseParties(in.Party, search.MaxRooms)
	return err
}

func (in *searchInput) total(location, decimal string) (*money.Amount, error) {
	if decimal == "" {
		return nil, nil
	}
	currency, err := money.ParseCurrency(in.Currency)
	if err != nil {
		return nil, fault("query.currency", "must be an ISO 4217 code, for min_total and max_total")
	}
	amount, err := money.Parse(decimal, currency)
	if err != nil || amount.Minor < 0 {
		return nil, fault(location, "must be a decimal number of 0 or more with the digits of the currency, such as 120.00")
	}
	return &amount, nil
}

// parsePoint reads "48.85,2.35".
func parsePoint(text string) (search.Point, error) {
	lat, lon, both := strings.Cut(text, ",")
	y, ok1 := degrees(lat, 90)
	x, ok2 := degrees(lon, 180)
	if !both || !ok1 || !ok2 {
		return search.Point{}, fault("query.near", "must be latitude,longitude in degrees, such as 48.85,2.35")
	}
	return search.Point{Lat: y, Lon: x}, nil
}

// degrees reads a plain decimal number within the bound; nothing that a float
// parser takes beyond that (NaN, hexadecimal, exponents).
func degrees(text string, most float64) (float64, bool) {
	r, err := money.ParseRat(strings.TrimSpace(text))
	if err != nil {
		return 0, false
	}
	f, _ := r.Big().Float64()
	return f, math.Abs(f) <= most
}

func hitOf(h search.Hit) Hit {
	hit := Hit{
		PropertyID: h.PropertyID, Name: h.Name, Kind: h.Kind, Stars: h.Stars, City: h.City, Country: h.Country,
		Lat: h.Lat, Lon: h.Lon, DistanceKM: math.Round(h.DistanceKM*100) / 100, FreeCancel: h.FreeCancel,
	}
	if len(h.Rooms) == 0 {
		return hit
	}
	total, due := moneyOf(h.Total), moneyOf(h.DueAtProperty)
	hit.Total = &total
	if due.Minor != 0 {
		hit.AtProperty = &due
	}
	for _, r := range h.Rooms {
		hit.Rooms = append(hit.Rooms, RoomHit{
			RoomTypeID: r.RoomTypeID, RoomType: r.RoomTypeName, PlanID: r.PlanID, Plan: r.PlanName,
			Board: r.Board, Total: moneyOf(r.Total), Free: r.Free,
		})
	}
	return hit
}
