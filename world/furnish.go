package world

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/stay"
)

// furnish fills in money, times, taxes and amenities.
func (h *house) furnish() {
	p := &h.property
	if p.Currency == "" {
		p.Currency = h.market.currency
	}
	h.market = h.market.in(p.Currency)
	if p.CheckInFrom == 0 {
		p.CheckInFrom = stay.Clock(60 * (13 + h.dice.weighted(5, 35, 45, 15)))
		h.make("check_in")
	}
	if p.CheckOutUntil == 0 {
		p.CheckOutUntil = stay.Clock(30 * (20 + h.dice.weighted(25, 15, 45, 5, 10)))
		h.make("check_out")
	}
	if p.Taxes == nil {
		p.Taxes = h.market.taxes(p.City)
		h.make("taxes")
	}
	if p.TermsVersion == "" {
		p.TermsVersion = "1"
	}
	if len(p.Amenities) < 3 {
		p.Amenities = append(p.Amenities, h.amenities()...)
		h.make("amenities")
	}
	slices.Sort(p.Amenities)
	p.Amenities = slices.Compact(p.Amenities)
}

// odds is how likely a house has something, in percent, from tier 1 to 5.
type odds struct {
	amenity string
	percent [5]int
	only    func(*house) bool
}

func at(styles ...Style) func(*house) bool {
	return func(h *house) bool { return slices.Contains(styles, h.style) }
}

func kind(kinds ...string) func(*house) bool {
	return func(h *house) bool { return slices.Contains(kinds, h.property.Kind) }
}

func warm(h *house) bool { return h.property.Lat < 44 && h.property.Lat > -36 }

var amenityOdds = []odds{
	{"wifi", [5]int{92, 95, 98, 100, 100}, nil},
	{"parking", [5]int{45, 55, 55, 60, 70}, nil},
	{"restaurant", [5]int{8, 30, 55, 85, 100}, kind("hotel", "guest_house")},
	{"bar", [5]int{5, 20, 50, 85, 100}, kind("hotel", "hostel")},
	{"elevator", [5]int{10, 40, 75, 95, 100}, kind("hotel", "apartment")},
	{"air_conditioning", [5]int{25, 50, 80, 96, 100}, warm},
	{"gym", [5]int{0, 5, 25, 65, 95}, kind("hotel", "apartment")},
	{"spa", [5]int{0, 2, 12, 45, 90}, kind("hotel")},
	{"pool", [5]int{0, 12, 40, 65, 90}, at(Sea, Lake)},
	{"pool", [5]int{0, 2, 8, 22, 55}, at(City, Business, Ski, Country)},
	{"sauna", [5]int{2, 20, 60, 85, 98}, at(Ski, Lake)},
	{"ski_storage", [5]int{70, 85, 95, 98, 100}, at(Ski)},
	{"beach", [5]int{10, 15, 25, 40, 60}, at(Sea)},
	{"garden", [5]int{20, 35, 45, 50, 60}, at(Country, Lake, Sea)},
	{"kitchen", [5]int{100, 100, 100, 100, 100}, kind("apartment")},
	{"shared_kitchen", [5]int{90, 90, 0, 0, 0}, kind("hostel")},
	{"laundry", [5]int{50, 30, 45, 80, 95}, nil},
	{"family_rooms", [5]int{20, 35, 45, 50, 50}, nil},
	{"pets", [5]int{20, 35, 35, 30, 25}, nil},
	{"wheelchair", [5]int{8, 20, 45, 75, 92}, nil},
	{"ev_charging", [5]int{0, 5, 15, 30, 55}, nil},
	{"reception_24h", [5]int{10, 30, 60, 92, 100}, kind("hotel", "hostel")},
	{"airport_shuttle", [5]int{2, 5, 10, 20, 40}, at(Business, Sea)},
}

func (h *house) amenities() []string {
	var all []string
	for _, o := range amenityOdds {
		lucky := h.dice.chance(o.percent[h.tier-1])
		if lucky && (o.only == nil || o.only(h)) && !slices.Contains(h.hints.Lacks, o.amenity) {
			all = append(all, o.amenity)
		}
	}
	return all
}

func (h *house) has(amenity string) bool { return slices.Contains(h.property.Amenities, amenity) }

var openings = map[Style][]string{
	Business: {"A few stops from the offices and fairgrounds of %s.", "For people who come to %s to work and would like to sleep well.", "Between the station and the business quarter of %s."},
	City:     {"In the middle of %s, with the sights within walking distance.", "On a quiet street of %s, minutes from cafés and museums.", "A good address from which to discover %s on foot."},
	Sea:      {"A short walk from the beach of %s.", "Salt air, long evenings and the water of %s in view.", "Near the promenade of %s, away from its noise."},
	Ski:      {"At the edge of the slopes of %s.", "Mountains on all sides and the lifts of %s close by.", "In %s, where the bus to the lifts stops in front of the door."},
	Lake:     {"A few steps from the shore in %s.", "With the water and the hills of %s outside the window."},
	Country:  {"Among fields and old houses near %s.", "A calm place to stay in %s and to go for walks."},
}

var characters = map[string][]string{
	"hotel":       {"The house has been run by the same family for three generations.", "Rooms were renovated a short while ago, with good beds and quiet windows.", "A friendly team, a generous lobby and rooms that differ from one another."},
	"guest_house": {"A small house in which the hosts know their guests by name.", "A handful of rooms, furnished with care, and a breakfast table for everybody."},
	"hostel":      {"Bunks with curtains and lockers, private rooms for those who want one, and a long common table.", "A sociable place with a kitchen, a terrace and good tips for the evening."},
	"apartment":   {"Apartments with a kitchen and room to unpack, cleaned on request.", "Live as the neighbours do, with your own key and your own coffee machine."},
	"motel":       {"Park in front of your door and be on the road early.", "Simple, clean rooms for a stop on the way."},
}

var pleasures = []struct{ amenity, text string }{
	{"spa", "Evenings belong to the spa and its sauna."},
	{"pool", "The pool is open from spring to autumn."},
	{"beach", "Towels and sunshades wait on the house's own stretch of beach."},
	{"sauna", "After a day outside the sauna is warm."},
	{"restaurant", "The kitchen cooks with what the region grows."},
	{"garden", "Breakfast is served in the garden when the weather allows it."},
	{"bar", "The bar is a place to end the day."},
	{"parking", "Cars are parked behind the house."},
	{"wifi", "Wireless internet is fast and free."},
}

// describe writes three sentences that fit the house, where it has no description.
func (h *house) describe() {
	if h.property.Description != "" {
		return
	}
	where := h.property.City
	if where == "" {
		where = "the area"
	}
	character, ok := characters[h.property.Kind]
	if !ok {
		character = characters["hotel"]
	}
	sentences := []string{fmt.Sprintf(pick(h.dice, openings[h.style]), where), pick(h.dice, character)}
	for _, p := range pleasures {
		if h.has(p.amenity) && (h.dice.chance(60) || p.amenity == "wifi") {
			sentences = append(sentences, p.text)
			break
		}
	}
	h.property.Description = strings.Join(sentences, " ")
	h.make("description")
}
