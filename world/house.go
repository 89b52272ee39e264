package world

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// Hints are what a caller knows of a house beside its property.
type Hints struct {
	Today   stay.Date
	Nights  int          // for how many from there are stock and prices; 0: inventory.Horizon
	Region  string       // two letters in the ids; "" reads as "eu"
	Rooms   int          // in all; 0: unknown
	Price   money.Amount // of a double room and night, to start from; zero: unknown
	Prepaid bool         // also plans that are paid at booking
	Lacks   []string     // amenities that the house is known not to have
}

// house is a hotel in the making.
type house struct {
	dice      dice
	hints     Hints
	property  property.Property
	market    market
	place     Place
	style     Style
	tier      int   // 1 to 5: how good it is, starred or not
	rooms     int   // in all
	base      int64 // reference price of the standard double, euro cents
	perPerson bool  // half board at a price per person, as in the Alps
	year      []season
	runs      []run
	types     []property.RoomType
	models    []roomModel
	made      []string // names of the facts that were made up
}

// ownDays is how far a house's own today may be after the world's first night.
// A calendar that is shorter than the platform's promises so much less, so that
// no night has to be opened on the day on which it is made.
const ownDays = 2

// newHouse decides the facts of a house in dependence of one another; what the
// property says already is kept.
func newHouse(d dice, p property.Property, hints Hints, place Place) *house {
	hints.Region = cmp.Or(hints.Region, "eu")
	hints.Nights = cmp.Or(hints.Nights, inventory.Horizon)
	h := &house{dice: d, hints: hints, property: p, market: marketIn(p.Country, p.City), place: place, style: place.Style}
	if h.style == Business && d.chance(25) {
		h.style = City
	}
	h.property.ID = id("prop", hints.Region, p.TenantID, p.Source.ID)
	h.grade()
	h.size()
	h.perPerson = slices.Contains([]string{"AT", "CH", "LI"}, p.Country) && h.style != City && h.style != Business &&
		h.tier >= 3 && p.Kind == "hotel" && d.chance(55)
	h.base = h.price()
	if hints.Nights < inventory.Horizon {
		h.property.Horizon = max(1, hints.Nights-ownDays)
	}
	h.furnish()
	h.describe()
	h.year = yearOf(h.style, p.Lat)
	h.runs = runs(h.year, events(d, h.style, hints.Today), hints.Today)
	h.layOut()
	return h
}

// grade gives the house its stars, and a tier where it has none.
func (h *house) grade() {
	p := &h.property
	if p.Stars > 0 {
		h.tier = min(p.Stars, 5)
		return
	}
	switch p.Kind {
	case "hotel":
		h.tier = 1 + h.dice.shares(fitted("stars", 5))
		if h.dice.chance(88) {
			p.Stars = h.tier
			h.make("stars")
		}
	case "apartment", "guest_house":
		h.tier = 2 + h.dice.weighted(40, 45, 15)
	case "hostel":
		h.tier = 1
	default:
		h.tier = 2
	}
}

// largest is the most rooms of a hotel; the real ones' tail is not ours to prove.
const largest = 1_200

// size is how many rooms the house has.
func (h *house) size() {
	h.rooms = h.hints.Rooms
	if h.rooms > 0 {
		return
	}
	d := h.dice
	h.make("rooms")
	switch h.property.Kind {
	case "guest_house":
		shape := fitted("rooms.guest_house", 2)
		h.rooms = min(max(3, int(d.logNormal(shape[0], shape[1]))), 40)
	case "apartment":
		h.rooms = d.between(3, 40)
	case "hostel":
		h.rooms = d.between(12, 90)
	case "motel":
		h.rooms = d.between(18, 70)
	default:
		shape := fitted("rooms.hotel", 3)
		h.rooms = min(max(6, int(d.logNormal(shape[0]+shape[1]*float64(h.tier-3), shape[2]))), largest)
	}
	if h.style == Ski || h.style == Country || h.style == Lake {
		h.rooms = max(4, h.rooms*6/10)
	}
}

// price is the reference price of a double room in euro cents: by kind and
// tier, then country, then place, then the house itself.
func (h *house) price() int64 {
	if h.hints.Price.Minor > 0 {
		cents := money.RatOf(h.hints.Price.Minor, 1).Mul(money.RatOf(100, whole(h.market.minor(money.RatOf(1, 1)))))
		if r, err := cents.Mul(inverse(h.market.units)).Round("EUR"); err == nil {
			return min(max(r.Minor, 2_000), 150_000)
		}
	}
	byTier := [6]int64{0, 5_200, 7_200, 9_800, 14_800, 29_500}
	base := byTier[h.tier]
	switch h.property.Kind {
	case "hostel":
		base = 5_000
	case "motel":
		base = 7_600
	case "guest_house":
		base = base * 9 / 10
	}
	return base * int64(h.market.level) / 100 * int64(h.fame()) / 100 * int64(h.dice.between(84, 122)) / 100
}

func inverse(r money.Rat) money.Rat {
	b := r.Big()
	return money.RatOf(b.Denom().Int64(), b.Num().Int64())
}

// fame is what the place adds to prices, in percent: the more people want to
// be there, and the nearer to its middle the house is.
func (h *house) fame() int {
	fame := 88 + int(4*math.Log2(float64(1+h.place.Weight)))
	if away := kilometres(h.property.Lat, h.property.Lon, h.place.Lat, h.place.Lon); away < 1.5 && h.place.Weight > 40 {
		fame += 12
	}
	return fame
}

func (h *house) isRyokan() bool {
	name := strings.ToLower(h.property.Name)
	return h.property.Country == "JP" && (strings.Contains(name, "ryokan") || strings.Contains(name, "旅館") ||
		strings.Contains(name, "minshuku") || strings.Contains(name, "onsen"))
}

func (h *house) make(fact string) { h.made = append(h.made, fact) }

// layOut shares the rooms out over room types.
func (h *house) layOut() {
	h.models = h.roomModels()
	shares := 0
	for _, m := range h.models {
		shares += m.share
	}
	for _, m := range h.models {
		r := property.RoomType{
			ID: id("room", h.hints.Region, h.property.ID, m.code), PropertyID: h.property.ID,
			Code: m.code, Name: m.name, Description: m.description,
			Stock: max(1, (h.rooms*m.share+shares/2)/shares), MinGuests: m.least, Standard: m.standard, MaxGuests: m.most,
		}
		if m.most > m.standard {
			r.MaxChildren = new(m.most - 1)
		}
		h.types = append(h.types, r)
	}
	h.make("room_types")
}

// bundle writes the house down.
func (h *house) bundle() store.Bundle {
	plans, calendars := h.plans()
	settings := h.settings()
	h.make("rates")
	h.make("stock")
	if h.property.Generated == nil {
		h.property.Generated = slices.Compact(slices.Sorted(slices.Values(h.made)))
	}
	b := store.Bundle{}
	b.Property.PropertyID, b.Property.Property, b.Property.RoomTypes = h.property.ID, &h.property, h.types
	// One event for the whole of it: whoever follows the outbox reads the rest.
	b.Property.Events = []outbox.Event{b.Property.Event()}
	b.Rates = rate.Change{PropertyID: h.property.ID, Plans: plans, Calendars: calendars}
	b.Inventory.PropertyID, b.Inventory.Settings = h.property.ID, settings
	return b
}
