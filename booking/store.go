package booking

import (
	"context"
	"time"

	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Store is what booking needs of persistence. store/storetest is its contract;
// store/sqlitestore and store/pgstore keep it.
type Store interface {
	// Now is the store's clock, the referee of holds.
	Now(ctx context.Context) (time.Time, error)

	// ApplyBooking applies the change whole or returns: *outbox.Duplicate (the
	// request was applied before), ErrConflict (another version), ErrHoldExpired,
	// *inventory.NightError with ErrSoldOut or ErrNotOnSale, ErrNotFound,
	// outbox.ErrBusy, outbox.ErrUnknownOutcome. A night that is short while it
	// carries dead holds is cleared of them (Expire) in the same transaction first.
	ApplyBooking(ctx context.Context, change Change) error

	// Request is the stored answer of an earlier request, or nil.
	Request(ctx context.Context, propertyID, caller, key string) (*outbox.Request, error)

	Property(ctx context.Context, id string) (property.Property, error)
	RoomTypes(ctx context.Context, propertyID string) ([]property.RoomType, error)
	Plans(ctx context.Context, propertyID string) ([]rate.Plan, error)
	Booking(ctx context.Context, id string) (Booking, error)
	BookingByCode(ctx context.Context, code string) (Booking, error)
	Guest(ctx context.Context, propertyID, id string) (guest.Guest, error)

	// Postings lists what the ledger holds for a booking, in the order of writing.
	Postings(ctx context.Context, propertyID, bookingID string) ([]ledger.Posting, error)

	// BookingEvents lists the events of a booking in the order of the log.
	BookingEvents(ctx context.Context, propertyID, bookingID string) ([]outbox.Stored, error)

	// ForgetAnswers replaces every stored answer that names the booking: it may
	// hold the guest's data, and who repeats the request gets body instead.
	ForgetAnswers(ctx context.Context, propertyID, bookingID string, body []byte) error

	// ForgetAuthor takes the guest's name and country from the review of the
	// booking, if there is one.
	ForgetAuthor(ctx context.Context, propertyID, bookingID string) error

	// Bookings lists a property's bookings, newest first, that come after the
	// cursor id ("" for the first page).
	Bookings(ctx context.Context, propertyID, after string, limit int) ([]Booking, error)

	// DeadHolds lists bookings that are held and past their time, oldest first.
	DeadHolds(ctx context.Context, limit int) ([]Booking, error)

	// Sellable is one consistent read of all that offers depend on.
	Sellable(ctx context.Context, propertyID string, nights stay.Stay) (Sellable, error)
}

// Sellable is a property with everything that decides what is bookable there in a span of nights.
type Sellable struct {
	Now       time.Time
	Property  property.Property
	RoomTypes []property.RoomType
	Plans     []rate.Plan
	Calendars []rate.Calendar
	Nights    []inventory.Night // of all room types, [arrival, departure)
}
