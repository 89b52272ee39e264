package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/payment/ledger"
)

const (
	insertBooking = `INSERT INTO booking (property_id, id, version, state, code, caller, channel, guest_id,
			held_until, extensions, terms_version, accepted_at, guarantee, requests, created_at, cancelled_at,
			notes)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)`
	// ?18 is the expected version, ?19 the guard (1: the hold lives, 2: it is
	// dead), ?20 the store's clock. The row's own time is judged, not the new one.
	updateBooking = `UPDATE booking SET version = ?3, state = ?4, code = ?5, caller = ?6, channel = ?7, guest_id = ?8,
			held_until = ?9, extensions = ?10, terms_version = ?11, accepted_at = ?12, guarantee = ?13, requests = ?14,
			created_at = ?15, cancelled_at = ?16, notes = ?17
		WHERE property_id = ?1 AND id = ?2 AND version = ?18
			AND CASE ?19 WHEN 1 THEN held_until > ?20 WHEN 2 THEN held_until <= ?20 ELSE true END`
	bookingVersion = `SELECT version FROM booking WHERE property_id = ? AND id = ?`

	upsertStay = `INSERT INTO room_stay (property_id, booking_id, position, id, state, room_type_id, plan_id,
			arrival, departure, currency, total, fee, terms, uses_from, uses_until, moved_to, checked_in_at, ended_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (property_id, booking_id, position) DO UPDATE SET id = excluded.id, state = excluded.state,
			room_type_id = excluded.room_type_id, plan_id = excluded.plan_id, arrival = excluded.arrival,
			departure = excluded.departure, currency = excluded.currency, total = excluded.total,
			fee = excluded.fee, terms = excluded.terms, uses_from = excluded.uses_from, uses_until = excluded.uses_until,
			moved_to = excluded.moved_to, checked_in_at = excluded.checked_in_at, ended_at = excluded.ended_at`
	deleteStays = `DELETE FROM room_stay WHERE property_id = ? AND booking_id = ? AND position >= ?`

	upsertGuest = `INSERT INTO guest (property_id, id, name, email, phone, country, language) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (property_id, id) DO UPDATE SET name = excluded.name, email = excluded.email,
			phone = excluded.phone, country = excluded.country, language = excluded.language`

	insertPosting = `INSERT INTO posting (property_id, id, booking_id, kind, reason, posted_at) VALUES (?, ?, ?, ?, ?, ?)`
	insertEntries = `INSERT INTO posting_entry (property_id, posting_id, position, account, stay_id, currency, amount)
		VALUES ` // entryRow, as often as there are
	entryRow = `(?, ?, ?, ?, ?, ?, ?)`

	// Dead holds are few while the sweeper works, so they are walked, and not the
	// stays of the property; left to itself SQLite takes it the other way round.
	selectDeadOn = `SELECT DISTINCT b.id FROM booking b INDEXED BY booking_held
		CROSS JOIN room_stay s ON s.property_id = b.property_id AND s.booking_id = b.id
		WHERE b.state = 'held' AND b.held_until <= ?4 AND b.property_id = ?1
			AND s.room_type_id = ?2 AND s.state = 'held'
			AND coalesce(s.uses_from, s.arrival) <= ?3 AND coalesce(s.uses_until, s.departure) > ?3
		ORDER BY b.held_until, b.id`
)

// ApplyBooking applies the change whole, in the order of booking.Store's contract.
func (s *Store) ApplyBooking(ctx context.Context, change booking.Change) error {
	if change.Posting != nil {
		if err := change.Posting.Check(); err != nil {
			return wrap("apply booking", err)
		}
	}
	return s.write(ctx, "apply booking", func(ctx context.Context, t *tx) error {
		if err := t.applyWhole(ctx, change); err != nil {
			return err
		}
		return t.tell(ctx, change.PropertyID)
	})
}

// applyWhole writes all of a change but the event of its nights.
func (t *tx) applyWhole(ctx context.Context, change booking.Change) error {
	if err := t.remember(ctx, change.Request); err != nil {
		return err
	}
	if err := t.applyBooking(ctx, change); err != nil {
		return err
	}
	return t.emitAll(ctx, change.Events)
}

func (t *tx) applyBooking(ctx context.Context, change booking.Change) error {
	if err := t.putBooking(ctx, change); err != nil {
		return err
	}
	for _, delta := range change.Nights {
		if err := t.take(ctx, change, delta); err != nil {
			return err
		}
	}
	if change.Guest != nil {
		if err := t.putGuest(ctx, change.PropertyID, *change.Guest); err != nil {
			return err
		}
	}
	if change.Posting != nil {
		if err := t.post(ctx, change.PropertyID, *change.Posting); err != nil {
			return err
		}
	}
	if change.Pays() {
		return t.putPayments(ctx, change)
	}
	return nil
}

