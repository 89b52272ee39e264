package pgstore

import (
	"io/fs"
	"testing"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/pgtest"
)

// A database of an earlier release keeps what it has, and goes on.
func TestMigrateFromVersion2(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		old, err := Open(t.Context(), dsn, Options{PoolSize: 2})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = old.Close() })
		migrateTo(t, old, 2)
		if _, err := old.pool.Exec(t.Context(), `
			insert into booking values ('prop_000', 'bkg_old', 3, 'confirmed', 'CODE', 'me', 'api', '', null, 0, 'v1', now(),
				'', 'a quiet room', now(), null);
			insert into room_stay values ('prop_000', 'bkg_old', 0, 'stay_old', 'confirmed', 'room_prop_000', 'rate_prop_000',
				'2031-05-01', '2031-05-03', 'EUR', 20000, 0,
				'{"RoomTypeID":"room_prop_000","Total":20000,"Stay":{"arrival":"2031-05-01","departure":"2031-05-03"}}')`); err != nil {
			t.Fatal(err)
		}
		s := open(t, dsn, Options{})
		b, err := s.Booking(t.Context(), "bkg_old")
		if err != nil || b.Requests != "a quiet room" || len(b.Stays) != 1 || b.Stays[0].Terms.Total != 20_000 {
			t.Fatalf("the old booking is %+v, %v", b, err)
		}
		again := booking.Change{PropertyID: "prop_000", Booking: b, Expect: b.Version}
		again.Booking.Version, again.Booking.Requests = b.Version+1, "two pillows"
		hotel(t, s, "prop_000", 1)
		for _, change := range []booking.Change{again, booked("prop_000", "new", 0, 2)} {
			if err := s.ApplyBooking(t.Context(), change); err != nil {
				t.Errorf("booking %s: %v", change.Booking.ID, err)
			}
		}
		if b, err = s.Booking(t.Context(), "bkg_old"); err != nil || b.Requests != "two pillows" || b.Stays[0].Terms.Total != 20_000 {
			t.Errorf("rewritten it is %+v, %v", b, err)
		}
	})
}

// migrateTo brings an empty database to the schema of an earlier release.
func migrateTo(t *testing.T, s *Store, version int64) {
	t.Helper()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*s.pool.Config().ConnConfig)
	defer db.Close() //nolint:errcheck // the next statement would tell
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithTableName("schema_version"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}
