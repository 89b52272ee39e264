package sqlitestore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

const (
	nightColumns = `room_type_id, night, stock, out_of_order, cap, sold, held, blocked, oversold, version`

	// The guard is the write's own condition: what takes rooms finds no row when
	// they are not there. Oversold is always how far the row is above its cap, so
	// a release brings it back by itself.
	changeNight = `UPDATE night SET
			sold = sold + ?4, held = held + ?5, blocked = blocked + ?6,
			oversold = max(0, sold + held + blocked + ?4 + ?5 + ?6 - cap),
			version = version + 1
		WHERE property_id = ?1 AND room_type_id = ?2 AND night = ?3
			AND (?4 + ?5 + ?6 <= 0 OR ?7 OR sold + held + blocked + ?4 + ?5 + ?6 <= cap)
		RETURNING ` + nightColumns
	insertNight = `INSERT INTO night (property_id, ` + nightColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	updateNight = `UPDATE night SET stock = ?4, out_of_order = ?5, cap = ?6, sold = ?7, held = ?8, blocked = ?9,
			oversold = ?10, version = ?11
		WHERE property_id = ?1 AND room_type_id = ?2 AND night = ?3`
	selectNight  = `SELECT ` + nightColumns + ` FROM night WHERE property_id = ? AND room_type_id = ? AND night = ?`
	selectNights = `SELECT ` + nightColumns + ` FROM night
		WHERE property_id = ?1 AND room_type_id IN (SELECT id FROM room_type WHERE property_id = ?1)
			AND night >= ?2 AND night < ?3
		ORDER BY room_type_id, night`

	insertCase = `INSERT INTO overbooking_case (property_id, id, room_type_id, night, oversold, opened_by, opened_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`
	selectCases = `SELECT id, property_id, room_type_id, night, oversold, opened_by, opened_at FROM overbooking_case
		WHERE property_id = ? ORDER BY rowid DESC`
)

// ApplyInventory gives nights absolute values, all or none.
func (s *Store) ApplyInventory(ctx context.Context, change inventory.Change) error {
	return s.write(ctx, "apply inventory", func(ctx context.Context, t *tx) error {
		if err := t.remember(ctx, change.Request); err != nil {
			return err
		}
		known := make(map[string]bool)
		for _, setting := range change.Settings {
			if err := t.roomTypeKnown(ctx, change.PropertyID, setting.RoomTypeID, known); err != nil {
				return err
			}
			if err := t.set(ctx, change, setting); err != nil {
				return err
			}
		}
		return t.finish(ctx, change.PropertyID, change.Events)
	})
}

// roomTypeKnown refuses nights of a room type that does not exist. The night
// table has no foreign key: that would cost a look-up for each of its rows.
func (t *tx) roomTypeKnown(ctx context.Context, propertyID, roomTypeID string, known map[string]bool) error {
	if known[roomTypeID] {
		return nil
	}
	var n int
	if err := t.get(ctx, roomTypeExists, []any{propertyID, roomTypeID}, &n); err != nil {
		return err
	}
	if n == 0 {
		return property.ErrNotFound
	}
	known[roomTypeID] = true
	return nil
}

// set writes one setting over the row that it meets, or opens the night.
func (t *tx) set(ctx context.Context, change inventory.Change, setting inventory.Setting) error {
	old, open, err := t.night(ctx, change.PropertyID, setting.Key)
	if err != nil || open && change.OpenOnly {
		return err
	}
	night, err := settle(old, open, setting, change.Force)
	if err != nil {
		return &inventory.NightError{Key: setting.Key, Err: err}
	}
	statement := insertNight
	if open {
		statement = updateNight
	}
	if _, err := t.exec(ctx, statement, nightValues(change.PropertyID, night)...); err != nil {
		return err
	}
	t.nights[setting.Key] = night
	if night.Oversold > old.Oversold {
		return t.openCase(ctx, change.PropertyID, night, change.By)
	}
	return nil
}

func nightValues(propertyID string, n inventory.Night) []any {
	return []any{
		propertyID, n.RoomTypeID, int64(n.Night), n.Stock, n.OutOfOrder, n.Cap,
		n.Sold, n.Held, n.Blocked, n.Oversold, n.Version,
	}
}

