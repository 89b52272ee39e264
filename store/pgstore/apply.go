package pgstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
)

// ApplyBooking applies the change in one round trip when nothing stands against
// it. A change with a request commits with the statement, and a lost answer is
// found by asking again with the same key; one without is committed apart, so
// that its transaction can be looked up.
func (s *Store) ApplyBooking(ctx context.Context, change booking.Change) error {
	if change.Posting != nil {
		if err := change.Posting.Check(); err != nil {
			return err
		}
	}
	err := s.persist(ctx, func(ctx context.Context) error { return s.applyClearing(ctx, change) })
	if err == nil {
		s.committed.signal()
	}
	return outcome("apply booking", err)
}

// outcome is a noun's error as it is, and any other with what was attempted.
func outcome(operation string, err error) error {
	var a answer
	if errors.As(err, &a) {
		return a.error
	}
	return failed(operation, err)
}

// applyClearing applies the change; when nights are short it expires the dead
// holds that stand on them in the same statement as the change, so that a change
// that is refused all the same expires nothing.
//
// Between the judgement of the nights and the look for dead holds another process
// may have ended some, so that "none is dead" refuses nobody before the nights
// were judged once more: a dead hold must never be the reason for a refusal.
func (s *Store) applyClearing(ctx context.Context, change booking.Change) error {
	var dead []booking.Change
	for looked := false; ; {
		changes := append(dead[:len(dead):len(dead)], change)
		problems, err := s.apply(ctx, changes)
		if err != nil {
			return taken(err)
		}
		if len(problems) == 0 {
			return nil
		}
		if err := s.replayed(ctx, change.Request); err != nil {
			return err
		}
		if len(dead) > 0 && problems.ofAnother(len(changes)) {
			return errRepeat // Somebody else ended a dead hold first: look again.
		}
		if !problems.mayClear() || looked {
			return answer{problems.asError()}
		}
		known := len(dead)
		if dead, err = s.moreDead(ctx, dead, change.PropertyID, problems); err != nil {
			return err
		}
		looked = len(dead) == known
	}
}

// moreDead adds the changes that end further dead holds on the short nights.
func (s *Store) moreDead(ctx context.Context, dead []booking.Change, propertyID string, short problems) ([]booking.Change, error) {
	found, err := s.expiries(ctx, s.pool, propertyID, short)
	for _, f := range found {
		if !slices.ContainsFunc(dead, func(d booking.Change) bool { return d.Booking.ID == f.Booking.ID }) {
			dead = append(dead, f)
		}
	}
	return dead, err
}

// taken tells an id or a code that exists already.
func taken(err error) error {
	if violates(err, codeUnique) {
		return answer{fmt.Errorf("%w: its id or code exists", booking.ErrConflict)}
	}
	return err
}

// replayed is a Duplicate when the request was applied before. It is asked when a
// change is refused: what stands against a replay is often its own first success.
func (s *Store) replayed(ctx context.Context, r *outbox.Request) error {
	if r == nil {
		return nil
	}
	stored, err := request(ctx, s.pool, r.PropertyID, r.Caller, r.Key)
	if err == nil && stored != nil {
		err = answer{&outbox.Duplicate{Stored: *stored}}
	}
	return err
}

// apply runs the statement once, and settles what became of it when the answer is lost.
func (s *Store) apply(ctx context.Context, changes []booking.Change) (problems, error) {
	asked := changes[len(changes)-1].Request
	args, err := applyArgs(s.options.Offset(), changes)
	if err != nil {
		return nil, err
	}
	sql := applyFor(changes)
	if last := changes[len(changes)-1]; asked == nil || last.Pays() {
		return s.applyApart(ctx, sql, args[:aloneArgs], last)
	}
	found, lost, err := s.hopeOrJudge(ctx, sql, args, changes)
	if lost == "" {
		return found, err
	}
	return s.settleLost(ctx, lost, asked)
}

// hopeOrJudge runs the statement where hope alone does not do.
func (s *Store) hopeOrJudge(ctx context.Context, sql string, args []any, changes []booking.Change) (found problems, lost string, err error) {
	if len(changes) == 1 && sql != applyAny {
		found, lost, err = s.hope(ctx, changes, args)
		switch {
		case lost != "" || err != nil || len(found) == 0:
			return found, lost, keyTaken(err)
		case found.replays():
			return problems{{about: "request", why: "taken"}}, "", nil
		}
	}
	return s.applyOnce(ctx, sql, args[:aloneArgs])
}

