package search

import (
	"context"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

// Source is what an index needs of persistence: the state to begin with, and
// the log of changes to follow.
type Source interface {
	// Properties lists in id order what comes after the cursor id, closed ones included.
	Properties(ctx context.Context, tenantID, after string, limit int) ([]property.Property, error)
	Property(ctx context.Context, id string) (property.Property, error)
	RoomTypes(ctx context.Context, propertyID string) ([]property.RoomType, error)
	Plans(ctx context.Context, propertyID string) ([]rate.Plan, error)
	Calendars(ctx context.Context, propertyID string) ([]rate.Calendar, error)
	// Counts lists the free rooms in [from, to) of the properties first to last, by id.
	Counts(ctx context.Context, first, last string, from, to stay.Date) ([]inventory.Counts, error)

	// Events and Committed are those of outbox.Log; an index subscribes once.
	Events(ctx context.Context, after outbox.Position, limit int) ([]outbox.Stored, error)
	Committed() <-chan struct{}
}

// Rated is what a Source can do whose guests write reviews.
type Rated interface {
	Rating(ctx context.Context, propertyID string) (review.Summary, error)
}
