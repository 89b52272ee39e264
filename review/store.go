package review

import (
	"context"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
)

// Change is a write to one review: all or nothing. Expect 0 is a new review;
// any other is the version that it replaces (ErrConflict otherwise).
type Change struct {
	outbox.Record
	PropertyID string
	Review     Review // the whole new state; its Version is Expect + 1
	Expect     int64
	Tally      *Tally // the new sums, over the tally with the version before; nil: unchanged
}

// Page asks for reviews of a property, newest first.
type Page struct {
	PropertyID string
	After      string // id of the last one seen; "": from the newest
	Limit      int
	Hidden     bool // also those that guests do not see
}

// Store is what reviews need of persistence.
type Store interface {
	outbox.Requests

	// Now is the store's clock.
	Now(ctx context.Context) (time.Time, error)

	// ApplyReview applies the change whole or returns *outbox.Duplicate,
	// ErrConflict (another version of the review or of the tally, or the booking
	// has a review already) or ErrNotFound.
	ApplyReview(ctx context.Context, change Change) error

	Review(ctx context.Context, propertyID, id string) (Review, error)
	ReviewOf(ctx context.Context, propertyID, bookingID string) (Review, error)
	Reviews(ctx context.Context, page Page) ([]Review, error)

	// ReviewTally is the property's, zero when it has no review.
	ReviewTally(ctx context.Context, propertyID string) (Tally, error)

	// ReviewTallies lists by property what comes after the cursor, for who reads
	// them all; properties without a review are not among them.
	ReviewTallies(ctx context.Context, after string, limit int) ([]Tally, error)
}
