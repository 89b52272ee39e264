// Package property is what is sold and where: properties with their room types,
// and the taxes of the place.
package property

import (
	"errors"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Errors of the noun.
var (
	ErrNotFound = errors.New("property: no such property")
	ErrConflict = errors.New("property: changed meanwhile")
	ErrStale    = errors.New("property: not the version that was asked for")
	ErrInvalid  = errors.New("property: invalid")
)

// Property is one sellable hotel or house with its own zone, currency and tax place.
type Property struct {
	ID       string // prop_...
	TenantID string
	Version  int64
	Closed   bool // not sold and not shown

	Name        string
	LocalNames  map[string]string // by BCP 47 language: {"ja": "東京..."}
	Kind        string            // hotel, guest_house, hostel, motel, apartment
	Description string
	Stars       int // 0: unrated
	Amenities   []string

	Country  string // ISO 3166-1 alpha-2
	City     string
	Address  string
	Postcode string
	Lat, Lon float64 // degrees, WGS 84

	Zone          string // IANA
	Currency      money.Currency
	CheckInFrom   stay.Clock
	CheckOutUntil stay.Clock
	Taxes         []Tax
	TermsVersion  string // of the house's terms, which a guest accepts
	Horizon       int    // for how many nights from today rooms are put on sale by themselves; 0: MaxHorizon

	Source    Source
	Generated []string // names of the facts that a generator made up because the source lacks them
}

// Source says where a property's facts come from.
type Source struct {
	ID      string // the source's own id of the property; "" when entered here
	Name    string
	Licence string
	Digest  string // of what the source said last, so that a later import sees whether it says something else
}

// RoomType is a sellable class of rooms.
type RoomType struct {
	ID          string // room_...
	PropertyID  string
	Version     int64
	Code        string
	Name        string
	Description string
	Closed      bool

	Stock       int // rooms of this type; the default for nights as the horizon moves
	MinGuests   int
	Standard    int // guests that the base price covers
	MaxGuests   int
	MaxChildren *int // children on top of adults; nil: no limit of its own
}

// TaxKind says how a tax or fee is computed.
type TaxKind string

// Kinds of taxes and fees.
const (
	TaxPercent        TaxKind = "percent"
	TaxPerPersonNight TaxKind = "per_person_night"
	TaxPerNight       TaxKind = "per_night"
	TaxPerStay        TaxKind = "per_stay"
)

// Tax is a tax or mandatory fee as data.
type Tax struct {
	Code          string
	Name          string
	Kind          TaxKind
	Percent       money.Rat // TaxPercent: of the room and supplements
	Amount        money.Rat // the other kinds: minor units
	Included      bool      // already in the prices: shown, not added
	OnSite        bool      // paid at the property
	ExemptBelow   int       // guests younger than this pay nothing
	MaxNights     int       // charged for at most so many nights; 0: all
	From, Through *stay.Date
}