// settleLost finds out by its key what became of a write whose answer was lost
// with its connection. Nothing and no error: it was written.
func (s *Store) settleLost(ctx context.Context, lost string, asked *outbox.Request) (problems, error) {
	s.stats.lostAnswers.Add(1)
	if !s.gone(ctx, lost) {
		s.stats.unknown.Add(1)
		return nil, outbox.ErrUnknownOutcome
	}
	stored, err := s.eventually(ctx, asked)
	switch {
	case err != nil:
		s.stats.unknown.Add(1)
		return nil, outbox.ErrUnknownOutcome
	case stored == nil:
		return nil, fmt.Errorf("%w: the connection broke and the write with it", errRepeat)
	case string(stored.Answer) == string(asked.Answer) && stored.Fingerprint == asked.Fingerprint:
		return nil, nil // The answer names the booking, so it is this change that was written.
	}
	return nil, answer{&outbox.Duplicate{Stored: *stored}}
}

// eventually reads the request, trying for Patience: the server may be restarting.
func (s *Store) eventually(ctx context.Context, r *outbox.Request) (*outbox.Request, error) {
	ctx, cancel := context.WithTimeout(ctx, s.options.Patience)
	defer cancel()
	for n := 1; ; n++ {
		stored, err := request(ctx, s.pool, r.PropertyID, r.Caller, r.Key)
		if err == nil || ctx.Err() != nil {
			return stored, err
		}
		time.Sleep(pause(n))
	}
}

// applyOnce lets the statement be its own transaction. When the connection breaks
// it is named, since it must be gone before what it did can be looked up.
func (s *Store) applyOnce(ctx context.Context, sql string, args []any) (found problems, lost string, err error) {
	conn, err := s.acquire(ctx)
	if err != nil {
		return nil, "", err
	}
	defer conn.Release()
	name := conn.Conn().PgConn().ParameterStatus("application_name")
	found, err = runApply(ctx, conn, sql, args)
	if broke(conn.Conn(), err) {
		lost = name
	}
	return found, lost, err
}

// applyApart runs the statement in a transaction, with what the last of the
// changes says about payments.
func (s *Store) applyApart(ctx context.Context, sql string, args []any, last booking.Change) (found problems, err error) {
	err = s.transact(ctx, func(ctx context.Context, tx pgx.Tx) error {
		found, err = runApply(ctx, tx, sql, args)
		switch {
		case err == nil && len(found) > 0:
			return errRefused
		case err == nil && last.Pays():
			return putPayments(ctx, tx, last)
		}
		return err
	})
	if errors.Is(err, errRefused) {
		err = nil
	}
	return found, err
}

var errRefused = errors.New("refused")

func runApply(ctx context.Context, q querier, sql string, args []any) (problems, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return collectProblems(rows)
}

func collectProblems(rows pgx.Rows) (problems, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (problem, error) {
		var p problem
		var night *time.Time
		err := row.Scan(&p.about, &p.why, &p.booking, &p.property, &p.key.RoomTypeID, &night, &p.free, &p.held)
		if night != nil {
			p.key.Night = date(*night)
		}
		return p, err
	})
}

// problem is one thing that stands against a change.
type problem struct {
	about, why string
	booking    int // 1: the first of the changes
	property   string
	key        inventory.Key
	free, held int // of the night
}

type problems []problem

// mayClear tells whether the end of dead holds could make room: all problems are
// full nights, and each of them carries holds.
func (p problems) mayClear() bool {
	return !slices.ContainsFunc(p, func(p problem) bool { return p.why != "full" || p.held == 0 })
}

// ofAnother tells whether a booking other than the last of n is in the way.
func (p problems) ofAnother(n int) bool {
	return p[0].about == "booking" && p[0].booking < n
}

// asError is the noun's error for the first problem.
func (p problems) asError() error { return p[0].asError() }

func (p problem) asError() error {
	switch p.why {
	case "missing":
		return booking.ErrNotFound
	case "dead":
		return booking.ErrHoldExpired
	case "closed":
		return &inventory.NightError{Key: p.key, Err: inventory.ErrNotOnSale}
	case "full":
		return &inventory.NightError{Key: p.key, Err: inventory.ErrSoldOut, Free: p.free, Held: p.held}
	case "taken": // The stored request was pruned after the statement met it.
		return outbox.ErrBusy
	}
	return booking.ErrConflict // "version", "alive"
}
