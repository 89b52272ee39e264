package api

import (
	"math"
	"strings"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// Where is the parameters that say where; several narrow each other.
type Where struct {
	Place    string  `query:"place" maxLength:"100" doc:"City, region or property name, as typed"`
	PlaceID  string  `query:"place_id" maxLength:"200" doc:"id of one of /v1/places; place is then only what was typed"`
	Near     string  `query:"near" maxLength:"50" doc:"Latitude,longitude in degrees" example:"48.85,2.35"`
	RadiusKM float64 `query:"radius_km" minimum:"0" maximum:"500" doc:"Around near"`
	Box      string  `query:"box" maxLength:"100" doc:"South,west,north,east in degrees; west may be greater than east, across the antimeridian" example:"48.8,2.2,48.9,2.5"`
	Polygon  string  `query:"polygon" maxLength:"20000" doc:"3 to 500 corners, latitude,longitude after latitude,longitude; the last side closes it" example:"48.8,2.2,48.9,2.2,48.9,2.5"`
}

// When is the parameters that say when and who.
type When struct {
	Arrival string   `query:"arrival" maxLength:"10" doc:"Date" example:"2027-05-15"`
	Depart  string   `query:"departure" maxLength:"10" doc:"Date" example:"2027-05-17"`
	First   string   `query:"arrive_from" maxLength:"10" doc:"Flexible dates, instead of arrival and departure: the first day of arrival"`
	Last    string   `query:"arrive_to" maxLength:"10" doc:"The last day of arrival; at most 62 days in all"`
	Nights  int      `query:"nights" minimum:"0" maximum:"90" doc:"With arrive_from and arrive_to"`
	Weekday []string `query:"weekday,explode" maxItems:"7" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"Arrival on one of these, with flexible dates: a weekend in May is nights=2, weekday=fri and the days of May"`
	Party   []string `query:"party,explode" maxItems:"4" doc:"One for each room: adults, or adults:ages of children. Two adults when absent" example:"2:5,9"`
	Promo   string   `query:"promo_code" maxLength:"100"`
}

// Filters is the parameters that choose among what is there.
type Filters struct {
	Stars     []int    `query:"stars,explode" maxItems:"6" doc:"Any of them; 0 is unrated"`
	MinStars  int      `query:"min_stars" minimum:"0" maximum:"5" doc:"Short for all from so many on"`
	MinRating string   `query:"min_rating" maxLength:"5" doc:"Of guests' reviews, 0 to 10" example:"8.5"`
	Kinds     []string `query:"kind,explode" maxItems:"10" doc:"Any of them: hotel, guest_house, hostel, motel, apartment"`
	Amenity   []string `query:"amenity,explode" maxItems:"20" doc:"All of them"`
	Board     []string `query:"board,explode" maxItems:"5" doc:"Any of them: room_only, bed_and_breakfast, half_board, full_board, all_inclusive"`
	Free      bool     `query:"free_cancellation" doc:"Only what can be cancelled free of charge today"`
	Min       string   `query:"min_total" maxLength:"40" doc:"Decimal number, in currency"`
	Max       string   `query:"max_total" maxLength:"40" doc:"Decimal number, in currency"`
	Currency  string   `query:"currency" maxLength:"3" doc:"Of min_total and max_total" example:"EUR"`
}

// Question is what every question to the index has. It and its parts are
// exported because huma looks into no other.
type Question struct {
	Where
	When
	Filters
}

func (in *Question) query() (search.Query, error) {
	q := search.Query{
		Place: in.Place, PlaceID: in.PlaceID, RadiusKM: in.RadiusKM, PromoCode: in.Promo,
		Stars: append(in.Stars, search.StarsFrom(in.MinStars)...), Kinds: in.Kinds,
		Amenities: in.Amenity, Boards: in.Board, FreeCancel: in.Free,
	}
	for _, fill := range []func(*search.Query) error{in.where, in.when, in.rating, in.totals} {
		if err := fill(&q); err != nil {
			return search.Query{}, err
		}
	}
	return q, q.Check()
}

func (in *Where) where(q *search.Query) (err error) {
	if in.Near != "" {
		point, ok := parsePoint(in.Near)
		if !ok {
			return fault("query.near", "must be latitude,longitude in degrees, such as 48.85,2.35")
		}
		q.Near = &point
	}
	if q.Box, err = parseBox(in.Box); err != nil {
		return err
	}
	q.Polygon, err = parsePolygon(in.Polygon)
	return err
}

func (in *When) when(q *search.Query) error {
	flexible := in.First != "" || in.Last != "" || in.Nights != 0 || len(in.Weekday) > 0
	exact := in.Arrival != "" || in.Depart != ""
	var err error
	switch {
	case exact && flexible:
		return fault("query.arrive_from", "goes without arrival and departure: dates are exact or flexible")
	case exact:
		q.Stay, err = in.stay()
	case flexible:
		q.Window, err = in.window()
	case len(in.Party) > 0:
		return fault("query.party", "needs arrival and departure")
	default:
		return nil
	}
	if err != nil {
		return err
	}
	q.Parties, err = parseParties(in.Party, search.MaxRooms)
	return err
}

func (in *When) stay() (*stay.Stay, error) {
	switch {
	case in.Arrival == "":
		return nil, fault("query.arrival", "is needed with departure")
	case in.Depart == "":
		return nil, fault("query.departure", "is needed with arrival")
	}
	nights, err := parseStay(in.Arrival, in.Depart)
	return &nights, err
}

func (in *When) window() (*search.Window, error) {
	switch {
	case in.First == "":
		return nil, fault("query.arrive_from", "is needed for flexible dates")
	case in.Last == "":
		return nil, fault("query.arrive_to", "is needed for flexible dates")
	case in.Nights == 0:
		return nil, fault("query.nights", "is needed for flexible dates: 1 to 90")
	}
	w := search.Window{Nights: in.Nights}
	var err error
	if w.First, err = parseDate("query.arrive_from", in.First); err != nil {
		return nil, err
	}
	if w.Last, err = parseDate("query.arrive_to", in.Last); err != nil {
		return nil, err
	}
	if w.On, err = parseDays("query.weekday", in.Weekday); err != nil {
		return nil, err
	}
	return &w, nil
}

func (in *Filters) rating(q *search.Query) error {
	if in.MinRating == "" {
		return nil
	}
	points, err := money.ParseRat(in.MinRating)
	tenths := points.MulInt(10)
	if err != nil || tenths.Sign() < 0 || tenths.Cmp(money.RatOf(100, 1)) > 0 || !tenths.Big().IsInt() {
		return fault("query.min_rating", "must be 0 to 10 with at most one digit after the point, such as 8.5")
	}
	q.MinRating = int(tenths.Big().Num().Int64())
	return nil
}

func (in *Filters) totals(q *search.Query) (err error) {
	if q.MinTotal, err = in.total("query.min_total", in.Min); err != nil {
		return err
	}
	q.MaxTotal, err = in.total("query.max_total", in.Max)
	return err
}

func (in *Filters) total(location, decimal string) (*money.Amount, error) {
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
func parsePoint(text string) (search.Point, bool) {
	lat, lon, both := strings.Cut(text, ",")
	y, ok1 := degrees(lat, 90)
	x, ok2 := degrees(lon, 180)
	return search.Point{Lat: y, Lon: x}, both && ok1 && ok2
}

// parseBox reads "south,west,north,east"; nil when absent.
func parseBox(text string) (*search.Box, error) {
	if text == "" {
		return nil, nil
	}
	corners, ok := parsePoints(text, 3)
	if !ok || len(corners) != 2 {
		return nil, fault("query.box", "must be south,west,north,east in degrees, such as 48.8,2.2,48.9,2.5")
	}
	return &search.Box{South: corners[0].Lat, West: corners[0].Lon, North: corners[1].Lat, East: corners[1].Lon}, nil
}

// parsePolygon reads "lat,lon,lat,lon,..."; nil when absent.
func parsePolygon(text string) ([]search.Point, error) {
	if text == "" {
		return nil, nil
	}
	corners, ok := parsePoints(text, search.MaxCorners+1) // one too many is refused by Query.Check
	if !ok {
		return nil, fault("query.polygon", "must be corners latitude,longitude,latitude,longitude and so on in degrees")
	}
	return corners, nil
}

// parsePoints reads points one after the other, at most so many of them.
func parsePoints(text string, most int) (points []search.Point, ok bool) {
	for more := true; more && len(points) < most; {
		var lat, lon string
		if lat, text, more = strings.Cut(text, ","); !more {
			return nil, false
		}
		lon, text, more = strings.Cut(text, ",")
		point, ok := parsePoint(lat + "," + lon)
		if !ok {
			return nil, false
		}
		points = append(points, point)
	}
	return points, true
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