// settle is the row that a setting leads to. Overbooking is kept within the
// cap, so it is what the cap has beyond the rooms in order.
func settle(old inventory.Night, open bool, s inventory.Setting, force bool) (inventory.Night, error) {
	if s.Version != 0 && s.Version != old.Version {
		return old, inventory.ErrConflict
	}
	if !open && s.Stock == nil {
		return old, inventory.ErrNotOnSale
	}
	night, overbooking := old, old.Cap-old.Stock+old.OutOfOrder
	for _, field := range []struct {
		to   *int
		from *int
	}{{&night.Stock, s.Stock}, {&night.OutOfOrder, s.OutOfOrder}, {&overbooking, s.Overbooking}, {&night.Blocked, s.Blocked}} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	night.RoomTypeID, night.Night, night.Version = s.RoomTypeID, s.Night, old.Version+1
	night.Cap = night.Stock - night.OutOfOrder + overbooking
	if night.Stock < 0 || night.Stock > inventory.MaxStock || night.OutOfOrder < 0 || night.Blocked < 0 || night.Cap < 0 {
		return old, inventory.ErrInvalid
	}
	night.Oversold = max(0, night.Sold+night.Held+night.Blocked-night.Cap)
	if night.Oversold > old.Oversold && !force {
		return old, inventory.ErrBelowSold
	}
	return night, nil
}

// change applies one delta of a booking: ErrSoldOut or ErrNotOnSale when it
// found no row to write.
func (t *tx) change(ctx context.Context, propertyID string, d inventory.Delta, by string) error {
	night, err := one(ctx, t.conn, errNoRow, scanNight, changeNight,
		propertyID, d.RoomTypeID, int64(d.Night), d.Sold, d.Held, d.Blocked, d.Forced)
	if errors.Is(err, errNoRow) {
		return t.whyNot(ctx, propertyID, d.Key)
	}
	if err != nil {
		return err
	}
	t.nights[d.Key] = night
	before := max(0, night.Sold+night.Held+night.Blocked-d.Takes()-night.Cap)
	if night.Oversold > before {
		return t.openCase(ctx, propertyID, night, by)
	}
	return nil
}

// errNoRow is a guarded write that met no row.
var errNoRow = errors.New("no row")

func (t *tx) whyNot(ctx context.Context, propertyID string, key inventory.Key) error {
	night, open, err := t.night(ctx, propertyID, key)
	switch {
	case err != nil:
		return err
	case open:
		return &inventory.NightError{Key: key, Err: inventory.ErrSoldOut, Free: night.Free(), Held: night.Held}
	}
	return &inventory.NightError{Key: key, Err: inventory.ErrNotOnSale}
}

func (t *tx) night(ctx context.Context, propertyID string, key inventory.Key) (night inventory.Night, open bool, err error) {
	night, err = one(ctx, t.conn, errNoRow, scanNight, selectNight, propertyID, key.RoomTypeID, int64(key.Night))
	if errors.Is(err, errNoRow) {
		return inventory.Night{}, false, nil
	}
	return night, err == nil, err
}

func (t *tx) openCase(ctx context.Context, propertyID string, n inventory.Night, by string) error {
	_, err := t.exec(ctx, insertCase,
		propertyID, t.newID("case"), n.RoomTypeID, int64(n.Night), n.Oversold, by, t.now.UnixMicro())
	return err
}

// Nights lists the rows of a property in [from, to) by room type and night.
func (s *Store) Nights(ctx context.Context, propertyID string, from, to stay.Date) (nights []inventory.Night, err error) {
	err = s.read(ctx, "nights", func(ctx context.Context, c *conn) error {
		nights, err = loadNights(ctx, c, propertyID, from, to)
		return err
	})
	return nights, err
}

func loadNights(ctx context.Context, c *conn, propertyID string, from, to stay.Date) ([]inventory.Night, error) {
	return list(ctx, c, scanNight, selectNights, propertyID, int64(from), int64(to))
}

func scanNight(row scanner) (n inventory.Night, err error) {
	err = row.Scan(&n.RoomTypeID, &n.Night, &n.Stock, &n.OutOfOrder, &n.Cap,
		&n.Sold, &n.Held, &n.Blocked, &n.Oversold, &n.Version)
	return n, err
}

// Cases lists a property's overbooking cases, newest first.
func (s *Store) Cases(ctx context.Context, propertyID string) (cases []inventory.Case, err error) {
	err = s.read(ctx, "cases", func(ctx context.Context, c *conn) error {
		cases, err = list(ctx, c, scanCase, selectCases, propertyID)
		return err
	})
	return cases, err
}

func scanCase(row scanner) (c inventory.Case, err error) {
	var opened sql.NullInt64
	err = row.Scan(&c.ID, &c.PropertyID, &c.RoomTypeID, &c.Night, &c.Oversold, &c.By, &opened)
	c.OpenedAt = moment(opened)
	return c, err
}
