package sqlitestore

import (
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/vacancyhq/vacancy/booking"
)

// A file of an earlier release keeps what it has, and goes on.
func TestMigrateFromVersion2(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "old.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.db, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO property VALUES ('prop_a', 'ten_a', '', 1, '{}')`,
		`INSERT INTO booking (property_id, id, version, state, code, caller, channel, guest_id, extensions, terms_version, guarantee, requests)
			VALUES ('prop_a', 'bkg_old', 3, 'confirmed', 'CODE', 'me', 'api', '', 0, 'v1', '', 'a quiet room')`,
		`INSERT INTO room_stay (property_id, booking_id, position, id, state, room_type_id, plan_id, arrival, departure, currency, total, fee, terms)
			VALUES ('prop_a', 'bkg_old', 0, 'stay_old', 'confirmed', 'room_a', 'rate_a', 22400, 22402, 'EUR', 20000, 0,
				'{"RoomTypeID":"room_a","Total":20000,"Stay":{"arrival":"2031-05-01","departure":"2031-05-03"}}')`,
	} {
		if _, err := s.db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	b, err := s.Booking(t.Context(), "bkg_old")
	if err != nil || b.Requests != "a quiet room" || len(b.Stays) != 1 || b.Stays[0].Terms.Total != 20_000 {
		t.Fatalf("the old booking is %+v, %v", b, err)
	}
	again := booking.Change{PropertyID: "prop_a", Booking: b, Expect: b.Version}
	again.Booking.Version, again.Booking.Requests = b.Version+1, "two pillows"
	if err := s.ApplyBooking(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if books, err := s.Payments(t.Context(), "prop_a", "bkg_old"); err != nil || len(books.Obligations) > 0 {
		t.Errorf("it owes %+v, %v", books, err)
	}
}
