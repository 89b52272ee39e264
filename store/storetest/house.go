package storetest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
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

// opening is the first night that the fixtures have on sale, and openNights how many.
var opening = stay.DateOf(2031, time.May, 1)

const openNights = 40

// house is a property that is on sale, with builders of the changes that
// package booking would make.
type house struct {
	Opened
	t        testing.TB
	ctx      context.Context
	property property.Property
	rooms    []property.RoomType
	plan     rate.Plan
	serial   *atomic.Int64 // of ids: ascending, as ids of the product are
}

// newHouse puts a property on sale that has one room type for each stock.
func newHouse(t testing.TB, o Opened, stock ...int) *house {
	t.Helper()
	h := sketch(t, o, "prop_house", stock...)
	h.onSale(openNights)
	return h
}

// onSale writes the house with so many nights, each of which the events tell of.
func (h *house) onSale(nights int) {
	h.t.Helper()
	h.must(h.Store.ApplyProperty(h.ctx, property.Change{PropertyID: h.property.ID, Property: &h.property, RoomTypes: h.rooms}))
	h.must(h.Store.ApplyRate(h.ctx, rate.Change{
		PropertyID: h.property.ID, Plans: []rate.Plan{h.plan}, Calendars: h.calendars(),
	}))
	h.must(h.Store.ApplyInventory(h.ctx, inventory.Change{PropertyID: h.property.ID, Settings: h.open(nights)}))
}

// sketch describes a house without writing it.
func sketch(t testing.TB, o Opened, id string, stock ...int) *house {
	h := &house{Opened: o, t: t, ctx: context.Background(), serial: new(atomic.Int64)}
	h.property = property.Property{
		ID: id, TenantID: "ten_a", Name: "Haus am See", Kind: "hotel", Country: "AT", City: "Bregenz",
		Zone: "Europe/Vienna", Currency: "EUR", CheckInFrom: 15 * 60, CheckOutUntil: 11 * 60,
	}
	for i, n := range stock {
		h.rooms = append(h.rooms, property.RoomType{
			ID: fmt.Sprintf("room_%s_%d", id, i), PropertyID: id, Code: fmt.Sprintf("R%d", i),
			Name: "Double", Stock: n, MinGuests: 1, Standard: 2, MaxGuests: 3,
		})
	}
	h.plan = rate.Plan{
		ID: "rate_" + id, PropertyID: id, Code: "BAR", Name: "Flexible", Currency: "EUR",
		Basis: rate.PerRoom, Payment: rate.PaymentTerm{Kind: rate.AtProperty},
	}
	return h
}

func (h *house) bundle(nights int) store.Bundle {
	return store.Bundle{
		Property:  property.Change{PropertyID: h.property.ID, Property: &h.property, RoomTypes: h.rooms},
		Rates:     rate.Change{PropertyID: h.property.ID, Plans: []rate.Plan{h.plan}, Calendars: h.calendars()},
		Inventory: inventory.Change{PropertyID: h.property.ID, Settings: h.open(nights)},
	}
}

func (h *house) calendars() []rate.Calendar {
	var all []rate.Calendar
	for _, room := range h.rooms {
		all = append(all, rate.Calendar{
			PropertyID: h.property.ID, PlanID: h.plan.ID, RoomTypeID: room.ID,
			Prices: []rate.Price{{
				Span: rate.Span{From: opening, Through: opening.Add(openNights), Days: stay.EveryDay},
				Base: []rate.Base{{Guests: 2, Amount: money.RatOf(10_000, 1)}},
			}},
		})
	}
	return all
}

// open is the settings that put every room type on sale at its default stock.
func (h *house) open(nights int) []inventory.Setting {
	var all []inventory.Setting
	for _, room := range h.rooms {
		for n := range nights {
			all = append(all, inventory.Setting{
				Key: inventory.Key{RoomTypeID: room.ID, Night: opening.Add(n)}, Stock: new(room.Stock),
			})
		}
	}
	return all
}

func (h *house) key(room, night int) inventory.Key {
	return inventory.Key{RoomTypeID: h.rooms[room].ID, Night: opening.Add(night)}
}

// id makes ids that ascend in the order in which they are made.
func (h *house) id(prefix string) string { return fmt.Sprintf("%s_eu%012d", prefix, h.serial.Add(1)) }

// stay is a room stay that does not exist yet.
func (h *house) stay(room, night, nights int) booking.RoomStay {
	terms := booking.Terms{
		PropertyID: h.property.ID, RoomTypeID: h.rooms[room].ID, RoomTypeName: h.rooms[room].Name,
		PlanID: h.plan.ID, PlanName: h.plan.Name, Board: rate.RoomOnly,
		Stay:     stay.Stay{Arrival: opening.Add(night), Departure: opening.Add(night + nights)},
		Party:    stay.Party{Adults: 2},
		Currency: "EUR", Total: int64(nights) * 10_000, DueAtProperty: int64(nights) * 10_000,
		Lines:   []pricing.Line{{Kind: pricing.LineRoom, Text: "Room", Amount: money.Of(int64(nights)*10_000, "EUR")}},
		Payment: h.plan.Payment,
	}
	for range nights {
		terms.Nights = append(terms.Nights, 10_000)
	}
	return booking.RoomStay{ID: h.id("stay"), Terms: terms, Uses: terms.Stay}
}

