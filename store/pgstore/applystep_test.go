package pgstore

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment/ledger"
)

// A table that the long statement writes and the short ones forget would be
// missing from nearly every booking.
func TestStepsWriteAllThatTheStatementWrites(t *testing.T) {
	whole := booking.Change{
		Record:  outbox.Record{Request: &outbox.Request{}},
		Booking: booking.Booking{Stays: []booking.RoomStay{{}}}, Guest: &guest.Guest{}, Posting: &ledger.Posting{},
	}
	for _, c := range []struct {
		name, statement string
		expect          int64
	}{{"new", batchNew, 0}, {"old", batchOld, 1}} {
		whole.Expect = c.expect
		var short strings.Builder
		for _, step := range stepsFor([]booking.Change{whole}, 1) {
			short.WriteString(step.sql)
		}
		if diff := cmp.Diff(written(c.statement), written(short.String())); diff != "" {
			t.Errorf("%s: tables that are written (-one statement +steps):\n%s", c.name, diff)
		}
	}
}

var writes = regexp.MustCompile(`(?:insert into|update) (\w+) `)

func written(sql string) []string {
	tables := make(map[string]bool)
	for _, match := range writes.FindAllStringSubmatch(sql, -1) {
		if match[1] != "set" { // "do update set", "for no key update of"
			tables[match[1]] = true
		}
	}
	delete(tables, "of")
	return slices.Sorted(maps.Keys(tables))
}

// What a crowd waits for is locked late, in a place that no other lock comes before
// elsewhere: after bookings, before guests and requests.
func TestNightsOfACrowdAreCountedLate(t *testing.T) {
	book := booking.Change{Record: outbox.Record{Request: &outbox.Request{}}, Guest: &guest.Guest{}}
	for _, c := range []struct{ changes, nights, want int }{{1, 2, 1}, {3, 1, 1}, {4, 1, 3}, {64, 16, 3}, {64, 17, 1}} {
		steps := stepsFor(slices.Repeat([]booking.Change{book}, c.changes), c.nights)
		if at := slices.IndexFunc(steps, func(s step) bool { return s.sql == stepCount.sql }); at != c.want {
			t.Errorf("%d changes of %d nights: counted at %d, want %d", c.changes, c.nights, at, c.want)
		}
	}
}

func TestStepTakesTheArgumentsThatItNames(t *testing.T) {
	s := newStep("), new as (\n\tinsert into x select $9, $3, $9 where exists (select from agreed)")
	if want := "\tinsert into x select $1, $2, $1 where true"; s.sql != want {
		t.Errorf("%q, want %q", s.sql, want)
	}
	all := []any{1, 2, 3, 4, 5, 6, 7, 8, 9}
	if diff := cmp.Diff([]any{9, 3}, s.of(all)); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
}
