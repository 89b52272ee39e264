// Package storetest is the contract of package store as a suite: every engine
// passes all of it. It is where the promises about stock, replays and events
// are proved, so none of its concurrency tests can be switched off; -short only
// makes them smaller.
//
// The suite speaks SQL in a few places, to try what only a constraint can stop
// and to count what no method lists. For those an engine's tables are named
// night (with the columns of inventory.Night), booking, guest, request, event,
// posting, obligation, attempt and audit, each with property_id where its rows belong to a property.
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/store"
)

// Opened is a store on a fresh, empty, migrated database, with what the suite
// needs beyond the Store itself. The one who opens it also closes it (t.Cleanup).
type Opened struct {
	Store store.Store
	// Shift moves the store's clock forward from now on.
	Shift func(d time.Duration)
	// Exec runs a raw statement without arguments.
	Exec func(ctx context.Context, statement string) error
	// Int answers a raw query of one integer.
	Int func(ctx context.Context, query string) (int64, error)
}

// Open makes a new Opened for one test.
type Open func(t *testing.T) Opened

type test struct {
	name string
	run  func(t *testing.T, o Opened)
}

// Run passes a fresh store through every test of the suite.
func Run(t *testing.T, open Open) {
	t.Helper()
	var all []test
	for _, part := range [][]test{
		propertyTests, rateTests, inventoryTests, bookingTests, lifeTests, paymentTests, raceTests, stormTests, historyTests,
		eventTests, accountTests, importTests, auditTests, textTests, reviewTests, travellerTests,
	} {
		all = append(all, part...)
	}
	for _, test := range all {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// scale is how much of a concurrency test runs: all of it, or a small part under -short.
func scale(full, short int) int {
	if testing.Short() {
		return short
	}
	return full
}
