package sqlitestore

import (
	"context"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/payment"
)

const (
	upsertObligation = `INSERT INTO obligation (property_id, id, booking_id, stay_id, term, currency, amount, due_at,
			state, tries, captured, refunded)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (property_id, id) DO UPDATE SET amount = excluded.amount, due_at = excluded.due_at,
			state = excluded.state, tries = excluded.tries, captured = excluded.captured, refunded = excluded.refunded`

	insertAttempt = `INSERT INTO attempt (property_id, id, booking_id, obligation_id, kind, provider, key, body, currency, amount,
			created_at, outcome, reason, reference, page, tries, next_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (property_id, id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason,
			reference = excluded.reference, page = excluded.page, tries = excluded.tries, next_at = excluded.next_at
		WHERE attempt.outcome NOT IN ('yes', 'no')`
	callAttempt = `UPDATE attempt SET outcome = ?, reason = ?, reference = ?, page = ?, tries = ?, next_at = ?
		WHERE property_id = ? AND id = ? AND tries = ? AND outcome NOT IN ('yes', 'no')`

	selectObligations = `SELECT id, booking_id, stay_id, term, currency, amount, due_at, state, tries, captured, refunded
		FROM obligation WHERE property_id = ? AND booking_id = ? ORDER BY id`
	selectAttempts = `SELECT id, booking_id, obligation_id, kind, provider, key, body, currency, amount, created_at,
			outcome, reason, reference, page, tries, next_at
		FROM attempt WHERE property_id = ? AND booking_id = ? ORDER BY id`
	selectDuePayments = `SELECT booking_id FROM (
			SELECT booking_id, next_at AS at FROM attempt WHERE outcome IN ('unknown', 'waiting') AND next_at <= ?1
			UNION ALL
			SELECT booking_id, due_at FROM obligation WHERE state = 'open' AND due_at <= ?1)
		GROUP BY booking_id ORDER BY min(at), booking_id LIMIT ?2`
)

// putPayments writes what a change says about payments at a provider.
func (t *tx) putPayments(ctx context.Context, change booking.Change) error {
	for _, o := range change.Obligations {
		_, err := t.exec(ctx, upsertObligation, change.PropertyID, o.ID, change.Booking.ID, o.StayID, string(o.Term),
			string(o.Amount.Currency), o.Amount.Minor, o.DueAt.UnixMicro(), string(o.State), o.Tries, o.Captured, o.Refunded)
		if code(err) == lib.SQLITE_CONSTRAINT_CHECK {
			return payment.ErrTooMuch
		}
		if err != nil {
			return err
		}
	}
	for _, a := range change.Attempts {
		n, err := t.exec(ctx, insertAttempt, change.PropertyID, a.ID, change.Booking.ID, a.ObligationID, string(a.Kind), a.Provider,
			a.Key, a.Body, string(a.Amount.Currency), a.Amount.Minor, a.CreatedAt.UnixMicro(), string(a.Outcome), string(a.Reason),
			a.Reference, a.Page, a.Tries, a.NextAt.UnixMicro())
		switch {
		case taken(err):
			return payment.ErrOnce
		case err != nil:
			return err
		case n == 0:
			return booking.ErrConflict // its outcome stands
		}
	}
	return nil
}

// Call writes down a call about an attempt.
func (s *Store) Call(ctx context.Context, propertyID string, a payment.Attempt, tries int) (written bool, err error) {
	err = s.write(ctx, "call a provider", func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, callAttempt, string(a.Outcome), string(a.Reason), a.Reference, a.Page, a.Tries, a.NextAt.UnixMicro(),
			propertyID, a.ID, tries)
		written = n > 0
		return err
	})
	return written && err == nil, err
}

// Payments is what is owed for a booking through a provider, and the attempts at it.
func (s *Store) Payments(ctx context.Context, propertyID, bookingID string) (books payment.Books, err error) {
	err = s.snapshot(ctx, "payments", func(ctx context.Context, c *conn) (err error) {
		if books.Obligations, err = list(ctx, c, scanObligation, selectObligations, propertyID, bookingID); err != nil {
			return err
		}
		books.Attempts, err = list(ctx, c, scanAttempt, selectAttempts, propertyID, bookingID)
		return err
	})
	return books, err
}

// DuePayments lists bookings with something to see to.
func (s *Store) DuePayments(ctx context.Context, limit int) (ids []string, err error) {
	err = s.read(ctx, "due payments", func(ctx context.Context, c *conn) error {
		ids, err = list(ctx, c, scanID, selectDuePayments, s.now().UnixMicro(), limit)
		return err
	})
	return ids, err
}

func scanObligation(row scanner) (o payment.Obligation, err error) {
	var due int64
	err = row.Scan(&o.ID, &o.BookingID, &o.StayID, &o.Term, &o.Amount.Currency, &o.Amount.Minor, &due, &o.State, &o.Tries,
		&o.Captured, &o.Refunded)
	o.DueAt = time.UnixMicro(due).UTC()
	return o, err
}

func scanAttempt(row scanner) (a payment.Attempt, err error) {
	var created, next int64
	err = row.Scan(&a.ID, &a.BookingID, &a.ObligationID, &a.Kind, &a.Provider, &a.Key, &a.Body, &a.Amount.Currency,
		&a.Amount.Minor, &created, &a.Outcome, &a.Reason, &a.Reference, &a.Page, &a.Tries, &next)
	a.CreatedAt, a.NextAt = time.UnixMicro(created).UTC(), time.UnixMicro(next).UTC()
	return a, err
}
