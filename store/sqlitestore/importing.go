package sqlitestore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store"
)

// maxImportNights bounds the transaction of one import: 200 room types over the
// whole horizon, which is more than any house has.
const maxImportNights = 200 * inventory.Horizon

// Import writes new properties in one transaction. Their nights are inserted as
// they are: a new property has none that they could meet.
func (s *Store) Import(ctx context.Context, bundles ...store.Bundle) error {
	nights := 0
	for _, b := range bundles {
		nights += len(b.Inventory.Settings)
	}
	if nights > maxImportNights {
		return fmt.Errorf("sqlitestore: import: %w: %d nights, at most %d", property.ErrInvalid, nights, maxImportNights)
	}
	return s.write(ctx, "import", func(ctx context.Context, t *tx) error {
		for _, b := range bundles {
			if err := t.put(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) put(ctx context.Context, b store.Bundle) error {
	if err := t.putProperty(ctx, b.Property); err != nil {
		return err
	}
	if err := t.putRates(ctx, b.Rates); err != nil {
		return err
	}
	if err := t.openNights(ctx, b.Property.PropertyID, b.Inventory.Settings); err != nil {
		return err
	}
	if err := t.putNewReviews(ctx, b.Property.PropertyID, b.Reviews); err != nil {
		return err
	}
	return t.emitAll(ctx, slices.Concat(b.Property.Events, b.Rates.Events, b.Inventory.Events))
}

// many is how many nights one statement opens: half of an insert's time is the
// way into the engine and back, whatever it inserts. The driver looks for each
// argument among all of them, so that more nights are slower again.
const many = 8

var insertMany = insertNew(many)

// insertNew opens n nights of one room type of one property.
func insertNew(n int) string {
	return `INSERT INTO night (property_id, ` + nightColumns + `) VALUES ` +
		strings.Join(slices.Repeat([]string{`(?1, ?2, ?, ?, ?, ?, 0, 0, ?, 0, ?)`}, n), `, `)
}

// openNights inserts the nights of a property, a room type at a time.
func (t *tx) openNights(ctx context.Context, propertyID string, settings []inventory.Setting) error {
	known := make(map[string]bool)
	for len(settings) > 0 {
		roomTypeID := settings[0].RoomTypeID
		if err := t.roomTypeKnown(ctx, propertyID, roomTypeID, known); err != nil {
			return err
		}
		n := 1
		for n < len(settings) && settings[n].RoomTypeID == roomTypeID {
			n++
		}
		if err := t.openRoomType(ctx, propertyID, roomTypeID, settings[:n]); err != nil {
			return err
		}
		settings = settings[n:]
	}
	return nil
}

func (t *tx) openRoomType(ctx context.Context, propertyID, roomTypeID string, settings []inventory.Setting) error {
	args := []any{propertyID, roomTypeID}
	for _, setting := range settings {
		n, err := settle(inventory.Night{}, false, setting, false)
		if err != nil {
			return &inventory.NightError{Key: setting.Key, Err: err}
		}
		args = append(args, int64(n.Night), n.Stock, n.OutOfOrder, n.Cap, n.Blocked, n.Version)
	}
	const perNight = 6
	for part := range slices.Chunk(args[2:], perNight*many) {
		insert := insertMany
		if len(part) < perNight*many {
			insert = insertNew(len(part) / perNight)
		}
		if _, err := t.exec(ctx, insert, append(args[:2:2], part...)...); err != nil {
			return constraint(err, property.ErrConflict, property.ErrNotFound)
		}
	}
	return nil
}
