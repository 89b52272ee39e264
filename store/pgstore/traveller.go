package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/traveller"
)

// ApplyTraveller writes all of the change or nothing. A link is used up by the
// one whose delete finds it.
func (s *Store) ApplyTraveller(ctx context.Context, change traveller.Change) error {
	return s.write(ctx, "apply traveller", func(ctx context.Context, tx pgx.Tx) error {
		if change.Use != nil {
			used, err := tx.Exec(ctx, `delete from sign_in where hash = $1 and expires_at > $2`, change.Use[:], change.Now)
			if err != nil {
				return err
			}
			if used.RowsAffected() == 0 {
				return answer{traveller.ErrNotFound}
			}
		}
		batch := new(pgx.Batch)
		queueTraveller(batch, change)
		return tx.SendBatch(ctx, batch).Close()
	})
}

func queueTraveller(batch *pgx.Batch, change traveller.Change) {
	for _, a := range change.SignIns {
		var hash []byte // NULL: no link was made
		if a.Hash != [32]byte{} {
			hash = a.Hash[:]
		}
		batch.Queue(`
			insert into sign_in (id, email, language, hash, expires_at) values ($1, $2, $3, $4, $5)
			on conflict (id) do update set email = excluded.email, language = excluded.language, hash = excluded.hash,
				expires_at = excluded.expires_at`, a.ID, a.Email, a.Language, hash, a.ExpiresAt)
	}
	for _, session := range change.Sessions {
		batch.Queue(`insert into traveller_session (hash, person, expires_at) values ($1, $2, $3)`,
			session.Hash[:], session.Person[:], session.ExpiresAt)
	}
	for _, hash := range change.End {
		batch.Queue(`delete from traveller_session where hash = $1`, hash[:])
	}
	if change.EndOf != nil {
		batch.Queue(`delete from traveller_session where person = $1`, change.EndOf[:])
	}
	for _, e := range change.Listed {
		batch.Queue(`insert into traveller_booking (person, booking_id, property_id) values ($1, $2, $3) on conflict do nothing`,
			e.Person[:], e.BookingID, e.PropertyID)
	}
	for _, id := range change.Unlisted {
		batch.Queue(`delete from traveller_booking where booking_id = $1`, id)
	}
	batch.Queue(`delete from sign_in where expires_at <= $1`, change.Now)
	batch.Queue(`delete from traveller_session where expires_at <= $1`, change.Now)
}

const selectSignIn = `select id, email, language, coalesce(hash, ''), expires_at from sign_in `

// SignIn finds a wish to sign in.
func (s *Store) SignIn(ctx context.Context, id string) (traveller.SignIn, error) {
	return s.signIn(ctx, selectSignIn+`where id = $1`, id)
}

// SignInByHash finds it by its link.
func (s *Store) SignInByHash(ctx context.Context, hash [32]byte) (traveller.SignIn, error) {
	return s.signIn(ctx, selectSignIn+`where hash = $1`, hash[:])
}

func (s *Store) signIn(ctx context.Context, query string, key any) (a traveller.SignIn, err error) {
	var hash []byte
	err = s.pool.QueryRow(ctx, query, key).Scan(&a.ID, &a.Email, &a.Language, &hash, &a.ExpiresAt)
	if isNone(err) || violates(err, codeNoText) {
		return traveller.SignIn{}, traveller.ErrNotFound
	}
	copy(a.Hash[:], hash)
	a.ExpiresAt = a.ExpiresAt.UTC()
	return a, failed("sign-in", err)
}

// TravellerSession finds the session of a cookie.
func (s *Store) TravellerSession(ctx context.Context, hash [32]byte) (traveller.Session, error) {
	session := traveller.Session{Hash: hash}
	var person []byte
	err := s.pool.QueryRow(ctx, `select person, expires_at from traveller_session where hash = $1`, hash[:]).Scan(&person, &session.ExpiresAt)
	if isNone(err) {
		return traveller.Session{}, traveller.ErrNotFound
	}
	copy(session.Person[:], person)
	session.ExpiresAt = session.ExpiresAt.UTC()
	return session, failed("traveller session", err)
}

// BookingsOf lists what a person booked; ids ascend with time.
func (s *Store) BookingsOf(ctx context.Context, person traveller.Person, limit int) ([]traveller.Entry, error) {
	rows, err := s.pool.Query(ctx, `
		select property_id, booking_id from traveller_booking where person = $1 order by booking_id desc limit $2`, person[:], limit)
	if err != nil {
		return nil, failed("bookings of a person", err)
	}
	var all []traveller.Entry
	e := traveller.Entry{Person: person}
	_, err = pgx.ForEachRow(rows, []any{&e.PropertyID, &e.BookingID}, func() error {
		all = append(all, e)
		return nil
	})
	return all, failed("bookings of a person", err)
}
