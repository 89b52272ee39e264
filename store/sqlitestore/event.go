package sqlitestore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/vacancyhq/vacancy/outbox"
)

const (
	insertRequest = `INSERT INTO request (property_id, caller, key, fingerprint, status, answer, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	selectRequest = `SELECT fingerprint, status, answer, created_at FROM request
		WHERE property_id = ? AND caller = ? AND key = ?`
	// Rows come in the order of time, so the first that is young ends the search.
	firstYoungRequest = `SELECT rowid FROM request WHERE created_at >= ? ORDER BY rowid LIMIT 1`
	lastRequest       = `SELECT coalesce(max(rowid), 0) + 1 FROM request`
	deleteRequests    = `DELETE FROM request WHERE rowid IN (SELECT rowid FROM request WHERE rowid < ? ORDER BY rowid LIMIT ?)`

	insertEvent  = `INSERT INTO event (at, property_id, type, version, data) VALUES (?, ?, ?, ?, ?)`
	selectEvents = `SELECT id, at, property_id, type, version, data FROM event WHERE id > ? ORDER BY id LIMIT ?`

	// The condition on the type is that of the index.
	selectBookingEvents = `SELECT id, at, property_id, type, version, data FROM event
		WHERE json_extract(CAST(data AS TEXT), '$.booking_id') = ?2 AND type >= 'booking.' AND type < 'booking/'
			AND property_id = ?1 ORDER BY id`
	forgetAnswers = `UPDATE request SET answer = ?3 WHERE property_id = ?1 AND instr(answer, CAST(?2 AS BLOB)) > 0`

	selectCursor = `SELECT major, minor FROM event_cursor WHERE name = ?`
	upsertCursor = `INSERT INTO event_cursor (name, major, minor) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET major = excluded.major, minor = excluded.minor`
)

// pruneBatch bounds the transactions that delete.
const pruneBatch = 1_000

// remember writes the request first of all: one that was applied before is
// told so whatever else has changed meanwhile.
func (t *tx) remember(ctx context.Context, r *outbox.Request) error {
	if r == nil {
		return nil
	}
	answer := r.Answer
	if answer == nil {
		answer = []byte{}
	}
	n, err := t.exec(ctx, insertRequest,
		r.PropertyID, r.Caller, r.Key, r.Fingerprint[:], r.Status, answer, t.now.UnixMicro())
	if err != nil || n == 1 {
		return err
	}
	stored, err := loadRequest(ctx, t.conn, r.PropertyID, r.Caller, r.Key)
	if err != nil {
		return err
	}
	return &outbox.Duplicate{Stored: *stored}
}

// Request is the stored answer of an earlier request, or nil.
func (s *Store) Request(ctx context.Context, propertyID, caller, key string) (stored *outbox.Request, err error) {
	err = s.read(ctx, "request", func(ctx context.Context, c *conn) error {
		stored, err = loadRequest(ctx, c, propertyID, caller, key)
		return err
	})
	return stored, err
}

// Requests looks many keys up at once (combine.Engine); nil where there is none.
func (s *Store) Requests(ctx context.Context, asked []outbox.Request) (stored []*outbox.Request, err error) {
	stored = make([]*outbox.Request, len(asked))
	err = s.read(ctx, "requests", func(ctx context.Context, c *conn) error {
		for i, r := range asked {
			if stored[i], err = loadRequest(ctx, c, r.PropertyID, r.Caller, r.Key); err != nil {
				return err
			}
		}
		return nil
	})
	return stored, err
}

func loadRequest(ctx context.Context, c *conn, propertyID, caller, key string) (*outbox.Request, error) {
	r := outbox.Request{PropertyID: propertyID, Caller: caller, Key: key}
	var fingerprint []byte
	var created sql.NullInt64
	err := c.get(ctx, selectRequest, []any{propertyID, caller, key}, &fingerprint, &r.Status, &r.Answer, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	copy(r.Fingerprint[:], fingerprint)
	r.CreatedAt = moment(created)
	return &r, err
}

func (t *tx) emit(ctx context.Context, e outbox.Event) error {
	t.emitted = true
	data := e.Data
	if data == nil {
		data = []byte{}
	}
	_, err := t.exec(ctx, insertEvent, t.now.UnixMicro(), e.PropertyID, e.Type, e.Version, data)
	return err
}

// Events lists what comes after the position. One writer commits rowids in
// order, so a row that is seen has nothing still to come before it.
func (s *Store) Events(ctx context.Context, after outbox.Position, limit int) (events []outbox.Stored, err error) {
	err = s.read(ctx, "events", func(ctx context.Context, c *conn) error {
		events, err = list(ctx, c, scanEvent, selectEvents, int64(after.Major), limit)
		return err
	})
	return events, err
}

// BookingEvents lists the events of a booking in the order of the log.
func (s *Store) BookingEvents(ctx context.Context, propertyID, bookingID string) (events []outbox.Stored, err error) {
	err = s.read(ctx, "booking events", func(ctx context.Context, c *conn) error {
		events, err = list(ctx, c, scanEvent, selectBookingEvents, propertyID, bookingID)
		return err
	})
	return events, err
}

// ForgetAnswers replaces the stored answers that name a booking.
func (s *Store) ForgetAnswers(ctx context.Context, propertyID, bookingID string, body []byte) error {
	return s.write(ctx, "forget answers", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, forgetAnswers, propertyID, bookingID, body)
		return err
	})
}

func scanEvent(row scanner) (outbox.Stored, error) {
	var e outbox.Stored
	var at sql.NullInt64
	err := row.Scan(&e.Major, &at, &e.PropertyID, &e.Type, &e.Version, &e.Data)
	e.At = moment(at)
	return e, err
}

// Cursor is a named reader's position; that of a new reader is the beginning.
func (s *Store) Cursor(ctx context.Context, name string) (position outbox.Position, err error) {
	err = s.read(ctx, "cursor", func(ctx context.Context, c *conn) error {
		err := c.get(ctx, selectCursor, []any{name}, &position.Major, &position.Minor)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return position, err
}

// SetCursor keeps a named reader's position.
func (s *Store) SetCursor(ctx context.Context, name string, position outbox.Position) error {
	return s.write(ctx, "set cursor", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, upsertCursor, name, int64(position.Major), int64(position.Minor))
		return err
	})
}

// Prune deletes requests past their retention, in transactions of bounded size.
func (s *Store) Prune(ctx context.Context) (deleted int, err error) {
	for {
		var n int64
		err := s.write(ctx, "prune", func(ctx context.Context, t *tx) error {
			var young int64
			err := t.get(ctx, firstYoungRequest, []any{t.now.Add(-outbox.Retention).UnixMicro()}, &young)
			if errors.Is(err, sql.ErrNoRows) {
				err = t.get(ctx, lastRequest, nil, &young)
			}
			if err != nil {
				return err
			}
			n, err = t.exec(ctx, deleteRequests, young, pruneBatch)
			return err
		})
		deleted += int(n)
		if err != nil || n < pruneBatch {
			return deleted, err
		}
	}
}
