package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/combine"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

// onSQLite measures one writer with and without combining: X Y Y X.
func onSQLite(ctx context.Context, o Options, report *Report) (err error) {
	dir, err := os.MkdirTemp(o.Dir, "vacancy-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "vacancy.db")
	engine, err := sqlitestore.Open(ctx, path, sqlitestore.Options{})
	if err != nil {
		return err
	}
	e := &embedded{Options: o, world: o.world(), report: report}
	if !o.Quick {
		e.houses = 300 // A world of one machine; loading 2,000 houses takes longer than the rest.
	}
	combined := combine.New(engine, combine.Options{Now: clock})
	defer func() { err = errors.Join(err, combined.Close()) }()
	if e.raw, err = sql.Open("sqlite", path); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.raw.Close()) }()
	o.say("SQLite: loading %d houses", e.houses)
	if err := engine.Migrate(ctx); err != nil {
		return err
	}
	if err := e.load(ctx, engine); err != nil {
		return err
	}
	return e.compare(ctx, engine, combined)
}

type embedded struct {
	Options
	world
	report *Report
	raw    *sql.DB
}

func (e *embedded) compare(ctx context.Context, single, combined store.Store) error {
	var ratios []float64
	for round := range e.rounds() {
		var rows [4]Row
		for i, s := range []store.Store{single, combined, combined, single} {
			name := "product, one by one"
			if s == combined {
				name = "product, combined"
			}
			l := load{workload: "sqlite", subject: name, clients: 128, round: round + 1}
			var err error
			if rows[i], err = e.subject(ctx, l, s); err != nil {
				return err
			}
		}
		ratios = append(ratios, mean(perSecond, rows[1], rows[2])/mean(perSecond, rows[0], rows[3]))
	}
	e.report.judge("SQLite, 128 clients, combined / one per transaction", ratios, 4, 8)
	return nil
}

func (e *embedded) subject(ctx context.Context, l load, s store.Store) (Row, error) {
	p := newProduct(s, l.clients)
	l.work = p.books(e.wish)
	before, err := e.recount(ctx)
	if err != nil {
		return Row{}, err
	}
	row, err := l.run(ctx, e.slice(), new(server).cpu)
	if err != nil {
		return Row{}, err
	}
	e.report.Rows = append(e.report.Rows, row)
	e.say("  %-12s %-22s %3d clients  %9.0f/s  p50 %.2f ms  p99 %.2f ms", l.workload, l.subject, l.clients, row.Rate, row.P50, row.P99)
	after, err := e.recount(ctx)
	p.check(e.report, fmt.Sprintf("sqlite, %s, round %d", l.subject, l.round), before, after)
	return row, err
}

func (e *embedded) recount(ctx context.Context) (s sums, err error) {
	err = e.raw.QueryRowContext(ctx, recount).Scan(&s.bookings, &s.requests, &s.changes, &s.sold, &s.held, &s.over)
	return s, err
}
