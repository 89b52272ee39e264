package world

import (
	"iter"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Change is something that happens to a property of a world: one of Nights,
// Calendar and Settings is there.
type Change struct {
	PropertyID string
	Nights     []inventory.Delta   // a booking, or its cancellation: Sold is 1 or -1
	Calendar   *rate.Calendar      // new prices of the first plan for a room type, over all nights
	Settings   []inventory.Setting // a room type's stock for some nights
}

// Changes are what happens to the world's properties, without an end: five of
// ten are bookings, of which as many are cancelled as in the real data, four are
// new prices, one is new stock. The same seed brings the same. Nobody asks here
// whether a room is free: a booking may find none.
//
// A change takes some tens of microseconds to make up. What needs more of them
// each second keeps a list and repeats it.
func (w *World) Changes(seed uint64) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		m := &managers{travellers: travellers{World: w, dice: cast(seed, "changes", w.options.Seed)}}
		for yield(m.change()) {
		}
	}
}

// managers are those who change things.
type managers struct {
	travellers
	booked []booked // that may still be cancelled
}

type booked struct {
	propertyID string
	nights     []inventory.Delta
}

// remembered is how many bookings may still be cancelled.
const remembered = 4096

func (m *managers) change() Change {
	h := m.house(m.dice.IntN(m.Len()))
	h.dice = m.dice
	at := m.dice.IntN(len(h.types))
	c := Change{PropertyID: h.property.ID}
	switch m.dice.weighted(5, 4, 1) {
	case 0:
		return m.booking(h, at)
	case 1:
		h.base = h.base * int64(m.dice.between(85, 120)) / 100
		c.Calendar = &rate.Calendar{
			PropertyID: h.property.ID, PlanID: h.planID(rootCode), RoomTypeID: h.types[at].ID,
			Prices: h.prices(h.models[at], h.types[at].ID),
		}
	default:
		c.Settings = m.stock(h, at)
	}
	return c
}

// booking is a new one, or the end of an earlier one.
func (m *managers) booking(h *house, at int) Change {
	like := "city"
	if h.isResort() {
		like = "resort"
	}
	// As many are cancelled as the share says of all that were made.
	if share := fitted("cancels."+like, 1)[0]; len(m.booked) > 0 && m.dice.Float64() < share/(1+share) {
		i := m.dice.IntN(len(m.booked))
		b := m.booked[i]
		m.booked[i] = m.booked[len(m.booked)-1]
		m.booked = m.booked[:len(m.booked)-1]
		return Change{PropertyID: b.propertyID, Nights: b.nights}
	}
	nights := m.nights(like)
	c := Change{PropertyID: h.property.ID}
	undo := booked{propertyID: c.PropertyID}
	for night := nights.Arrival; night < nights.Departure; night++ {
		key := inventory.Key{RoomTypeID: h.types[at].ID, Night: night}
		c.Nights = append(c.Nights, inventory.Delta{Key: key, Sold: 1})
		undo.nights = append(undo.nights, inventory.Delta{Key: key, Sold: -1})
	}
	if len(m.booked) < remembered {
		m.booked = append(m.booked, undo)
	}
	return c
}

// stock gives a room type other counts for some days: a channel took rooms or
// gave them back.
func (m *managers) stock(h *house, at int) []inventory.Setting {
	from := m.options.Today.Add(ownDays + m.dice.IntN(max(1, m.options.Nights-ownDays-14)))
	s := stay.Stay{Arrival: from, Departure: min(from.Add(m.dice.between(1, 14)), m.options.Today.Add(m.options.Nights))}
	left := m.dice.between(0, h.types[at].Stock)
	var all []inventory.Setting
	for night := s.Arrival; night < s.Departure; night++ {
		all = append(all, inventory.Setting{Key: inventory.Key{RoomTypeID: h.types[at].ID, Night: night}, Stock: &left})
	}
	return all
}
