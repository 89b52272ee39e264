package rate

import (
	"context"

	"github.com/vacancyhq/vacancy/outbox"
)

// Store is what rate needs of persistence.
type Store interface {
	outbox.Requests

	// ApplyRate applies the change whole or returns *outbox.Duplicate, ErrConflict or ErrNotFound.
	ApplyRate(ctx context.Context, change Change) error

	Plans(ctx context.Context, propertyID string) ([]Plan, error)
	Calendars(ctx context.Context, propertyID string) ([]Calendar, error)
}
