package pgstore

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

const nightColumns = `n.room_type_id, n.night, n.stock, n.out_of_order, n.cap, n.sold, n.held, n.blocked, n.oversold, n.version`

// selectNights reads [from, to) of a property, ascending by key.
const selectNights = `
	select ` + nightColumns + ` from night n
	where n.property_id = $1 and n.night >= $2 and n.night < $3
	order by n.room_type_id, n.night`

// Nights lists the rows of a property in [from, to).
func (s *Store) Nights(ctx context.Context, propertyID string, from, to stay.Date) ([]inventory.Night, error) {
	rows, err := s.pool.Query(ctx, selectNights, propertyID, civil(from), civil(to))
	if err != nil {
		return nil, failed("nights", err)
	}
	nights, err := collectNights(rows)
	return nights, sought("nights", err)
}

func collectNights(rows pgx.Rows) ([]inventory.Night, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (inventory.Night, error) {
		var n inventory.Night
		var night time.Time
		err := row.Scan(&n.RoomTypeID, &night, &n.Stock, &n.OutOfOrder, &n.Cap, &n.Sold, &n.Held, &n.Blocked, &n.Oversold, &n.Version)
		n.Night = date(night)
		return n, err
	})
}

// ApplyInventory locks the rows in key order, works out their new values, and
// writes all of them in one statement.
func (s *Store) ApplyInventory(ctx context.Context, change inventory.Change) error {
	return s.write(ctx, "apply inventory", func(ctx context.Context, tx pgx.Tx) error {
		if err := s.recordRequest(ctx, tx, change.Request); err != nil {
			return err
		}
		written, err := s.setNights(ctx, tx, change)
		if err != nil {
			return err
		}
		events := change.Events
		if len(written) > 0 {
			events = append(events[:len(events):len(events)], inventory.Changed(change.PropertyID, written))
		}
		return s.recordEvents(ctx, tx, events...)
	})
}

func (s *Store) setNights(ctx context.Context, tx pgx.Tx, change inventory.Change) ([]inventory.Night, error) {
	now, err := lockNights(ctx, tx, change.PropertyID, change.Settings)
	if err != nil {
		return nil, err
	}
	var opened, changed []inventory.Night
	var worse []inventory.Night // oversold rises: somebody has to answer for it
	for _, setting := range change.Settings {
		before, exists := now[setting.Key]
		if exists && change.OpenOnly {
			continue
		}
		after, err := set(before, exists, setting)
		if err != nil {
			return nil, answer{&inventory.NightError{Key: setting.Key, Err: err}}
		}
		if after.Oversold > before.Oversold {
			if !change.Force {
				return nil, answer{&inventory.NightError{Key: setting.Key, Err: inventory.ErrBelowSold}}
			}
			worse = append(worse, after)
		}
		if exists {
			changed = append(changed, after)
		} else {
			opened = append(opened, after)
		}
	}
	if opened, err = openNights(ctx, tx, change.PropertyID, opened, change.OpenOnly); err != nil {
		return nil, err
	}
	if err := updateNights(ctx, tx, change.PropertyID, changed); err != nil {
		return nil, err
	}
	return append(opened, changed...), s.openCases(ctx, tx, change, worse)
}

// set is the night after the setting.
func set(n inventory.Night, exists bool, s inventory.Setting) (inventory.Night, error) {
	if s.Version != 0 && s.Version != n.Version {
		return n, inventory.ErrConflict
	}
	if !exists && s.Stock == nil {
		return n, inventory.ErrNotOnSale
	}
	overbooking := n.Cap - n.Stock + n.OutOfOrder
	for _, field := range []struct {
		to   *int
		from *int
	}{{&n.Stock, s.Stock}, {&n.OutOfOrder, s.OutOfOrder}, {&overbooking, s.Overbooking}, {&n.Blocked, s.Blocked}} {
		if field.from == nil {
			continue
		}
		if *field.from < 0 || *field.from > inventory.MaxStock {
			return n, inventory.ErrInvalid
		}
		*field.to = *field.from
	}
	n.RoomTypeID, n.Night = s.RoomTypeID, s.Night
	n.Cap = n.Stock - n.OutOfOrder + overbooking
	if n.Cap < 0 {
		return n, inventory.ErrInvalid
	}
	n.Oversold = max(0, n.Sold+n.Held+n.Blocked-n.Cap)
	n.Version++
	return n, nil
}