// take applies a delta. On a night that is short the dead holds are expired and
// it tries once more: nobody is told sold out because of a hold whose time has passed.
func (t *tx) take(ctx context.Context, change booking.Change, d inventory.Delta) error {
	err := t.change(ctx, change.PropertyID, d, change.Booking.Caller)
	if !errors.Is(err, inventory.ErrSoldOut) {
		return err
	}
	ids, listErr := list(ctx, t.conn, scanID, selectDeadOn, change.PropertyID, d.RoomTypeID, int64(d.Night), t.now.UnixMicro())
	if listErr != nil || len(ids) == 0 {
		return errors.Join(listErr, err)
	}
	for _, id := range ids {
		if err := t.expire(ctx, change.PropertyID, id); err != nil {
			return err
		}
	}
	return t.change(ctx, change.PropertyID, d, change.Booking.Caller)
}

func (t *tx) expire(ctx context.Context, propertyID, id string) error {
	b, err := loadBooking(ctx, t.conn, selectBookingOf, propertyID, id)
	if err != nil {
		return err
	}
	change, err := booking.Expire(b)
	if err != nil {
		return err
	}
	if err := t.applyBooking(ctx, change); err != nil {
		return err
	}
	return t.emitAll(ctx, change.Events) // its nights are told once for the transaction
}

func (t *tx) putBooking(ctx context.Context, change booking.Change) error {
	b := change.Booking
	notes, err := encode(b.Notes)
	if err != nil {
		return err
	}
	values := []any{
		change.PropertyID, b.ID, change.Expect + 1, string(b.State()), b.Code, b.Caller, b.Channel, b.GuestID,
		stamp(b.HeldUntil), b.Extensions, b.Accepted.Version, stamp(b.Accepted.At), b.Guarantee, b.Requests,
		stamp(b.CreatedAt), stamp(b.CancelledAt), notes,
	}
	if change.Expect == 0 {
		_, err := t.exec(ctx, insertBooking, values...)
		if err = constraint(err, booking.ErrConflict, booking.ErrNotFound); err != nil {
			return err
		}
		return t.putStays(ctx, change)
	}
	n, err := t.exec(ctx, updateBooking, append(values, change.Expect, int(change.Guard), t.now.UnixMicro())...)
	if err = constraint(err, booking.ErrConflict, booking.ErrNotFound); err != nil {
		return err
	}
	if n == 0 {
		return t.whyUnchanged(ctx, change)
	}
	if _, err := t.exec(ctx, deleteStays, change.PropertyID, b.ID, len(b.Stays)); err != nil {
		return err
	}
	return t.putStays(ctx, change)
}

// whyUnchanged names the reason for which the guarded update wrote nothing: no
// row, another version, or a hold on the wrong side of its time.
func (t *tx) whyUnchanged(ctx context.Context, change booking.Change) error {
	var version int64
	err := t.get(ctx, bookingVersion, []any{change.PropertyID, change.Booking.ID}, &version)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return booking.ErrNotFound
	case err != nil:
		return err
	case version == change.Expect && change.Guard == booking.HoldLive:
		return booking.ErrHoldExpired
	}
	return booking.ErrConflict
}

func (t *tx) putStays(ctx context.Context, change booking.Change) error {
	for i, s := range change.Booking.Stays {
		terms, err := encode(s.Terms)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, upsertStay, change.PropertyID, change.Booking.ID, i, s.ID, string(s.State),
			s.Terms.RoomTypeID, s.Terms.PlanID, int64(s.Terms.Stay.Arrival), int64(s.Terms.Stay.Departure),
			string(s.Terms.Currency), s.Terms.Total, s.Fee, terms, int64(s.Uses.Arrival), int64(s.Uses.Departure),
			s.RoomTypeID, stamp(s.CheckedInAt), stamp(s.EndedAt)); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putGuest(ctx context.Context, propertyID string, g guest.Guest) error {
	_, err := t.exec(ctx, upsertGuest, propertyID, g.ID, g.Name, g.Email, g.Phone, g.Country, g.Language)
	return err
}

func (t *tx) post(ctx context.Context, propertyID string, p ledger.Posting) error {
	_, err := t.exec(ctx, insertPosting, propertyID, p.ID, p.BookingID, p.Kind, p.Reason, stamp(p.At))
	if err = constraint(err, booking.ErrConflict, booking.ErrNotFound); err != nil {
		return err
	}
	position := 0
	for some := range slices.Chunk(p.Entries, entriesAtOnce) {
		var values []any
		for _, e := range some {
			values = append(values, propertyID, p.ID, position,
				string(e.Account), e.StayID, string(e.Amount.Currency), e.Amount.Minor)
			position++
		}
		rows := strings.Repeat(entryRow+", ", len(some)-1) + entryRow
		if _, err := t.exec(ctx, insertEntries+rows, values...); err != nil {
			return err
		}
	}
	return nil
}

// entriesAtOnce bounds how many different statements are prepared.
const entriesAtOnce = 8

func scanID(row scanner) (id string, err error) {
	err = row.Scan(&id)
	return id, err
}
