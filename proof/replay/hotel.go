package replay

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// Capacity says what the caps of the night rows are.
type Capacity string

// Capacities.
const (
	// CapacityFile caps each reserved room type, on each night, at the most
	// bookings of the file that were live at once: the hotels overbooked, so
	// these are caps with the overbooking declared.
	CapacityFile Capacity = "file"
	// CapacityRooms makes the rooms that each hotel has one pool, without overbooking.
	CapacityRooms Capacity = "rooms"
)

// zone is where the two hotels of the data are.
const zone = "Europe/Lisbon"

// pool is the code of the room type that stands for all rooms of a hotel.
const pool = "ROOM"

// hotel is one property of the replay.
type hotel struct {
	name      string
	id        string
	planID    string
	rooms     int               // that there are
	roomTypes map[string]string // ids by code
	codes     map[string]string // codes by id
	nights    stay.Stay         // from the first arrival to the last departure
}

// roomType is the id of the room type with the code of the file.
func (h *hotel) roomType(code string) string {
	if id, pooled := h.roomTypes[pool]; pooled {
		return id
	}
	return h.roomTypes[code]
}

// cell is the plain pass's name of a night row.
func (h *hotel) cell(key inventory.Key) Cell {
	code := h.codes[key.RoomTypeID]
	if code == pool {
		code = ""
	}
	return Cell{h.name, code, key.Night}
}

// hotelsOf are the hotels that the rows name, in order of their names.
func hotelsOf(rows []Row, capacity Capacity, rooms map[string]int, ids *ident.Source) []*hotel {
	byName := make(map[string]*hotel)
	for _, r := range rows {
		h := byName[r.Hotel]
		if h == nil {
			h = &hotel{
				name: r.Hotel, id: ids.ID("prop"), planID: ids.ID("rate"), rooms: rooms[r.Hotel],
				roomTypes: map[string]string{}, codes: map[string]string{},
				nights: stay.Stay{Arrival: r.Arrival, Departure: r.Departure()},
			}
			byName[r.Hotel] = h
		}
		h.nights.Arrival = min(h.nights.Arrival, r.Arrival)
		h.nights.Departure = max(h.nights.Departure, r.Departure())
		codes := []string{r.Reserved, r.Assigned}
		if capacity == CapacityRooms {
			codes = []string{pool}
		}
		for _, code := range codes {
			if h.roomTypes[code] == "" {
				id := ids.ID("room")
				h.roomTypes[code], h.codes[id] = id, code
			}
		}
	}
	return slices.SortedFunc(maps.Values(byName), func(a, b *hotel) int { return cmp.Compare(a.name, b.name) })
}

// open writes the hotel with its night rows, whose caps are given by cell.
func (h *hotel) open(ctx context.Context, s store.Store, tenant string, caps map[Cell]int) error {
	house := property.Property{
		ID: h.id, TenantID: tenant, Name: h.name, Kind: "hotel", Country: "PT", City: "Lisboa", Zone: zone, Currency: currency,
		Lat: 38.7, Lon: -9.1, CheckInFrom: 14 * 60, CheckOutUntil: 12 * 60, TermsVersion: "1",
		Closed: true, // its past is shown to nobody
		Source: property.Source{Name: "Hotel booking demand datasets", Licence: "CC BY 4.0"},
	}
	plan := rate.Plan{
		ID: h.planID, PropertyID: h.id, Code: "CONTRACT", Name: "Contract", Currency: currency, Basis: rate.PerRoom,
		Board: rate.RoomOnly, Payment: rate.PaymentTerm{Kind: rate.AtProperty},
	}
	settings := h.settings(caps)
	facts := property.Change{PropertyID: h.id, Property: &house, RoomTypes: h.roomTypesOf(settings)}
	facts.Events = []outbox.Event{facts.Event()}
	err := s.Import(ctx, store.Bundle{
		Property:  facts,
		Rates:     rate.Change{PropertyID: h.id, Plans: []rate.Plan{plan}},
		Inventory: inventory.Change{PropertyID: h.id, Settings: settings},
	})
	if err != nil {
		return fmt.Errorf("replay: open %s: %w", h.name, err)
	}
	return nil
}

// settings are the night rows of every room type, ascending by key.
func (h *hotel) settings(caps map[Cell]int) []inventory.Setting {
	var all []inventory.Setting
	ids := slices.Sorted(maps.Keys(h.codes))
	for night := h.nights.Arrival; night < h.nights.Departure; night++ {
		wanted := make([]int, len(ids))
		for i, id := range ids {
			wanted[i] = caps[h.cell(inventory.Key{RoomTypeID: id, Night: night})]
		}
		stock, over := share(h.rooms, wanted)
		for i, id := range ids {
			all = append(all, inventory.Setting{
				Key: inventory.Key{RoomTypeID: id, Night: night}, Stock: &stock[i], Overbooking: &over[i],
			})
		}
	}
	slices.SortFunc(all, func(a, b inventory.Setting) int { return a.Compare(b.Key) })
	return all
}

// share deals the rooms of a hotel out to what its room types want to sell, in
// proportion: how many rooms each has is not known. What is wanted beyond them
// is overbooking.
func share(rooms int, wanted []int) (stock, overbooking []int) {
	sum := 0
	for _, n := range wanted {
		sum += n
	}
	stock, overbooking = slices.Clone(wanted), make([]int, len(wanted))
	if sum <= rooms {
		return stock, overbooking
	}
	left := rooms
	for i, n := range wanted {
		stock[i] = n * rooms / sum
		left -= stock[i]
	}
	for i := range stock {
		if left > 0 && stock[i] < wanted[i] {
			stock[i]++
			left--
		}
		overbooking[i] = wanted[i] - stock[i]
	}
	return stock, overbooking
}

func (h *hotel) roomTypesOf(settings []inventory.Setting) []property.RoomType {
	most := make(map[string]int)
	for _, s := range settings {
		most[s.RoomTypeID] = max(most[s.RoomTypeID], *s.Stock)
	}
	var types []property.RoomType
	for _, id := range slices.Sorted(maps.Keys(h.codes)) {
		types = append(types, property.RoomType{
			ID: id, PropertyID: h.id, Code: h.codes[id], Name: "Room type " + h.codes[id], Stock: most[id],
			MinGuests: 1, Standard: 2, MaxGuests: stay.MaxAdults + stay.MaxChildren,
		})
	}
	return types
}
