package search

import (
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Limits of a query.
const (
	MaxRooms    = 4   // more goes to a group enquiry
	MaxPage     = 100 // hits on a page
	MaxRadiusKM = 500
	MaxText     = 200 // characters of a place
	MaxPlaces   = 50
	MaxCorners  = 500     // of a polygon
	MaxArrivals = 62      // arrival days of a window
	MaxGrid     = 64      // clusters along one side of a map
	MaxPriced   = 500_000 // stays that one query may price: properties where it looks × stays of its window
)

// What an absent value reads as.
const (
	DefaultPage     = 25
	DefaultPlaces   = 10
	DefaultRadiusKM = 10 // around a point without a place
)

// Kinds of property that can be asked for.
var Kinds = [...]string{"hotel", "guest_house", "hostel", "motel", "apartment"}

// Query is what a guest looks for. Dates and parties may be absent: then the
// places' properties are listed without prices. The places named narrow each
// other: a hit lies in all of them.
type Query struct {
	Place    string // city, region, landmark or property name, as typed
	PlaceID  string // of a Place that Places suggested; Place is then only what was typed
	Near     *Point
	RadiusKM float64 // with Near; 0 with a place only measures the distance
	Box      *Box
	Polygon  []Point // 3 corners or more, in order; its last side closes it

	Stay      *stay.Stay
	Window    *Window      // instead of Stay: each property's cheapest stay within it
	Parties   []stay.Party // one for each room
	PromoCode string

	Stars              []int // any of them; 0 is unrated
	MinRating          int   // tenths of a point of guests' reviews, 0 to 100
	Kinds              []string
	Amenities          []string // all of them
	Boards             []string // any of them
	FreeCancel         bool     // cancellation is free today
	MinTotal, MaxTotal *money.Amount
	TenantID           string // "" searches every tenant's properties

	Sort   Sort
	Facets bool // count what each other choice of a filter would find
	Limit  int
	Cursor string
}

// Point is a place on earth in degrees, WGS 84.
type Point struct{ Lat, Lon float64 }

// Box is a stretch of the map in degrees. West may be greater than East: then
// it crosses the antimeridian.
type Box struct{ South, West, North, East float64 }

// Window is flexible dates: every stay of so many nights that arrives from
// First to Last on one of the weekdays. "A weekend in May" is two nights, the
// days of May, Friday.
type Window struct {
	First, Last stay.Date
	Nights      int
	On          stay.Weekdays // arrival; zero is any day
}

// Sort is the order of hits; "" is ByRecommended. Ties are broken by total,
// then by id.
type Sort string

// Orders of hits.
const (
	ByRecommended Sort = "recommended"
	ByTotal       Sort = "total" // needs dates
	ByRating      Sort = "rating"
	ByStars       Sort = "stars"
	ByDistance    Sort = "distance" // needs a place or a point
)
