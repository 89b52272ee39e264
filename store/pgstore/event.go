package pgstore

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/outbox"
)

// Events stops at the oldest transaction that still runs: one with a later place
// may commit first, and a reader that saw it would skip the earlier one for ever.
// Why no event can still appear before xmin: event_place in the schema.
func (s *Store) Events(ctx context.Context, after outbox.Position, limit int) ([]outbox.Stored, error) {
	rows, err := s.pool.Query(ctx, `
		select xact, id, at, property_id, type, version, data
		from event
		where (xact, id) > ($1::xid8, $2::bigint) and xact <= pg_snapshot_xmin(pg_current_snapshot())
		order by xact, id
		limit $3`, after.Major, int64(after.Minor), limit)
	if err != nil {
		return nil, failed("events", err)
	}
	events, err := pgx.CollectRows(rows, scanEvent)
	return events, failed("events", err)
}

func scanEvent(row pgx.CollectableRow) (outbox.Stored, error) {
	var e outbox.Stored
	err := row.Scan(&e.Position.Major, &e.Position.Minor, &e.At, &e.PropertyID, &e.Type, &e.Version, &e.Data)
	e.At = e.At.UTC()
	return e, err
}

// BookingEvents lists the events of a booking; the condition on the type is
// that of the index. A booking's writers queue for its row, so what is seen here
// has nothing before it still to come.
func (s *Store) BookingEvents(ctx context.Context, propertyID, bookingID string) ([]outbox.Stored, error) {
	rows, err := s.pool.Query(ctx, `
		select xact, id, at, property_id, type, version, data
		from event
		where data ->> 'booking_id' = $2 and type >= 'booking.' and type < 'booking/' and property_id = $1
		order by xact, id`, propertyID, bookingID)
	if err != nil {
		return nil, sought("booking events", err)
	}
	events, err := pgx.CollectRows(rows, scanEvent)
	return events, sought("booking events", err)
}

// ForgetAnswers replaces the stored answers that name a booking. It reads all
// of the property's, which is slow and rare.
func (s *Store) ForgetAnswers(ctx context.Context, propertyID, bookingID string, body []byte) error {
	return s.write(ctx, "forget answers", func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update request set answer = $3
			where property_id = $1 and position(convert_to($2, 'UTF8') in answer) > 0`, propertyID, bookingID, body)
		return err
	})
}

// recordEvents appends the events of a change within its transaction, as the
// last thing before the commit: event_place wants all locks held.
func (s *Store) recordEvents(ctx context.Context, tx pgx.Tx, events ...outbox.Event) error {
	if len(events) == 0 {
		return nil
	}
	columns := columnsOfEvents(events)
	_, err := tx.Exec(ctx, `
		insert into event (xact, at, property_id, type, version, data)
		select (select event_place()), clock_timestamp() + $1::interval, e.property_id, e.type, e.version, e.data::json
		from unnest($2::text[], $3::text[], $4::integer[], $5::text[])
			with ordinality as e (property_id, type, version, data, n)
		order by e.n`,
		s.options.Offset(), columns.property, columns.kind, columns.version, columns.data)
	return err
}

// eventColumns is events turned on their side, as unnest takes them.
type eventColumns struct {
	property, kind, data []string
	version              []int
}

func columnsOfEvents(events []outbox.Event) eventColumns {
	var c eventColumns
	for _, e := range events {
		c.property = append(c.property, e.PropertyID)
		c.kind = append(c.kind, e.Type)
		c.version = append(c.version, e.Version)
		c.data = append(c.data, string(e.Data))
	}
	return c
}

// hub wakes the tailers of this process after a commit. Other processes' commits
// are found by polling: NOTIFY would make every writer queue for one lock.
type hub struct {
	mu   sync.Mutex
	subs []chan struct{}
}

// Committed gives each caller a channel of its own; keep it, and ask once.
func (s *Store) Committed() <-chan struct{} {
	s.committed.mu.Lock()
	defer s.committed.mu.Unlock()
	sub := make(chan struct{}, 1)
	s.committed.subs = append(s.committed.subs, sub)
	return sub
}

// signal never waits: a channel that holds a value has its reader coming anyway.
func (h *hub) signal() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, sub := range h.subs {
		select {
		case sub <- struct{}{}:
		default:
		}
	}
}

// Cursor is the zero position for a reader that never stored one.
func (s *Store) Cursor(ctx context.Context, name string) (outbox.Position, error) {
	var p outbox.Position
	err := s.pool.QueryRow(ctx, `select major, minor from tailer where name = $1`, name).Scan(&p.Major, &p.Minor)
	if isNone(err) {
		return outbox.Position{}, nil
	}
	return p, failed("cursor", err)
}

// SetCursor may be repeated, so a lost answer needs no look-up.
func (s *Store) SetCursor(ctx context.Context, name string, position outbox.Position) error {
	_, err := s.pool.Exec(ctx, `
		insert into tailer (name, major, minor) values ($1, $2, $3)
		on conflict (name) do update set major = excluded.major, minor = excluded.minor`,
		name, position.Major, int64(position.Minor))
	return failed("set cursor", err)
}

// Advance moves a named reader's position from one to the next together with
// what also writes, in one transaction: of several processes that read the same
// events, one does what follows from them. outbox.ErrMoved tells the others.
func (s *Store) Advance(ctx context.Context, name string, from, to outbox.Position, also func(ctx context.Context, tx pgx.Tx) error) error {
	return s.write(ctx, "advance cursor", func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into tailer (name, major, minor) values ($1, $4, $5)
			on conflict (name) do update set major = excluded.major, minor = excluded.minor
			where tailer.major = $2 and tailer.minor = $3`,
			name, from.Major, int64(from.Minor), to.Major, int64(to.Minor))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return answer{outbox.ErrMoved}
		}
		return also(ctx, tx)
	})
}
