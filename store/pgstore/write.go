package pgstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/vacancyhq/vacancy/outbox"
)

// A write that collided with another is tried again so often, and not after so
// long: who waits for a lock that is held for seconds has better to do.
const (
	attempts     = 6
	retryingTime = 1500 * time.Millisecond
)

var errNoConnection = errors.New("no connection was free")

// write runs f in a transaction and commits it: all of it or nothing. f runs
// again after a collision, so it must not change anything outside.
//
// A caller that goes away does not cut a write short, since that would make its
// outcome unknown; the server's own timeouts bound it.
func (s *Store) write(ctx context.Context, operation string, f func(context.Context, pgx.Tx) error) error {
	err := s.persist(ctx, func(ctx context.Context) error { return s.transact(ctx, f) })
	if err == nil {
		s.committed.signal()
	}
	return outcome(operation, err)
}

// answer marks an error that is the outcome of a write, not a fault.
type answer struct{ error }

// persist calls try until it neither collides with another transaction nor
// finds a connection dead before anything was sent.
func (s *Store) persist(ctx context.Context, try func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	start := time.Now()
	var err error
	for n := 0; n < attempts && time.Since(start) < retryingTime; n++ {
		if n > 0 {
			time.Sleep(pause(n))
		}
		if err = try(ctx); !collides(err) && !errors.Is(err, errRepeat) {
			break
		}
		s.count(err)
	}
	if errors.Is(err, errRepeat) {
		return fmt.Errorf("%w: tried again and again", errBusy)
	}
	return err
}

// pause is a random time that grows with the number of tries: 1-4 ms at first,
// so that those who collided do not meet again, at most 64 ms.
func pause(n int) time.Duration {
	limit := 4 * time.Millisecond << min(n-1, 4)
	return limit/4 + rand.N(limit*3/4)
}

// errRepeat is returned by a transaction that found the world changed under it.
var errRepeat = errors.New("changed meanwhile; try again")

func (s *Store) count(err error) {
	switch {
	case violates(err, codeDeadlock):
		s.stats.deadlocks.Add(1)
	case violates(err, codeLockTimeout):
		s.stats.lockTimeouts.Add(1)
	case violates(err, codeSerialization):
		s.stats.serialization.Add(1)
	}
}

func (s *Store) transact(ctx context.Context, f func(context.Context, pgx.Tx) error) error {
	mark, lost, err := s.transactOnce(ctx, f)
	if lost {
		return s.lookUp(ctx, mark)
	}
	return err
}

// transactOnce gives its connection back before it returns: the look-up needs one
// too, and the pool may be small.
func (s *Store) transactOnce(ctx context.Context, f func(context.Context, pgx.Tx) error) (mark mark, lost bool, err error) {
	conn, err := s.acquire(ctx)
	if err != nil {
		return mark, false, err
	}
	defer conn.Release()
	if mark, err = untilCommit(ctx, conn.Conn(), f); err != nil {
		return mark, false, err
	}
	_, err = conn.Exec(ctx, `commit`)
	return mark, broke(conn.Conn(), err), err
}

// untilCommit runs all of a transaction but its commit. A connection that breaks
// here has taken the transaction with it; one that died while it was idle shows
// here too, so it is worth another try.
func untilCommit(ctx context.Context, conn *pgx.Conn, f func(context.Context, pgx.Tx) error) (mark mark, err error) {
	tx, err := conn.Begin(ctx)
	if err == nil {
		err = f(ctx, tx)
	}
	if err == nil {
		err = tx.QueryRow(ctx, `select pg_current_xact_id(), pg_postmaster_start_time()`).Scan(&mark.xact, &mark.started)
	}
	switch {
	case err == nil:
		return mark, nil
	case broke(conn, err):
		return mark, fmt.Errorf("the connection broke before the commit: %w", errRepeat)
	case tx != nil:
		_ = tx.Rollback(ctx) // The pool drops a connection that is still in a transaction.
	}
	return mark, err
}

// acquire takes a connection, waiting for one that is in use no longer than Patience.
func (s *Store) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	waiting, cancel := context.WithTimeout(ctx, s.options.Patience)
	defer cancel()
	conn, err := s.pool.Acquire(waiting)
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("%w: %w", errNoConnection, err)
	}
	return conn, err
}

// mark tells a transaction from every other one, also after its connection is gone.
type mark struct {
	xact    uint64
	started time.Time // of the server: after a crash, numbers are given out again
}

// lookUp finds out what became of a transaction whose commit was not answered.
func (s *Store) lookUp(ctx context.Context, mark mark) error {
	s.stats.lostAnswers.Add(1)
	deadline := time.Now().Add(s.options.Patience)
	for n := 1; time.Now().Before(deadline); n++ {
		ctx, cancel := context.WithDeadline(ctx, deadline)
		status, known, err := s.status(ctx, mark)
		cancel()
		switch {
		case err != nil, status == "in progress": // The server is down or has not noticed the loss yet.
			time.Sleep(pause(n))
			continue
		case known && status == "committed":
			return nil
		case known && status == "aborted":
			return fmt.Errorf("%w: the connection broke and the transaction with it", errBusy)
		}
		break
	}
	s.stats.unknown.Add(1)
	return outbox.ErrUnknownOutcome
}

func (s *Store) status(ctx context.Context, mark mark) (status string, known bool, err error) {
	err = s.pool.QueryRow(ctx, `select case when pg_postmaster_start_time() = $2 then pg_xact_status($1) end is not null,
		coalesce(case when pg_postmaster_start_time() = $2 then pg_xact_status($1) end, '')`,
		mark.xact, mark.started).Scan(&known, &status)
	return status, known, err
}

// gone waits until the server has ended a session that was lost from here, so
// that nothing which was sent on it can still be done. It tells false when that
// could not be seen within Patience.
func (s *Store) gone(ctx context.Context, application string) bool {
	deadline := time.Now().Add(s.options.Patience)
	for n := 1; time.Now().Before(deadline); n++ {
		ctx, cancel := context.WithDeadline(ctx, deadline)
		var alive bool
		err := s.pool.QueryRow(ctx, `select exists (select from pg_stat_activity where application_name = $1)`,
			application).Scan(&alive)
		cancel()
		if err == nil && !alive {
			return true
		}
		time.Sleep(pause(n))
	}
	return false
}