func lockNights(ctx context.Context, tx pgx.Tx, propertyID string, settings []inventory.Setting) (map[inventory.Key]inventory.Night, error) {
	var roomTypes []string
	var nights []time.Time
	for _, s := range settings {
		roomTypes, nights = append(roomTypes, s.RoomTypeID), append(nights, civil(s.Night))
	}
	rows, err := tx.Query(ctx, `
		select `+nightColumns+`
		from unnest($2::text[], $3::date[]) as k (room_type_id, night)
		join night n on n.property_id = $1 and n.room_type_id = k.room_type_id and n.night = k.night
		order by n.room_type_id, n.night
		for no key update of n`, propertyID, roomTypes, nights)
	if err != nil {
		return nil, err
	}
	locked, err := collectNights(rows)
	byKey := make(map[inventory.Key]inventory.Night, len(locked))
	for _, n := range locked {
		byKey[inventory.Key{RoomTypeID: n.RoomTypeID, Night: n.Night}] = n
	}
	return byKey, err
}

// openNights inserts rows. A row that appeared since the look is left as it is
// when only opening was asked for; else the change starts again and finds it.
func openNights(ctx context.Context, tx pgx.Tx, propertyID string, nights []inventory.Night, openOnly bool) ([]inventory.Night, error) {
	if len(nights) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `
		insert into night as n (property_id, room_type_id, night, stock, out_of_order, cap, sold, held, blocked, oversold, version)
		select $1, k.room_type_id, k.night, k.stock, k.out_of_order, k.cap, 0, 0, k.blocked, k.oversold, k.version
		`+nightsAsRows+`
		on conflict do nothing
		returning `+nightColumns, nightArgs(propertyID, nights)...)
	if err != nil {
		return nil, err
	}
	inserted, err := collectNights(rows)
	switch {
	case violates(err, codeForeignKey):
		return nil, answer{property.ErrNotFound}
	case err == nil && len(inserted) < len(nights) && !openOnly:
		return nil, errRepeat
	}
	return inserted, err
}

// updateNights writes rows that the transaction has locked.
func updateNights(ctx context.Context, tx pgx.Tx, propertyID string, nights []inventory.Night) error {
	if len(nights) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		update night n set stock = k.stock, out_of_order = k.out_of_order, cap = k.cap, blocked = k.blocked,
			oversold = k.oversold, version = k.version
		`+nightsAsRows+`
		where n.property_id = $1 and n.room_type_id = k.room_type_id and n.night = k.night`,
		nightArgs(propertyID, nights)...)
	return err
}

const nightsAsRows = `from unnest($2::text[], $3::date[], $4::integer[], $5::integer[], $6::integer[], $7::integer[],
		$8::integer[], $9::bigint[]) as k (room_type_id, night, stock, out_of_order, cap, blocked, oversold, version)`

func nightArgs(propertyID string, nights []inventory.Night) []any {
	var roomTypes []string
	var dates []time.Time
	var stock, outOfOrder, caps, blocked, oversold []int
	var versions []int64
	for _, n := range nights {
		roomTypes, dates = append(roomTypes, n.RoomTypeID), append(dates, civil(n.Night))
		stock, outOfOrder, caps = append(stock, n.Stock), append(outOfOrder, n.OutOfOrder), append(caps, n.Cap)
		blocked, oversold = append(blocked, n.Blocked), append(oversold, n.Oversold)
		versions = append(versions, n.Version)
	}
	return []any{propertyID, roomTypes, dates, stock, outOfOrder, caps, blocked, oversold, versions}
}

func (s *Store) openCases(ctx context.Context, tx pgx.Tx, change inventory.Change, worse []inventory.Night) error {
	if len(worse) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		insert into overbooking (property_id, id, room_type_id, night, oversold, by, opened_at)
		select $1, 'case_' || k.room_type_id || to_char(k.night, '_YYYYMMDD_') || k.version,
			k.room_type_id, k.night, k.oversold, $10, clock_timestamp() + $11::interval
		`+nightsAsRows, append(nightArgs(change.PropertyID, worse), change.By, s.options.Offset())...)
	return err
}

// Cases lists the overbooking cases of a property, newest first.
func (s *Store) Cases(ctx context.Context, propertyID string) ([]inventory.Case, error) {
	rows, err := s.pool.Query(ctx, `
		select id, room_type_id, night, oversold, by, opened_at from overbooking
		where property_id = $1
		order by opened_at desc, id desc`, propertyID)
	if err != nil {
		return nil, failed("cases", err)
	}
	cases, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (inventory.Case, error) {
		c := inventory.Case{PropertyID: propertyID}
		var night time.Time
		err := row.Scan(&c.ID, &c.RoomTypeID, &night, &c.Oversold, &c.By, &c.OpenedAt)
		c.Night, c.OpenedAt = date(night), c.OpenedAt.UTC()
		return c, err
	})
	return cases, failed("cases", err)
}
