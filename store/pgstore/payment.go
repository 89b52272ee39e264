package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/payment"
)

// Payments have statements of their own, in the transaction of the booking's:
// what is paid at the property runs none of them.
const (
	upsertObligation = `
		insert into obligation (property_id, id, booking_id, stay_id, term, currency, amount, due_at, state, tries, captured, refunded)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (property_id, id) do update set amount = excluded.amount, due_at = excluded.due_at,
			state = excluded.state, tries = excluded.tries, captured = excluded.captured, refunded = excluded.refunded`

	upsertAttempt = `
		insert into attempt (property_id, id, booking_id, obligation_id, kind, provider, key, body, currency, amount,
			created_at, outcome, reason, reference, page, tries, next_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
		on conflict (property_id, id) do update set outcome = excluded.outcome, reason = excluded.reason,
			reference = excluded.reference, page = excluded.page, tries = excluded.tries, next_at = excluded.next_at
		where attempt.outcome not in ('yes', 'no')`

	callAttempt = `
		update attempt set outcome = $1, reason = $2, reference = $3, page = $4, tries = $5, next_at = $6
		where property_id = $7 and id = $8 and tries = $9 and outcome not in ('yes', 'no')`

	selectObligations = `
		select id, booking_id, stay_id, term, currency, amount, due_at, state, tries, captured, refunded
		from obligation where property_id = $1 and booking_id = $2 order by id`

	selectAttempts = `
		select id, booking_id, obligation_id, kind, provider, key, body, currency, amount, created_at, outcome, reason,
			reference, page, tries, next_at
		from attempt where property_id = $1 and booking_id = $2 order by id`

	selectDuePayments = `
		select booking_id from (
			select booking_id, next_at as at from attempt
			where outcome in ('unknown', 'waiting') and next_at <= clock_timestamp() + $1::interval
			union all
			select booking_id, due_at from obligation
			where state = 'open' and due_at <= clock_timestamp() + $1::interval) due
		group by booking_id
		order by min(at), booking_id
		limit $2`
)

func putPayments(ctx context.Context, tx pgx.Tx, change booking.Change) error {
	for _, o := range change.Obligations {
		_, err := tx.Exec(ctx, upsertObligation, change.PropertyID, o.ID, change.Booking.ID, o.StayID, o.Term, o.Amount.Currency,
			o.Amount.Minor, o.DueAt, o.State, o.Tries, o.Captured, o.Refunded)
		if violates(err, codeCheck) {
			return answer{payment.ErrTooMuch}
		}
		if err != nil {
			return err
		}
	}
	for _, a := range change.Attempts {
		done, err := tx.Exec(ctx, upsertAttempt, change.PropertyID, a.ID, change.Booking.ID, a.ObligationID, a.Kind, a.Provider,
			a.Key, bytesOf(a.Body), a.Amount.Currency, a.Amount.Minor, a.CreatedAt, a.Outcome, a.Reason, a.Reference, a.Page,
			a.Tries, a.NextAt)
		switch {
		case violates(err, codeUnique):
			return answer{payment.ErrOnce}
		case err != nil:
			return err
		case done.RowsAffected() == 0:
			return answer{booking.ErrConflict} // its outcome stands
		}
	}
	return nil
}

// Call writes down a call about an attempt.
func (s *Store) Call(ctx context.Context, propertyID string, a payment.Attempt, tries int) (written bool, err error) {
	err = s.write(ctx, "call a provider", func(ctx context.Context, tx pgx.Tx) error {
		done, err := tx.Exec(ctx, callAttempt, a.Outcome, a.Reason, a.Reference, a.Page, a.Tries, a.NextAt, propertyID, a.ID, tries)
		written = done.RowsAffected() > 0
		return err
	})
	return written && err == nil, err
}

// Payments is what is owed for a booking through a provider, and the attempts at it.
func (s *Store) Payments(ctx context.Context, propertyID, bookingID string) (books payment.Books, err error) {
	var both pgx.Batch
	both.Queue(selectObligations, propertyID, bookingID).Query(func(rows pgx.Rows) (err error) {
		books.Obligations, err = pgx.CollectRows(rows, scanObligation)
		return err
	})
	both.Queue(selectAttempts, propertyID, bookingID).Query(func(rows pgx.Rows) (err error) {
		books.Attempts, err = pgx.CollectRows(rows, scanAttempt)
		return err
	})
	return books, sought("payments", s.pool.SendBatch(ctx, &both).Close())
}

// DuePayments lists bookings with something to see to.
func (s *Store) DuePayments(ctx context.Context, limit int) ([]string, error) {
	rows, err := s.pool.Query(ctx, selectDuePayments, s.options.Offset(), limit)
	if err != nil {
		return nil, failed("due payments", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return ids, failed("due payments", err)
}

func scanObligation(row pgx.CollectableRow) (o payment.Obligation, err error) {
	err = row.Scan(&o.ID, &o.BookingID, &o.StayID, &o.Term, &o.Amount.Currency, &o.Amount.Minor, &o.DueAt, &o.State, &o.Tries,
		&o.Captured, &o.Refunded)
	o.DueAt = o.DueAt.UTC()
	return o, err
}

func scanAttempt(row pgx.CollectableRow) (a payment.Attempt, err error) {
	err = row.Scan(&a.ID, &a.BookingID, &a.ObligationID, &a.Kind, &a.Provider, &a.Key, &a.Body, &a.Amount.Currency, &a.Amount.Minor,
		&a.CreatedAt, &a.Outcome, &a.Reason, &a.Reference, &a.Page, &a.Tries, &a.NextAt)
	a.CreatedAt, a.NextAt = a.CreatedAt.UTC(), a.NextAt.UTC()
	return a, err
}
