package pgstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/store"
)

// Import writes properties in one transaction, each table by COPY. The nights
// are in key order, room type by room type, so that a stay's nights lie on one
// page (a table filled day by day makes a booking three times as dear).
func (s *Store) Import(ctx context.Context, bundles ...store.Bundle) error {
	var in incoming
	for _, bundle := range bundles {
		if err := in.add(bundle); err != nil {
			return failed("import", err)
		}
	}
	return s.write(ctx, "import", func(ctx context.Context, tx pgx.Tx) error {
		for _, t := range []table{in.properties(), in.roomTypes(), in.plans(), in.calendars(), in.nights()} {
			if err := t.copy(ctx, tx); err != nil {
				return err
			}
		}
		for _, b := range bundles {
			if err := putNewReviews(ctx, tx, b.Property.PropertyID, b.Reviews); err != nil {
				return err
			}
		}
		return s.recordEvents(ctx, tx, in.events...)
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

// incoming is the rows of new properties.
type incoming struct {
	propertyRows, roomTypeRows, planRows, calendarRows [][]any
	nightRows                                          []propertyNight
	events                                             []outbox.Event
}

type propertyNight struct {
	propertyID string
	inventory.Night
}

// add turns a bundle into rows. What was never stored has its first version.
func (in *incoming) add(b store.Bundle) error {
	id := b.Property.PropertyID
	if p := b.Property.Property; p != nil {
		first := *p
		first.ID, first.Version = id, 1
		in.propertyRows = append(in.propertyRows, []any{id, first.TenantID, first.Source.ID, 1, first})
	}
	for _, r := range b.Property.RoomTypes {
		r.PropertyID, r.Version = id, 1
		in.roomTypeRows = append(in.roomTypeRows, []any{id, r.ID, r.Code, 1, r})
	}
	for _, p := range b.Rates.Plans {
		p.PropertyID, p.Version = id, 1
		in.planRows = append(in.planRows, []any{id, p.ID, 1, p})
	}
	for _, c := range b.Rates.Calendars {
		c.PropertyID, c.Version = id, 1
		in.calendarRows = append(in.calendarRows, []any{id, c.PlanID, c.RoomTypeID, 1, c})
	}
	nights, err := newNights(b.Inventory.Settings)
	for _, n := range nights {
		in.nightRows = append(in.nightRows, propertyNight{b.Inventory.PropertyID, n})
	}
	in.events = slices.Concat(in.events, b.Property.Events, b.Rates.Events, b.Inventory.Events)
	return err
}

// table is rows for one table, and what it means when they do not fit.
type table struct {
	name              string
	columns           []string
	rows              pgx.CopyFromSource
	missing, conflict error
}

func (t table) copy(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, t.rows)
	switch {
	case violates(err, codeForeignKey):
		return answer{t.missing}
	case violates(err, codeUnique):
		return answer{t.conflict}
	}
	return err
}

var errTaken = fmt.Errorf("%w: its id, code or source exists", property.ErrConflict)

func (in *incoming) properties() table {
	return table{
		"property",
		[]string{"property_id", "tenant_id", "source_id", "version", "doc"},
		pgx.CopyFromRows(in.propertyRows), property.ErrNotFound, errTaken,
	}
}

func (in *incoming) roomTypes() table {
	return table{
		"room_type",
		[]string{"property_id", "id", "code", "version", "doc"},
		pgx.CopyFromRows(in.roomTypeRows), property.ErrNotFound, errTaken,
	}
}

func (in *incoming) plans() table {
	return table{
		"rate_plan",
		[]string{"property_id", "id", "version", "doc"},
		pgx.CopyFromRows(in.planRows), rate.ErrNotFound, rate.ErrConflict,
	}
}

func (in *incoming) calendars() table {
	return table{
		"rate_calendar",
		[]string{"property_id", "plan_id", "room_type_id", "version", "doc"},
		pgx.CopyFromRows(in.calendarRows), rate.ErrNotFound, rate.ErrConflict,
	}
}

func (in *incoming) nights() table {
	rows := pgx.CopyFromSlice(len(in.nightRows), func(i int) ([]any, error) {
		n := in.nightRows[i]
		return []any{n.propertyID, n.RoomTypeID, civil(n.Night.Night), n.Stock, n.OutOfOrder, n.Cap, 0, 0, n.Blocked, 0, n.Version}, nil
	})
	return table{
		"night",
		[]string{"property_id", "room_type_id", "night", "stock", "out_of_order", "cap", "sold", "held", "blocked", "oversold", "version"},
		rows,
		fmt.Errorf("%w: nights of a room type that it does not have", property.ErrNotFound),
		fmt.Errorf("%w: a night is given twice or exists", property.ErrConflict),
	}
}
