package catalogue

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/world"
)

// Property is what the row says of a house, for a tenant.
func (r Row) Property(tenantID string) property.Property {
	p := property.Property{
		TenantID: tenantID, Name: r.Name, LocalNames: r.localNames(), Kind: r.Kind, Description: r.Description,
		Stars: r.Stars, Amenities: r.amenities(), Country: r.Country, City: cased(r.City), Address: r.Address,
		Postcode: r.postcode(), Lat: r.Lat, Lon: r.Lon, Zone: r.Zone,
		Source: property.Source{ID: r.ID, Name: r.Source, Licence: r.Licence},
	}
	p.Currency, _ = world.CurrencyOf(r.Country)
	if p.Description == "" {
		p.Description = tidy(r.Tags["description"])
	}
	p.Description = cut(p.Description, property.MaxDescription)
	if at, ok := clockIn(r.CheckIn); ok && 6*60 <= at && at <= 20*60 {
		p.CheckInFrom = at
	}
	if at, ok := clockIn(r.CheckOut); ok && 6*60 <= at && at <= 18*60 {
		p.CheckOutUntil = at
	}
	return p
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z]{2,8})?$`)

// localNames are the tags name:xx.
func (r Row) localNames() map[string]string {
	var all map[string]string
	for tag, text := range r.Tags {
		language, ok := strings.CutPrefix(tag, "name:")
		name := tidy(text)
		if !ok || !languageTag.MatchString(language) || name == "" || utf8.RuneCountInString(name) > property.MaxName {
			continue
		}
		if all == nil {
			all = make(map[string]string)
		}
		if len(all) < property.MaxLocalNames {
			all[language] = name
		}
	}
	return all
}

// offered is what a tag with one of these values says of a house.
var offered = []struct {
	tag     string
	values  []string
	amenity string
}{
	{"internet_access", []string{"yes", "wlan", "wifi", "wired", "terminal"}, "wifi"},
	{"wheelchair", []string{"yes", "designated"}, "wheelchair"},
	{"swimming_pool", []string{"yes", "indoor", "outdoor"}, "pool"},
	{"leisure", []string{"swimming_pool"}, "pool"},
	{"air_conditioning", []string{"yes"}, "air_conditioning"},
	{"parking", []string{"yes", "surface", "underground", "multi-storey"}, "parking"},
	{"bar", []string{"yes"}, "bar"},
	{"restaurant", []string{"yes"}, "restaurant"},
	{"amenity", []string{"restaurant"}, "restaurant"},
	{"amenity", []string{"bar", "pub"}, "bar"},
	{"spa", []string{"yes"}, "spa"},
	{"sauna", []string{"yes"}, "sauna"},
	{"fitness_centre", []string{"yes"}, "gym"},
	{"elevator", []string{"yes"}, "elevator"},
	{"pets", []string{"yes"}, "pets"},
	{"dog", []string{"yes"}, "pets"},
	{"opening_hours", []string{"24/7"}, "reception_24h"},
}

func (r Row) amenities() []string {
	var all []string
	for _, o := range offered {
		if slices.Contains(o.values, r.Tags[o.tag]) && !slices.Contains(all, o.amenity) {
			all = append(all, o.amenity)
		}
	}
	slices.Sort(all)
	return all
}

// lacks are the amenities that the source says there are none of.
func (r Row) lacks() []string {
	var all []string
	for _, o := range offered {
		if r.Tags[o.tag] == "no" && !slices.Contains(all, o.amenity) {
			all = append(all, o.amenity)
		}
	}
	return all
}

// postcode gives back the zeros that spreadsheets take from Singapore's.
func (r Row) postcode() string {
	if r.Country == "SG" && len(r.Postcode) > 3 && len(r.Postcode) < 6 {
		return strings.Repeat("0", 6-len(r.Postcode)) + r.Postcode
	}
	return r.Postcode
}

// cased writes a place that is all capitals as people do.
func cased(name string) string {
	if name != strings.ToUpper(name) || utf8.RuneCountInString(name) < 4 {
		return name
	}
	return capitals(strings.ToLower(name))
}

// capitals gives each word a capital.
func capitals(name string) string {
	last := ' '
	return strings.Map(func(c rune) rune {
		begins := !unicode.IsLetter(last) && last != '\''
		last = c
		if begins {
			return unicode.ToUpper(c)
		}
		return c
	}, name)
}

var (
	wallTime = regexp.MustCompile(`(?i)\b(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)\b|\b(\d{1,2})[:.h](\d{2})\b|\b(noon|midday)\b`)
	bareTime = regexp.MustCompile(`^(\d{1,2})(\d{2})?\b`)
)

// clockIn is the first time of day in a text such as "3PM to 6PM", "noon",
// "17.00 - 22.00" or "1600".
func clockIn(text string) (stay.Clock, bool) {
	m := wallTime.FindStringSubmatch(text)
	switch {
	case m == nil:
		if b := bareTime.FindStringSubmatch(text); b != nil && (b[2] != "" || len(b[0]) == len(text)) {
			return clock(b[1], b[2], "")
		}
		return 0, false
	case m[6] != "":
		return 12 * 60, true
	case m[4] != "":
		return clock(m[4], m[5], "")
	default:
		return clock(m[1], m[2], strings.ToLower(m[3]))
	}
}

func clock(hour, minute, half string) (stay.Clock, bool) {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	switch {
	case half == "pm" && h < 12:
		h += 12
	case half == "am" && h == 12:
		h = 0
	}
	return stay.Clock(h*60 + m), h < 24 && m < 60
}

// hints are what the row says that a property has no field for.
func (r Row) hints(today stay.Date, region string) world.Hints {
	return world.Hints{Today: today, Region: region, Rooms: r.Rooms, Price: r.price(), Lacks: r.lacks()}
}

var priced = regexp.MustCompile(`([£$€¥])\s?(\d{1,6})`)

var signs = map[money.Currency]string{"GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥"}

// price is the first price of a text such as "from £79 a night", in the
// property's currency; by the week or for a bed it says little about a room.
func (r Row) price() money.Amount {
	currency, _ := world.CurrencyOf(r.Country)
	text := strings.ToLower(r.Price)
	m := priced.FindStringSubmatch(text)
	if m == nil || signs[currency] != m[1] || strings.Contains(text, "week") || strings.Contains(text, "dorm") || strings.Contains(text, "pppn") {
		return money.Amount{}
	}
	amount, err := money.Parse(m[2], currency)
	if err != nil {
		return money.Amount{}
	}
	return amount
}
