package bench

import (
	"context"
	"errors"
	"fmt"

	"github.com/vacancyhq/vacancy/store/combine"
	"github.com/vacancyhq/vacancy/store/pgstore"

	"github.com/jackc/pgx/v5/pgxpool"
)

// field is a PostgreSQL server with the world loaded, and the stores on it.
type field struct {
	Options
	*server
	world
	report   *Report
	combined *combine.Store
}

// onPostgres prepares a field, runs f on it, and clears it away.
func onPostgres(ctx context.Context, o Options, w world, f func(f *field) error) (report *Report, err error) {
	s, err := startServer(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close(context.WithoutCancel(ctx))) }()
	engine, err := pgstore.Open(ctx, s.dsn, pgstore.Options{})
	if err != nil {
		return nil, err
	}
	field := &field{Options: o, server: s, world: w, report: newReport(s.about), combined: combine.New(engine, combine.Options{Now: clock})}
	defer func() { err = errors.Join(err, field.combined.Close()) }()
	if err := field.prepare(ctx); err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	return field.report, f(field)
}

func (f *field) prepare(ctx context.Context) error {
	f.say("PostgreSQL: %s", f.about)
	f.say("loading %d houses of %d room types and %d nights", f.houses, roomTypes, f.nights)
	if err := f.combined.Migrate(ctx); err != nil {
		return err
	}
	if err := f.load(ctx, f.combined); err != nil {
		return err
	}
	if _, err := f.raw.Exec(ctx, peers); err != nil {
		return err
	}
	if err := fillTextbook(ctx, f.raw); err != nil {
		return err
	}
	for _, statement := range []string{"vacuum analyze", "checkpoint"} {
		if _, err := f.raw.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (f *field) recount(ctx context.Context) (s sums, err error) {
	err = f.raw.QueryRow(ctx, recount).Scan(&s.bookings, &s.requests, &s.changes, &s.sold, &s.held, &s.over)
	return s, err
}

// measure runs one slice of a peer.
func (f *field) measure(ctx context.Context, l load) (Row, error) {
	return f.measureWith(ctx, l, f.cpu)
}

// measureWith runs one slice of what cpu says the cost of.
func (f *field) measureWith(ctx context.Context, l load, cpu func() (spent, error)) (Row, error) {
	row, err := l.run(ctx, f.slice(), cpu)
	if err == nil {
		f.report.Rows = append(f.report.Rows, row)
		f.say("  %-12s %-22s %3d clients  %9.0f/s  %9.0f/CPU-s (%.0f+%.0f µs)  p50 %.2f ms  p99 %.2f ms",
			row.Workload, row.Subject, row.Clients, row.Rate, row.PerCPU, micros(row.CPU-row.ServerCPU, row), micros(row.ServerCPU, row), row.P50, row.P99)
	}
	return row, err
}

func micros(seconds float64, row Row) float64 { return seconds * 1e6 / float64(max(1, row.Count)) }

// subject runs one slice of the product and counts its tables again.
func (f *field) subject(ctx context.Context, l load, workOf func(*product) work) (Row, *product, error) {
	p := newProduct(f.combined, l.clients)
	l.subject, l.work = "product, combined", workOf(p)
	before, err := f.recount(ctx)
	if err != nil {
		return Row{}, p, err
	}
	row, err := f.measure(ctx, l)
	if err != nil {
		return Row{}, p, err
	}
	after, err := f.recount(ctx)
	p.check(f.report, fmt.Sprintf("%s, %d clients, round %d", l.workload, l.clients, l.round), before, after)
	return row, p, err
}

// referred runs one slice of R.
func (f *field) referred(ctx context.Context, l load) (Row, error) {
	pool, err := f.pool(ctx, l.clients)
	if err != nil {
		return Row{}, err
	}
	defer pool.Close()
	l.subject, l.work = "R, one row", f.reference(pool)
	return f.measure(ctx, l)
}

// taught runs one slice of A on so many connections.
func (f *field) taught(ctx context.Context, l load, connections int, wishOf func(n int64) wish, counts func(error) (int, error)) (Row, error) {
	pool, err := f.pool(ctx, connections)
	if err != nil {
		return Row{}, err
	}
	defer pool.Close()
	book := textbook(pool, wishOf)
	l.subject = fmt.Sprintf("textbook, pool of %d", connections)
	l.work = func(ctx context.Context, _ int, n int64) (int, error) { return counts(book(ctx, n)) }
	return f.measure(ctx, l)
}

// pool has all its connections open, so that no slice pays for them.
func (f *field) pool(ctx context.Context, size int) (*pgxpool.Pool, error) {
	config := f.raw.Config()
	config.MaxConns, config.MinConns = int32(size), int32(size)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	conns := make([]*pgxpool.Conn, size)
	for i := range conns {
		if conns[i], err = pool.Acquire(ctx); err != nil {
			break
		}
	}
	for _, c := range conns {
		if c != nil {
			c.Release()
		}
	}
	return pool, err
}
