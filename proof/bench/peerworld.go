package bench

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// The peer's world: 80 hotels in a line through one city, of 200, 300 and 250
// rooms in turn, one kind of room and one price each; guests come within a
// fortnight.
const (
	peerHouses = 80
	peerNights = 60
	peerWindow = 15 // nights in which all stays lie
	peerLead   = 9  // days until the first of them
	peerLat    = 37.7867
	peerLon    = -122.4112
)

type peerWorld struct{ first stay.Date }

// firstNight is on sale in every zone by now.
func firstNight(now time.Time) (stay.Date, error) {
	zone, err := stay.Zone("America/Los_Angeles")
	if err != nil {
		return 0, err
	}
	return stay.On(now, zone), nil
}

func peerID(i int) string { return fmt.Sprintf("prop_us%026d", i) }

// spot is where house i is: the line is some 50 km long.
func spot(i int) (lat, lon float64) {
	return peerLat + float64(i)/500*3, peerLon + float64(i)/500*4
}

func (w peerWorld) bundles() []store.Bundle {
	var all []store.Bundle
	for i := range peerHouses {
		all = append(all, w.bundle(i))
	}
	return all
}

func (w peerWorld) bundle(i int) store.Bundle {
	id, rooms := peerID(i), []int{200, 300, 250}[i%3]
	room, plan := fmt.Sprintf("room_us%026d", i), fmt.Sprintf("rate_us%026d", i)
	lat, lon := spot(i)
	house := property.Property{
		ID: id, Name: "House " + strconv.Itoa(i), Kind: "hotel", Stars: 1 + i%5, Country: "US", City: "San Francisco",
		Zone: "America/Los_Angeles", Currency: "USD", CheckInFrom: 15 * 60, CheckOutUntil: 11 * 60, TermsVersion: "1",
		Lat: lat, Lon: lon, Horizon: peerNights - 1,
	}
	b := store.Bundle{
		Property: property.Change{PropertyID: id, Property: &house, RoomTypes: []property.RoomType{{
			ID: room, PropertyID: id, Code: "STD", Name: "Standard", Stock: rooms, MinGuests: 1, Standard: 2, MaxGuests: 2,
		}}},
		Rates: rate.Change{
			PropertyID: id,
			Plans: []rate.Plan{{
				ID: plan, PropertyID: id, Code: "RACK", Name: "Rack rate", Currency: "USD", Board: rate.RoomOnly,
				Basis: rate.PerRoom, UnitNights: 1, Payment: rate.PaymentTerm{Kind: rate.AtProperty},
			}},
			Calendars: []rate.Calendar{{PropertyID: id, PlanID: plan, RoomTypeID: room, Prices: []rate.Price{{
				Span: rate.Span{From: w.first, Through: w.first.Add(peerNights), Days: stay.EveryDay},
				Base: []rate.Base{{Guests: 1, Amount: money.RatOf(int64(10_900+i%7*1_700), 1)}, {Guests: 2, Amount: money.RatOf(int64(12_300+i%7*1_700), 1)}},
			}}}},
		},
		Inventory: inventory.Change{PropertyID: id},
	}
	b.Property.Events = []outbox.Event{b.Property.Event()}
	for n := range peerNights {
		b.Inventory.Settings = append(b.Inventory.Settings, inventory.Setting{
			Key: inventory.Key{RoomTypeID: room, Night: w.first.Add(n)}, Stock: &rooms,
		})
	}
	return b
}

// stayFor draws a stay as the peer's load generator does.
func (w peerWorld) stayFor(r *rand.Rand) stay.Stay {
	arrival := r.IntN(peerWindow - 1)
	departure := arrival + 1 + r.IntN(peerWindow-1-arrival)
	from := w.first.Add(peerLead)
	return stay.Stay{Arrival: from.Add(arrival), Departure: from.Add(departure)}
}

// around is a point in the city, as the peer's load generator draws it.
func around(r *rand.Rand) (lat, lon float64) {
	return 38.0235 + float64(r.IntN(482)-240)/1000, -122.095 + float64(r.IntN(326)-157)/1000
}
