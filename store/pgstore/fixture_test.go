package pgstore

import (
	"fmt"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

var firstNight = stay.DateOf(2031, time.May, 1)

const (
	hotelNights = 365
	oneNight    = 100_00
)

// hotel imports a property with one room type that has so many rooms.
func hotel(t testing.TB, s *Store, id string, rooms int) {
	t.Helper()
	if err := s.Import(t.Context(), bundle(id, rooms)); err != nil {
		t.Fatal(err)
	}
}

func bundle(id string, rooms int) store.Bundle {
	p := property.Property{ID: id, TenantID: "ten_a", Name: "Haus", Zone: "Europe/Vienna", Currency: "EUR"}
	plan := rate.Plan{ID: "rate_" + id, PropertyID: id, Code: "BAR", Currency: "EUR", Basis: rate.PerRoom}
	var open []inventory.Setting
	for n := range hotelNights {
		open = append(open, inventory.Setting{
			Key: inventory.Key{RoomTypeID: "room_" + id, Night: firstNight.Add(n)}, Stock: new(rooms),
		})
	}
	change := property.Change{PropertyID: id, Property: &p, RoomTypes: []property.RoomType{
		{ID: "room_" + id, PropertyID: id, Code: "DBL", Stock: rooms, Standard: 2, MaxGuests: 2},
	}}
	change.Events = []outbox.Event{change.Event()}
	return store.Bundle{
		Property:  change,
		Rates:     rate.Change{PropertyID: id, Plans: []rate.Plan{plan}},
		Inventory: inventory.Change{PropertyID: id, Settings: open},
	}
}

// booked is a confirmed booking of one room, as package booking makes it, with
// the serial in all of its ids and in its key.
func booked(propertyID, serial string, night, nights int) booking.Change {
	total := int64(nights) * oneNight
	room := booking.RoomStay{ID: "stay_" + serial, State: booking.Confirmed, Terms: booking.Terms{
		PropertyID: propertyID, RoomTypeID: "room_" + propertyID, RoomTypeName: "Double", PlanID: "rate_" + propertyID,
		PlanName: "Flexible", Board: rate.RoomOnly, Party: stay.Party{Adults: 2}, Currency: "EUR", Total: total,
		Stay:         stay.Stay{Arrival: firstNight.Add(night), Departure: firstNight.Add(night + nights)},
		Lines:        []pricing.Line{{Kind: pricing.LineRoom, Text: "Room", Amount: money.Of(total, "EUR")}},
		Cancellation: []rate.CancellationStep{{DaysBefore: 1, Until: 18 * 60, Nights: 1}},
		Payment:      rate.PaymentTerm{Kind: rate.AtProperty},
	}}
	room.Uses = room.Terms.Stay
	var deltas []inventory.Delta
	for n := range nights {
		room.Terms.Nights = append(room.Terms.Nights, oneNight)
		deltas = append(deltas, inventory.Delta{
			Key: inventory.Key{RoomTypeID: room.Terms.RoomTypeID, Night: firstNight.Add(night + n)}, Sold: 1,
		})
	}
	at := time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC)
	return booking.Change{
		Record: outbox.Record{
			Request: &outbox.Request{
				PropertyID: propertyID, Caller: "key_a", Key: serial, Status: 201,
				Answer: fmt.Appendf(nil, `{"id":"bkg_%s"}`, serial),
			},
			Events: []outbox.Event{{
				PropertyID: propertyID, Type: "booking.confirmed", Version: 1, Data: fmt.Appendf(nil, `{"booking_id":"bkg_%s"}`, serial),
			}},
		},
		PropertyID: propertyID,
		Booking: booking.Booking{
			ID: "bkg_" + serial, PropertyID: propertyID, Version: 1, Code: "C" + serial, Caller: "key_a", Channel: "api",
			GuestID: "gst_" + serial, Stays: []booking.RoomStay{room}, CreatedAt: at,
			Accepted: booking.Acceptance{Version: "2031-01", At: at},
		},
		Nights: deltas,
		Guest:  &guest.Guest{ID: "gst_" + serial, PropertyID: propertyID, Name: "Ana Gast", Email: "ana@example.com"},
		Posting: &ledger.Posting{
			ID: "post_" + serial, BookingID: "bkg_" + serial, Kind: "confirmed", At: at,
			Entries: ledger.Charge(room.ID, money.Of(total, "EUR"), money.Of(total/10, "EUR")),
		},
	}
}
