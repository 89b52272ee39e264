package booking_test

import (
	"flag"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/combine"
	"github.com/vacancyhq/vacancy/store/pgstore"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// eachEngine runs a test of drawn cases on all engines. SQLite takes all of them;
// the servers, where a case costs ten times as much, and the combiner, which a
// lone client passes straight through, take one in ten. More: -rapid.checks=1000.
func eachEngine(t *testing.T, test func(t *testing.T, open func(t *testing.T) *desk)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newDesk) })
	t.Run("sqlite combined", func(t *testing.T) {
		fewer(t)
		test(t, func(t *testing.T) *desk {
			return newDeskOn(t, func(d *desk) store.Store { return combine.New(d.openSQLite(), combine.Options{Now: time.Now}) })
		})
	})
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		fewer(t)
		dsn := server.Database(t)
		test(t, func(t *testing.T) *desk { return newDeskOnPostgres(t, dsn) })
	})
}

// fewer leaves a test a tenth of the cases.
func fewer(t *testing.T) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	all := checks.Value.String()
	n, err := strconv.Atoi(all)
	if err == nil {
		err = checks.Value.Set(strconv.Itoa(max(1, n/10)))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = checks.Value.Set(all) })
}

// newDeskOnPostgres is a desk on a database that forgets what an earlier case did.
func newDeskOnPostgres(t *testing.T, dsn string) *desk {
	t.Helper()
	return newDeskOn(t, func(d *desk) store.Store {
		engine, err := pgstore.Open(d.ctx, dsn, pgstore.Options{
			Offset: func() time.Duration { return time.Until(d.clock.now()) },
		})
		d.must(err)
		d.must(engine.Migrate(d.ctx))
		d.forget(dsn)
		return combine.New(engine, combine.Options{Now: time.Now})
	})
}

// forget empties every table but that of the migrations.
func (d *desk) forget(dsn string) {
	d.t.Helper()
	raw, err := pgxpool.New(d.ctx, dsn)
	d.must(err)
	defer raw.Close()
	var tables string
	d.must(raw.QueryRow(d.ctx, `select string_agg(quote_ident(tablename), ', ') from pg_tables
		where schemaname = 'public' and tablename <> 'schema_version'`).Scan(&tables))
	_, err = raw.Exec(d.ctx, `truncate `+tables)
	d.must(err)
}
