package property

import (
	"context"

	"github.com/vacancyhq/vacancy/outbox"
)

// Store is what property needs of persistence.
type Store interface {
	outbox.Requests

	// ApplyProperty applies the change whole or returns *outbox.Duplicate,
	// ErrConflict (version, or a source id or code that exists already) or ErrNotFound.
	ApplyProperty(ctx context.Context, change Change) error

	Property(ctx context.Context, id string) (Property, error)
	PropertyBySource(ctx context.Context, tenantID, sourceID string) (Property, error)
	RoomTypes(ctx context.Context, propertyID string) ([]RoomType, error)

	// Properties lists in id order what comes after the cursor id; tenantID ""
	// lists those of every tenant.
	Properties(ctx context.Context, tenantID, after string, limit int) ([]Property, error)
}
