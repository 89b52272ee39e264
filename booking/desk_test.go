package booking_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

const (
	houseID  = "prop_house"
	doubleID = "room_double"
	familyID = "room_family"
	flexID   = "rate_flex"
	cardID   = "rate_card"
	terms    = "2027-01"
)

// clock is a time that tests move by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// desk is a booking service over a real store with one house on sale: two
// doubles, one family room, a flexible plan and one with a card guarantee.
type desk struct {
	*booking.Service
	t     *testing.T
	ctx   context.Context
	clock *clock
	store store.Store
	keys  *account.Keyring
	ids   *ident.Source
}

var may1 = stay.DateOf(2027, time.May, 1)

func newDesk(t *testing.T) *desk {
	t.Helper()
	return newDeskOn(t, func(d *desk) store.Store { return d.openSQLite() })
}

// newDeskOn is a desk on the store that open gives, migrated and empty, with d's clock.
func newDeskOn(t *testing.T, open func(d *desk) store.Store) *desk {
	t.Helper()
	d := &desk{t: t, ctx: context.Background(), clock: &clock{at: time.Date(2027, 4, 1, 10, 0, 0, 0, time.UTC)}}
	d.store = open(d)
	t.Cleanup(func() { d.must(d.store.Close()) })
	var err error
	d.ids, err = ident.New("eu", d.clock.now)
	d.must(err)
	d.keys, err = account.OpenKeyring(d.ctx, d.store, d.ids, d.clock.now)
	d.must(err)
	d.Service = booking.NewService(d.store, d.keys, d.ids, sandboxpay.New(nil))
	d.must(d.store.Import(d.ctx, house()))
	return d
}

