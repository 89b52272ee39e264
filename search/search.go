// Package search answers where a party can stay and for how much: the exact
// total of the cheapest bookable rate of each property for the whole stay. An
// Index is fed by the outbox and never asked whether a room may be sold.
package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Errors of the noun.
var (
	ErrQuery = errors.New("search: invalid query")
	// ErrGroup is a query for more rooms than a search puts together.
	ErrGroup = fmt.Errorf("%w: too many rooms: send a group enquiry", ErrQuery)
	// ErrBroad is a query with dates that fits more properties than one query may price.
	ErrBroad = fmt.Errorf("%w: too many properties fit: name a place", ErrQuery)
	// ErrStarting is an index that has not read the store once yet.
	ErrStarting = errors.New("search: the index is being built")
)

// Limits of a query.
const (
	MaxRooms    = 4   // more goes to a group enquiry (DESIGN 6)
	MaxPage     = 100 // hits on a page
	MaxRadiusKM = 500
	MaxText     = 200 // characters of a place
	MaxPlaces   = 50
	MaxPriced   = 20_000 // properties that one query with dates may price
)

// What an absent value reads as.
const (
	DefaultPage     = 25
	DefaultPlaces   = 10
	DefaultRadiusKM = 10 // around a point without a place
)

// Kinds of property that can be asked for.
var Kinds = []string{"hotel", "guest_house", "hostel", "motel", "apartment"}

// Query is what a guest looks for. Dates and parties may be absent: then the
// places' properties are listed without prices.
type Query struct {
	Place     string // city or property name, as typed
	Near      *Point
	RadiusKM  float64 // with Near; 0 with a place only measures the distance
	Stay      *stay.Stay
	Parties   []stay.Party // one for each room
	PromoCode string

	MinStars           int
	Kinds              []string
	Amenities          []string // all of them
	Boards             []string // any of them
	FreeCancel         bool     // cancellation is free today
	MinTotal, MaxTotal *money.Amount
	TenantID           string // "" searches every tenant's properties

	Sort   Sort
	Limit  int
	Cursor string
}

// Point is a place on earth in degrees, WGS 84.
type Point struct{ Lat, Lon float64 }

// Sort is the order of hits; "" is ByRecommended. Ties are broken by total,
// then by id.
type Sort string

// Orders of hits.
const (
	ByRecommended Sort = "recommended"
	ByTotal       Sort = "total" // needs dates
	ByStars       Sort = "stars"
	ByDistance    Sort = "distance" // needs a place or a point
)

// Page is one page of hits.
type Page struct {
	Hits      []Hit
	Total     int       // hits on all pages
	Next      string    // cursor of the next page; "" on the last
	AsOf      time.Time // every change committed before this instant is in the answer
	Staleness time.Duration
}

// Hit is a property with the cheapest bookable rate for the whole stay.
type Hit struct {
	PropertyID    string
	Name          string
	Kind          string
	Stars         int
	City          string
	Country       string
	Lat, Lon      float64
	DistanceKM    float64      // from Near, or from the middle of the place
	Rooms         []RoomHit    // the assignment of parties to products; empty without dates
	Total         money.Amount // of all rooms, everything mandatory included
	DueAtProperty money.Amount
	FreeCancel    bool
}

// RoomHit is the product that one party gets.
type RoomHit struct {
	RoomTypeID, RoomTypeName string
	PlanID, PlanName         string
	Board                    string
	Total                    money.Amount
	Free                     int
}

// Place is something that a guest can type: a city or a property.
type Place struct {
	Kind       string // "city", "property"
	Name       string
	City       string
	Country    string
	PropertyID string // of a property
	Lat, Lon   float64
	Properties int // how many are there
}

// Index is a search engine over the properties on sale.
type Index interface {
	Search(ctx context.Context, q Query) (Page, error)
	Places(ctx context.Context, text string, limit int) ([]Place, error)
}
