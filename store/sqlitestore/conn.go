package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
)

// conn is one connection with the statements that it has prepared: preparing
// costs more than running most of them.
type conn struct {
	sql        *sql.Conn
	statements map[string]*sql.Stmt
	step       func(statement string) // Options.Step, of the writer
}

func newConn(ctx context.Context, db *sql.DB) (*conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{sql: c, statements: make(map[string]*sql.Stmt)}, nil
}

func (c *conn) close() error {
	var errs []error
	for _, statement := range c.statements {
		errs = append(errs, statement.Close())
	}
	return errors.Join(append(errs, c.sql.Close())...)
}

func (c *conn) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	c.reach(query)
	if statement, ok := c.statements[query]; ok {
		return statement, nil
	}
	statement, err := c.sql.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.statements[query] = statement
	return statement, nil
}

// reach tells that a write has come to a step.
func (c *conn) reach(step string) {
	if c.step != nil {
		c.step(step)
	}
}

// exec runs a statement and gives the number of rows that it wrote.
func (c *conn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if !texts(args) {
		return 0, outbox.ErrText
	}
	statement, err := c.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := statement.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// texts tells whether all strings are what every engine keeps. SQLite would take
// others too, and what is written here must fit a server one day; a read that
// asks for such a name finds nothing.
func texts(args []any) bool {
	return !slices.ContainsFunc(args, func(arg any) bool {
		text, ok := arg.(string)
		return ok && (!utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0)
	})
}

// get reads the one row of a query into dest; sql.ErrNoRows when there is none.
func (c *conn) get(ctx context.Context, query string, args []any, dest ...any) error {
	if !texts(args) {
		return sql.ErrNoRows
	}
	statement, err := c.prepared(ctx, query)
	if err != nil {
		return err
	}
	return statement.QueryRowContext(ctx, args...).Scan(dest...)
}

// scanner is a row: *sql.Rows or *sql.Row.
type scanner interface{ Scan(dest ...any) error }

// list reads all rows of a query.
func list[T any](ctx context.Context, c *conn, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	if !texts(args) {
		return nil, nil
	}
	statement, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells what went wrong
	var all []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, rows.Err()
}

// one reads the one row of a query, or the noun's missing error.
func one[T any](ctx context.Context, c *conn, missing error, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	var none T
	if !texts(args) {
		return none, missing
	}
	statement, err := c.prepared(ctx, query)
	if err != nil {
		return none, err
	}
	item, err := scan(statement.QueryRowContext(ctx, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return none, missing
	}
	return item, err
}

func (c *conn) limit(ctx context.Context, pages int) error {
	var limited int
	return c.get(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages), nil, &limited)
}

// tx is a write transaction: one instant, and the night rows that it wrote,
// each in its last state.
type tx struct {
	*conn
	newID   func(kind string) string
	now     time.Time
	nights  map[inventory.Key]inventory.Night
	emitted bool // there is news for tailers
}

// write runs f in a transaction of the one writer. The caller's context counts
// until the transaction has begun: what has begun is short, and is finished, so
// that no cancellation can fall between a commit and its answer.
func (s *Store) write(ctx context.Context, op string, f func(ctx context.Context, t *tx) error) (err error) {
	defer func() { err = wrap(op, err) }()
	c, err := s.borrow(ctx, s.writer)
	if err != nil {
		return err
	}
	defer func() { s.writer <- c }()
	committed := false
	defer func() {
		// Also after a panic, and after a BEGIN that was cancelled when it had
		// begun already. Where there is nothing to roll back, the error says only that.
		if !committed {
			_, _ = c.exec(context.WithoutCancel(ctx), `ROLLBACK`)
		}
	}()
	if _, err := c.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	t := &tx{conn: c, newID: s.options.NewID, now: s.now(), nights: make(map[inventory.Key]inventory.Night)}
	if err := f(ctx, t); err != nil {
		return err
	}
	if _, err := c.exec(ctx, `COMMIT`); err != nil {
		return commitError(err)
	}
	committed = true
	c.reach("done")
	if t.emitted {
		s.wakeAll()
	}
	return nil
}

// eventNights is the most nights in one event: a horizon opened at once is
// several events, none of which is too large to send.
const eventNights = 1_000

// finish writes the events of a change: the noun's own, then the nights'.
func (t *tx) finish(ctx context.Context, propertyID string, events []outbox.Event) error {
	if err := t.emitAll(ctx, events); err != nil {
		return err
	}
	return t.tell(ctx, propertyID)
}

func (t *tx) emitAll(ctx context.Context, events []outbox.Event) error {
	for _, e := range events {
		if err := t.emit(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// tell writes the absolute counts of every night of the property that the
// transaction wrote, in key order.
func (t *tx) tell(ctx context.Context, propertyID string) error {
	keys := slices.SortedFunc(maps.Keys(t.nights), inventory.Key.Compare)
	rows := make([]inventory.Night, len(keys))
	for i, key := range keys {
		rows[i] = t.nights[key]
	}
	for part := range slices.Chunk(rows, eventNights) {
		if err := t.emit(ctx, inventory.Changed(propertyID, part)); err != nil {
			return err
		}
	}
	return nil
}

// read runs f on a reader connection, in at most readTimeout.
func (s *Store) read(ctx context.Context, op string, f func(ctx context.Context, c *conn) error) error {
	bounded, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	err := s.readBounded(bounded, f)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = outbox.ErrBusy // our own limit, not the caller's
	}
	return wrap(op, err)
}

func (s *Store) readBounded(ctx context.Context, f func(ctx context.Context, c *conn) error) error {
	c, err := s.borrow(ctx, s.readers)
	if err != nil {
		return err
	}
	defer func() { s.readers <- c }()
	return f(ctx, c)
}

// borrow takes an idle connection; whoever gets one gives it back.
func (s *Store) borrow(ctx context.Context, idle chan *conn) (*conn, error) {
	select { // a closed store and an ended context count before an idle connection
	case <-s.closed:
		return nil, ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case c := <-idle:
		return c, nil
	case <-s.closed:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// snapshot is read with all of f's queries seeing one commit.
func (s *Store) snapshot(ctx context.Context, op string, f func(ctx context.Context, c *conn) error) error {
	return s.read(ctx, op, func(ctx context.Context, c *conn) error {
		defer func() { _, _ = c.exec(context.WithoutCancel(ctx), `ROLLBACK`) }() // nothing was written
		if _, err := c.exec(ctx, `BEGIN`); err != nil {
			return err
		}
		return f(ctx, c)
	})
}
