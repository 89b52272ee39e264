package property

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Limits of what a house may enter; texts in characters.
const (
	MaxName        = 200
	MaxDescription = 10_000
	MaxAmenities   = 100
	MaxLocalNames  = 50
	MaxTaxes       = 50
	MaxRoomTypes   = 200
	MaxRooms       = 10_000 // of one type
	MaxGuests      = 30     // in one room
	MaxHorizon     = 730    // nights from today on
)

// Kinds of properties.
var Kinds = []string{"hotel", "guest_house", "hostel", "motel", "apartment"}

// FieldError is an ErrInvalid that names the field and what would do, never
// the value that was given.
type FieldError struct{ Field, Want string }

// Error says "property: zone must be an IANA time zone".
func (e *FieldError) Error() string { return "property: " + e.Field + " must be " + e.Want }

// Unwrap makes every FieldError an ErrInvalid.
func (e *FieldError) Unwrap() error { return ErrInvalid }

type demand struct {
	ok          bool
	field, want string
}

func all(prefix string, demands ...demand) error {
	for _, d := range demands {
		if !d.ok {
			return &FieldError{Field: prefix + d.field, Want: d.want}
		}
	}
	return nil
}

// Check reports the first fault of the property as a *FieldError.
func (p Property) Check() error {
	_, zoneErr := stay.Zone(p.Zone)
	err := all("",
		demand{strings.TrimSpace(p.Name) != "" && plain(p.Name, MaxName), "name", "1 to 200 printable characters"},
		demand{member(p.Kind, Kinds), "kind", strings.Join(Kinds, ", ")},
		demand{utf8.ValidString(p.Description) && utf8.RuneCountInString(p.Description) <= MaxDescription, "description", "at most 10000 characters"},
		demand{0 <= p.Stars && p.Stars <= 5, "stars", "0 (unrated) to 5"},
		demand{country(p.Country), "country", "an ISO 3166-1 code of two capital letters"},
		demand{plain(p.City, MaxName) && plain(p.Address, MaxName) && plain(p.Postcode, MaxName), "city, address and postcode", "at most 200 printable characters each"},
		demand{-90 <= p.Lat && p.Lat <= 90, "latitude", "-90 to 90 degrees"},
		demand{-180 <= p.Lon && p.Lon <= 180, "longitude", "-180 to 180 degrees"},
		demand{zoneErr == nil, "zone", "an IANA time zone such as Europe/Rome"},
		demand{p.Currency.Valid(), "currency", "an ISO 4217 code in use"},
		demand{clock(p.CheckInFrom) && clock(p.CheckOutUntil), "check-in and check-out", "times of day"},
		demand{plain(p.TermsVersion, MaxName), "terms version", "at most 200 printable characters"},
		demand{0 <= p.Horizon && p.Horizon <= MaxHorizon, "horizon", "1 to 730 nights, or 0 for all of them"},
		demand{len(p.Amenities) <= MaxAmenities && allPlain(p.Amenities), "amenities", "at most 100 printable words"},
		demand{len(p.LocalNames) <= MaxLocalNames, "local names", "at most 50 languages"},
		demand{len(p.Taxes) <= MaxTaxes, "taxes", "at most 50"},
	)
	if err != nil {
		return err
	}
	for language, name := range p.LocalNames {
		if !plain(language, 35) || !plain(name, MaxName) || language == "" {
			return &FieldError{Field: "local names", Want: "a language code each with 1 to 200 printable characters"}
		}
	}
	for i, t := range p.Taxes {
		if err := t.check(fmt.Sprintf("taxes[%d].", i)); err != nil {
			return err
		}
	}
	return nil
}

func (t Tax) check(at string) error {
	kinds := []string{string(TaxPercent), string(TaxPerPersonNight), string(TaxPerNight), string(TaxPerStay)}
	return all(at,
		demand{t.Code != "" && plain(t.Code, MaxName) && plain(t.Name, MaxName), "code and name", "at most 200 printable characters, the code not empty"},
		demand{member(string(t.Kind), kinds), "kind", strings.Join(kinds, ", ")},
		demand{t.Percent.Sign() >= 0 && t.Percent.Cmp(money.RatOf(100, 1)) <= 0, "percent", "0 to 100"},
		demand{t.Amount.Sign() >= 0, "amount", "0 or more"},
		demand{0 <= t.ExemptBelow && t.ExemptBelow <= 120, "exempt below", "0 to 120 years"},
		demand{0 <= t.MaxNights && t.MaxNights <= stay.MaxNights, "max nights", "0 (all) to 90"},
		demand{t.From == nil || t.Through == nil || *t.From <= *t.Through, "through", "a date not before from"},
	)
}

// Check reports the first fault of the room type as a *FieldError.
func (r RoomType) Check() error {
	return all("",
		demand{strings.TrimSpace(r.Code) != "" && plain(r.Code, MaxName), "code", "1 to 200 printable characters"},
		demand{strings.TrimSpace(r.Name) != "" && plain(r.Name, MaxName), "name", "1 to 200 printable characters"},
		demand{utf8.ValidString(r.Description) && utf8.RuneCountInString(r.Description) <= MaxDescription, "description", "at most 10000 characters"},
		demand{0 <= r.Stock && r.Stock <= MaxRooms, "stock", "0 to 10000 rooms"},
		demand{1 <= r.MaxGuests && r.MaxGuests <= MaxGuests, "max guests", "1 to 30"},
		demand{0 <= r.MinGuests && r.MinGuests <= r.MaxGuests, "min guests", "0 to max guests"},
		demand{1 <= r.Standard && r.Standard <= r.MaxGuests, "standard guests", "1 to max guests"},
		demand{r.MaxChildren == nil || 0 <= *r.MaxChildren && *r.MaxChildren <= MaxGuests, "max children", "0 to 30"},
	)
}

func plain(text string, most int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= most &&
		strings.IndexFunc(text, unicode.IsControl) < 0
}

func allPlain(words []string) bool {
	for _, w := range words {
		if strings.TrimSpace(w) == "" || !plain(w, MaxName) {
			return false
		}
	}
	return true
}

func country(code string) bool {
	return len(code) == 2 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func clock(c stay.Clock) bool { return 0 <= c && c < 24*60 }

func member(word string, of []string) bool {
	for _, w := range of {
		if w == word {
			return true
		}
	}
	return false
}
