package bench

import (
	"context"
	"fmt"
	"strconv"
	"sync"
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

// world is what is on sale: many houses of three room types with more rooms than
// are ever asked for, and one house for the crowds.
type world struct {
	houses, nights int
}

const (
	roomTypes = 3
	plenty    = inventory.MaxStock
)

var opening = stay.DateOf(2031, time.January, 1)

func (o Options) world() world {
	if o.Quick {
		return world{houses: 50, nights: 30}
	}
	return world{houses: 2000, nights: 180}
}

// The ids have the product's lengths, and differ late. They are made once: a
// client of the product does not make them, it is given them.
var houseIDs, planIDs, roomIDs = func() (houses, plans []string, rooms [][roomTypes]string) {
	for i := range 2000 {
		houses = append(houses, fmt.Sprintf("prop_eu%026d", i))
		plans = append(plans, fmt.Sprintf("rate_eu%026d", i))
		rooms = append(rooms, [roomTypes]string{})
		for r := range roomTypes {
			rooms[i][r] = fmt.Sprintf("room_eu%025d%d", i, r)
		}
	}
	return houses, plans, rooms
}()

func houseID(i int) string   { return houseIDs[i] }
func roomID(i, r int) string { return roomIDs[i][r] }
func planID(i int) string    { return planIDs[i] }

// load puts the world on sale.
func (w world) load(ctx context.Context, s store.Store) error {
	next := make(chan int)
	var group sync.WaitGroup
	var once sync.Once
	var failure error
	for range 4 {
		group.Go(func() {
			for i := range next {
				if err := s.Import(ctx, w.house(i)); err != nil {
					once.Do(func() { failure = err })
				}
			}
		})
	}
	for i := range w.houses {
		next <- i
	}
	close(next)
	group.Wait()
	return failure
}

func (w world) house(i int) store.Bundle {
	id := houseID(i)
	house := property.Property{
		ID: id, TenantID: "ten_bench", Name: "House " + strconv.Itoa(i), Kind: "hotel", Country: "AT", City: "Bregenz",
		Zone: "Europe/Vienna", Currency: "EUR", CheckInFrom: 15 * 60, CheckOutUntil: 11 * 60,
	}
	bundle := store.Bundle{
		Property: property.Change{PropertyID: id, Property: &house},
		Rates: rate.Change{PropertyID: id, Plans: []rate.Plan{{
			ID: planID(i), PropertyID: id, Code: "BAR", Name: "Flexible", Currency: "EUR",
			Basis: rate.PerRoom, Payment: rate.PaymentTerm{Kind: rate.AtProperty},
		}}},
		Inventory: inventory.Change{PropertyID: id},
	}
	for r := range roomTypes {
		bundle.Property.RoomTypes = append(bundle.Property.RoomTypes, property.RoomType{
			ID: roomID(i, r), PropertyID: id, Code: "R" + strconv.Itoa(r), Name: "Double", Stock: plenty,
			MinGuests: 1, Standard: 2, MaxGuests: 3,
		})
		for n := range w.nights {
			bundle.Inventory.Settings = append(bundle.Inventory.Settings, inventory.Setting{
				Key: inventory.Key{RoomTypeID: roomID(i, r), Night: opening.Add(n)}, Stock: new(plenty),
			})
		}
	}
	return bundle
}

// mix spreads a counter over all 64 bits; no two counters meet.
func mix(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// lengths of stays: one to five nights, 2.5 on average.
var lengths = [10]int{1, 1, 2, 2, 2, 2, 3, 3, 4, 5}

// wish is what request n asks for.
type wish struct{ house, room, night, nights int }

func (w world) wish(n int64) wish {
	h := mix(uint64(n))
	length := lengths[h%10]
	return wish{
		house: int(h >> 8 % uint64(w.houses)), room: int(h >> 40 % roomTypes),
		night: int(h >> 44 % uint64(w.nights-length)), nights: length,
	}
}

var bookedAt = time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)

// serialID is an id of the product's form, ascending with n as the product's do with time.
func serialID(prefix string, n int64) string {
	id := make([]byte, 0, len(prefix)+29)
	id = append(append(id, prefix...), "_eu"...)
	digits := strconv.AppendInt(nil, n, 10)
	for range 26 - len(digits) {
		id = append(id, '0')
	}
	return string(append(id, digits...))
}

// stayOf is the room stay that a wish becomes, with terms as an offer has them.
func stayOf(w wish, n int64, state booking.State) booking.RoomStay {
	total := int64(w.nights) * 12_900
	terms := booking.Terms{
		PropertyID: houseID(w.house), RoomTypeID: roomID(w.house, w.room), RoomTypeName: "Double room with balcony",
		PlanID: planID(w.house), PlanName: "Flexible", Board: rate.RoomOnly,
		Stay:  stay.Stay{Arrival: opening.Add(w.night), Departure: opening.Add(w.night + w.nights)},
		Party: stay.Party{Adults: 2}, Currency: "EUR", Nights: make([]int64, w.nights),
		Total: total, Tax: total / 11, DueAtProperty: total,
		Lines: []pricing.Line{
			{Kind: pricing.LineRoom, Text: "Double room with balcony", Amount: money.Of(total-total/11, "EUR")},
			{Kind: pricing.LineTax, Code: "vat", Text: "VAT 10 %", Amount: money.Of(total/11, "EUR")},
		},
		Cancellation: []rate.CancellationStep{{DaysBefore: 1, Until: 18 * 60, Percent: money.RatOf(100, 1)}},
		Payment:      rate.PaymentTerm{Kind: rate.AtProperty},
	}
	for i := range terms.Nights {
		terms.Nights[i] = 12_900
	}
	return booking.RoomStay{ID: serialID("stay", n), State: state, Terms: terms}
}

// hold is the change that holds the wish.
func hold(w wish, n int64) booking.Change {
	b := booking.Booking{
		ID: serialID("bkg", n), PropertyID: houseID(w.house), Version: 1, Caller: caller, Channel: "web",
		Stays: []booking.RoomStay{stayOf(w, n, booking.Held)}, HeldUntil: bookedAt.AddDate(100, 0, 0), CreatedAt: bookedAt,
	}
	return change(b, 0, n, inventory.Delta{Held: 1})
}

// book is the change that books the wish at once.
func book(w wish, n int64) booking.Change {
	b := booking.Booking{
		ID: serialID("bkg", n), PropertyID: houseID(w.house), Version: 1, Caller: caller, Channel: "web",
		Stays: []booking.RoomStay{stayOf(w, n, booking.Confirmed)}, CreatedAt: bookedAt,
	}
	return confirmed(change(complete(b, n), 0, n, inventory.Delta{Sold: 1}), n)
}

// confirm is the change that makes the hold of another change a booking.
func confirm(held booking.Booking, n int64) booking.Change {
	b := held
	b.Version, b.HeldUntil = held.Version+1, time.Time{}
	b.Stays = []booking.RoomStay{held.Stays[0]}
	b.Stays[0].State = booking.Confirmed
	c := confirmed(change(complete(b, n), held.Version, n, inventory.Delta{Sold: 1, Held: -1}), n)
	c.Guard = booking.HoldLive
	return c
}

func keyOf(n int64) string { return "checkout-" + strconv.FormatUint(mix(uint64(n)), 16) }

const caller = "tok_eu01jx8zq4m9h2c7v5n3b6k1w0ya"

func complete(b booking.Booking, n int64) booking.Booking {
	b.GuestID = serialID("gst", n)
	b.Code = strconv.FormatUint(mix(uint64(n))>>9, 32)
	b.Accepted = booking.Acceptance{Version: "2030-01", At: bookedAt}
	return b
}

func change(b booking.Booking, expect, n int64, each inventory.Delta) booking.Change {
	terms := b.Stays[0].Terms
	c := booking.Change{
		Record: outbox.Record{
			Request: &outbox.Request{
				PropertyID: b.PropertyID, Caller: caller, Key: keyOf(n),
				Fingerprint: [32]byte{byte(n), byte(n >> 8), byte(n >> 16)}, Status: 201, Answer: answerOf(b),
			},
			Events: []outbox.Event{eventOf(b)},
		},
		PropertyID: b.PropertyID, Booking: b, Expect: expect,
	}
	for night := terms.Stay.Arrival; night < terms.Stay.Departure; night++ {
		each.Key = inventory.Key{RoomTypeID: terms.RoomTypeID, Night: night}
		c.Nights = append(c.Nights, each)
	}
	return c
}

func confirmed(c booking.Change, n int64) booking.Change {
	b := c.Booking
	c.Guest = &guest.Guest{
		ID: b.GuestID, PropertyID: b.PropertyID, Name: "Maria-Theresia Österreicher", Email: "maria.theresia@example.com",
		Phone: "+43 1 234 567 890", Country: "AT", Language: "de-AT",
	}
	terms := b.Stays[0].Terms
	c.Posting = &ledger.Posting{
		ID: serialID("post", n), BookingID: b.ID, Kind: "confirmed", At: bookedAt,
		Entries: ledger.Charge(b.Stays[0].ID, terms.Price(), money.Of(terms.Tax, terms.Currency)),
	}
	return c
}
