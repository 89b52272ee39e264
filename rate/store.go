package rate

import (
	"context"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
)

// Store is what rate needs of persistence.
type Store interface {
	outbox.Requests

	// ApplyRate applies the change whole or returns *outbox.Duplicate, ErrConflict or ErrNotFound.
	ApplyRate(ctx context.Context, change Change) error

	Plans(ctx context.Context, propertyID string) ([]Plan, error)
	Calendars(ctx context.Context, propertyID string) ([]Calendar, error)

	// RoomTypes says what calendars can be of.
	RoomTypes(ctx context.Context, propertyID string) ([]property.RoomType, error)
}
