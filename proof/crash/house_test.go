package crash

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"strings"
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
	"github.com/vacancyhq/vacancy/store/combine"
	"github.com/vacancyhq/vacancy/store/pgstore"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

const (
	houseID = "prop_house"
	roomID  = "room_double"
	planID  = "rate_flex"
	caller  = "checkout:1"
	rooms   = 1000
)

// spring is when it is to the house; it sells from its opening on.
var (
	spring  = time.Date(2031, time.March, 1, 12, 0, 0, 0, time.UTC)
	opening = stay.DateOf(2031, time.May, 1)
)

// house is a booking service in one process, over a store whose clock is ahead
// of the machine's.
type house struct {
	*booking.Service
	ctx    context.Context
	now    func() time.Time
	engine combine.Engine
	store  store.Store // the engine, or what stands before it
}

// enter opens the database: a path of SQLite, or a DSN.
func enter(ctx context.Context, database string, ahead time.Duration, step func(string)) (*house, error) {
	h := &house{ctx: ctx, now: func() time.Time { return time.Now().Add(ahead) }}
	var err error
	if strings.HasPrefix(database, "postgres:") {
		h.engine, err = pgstore.Open(ctx, database, pgstore.Options{
			PoolSize: 4, Offset: func() time.Duration { return ahead }, Step: step,
		})
	} else {
		h.engine, err = sqlitestore.Open(ctx, database, sqlitestore.Options{Clock: h.now, Step: step})
	}
	if err != nil {
		return nil, err
	}
	h.store = h.engine
	return h, nil
}

// serve makes the service over the store as it is now.
func (h *house) serve() error {
	ids, err := ident.New("eu", h.now)
	if err != nil {
		return err
	}
	keys, err := account.OpenKeyring(h.ctx, h.store, ids, h.now)
	h.Service = booking.NewService(h.store, keys, ids, sandboxpay.New(nil))
	return err
}

// furnish makes the schema and puts the house on sale.
func (h *house) furnish() error {
	if err := h.store.Migrate(h.ctx); err != nil {
		return err
	}
	bundle := store.Bundle{
		Property: property.Change{
			PropertyID: houseID,
			Property: &property.Property{
				ID: houseID, TenantID: "ten_a", Name: "Haus am See", Kind: "hotel", Country: "DE", City: "Lindau",
				Zone: "Europe/Berlin", Currency: "EUR", CheckInFrom: 15 * 60, CheckOutUntil: 11 * 60, TermsVersion: "1",
			},
			RoomTypes: []property.RoomType{{
				ID: roomID, PropertyID: houseID, Code: "DBL", Name: "Double", Stock: rooms, MinGuests: 1, Standard: 2, MaxGuests: 2,
			}},
		},
		Rates: rate.Change{
			PropertyID: houseID,
			Plans: []rate.Plan{{
				ID: planID, PropertyID: houseID, Code: "FLEX", Name: "Flexible", Currency: "EUR", Basis: rate.PerRoom,
				Payment:      rate.PaymentTerm{Kind: rate.AtProperty},
				Cancellation: []rate.CancellationStep{{DaysBefore: 3650, Until: 18 * 60, Nights: 1}},
			}},
			Calendars: []rate.Calendar{{PropertyID: houseID, PlanID: planID, RoomTypeID: roomID, Prices: []rate.Price{{
				Span: rate.Span{From: opening, Through: opening.Add(600), Days: stay.EveryDay},
				Base: []rate.Base{{Guests: 2, Amount: money.RatOf(10_000, 1)}},
			}}}},
		},
		Inventory: inventory.Change{PropertyID: houseID},
	}
	for n := range 400 {
		stock := rooms
		if n >= lastRooms {
			stock = 1
		}
		bundle.Inventory.Settings = append(bundle.Inventory.Settings, inventory.Setting{
			Key: inventory.Key{RoomTypeID: roomID, Night: opening.Add(n)}, Stock: &stock,
		})
	}
	return h.store.Import(h.ctx, bundle)
}

// lastRooms is the first night of those that have one room only.
const lastRooms = 100

// offer is a token for two people for two nights.
func (h *house) offer(night int) (string, error) {
	shop, err := h.Offers(h.ctx, booking.Query{
		PropertyID: houseID, Caller: caller, Parties: []stay.Party{{Adults: 2}},
		Stay: stay.Stay{Arrival: opening.Add(night), Departure: opening.Add(night + 2)},
	})
	if err != nil {
		return "", err
	}
	if len(shop.Rooms[0].Offers) == 0 {
		return "", fmt.Errorf("nothing is offered for night %d", night)
	}
	return shop.Rooms[0].Offers[0].Token, nil
}

// command is a request whose answer names the booking.
func command(key string) booking.Command {
	return booking.Command{
		Caller: caller, Channel: "web", Key: key, Fingerprint: sha256.Sum256([]byte(key)),
		Render: func(r booking.Result) (int, []byte) {
			return 200, fmt.Appendf(nil, `{"id":%q,"version":%d,"code":%q}`, r.Booking.ID, r.Booking.Version, r.Booking.Code)
		},
	}
}

func purchase(offers ...string) booking.Purchase {
	return booking.Purchase{
		Offers: offers, TermsVersion: "1", Guest: guest.Guest{Name: "Ada Lovelace", Email: "ada@example.com"},
	}
}

// made is the booking that an answer names.
func (h *house) made(answer booking.Answer, err error) (booking.Booking, error) {
	var body struct{ ID string }
	if err == nil {
		err = json.Unmarshal(answer.Body, &body)
	}
	if err != nil {
		return booking.Booking{}, err
	}
	return h.Booking(h.ctx, body.ID)
}

// die ends this process as an operator or the kernel would.
func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}
