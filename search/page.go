package search

import (
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

// Freshness is how old an answer is.
type Freshness struct {
	AsOf      time.Time // every change committed before this instant is in the answer
	Staleness time.Duration
}

// Page is one page of hits.
type Page struct {
	Freshness
	Hits   []Hit
	Total  int     // hits on all pages
	Facets *Facets // of all pages; nil unless asked for
	Next   string  // cursor of the next page; "" on the last
}

// Hit is a property with the cheapest bookable rate for the whole stay.
type Hit struct {
	PropertyID    string
	Name          string
	Kind          string
	Stars         int
	Rating        review.Summary
	City          string
	Country       string
	Lat, Lon      float64
	DistanceKM    float64      // from Near, or from the middle of the place
	Stay          stay.Stay    // what the total is for; zero without dates
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
	Free                     int // rooms of the type that are left, MaxFree at most
}

// MaxFree is how many free rooms of a type a search tells apart: of more it says
// that so many are left.
const MaxFree = 250

// Facets count what is bookable. The count beside a value is the Total of the
// same query with that value alone in its filter's place (beside the other
// wanted ones for amenities, which are asked for together), so that a guest
// sees what a click would find.
type Facets struct {
	Stars      []Count
	Kinds      []Count
	Boards     []Count
	Amenities  []Count // those of the hits, the most frequent first, at most MaxAmenities
	Ratings    []Count // "90", "80", "70", "60": at least so many tenths
	FreeCancel int
	Totals     []Bin // without the query's range of totals; empty without dates
}

// MaxAmenities is how many amenities facets name.
const MaxAmenities = 40

// Count is a value of a filter and how many properties it would find.
type Count struct {
	Value      string
	Properties int
}

// Bin is a bar of the histogram of totals: From <= total < To by Worth. Bins
// follow each other from the first that holds a property to the last.
type Bin struct {
	From, To   money.Amount // in the currency of the table's base, euro
	Properties int
}

// Strip is the least total for each arrival day of a window, in order; days on
// which nothing fits are there with no hits.
type Strip struct {
	Freshness
	Days []Day
}

// Day is an arrival day of a strip.
type Day struct {
	Stay       stay.Stay
	Hits       int
	PropertyID string       // the cheapest
	Least      money.Amount // by Worth; meaningless without hits
}

// Map is hits gathered by where they are.
type Map struct {
	Freshness
	Total    int
	Clusters []Cluster
}

// Cluster is the hits of one cell of a map.
type Cluster struct {
	Point                   // the middle of its hits
	Hits       int          //
	PropertyID string       // the cheapest, else the first by id
	Least      money.Amount // by Worth; zero without dates
}

// Why is why a property is in the list of a query or not.
type Why struct {
	Freshness
	Hit     *Hit     // in the list, with this total
	Filters []string // fields of the query that keep it out, as in Problem.Field
	Rooms   []WhyNot // without a hit: for each party and product what closes it
}

// WhyNot is what closes a product for a party.
type WhyNot struct {
	Party      int // index
	RoomTypeID string
	PlanID     string
	Reasons    []string // sentences
}

// Place is something that a guest can type.
type Place struct {
	ID         string // for Query.PlaceID
	Kind       string // "city", "region", "country", "landmark", "property"
	Name       string
	Region     string // name of the first-level division, where it tells places apart
	City       string
	Country    string
	PropertyID string // of a property
	Lat, Lon   float64
	Properties int // how many are there
}
