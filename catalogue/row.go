package catalogue

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/world"
	"github.com/vacancyhq/vacancy/world/zones"
)

// Row is one hotel as its source knows it, checked. Zero values are unknown.
type Row struct {
	File string
	Line int

	ID, Source, Licence      string
	Name                     string
	Lat, Lon                 float64
	Zone, Country            string
	City, Address, Postcode  string
	Kind                     string
	Stars, Rooms             int
	Description              string
	CheckIn, CheckOut, Price string            // in the source's words
	Tags                     map[string]string // of OpenStreetMap, as they are
}

// wireRow is a row as it is written. Numbers that sources write as text too are any.
type wireRow struct {
	ID          string            `json:"id"`
	Source      string            `json:"source"`
	Licence     string            `json:"licence"`
	Name        string            `json:"name"`
	Lat         *float64          `json:"lat"`
	Lon         *float64          `json:"lon"`
	Country     string            `json:"country"`
	City        string            `json:"city"`
	Address     string            `json:"address"`
	Postcode    string            `json:"postcode"`
	Kind        string            `json:"kind"`
	Stars       any               `json:"stars"`
	Rooms       any               `json:"rooms"`
	Tags        map[string]string `json:"tags"`
	Description string            `json:"description"`
	PriceText   string            `json:"price_text"`
	CheckIn     string            `json:"checkin"`
	CheckOut    string            `json:"checkout"`
}

// decode reads and checks one row; its errors are reasons for people.
func decode(text []byte) (Row, error) {
	var w wireRow
	if err := json.Unmarshal(text, &w); err != nil {
		return Row{}, jsonReason(err)
	}
	return w.check()
}

func jsonReason(err error) error {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) && mistyped.Field != "" {
		return fmt.Errorf("%s is a %s", mistyped.Field, mistyped.Value)
	}
	return errors.New("not a JSON object")
}

func (w wireRow) check() (Row, error) {
	r := Row{
		ID: tidy(w.ID), Source: tidy(w.Source), Licence: tidy(w.Licence), Name: tidy(w.Name), Tags: w.Tags,
		City: tidy(w.City), Address: tidy(w.Address), Postcode: tidy(w.Postcode),
		Description: cut(tidy(w.Description), property.MaxDescription),
		CheckIn:     w.CheckIn, CheckOut: w.CheckOut, Price: w.PriceText,
	}
	switch {
	case r.ID == "":
		return r, errors.New("id missing")
	case r.Name == "":
		return r, errors.New("name missing")
	case w.Lat == nil || w.Lon == nil:
		return r, errors.New("coordinates missing")
	case !(-90 <= *w.Lat && *w.Lat <= 90 && -180 <= *w.Lon && *w.Lon <= 180):
		return r, errors.New("coordinates out of range")
	}
	for _, f := range [...]struct{ name, text string }{
		{"id", r.ID},
		{"source", r.Source},
		{"licence", r.Licence},
		{"name", r.Name},
		{"city", r.City},
		{"address", r.Address},
		{"postcode", r.Postcode},
	} {
		if utf8.RuneCountInString(f.text) > property.MaxName {
			return r, fmt.Errorf("%s longer than %d characters", f.name, property.MaxName)
		}
	}
	r.Lat, r.Lon = *w.Lat, *w.Lon
	if err := r.locate(tidy(w.Country)); err != nil {
		return r, err
	}
	return r, r.classify(w)
}

// locate finds the zone, and the country where the source names none.
func (r *Row) locate(country string) error {
	zone, ok := zones.At(r.Lat, r.Lon)
	if !ok {
		return errors.New("coordinates are on the open sea")
	}
	r.Zone, r.Country = zone, strings.ToUpper(country)
	there, known := zones.Country(zone)
	switch {
	case r.Country == "" && !known:
		return errors.New("country missing, and not to be told from the coordinates")
	case r.Country == "":
		r.Country = there
	}
	if _, ok := world.CurrencyOf(r.Country); !ok {
		return errors.New("unknown country")
	}
	if known && r.elsewhere(there) {
		return fmt.Errorf("coordinates are in %s, far from the country given", there)
	}
	return nil
}

// border is how far a house may be from every place of its country while its
// coordinates are in another one, in kilometres.
const border = 300

// elsewhere tells whether the country that the row names is not where it is:
// somebody's search for Paris found the one in Texas. Borders are drawn too
// roughly to insist on the country itself, and a territory has its own code.
func (r *Row) elsewhere(there string) bool {
	if there == r.Country {
		return false
	}
	named, _ := world.CurrencyOf(r.Country)
	found, _ := world.CurrencyOf(there)
	_, near := world.Near(r.Country, r.Lat, r.Lon, border)
	return named != found && !near
}

// houses are the kinds that sources write, by ours.
var houses = map[string]string{
	"hotel": "hotel", "resort": "hotel", "inn": "hotel", "guest_house": "guest_house", "guesthouse": "guest_house",
	"bed_and_breakfast": "guest_house", "hostel": "hostel", "motel": "motel", "apartment": "apartment",
	"apartments": "apartment", "chalet": "apartment",
}

// classify reads what the house is: kind, stars and rooms.
func (r *Row) classify(w wireRow) error {
	written := strings.ToLower(tidy(w.Kind))
	if written == "" {
		written = r.Tags["tourism"]
	}
	kind, ok := houses[written]
	switch {
	case written == "":
		kind = "hotel"
	case !ok:
		return errors.New("not a kind of house that sells rooms")
	}
	r.Kind = kind
	var err error
	if r.Stars, err = stars(first(w.Stars, r.Tags["stars"])); err != nil {
		return err
	}
	r.Rooms, err = rooms(first(w.Rooms, r.Tags["rooms"]))
	return err
}

// first is a value that is written as a number or a text, else the tag.
func first(value any, tag string) string {
	switch v := value.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return tidy(v)
	case nil:
		return tidy(tag)
	default:
		return "?" // a list or an object is no number
	}
}

// stars reads "4", "3S" (superior) and "4.5", of which the whole stars count.
func stars(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	whole, half, halved := strings.Cut(strings.TrimSuffix(strings.ToUpper(text), "S"), ".")
	n, err := strconv.Atoi(whole)
	if err != nil || n < 0 || n > 5 || halved && half != "5" && half != "0" {
		return 0, errors.New("stars are not 0 to 5")
	}
	return n, nil
}

// maxRooms is more than any hotel has.
const maxRooms = 10_000

func rooms(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxRooms {
		return 0, fmt.Errorf("rooms are not a number up to %d", maxRooms)
	}
	return n, nil
}

// tidy turns control characters into spaces and runs of space into one.
func tidy(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }), " ")
}

// cut shortens to so many characters.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}
