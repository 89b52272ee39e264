package pgstore

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store"
)

// Import writes one property in one transaction, its nights by COPY in key order:
// room type by room type, so that a stay's nights lie on one page (a table
// filled day by day makes a booking three times as dear).
func (s *Store) Import(ctx context.Context, bundle store.Bundle) error {
	nights, err := newNights(bundle.Inventory.Settings)
	if err != nil {
		return err
	}
	return s.write(ctx, "import", func(ctx context.Context, tx pgx.Tx) error {
		if err := putProperty(ctx, tx, bundle.Property); err != nil {
			return err
		}
		if err := putRates(ctx, tx, bundle.Rates); err != nil {
			return err
		}
		if err := copyNights(ctx, tx, bundle.Inventory.PropertyID, nights); err != nil {
			return err
		}
		if err := putNewReviews(ctx, tx, bundle.Property.PropertyID, bundle.Reviews); err != nil {
			return err
		}
		events := bundle.Property.Events[:len(bundle.Property.Events):len(bundle.Property.Events)]
		events = append(append(events, bundle.Rates.Events...), bundle.Inventory.Events...)
		return s.recordEvents(ctx, tx, events...)
	})
}

// newNights is the rows that settings open where there were none.
func newNights(settings []inventory.Setting) ([]inventory.Night, error) {
	nights := make([]inventory.Night, len(settings))
	for i, setting := range settings {
		night, err := set(inventory.Night{}, false, setting)
		if err == nil && night.Oversold > 0 {
			err = inventory.ErrBelowSold
		}
		if err != nil {
			return nil, &inventory.NightError{Key: setting.Key, Err: err}
		}
		nights[i] = night
	}
	return nights, nil
}

func copyNights(ctx context.Context, tx pgx.Tx, propertyID string, nights []inventory.Night) error {
	columns := []string{
		"property_id", "room_type_id", "night", "stock", "out_of_order", "cap", "sold", "held", "blocked", "oversold", "version",
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"night"}, columns, pgx.CopyFromSlice(len(nights), func(i int) ([]any, error) {
		n := nights[i]
		return []any{
			propertyID, n.RoomTypeID, civil(n.Night), n.Stock, n.OutOfOrder, n.Cap, 0, 0, n.Blocked, 0, n.Version,
		}, nil
	}))
	switch {
	case violates(err, codeForeignKey):
		return answer{fmt.Errorf("%w: nights of a room type that it does not have", property.ErrNotFound)}
	case violates(err, codeUnique):
		return answer{fmt.Errorf("%w: a night is given twice or exists", property.ErrConflict)}
	}
	return err
}