// hold is the change that holds the stays for booking.HoldLife.
func (h *house) hold(stays ...booking.RoomStay) booking.Change {
	now := h.now()
	return h.to(booking.Booking{
		ID: h.id("bkg"), PropertyID: h.property.ID, Caller: "key_a", Channel: "api",
		Stays: stays, HeldUntil: now.Add(booking.HoldLife), CreatedAt: now,
	}, booking.Held)
}

// book is the change that confirms the stays at once, as an agency does.
func (h *house) book(stays ...booking.RoomStay) booking.Change {
	change := h.hold(stays...)
	return h.confirmed(change.Booking, h.to(booking.Booking{
		ID: change.Booking.ID, PropertyID: h.property.ID, Caller: "key_a", Channel: "api",
		Stays: stays, CreatedAt: change.Booking.CreatedAt,
	}, booking.Confirmed))
}

// confirm is the change that makes a hold a booking.
func (h *house) confirm(b booking.Booking) booking.Change {
	change := h.to(b, booking.Confirmed)
	change.Guard = booking.HoldLive
	return h.confirmed(b, change)
}

func (h *house) confirmed(b booking.Booking, change booking.Change) booking.Change {
	change.Booking.HeldUntil = time.Time{}
	change.Booking.Code = "C" + b.ID
	change.Posting = &ledger.Posting{ID: h.id("post"), BookingID: b.ID, Kind: "confirmed", At: h.now()}
	for _, s := range change.Booking.Stays {
		change.Posting.Entries = append(change.Posting.Entries,
			ledger.Charge(s.ID, money.Of(s.Terms.Total, s.Terms.Currency), money.Of(0, s.Terms.Currency))...)
	}
	return change
}

// cancel is the change that gives a booking's rooms back, without a fee.
func (h *house) cancel(b booking.Booking) booking.Change {
	change := h.to(b, booking.Cancelled)
	change.Booking.CancelledAt = h.now()
	return change
}

// to is the change that brings every stay of a booking into a state.
func (h *house) to(b booking.Booking, state booking.State) booking.Change {
	after := b
	after.Version = b.Version + 1
	after.Stays = make([]booking.RoomStay, len(b.Stays))
	for i, s := range b.Stays {
		s.State = state
		s.Uses = s.Terms.Uses(state)
		after.Stays[i] = s
	}
	return booking.Change{
		Record: outbox.Record{Events: []outbox.Event{{
			PropertyID: b.PropertyID, Type: "booking." + string(state), Version: 1,
			Data: fmt.Appendf(nil, `{"booking_id":%q,"booking_version":%d}`, b.ID, after.Version),
		}}},
		PropertyID: b.PropertyID, Booking: after, Expect: b.Version,
		Nights: deltas(b.Stays, after.Stays),
	}
}

// deltas is what changes in the counters when stays go from one state to another.
func deltas(before, after []booking.RoomStay) []inventory.Delta {
	var all []inventory.Delta
	count := func(stays []booking.RoomStay, sign int) {
		for _, s := range stays {
			sold, held := s.State.Counts()
			for night := s.Uses.Arrival; night < s.Uses.Departure; night++ {
				all = append(all, inventory.Delta{
					Key:  inventory.Key{RoomTypeID: s.Terms.RoomTypeID, Night: night},
					Sold: sign * sold, Held: sign * held,
				})
			}
		}
	}
	count(before, -1)
	count(after, +1)
	return inventory.Merge(all)
}

// request is an idempotent request with its answer.
func (h *house) request(caller, key, answer string) *outbox.Request {
	return &outbox.Request{
		PropertyID: h.property.ID, Caller: caller, Key: key,
		Fingerprint: [32]byte{1, 2, 3}, Status: 201, Answer: []byte(answer),
	}
}

func (h *house) apply(c booking.Change) error { return h.Store.ApplyBooking(h.ctx, c) }

// applied writes a change that has to succeed and gives the booking as stored.
func (h *house) applied(c booking.Change) booking.Booking {
	h.t.Helper()
	h.must(h.apply(c))
	stored, err := h.Store.Booking(h.ctx, c.Booking.ID)
	h.must(err)
	return stored
}

func (h *house) now() time.Time {
	now, err := h.Store.Now(h.ctx)
	if err != nil {
		h.t.Errorf("now: %v", err)
	}
	return now
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) night(room, night int) inventory.Night {
	h.t.Helper()
	rows, err := h.Store.Nights(h.ctx, h.property.ID, opening.Add(night), opening.Add(night+1))
	h.must(err)
	for _, row := range rows {
		if row.RoomTypeID == h.rooms[room].ID {
			return row
		}
	}
	h.t.Fatalf("no night %d of room type %d", night, room)
	return inventory.Night{}
}

func (h *house) count(query string) int64 {
	h.t.Helper()
	n, err := h.Int(h.ctx, query)
	h.must(err)
	return n
}

// traces is how much of everything that a write can leave is there. A write
// that failed leaves it as it was.
type traces struct{ bookings, requests, events, postings, guests int64 }

func (h *house) traces() traces {
	h.t.Helper()
	return traces{
		bookings: h.count(`SELECT count(*) FROM booking`),
		requests: h.count(`SELECT count(*) FROM request`),
		events:   h.count(`SELECT count(*) FROM event`),
		postings: h.count(`SELECT count(*) FROM posting`),
		guests:   h.count(`SELECT count(*) FROM guest`),
	}
}
