package sqlitestore

import (
	"context"
	"database/sql"

	"github.com/vacancyhq/vacancy/traveller"
)

const (
	useSignIn    = `DELETE FROM sign_in WHERE hash = ? AND expires_at > ?`
	upsertSignIn = `INSERT INTO sign_in (id, email, language, hash, expires_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET email = excluded.email, language = excluded.language, hash = excluded.hash,
			expires_at = excluded.expires_at`
	expireSignIns      = `DELETE FROM sign_in WHERE expires_at <= ?`
	selectSignIn       = `SELECT id, email, language, hash, expires_at FROM sign_in WHERE id = ?`
	selectSignInByHash = `SELECT id, email, language, hash, expires_at FROM sign_in WHERE hash = ?`

	insertTravellerSession  = `INSERT INTO traveller_session (hash, person, expires_at) VALUES (?, ?, ?)`
	endTravellerSession     = `DELETE FROM traveller_session WHERE hash = ?`
	endTravellerSessions    = `DELETE FROM traveller_session WHERE person = ?`
	expireTravellerSessions = `DELETE FROM traveller_session WHERE expires_at <= ?`
	selectTravellerSession  = `SELECT hash, person, expires_at FROM traveller_session WHERE hash = ?`

	listBooking      = `INSERT INTO traveller_booking (person, booking_id, property_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`
	unlistBooking    = `DELETE FROM traveller_booking WHERE booking_id = ?`
	selectBookingsOf = `SELECT person, property_id, booking_id FROM traveller_booking WHERE person = ? ORDER BY booking_id DESC LIMIT ?`
)

// ApplyTraveller writes all of the change or nothing. A link is used up by the
// one whose delete finds it.
func (s *Store) ApplyTraveller(ctx context.Context, change traveller.Change) error {
	return s.write(ctx, "apply traveller", func(ctx context.Context, t *tx) error {
		if change.Use != nil {
			used, err := t.exec(ctx, useSignIn, change.Use[:], stamp(change.Now))
			if err != nil {
				return err
			}
			if used == 0 {
				return traveller.ErrNotFound
			}
		}
		if err := t.putTraveller(ctx, change); err != nil {
			return err
		}
		if _, err := t.exec(ctx, expireSignIns, stamp(change.Now)); err != nil {
			return err
		}
		_, err := t.exec(ctx, expireTravellerSessions, stamp(change.Now))
		return err
	})
}

func (t *tx) putTraveller(ctx context.Context, change traveller.Change) error {
	type statement struct {
		query string
		args  []any
	}
	var all []statement
	for _, a := range change.SignIns {
		var hash []byte // NULL: no link was made
		if a.Hash != [32]byte{} {
			hash = a.Hash[:]
		}
		all = append(all, statement{upsertSignIn, []any{a.ID, a.Email, a.Language, hash, stamp(a.ExpiresAt)}})
	}
	for _, session := range change.Sessions {
		all = append(all, statement{insertTravellerSession, []any{session.Hash[:], session.Person[:], stamp(session.ExpiresAt)}})
	}
	for _, hash := range change.End {
		all = append(all, statement{endTravellerSession, []any{hash[:]}})
	}
	if change.EndOf != nil {
		all = append(all, statement{endTravellerSessions, []any{change.EndOf[:]}})
	}
	for _, e := range change.Listed {
		all = append(all, statement{listBooking, []any{e.Person[:], e.BookingID, e.PropertyID}})
	}
	for _, id := range change.Unlisted {
		all = append(all, statement{unlistBooking, []any{id}})
	}
	for _, one := range all {
		if _, err := t.exec(ctx, one.query, one.args...); err != nil {
			return err
		}
	}
	return nil
}

// SignIn finds a wish to sign in.
func (s *Store) SignIn(ctx context.Context, id string) (traveller.SignIn, error) {
	return s.signIn(ctx, selectSignIn, id)
}

// SignInByHash finds it by its link.
func (s *Store) SignInByHash(ctx context.Context, hash [32]byte) (traveller.SignIn, error) {
	return s.signIn(ctx, selectSignInByHash, hash[:])
}

func (s *Store) signIn(ctx context.Context, query string, key any) (a traveller.SignIn, err error) {
	err = s.read(ctx, "sign-in", func(ctx context.Context, c *conn) error {
		a, err = one(ctx, c, traveller.ErrNotFound, scanSignIn, query, key)
		return err
	})
	return a, err
}

func scanSignIn(row scanner) (a traveller.SignIn, err error) {
	var hash []byte
	var expires sql.NullInt64
	err = row.Scan(&a.ID, &a.Email, &a.Language, &hash, &expires)
	copy(a.Hash[:], hash)
	a.ExpiresAt = moment(expires)
	return a, err
}

// TravellerSession finds the session of a cookie.
func (s *Store) TravellerSession(ctx context.Context, hash [32]byte) (session traveller.Session, err error) {
	err = s.read(ctx, "traveller session", func(ctx context.Context, c *conn) error {
		session, err = one(ctx, c, traveller.ErrNotFound, scanTravellerSession, selectTravellerSession, hash[:])
		return err
	})
	return session, err
}

func scanTravellerSession(row scanner) (session traveller.Session, err error) {
	var hash, person []byte
	var expires sql.NullInt64
	err = row.Scan(&hash, &person, &expires)
	copy(session.Hash[:], hash)
	copy(session.Person[:], person)
	session.ExpiresAt = moment(expires)
	return session, err
}

// BookingsOf lists what a person booked; ids ascend with time.
func (s *Store) BookingsOf(ctx context.Context, person traveller.Person, limit int) (all []traveller.Entry, err error) {
	err = s.read(ctx, "bookings of a person", func(ctx context.Context, c *conn) error {
		all, err = list(ctx, c, func(row scanner) (e traveller.Entry, err error) {
			var hash []byte
			err = row.Scan(&hash, &e.PropertyID, &e.BookingID)
			copy(e.Person[:], hash)
			return e, err
		}, selectBookingsOf, person[:], limit)
		return err
	})
	return all, err
}
