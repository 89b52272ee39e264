package sqlitestore

import (
	"context"
	"fmt"
	"slices"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store"
)

// maxImportNights bounds the transaction of one import: 200 room types over the
// whole horizon, which is more than any house has.
const maxImportNights = 200 * inventory.Horizon

// Import writes a new property in one transaction. Its nights are inserted as
// they are: a new property has none that they could meet.
func (s *Store) Import(ctx context.Context, bundle store.Bundle) error {
	if n := len(bundle.Inventory.Settings); n > maxImportNights {
		return fmt.Errorf("sqlitestore: import: %w: %d nights, at most %d", property.ErrInvalid, n, maxImportNights)
	}
	id := bundle.Property.PropertyID
	return s.write(ctx, "import", func(ctx context.Context, t *tx) error {
		if err := t.putProperty(ctx, bundle.Property); err != nil {
			return err
		}
		if err := t.putRates(ctx, bundle.Rates); err != nil {
			return err
		}
		if err := t.openNights(ctx, id, bundle.Inventory.Settings); err != nil {
			return err
		}
		if err := t.putNewReviews(ctx, id, bundle.Reviews); err != nil {
			return err
		}
		return t.finish(ctx, id, slices.Concat(bundle.Property.Events, bundle.Rates.Events, bundle.Inventory.Events))
	})
}

func (t *tx) openNights(ctx context.Context, propertyID string, settings []inventory.Setting) error {
	known := make(map[string]bool)
	for _, setting := range settings {
		if err := t.roomTypeKnown(ctx, propertyID, setting.RoomTypeID, known); err != nil {
			return err
		}
		night, err := settle(inventory.Night{}, false, setting, false)
		if err != nil {
			return &inventory.NightError{Key: setting.Key, Err: err}
		}
		if _, err := t.exec(ctx, insertNight, nightValues(propertyID, night)...); err != nil {
			return constraint(err, property.ErrConflict, property.ErrNotFound)
		}
	}
	return nil
}