func (d *desk) openSQLite() *sqlitestore.Store {
	d.t.Helper()
	s, err := sqlitestore.Open(d.ctx, filepath.Join(d.t.TempDir(), "desk.db"), sqlitestore.Options{Clock: d.clock.now})
	d.must(err)
	d.must(s.Migrate(d.ctx))
	return s
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func house() store.Bundle {
	p := property.Property{
		ID: houseID, TenantID: "ten_a", Name: "Haus am See", Kind: "hotel", Country: "DE", City: "Lindau",
		Zone: "Europe/Berlin", Currency: "EUR", CheckInFrom: 15 * 60, CheckOutUntil: 11 * 60, TermsVersion: terms,
		Taxes: []property.Tax{{
			Code: "city", Name: "City tax", Kind: property.TaxPerPersonNight, Amount: money.RatOf(250, 1), OnSite: true, ExemptBelow: 16,
		}},
	}
	types := []property.RoomType{
		{ID: doubleID, PropertyID: houseID, Code: "DBL", Name: "Double", Stock: 2, MinGuests: 1, Standard: 2, MaxGuests: 2},
		{ID: familyID, PropertyID: houseID, Code: "FAM", Name: "Family", Stock: 1, MinGuests: 1, Standard: 2, MaxGuests: 4},
	}
	flex := rate.Plan{
		ID: flexID, PropertyID: houseID, Code: "FLEX", Name: "Flexible", Currency: "EUR", Basis: rate.PerRoom, NextHigher: true,
		Payment: rate.PaymentTerm{Kind: rate.AtProperty},
		Cancellation: []rate.CancellationStep{
			{DaysBefore: 2, Until: 18 * 60, Nights: 1},
			{DaysBefore: 0, Until: 15 * 60, Percent: money.RatOf(100, 1)},
		},
	}
	card := flex
	card.ID, card.Code, card.Name, card.Payment = cardID, "CARD", "With a card", rate.PaymentTerm{Kind: rate.CardGuarantee}
	return store.Bundle{
		Property: property.Change{PropertyID: houseID, Property: &p, RoomTypes: types},
		Rates: rate.Change{PropertyID: houseID, Plans: []rate.Plan{flex, card}, Calendars: []rate.Calendar{
			calendar(flexID, doubleID, 10_000), calendar(flexID, familyID, 18_000), calendar(cardID, doubleID, 9_000),
		}},
		Inventory: inventory.Change{PropertyID: houseID, Settings: open(types)},
	}
}

func calendar(planID, roomTypeID string, minor int64) rate.Calendar {
	return rate.Calendar{PropertyID: houseID, PlanID: planID, RoomTypeID: roomTypeID, Prices: []rate.Price{{
		Span:       rate.Span{From: may1, Through: may1.Add(60), Days: stay.EveryDay},
		Base:       []rate.Base{{Guests: 2, Amount: money.RatOf(minor, 1)}},
		ExtraAdult: ptr(money.RatOf(3_000, 1)),
		Children:   []rate.ChildPrice{{Below: 18, Amount: money.RatOf(1_500, 1)}},
	}}}
}

func open(types []property.RoomType) []inventory.Setting {
	var all []inventory.Setting
	for _, room := range types {
		for n := range 60 {
			all = append(all, inventory.Setting{Key: inventory.Key{RoomTypeID: room.ID, Night: may1.Add(n)}, Stock: ptr(room.Stock)})
		}
	}
	return all
}

func ptr[T any](v T) *T { return &v }

// couple asks for two adults and n nights from the first of May.
func couple(nights int) booking.Query {
	return booking.Query{
		PropertyID: houseID, Caller: "checkout:1", Parties: []stay.Party{{Adults: 2}},
		Stay: stay.Stay{Arrival: may1, Departure: may1.Add(nights)},
	}
}

// offer is what the query gets for one product.
func (d *desk) offer(q booking.Query, roomTypeID, planID string) booking.Offer {
	d.t.Helper()
	shop, err := d.Offers(d.ctx, q)
	d.must(err)
	for _, o := range shop.Rooms[0].Offers {
		if o.RoomTypeID == roomTypeID && o.PlanID == planID {
			return o
		}
	}
	d.t.Fatalf("no offer of %s under %s among %d", roomTypeID, planID, len(shop.Rooms[0].Offers))
	return booking.Offer{}
}

func (d *desk) double(nights int) booking.Offer {
	d.t.Helper()
	return d.offer(couple(nights), doubleID, flexID)
}

// command is a request with this key whose answer names the booking.
func command(key string) booking.Command {
	return booking.Command{
		Caller: "checkout:1", Channel: "web", Key: key, Fingerprint: sha256.Sum256([]byte(key)),
		Render: func(r booking.Result) (int, []byte) {
			body, err := json.Marshal(map[string]string{"id": r.Booking.ID, "code": r.Booking.Code})
			if err != nil {
				panic(err)
			}
			return 201, body
		},
	}
}

// made is the booking that an answer names.
func (d *desk) made(answer booking.Answer, err error) booking.Booking {
	d.t.Helper()
	d.must(err)
	var body struct{ ID string }
	d.must(json.Unmarshal(answer.Body, &body))
	b, err := d.Booking(d.ctx, body.ID)
	d.must(err)
	return b
}

func purchase() booking.Purchase {
	return booking.Purchase{
		Guest:        guest.Guest{Name: "Ada Lovelace", Email: "ada@example.com"},
		TermsVersion: terms,
	}
}

func (d *desk) night(roomTypeID string, night stay.Date) inventory.Night {
	d.t.Helper()
	rows, err := d.store.Nights(d.ctx, houseID, night, night+1)
	d.must(err)
	for _, row := range rows {
		if row.RoomTypeID == roomTypeID {
			return row
		}
	}
	d.t.Fatalf("no row of %s on %s", roomTypeID, night)
	return inventory.Night{}
}

func (d *desk) counts(roomTypeID string) (sold, held int) {
	n := d.night(roomTypeID, may1)
	return n.Sold, n.Held
}

// events counts all there are: a write that was refused leaves none.
func (d *desk) events() int {
	d.t.Helper()
	all, err := d.store.Events(d.ctx, outboxStart, 10_000)
	d.must(err)
	return len(all)
}
