package rate

import "context"

// Store is what rate needs of persistence.
type Store interface {
	// ApplyRate applies the change whole or returns *outbox.Duplicate, ErrConflict or ErrNotFound.
	ApplyRate(ctx context.Context, change Change) error

	Plans(ctx context.Context, propertyID string) ([]Plan, error)
	Calendars(ctx context.Context, propertyID string) ([]Calendar, error)
}
