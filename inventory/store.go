package inventory

import (
	"context"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// Store is what inventory needs of persistence.
type Store interface {
	outbox.Requests

	// Now is the store's clock: which nights are past is judged by it.
	Now(ctx context.Context) (time.Time, error)

	// ApplyInventory applies the change whole or returns *outbox.Duplicate or a
	// *NightError with ErrConflict, ErrBelowSold or ErrNotOnSale. It emits
	// EventChanged itself, since only the rows that were written know their counts.
	ApplyInventory(ctx context.Context, change Change) error

	// Nights lists the rows of a property in [from, to), ascending by key.
	Nights(ctx context.Context, propertyID string, from, to stay.Date) ([]Night, error)

	// Cases lists the overbooking cases of a property, newest first.
	Cases(ctx context.Context, propertyID string) ([]Case, error)

	// Property and RoomTypes say what the nights are of.
	Property(ctx context.Context, id string) (property.Property, error)
	RoomTypes(ctx context.Context, propertyID string) ([]property.RoomType, error)
}
