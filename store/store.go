// Package store is the seam between the nouns and their persistence: the union
// of the few methods that each noun declares. The engines are below:
// sqlitestore for one machine, pgstore for PostgreSQL; storetest is the suite
// that both pass.
package store

import (
	"context"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/traveller"
)

// Store is one engine.
type Store interface {
	property.Store
	rate.Store
	inventory.Store
	booking.Store
	account.Store
	review.Store
	traveller.Store
	outbox.Log
	booking.Auditor
	search.Source

	// Migrate brings the schema to this program's version; it may run while
	// older programs are serving.
	Migrate(ctx context.Context) error

	// Import writes new properties, all of them whole or nothing, skipping the
	// stored request; for generators and importers. Of events it writes only those
	// that the bundles bring, no inventory.changed: who meets a new property loads
	// it. One transaction is for all: bundles of some 20,000 nights are a good size.
	Import(ctx context.Context, bundles ...Bundle) error

	// Ready tells whether the store can serve reads and writes.
	Ready(ctx context.Context) error

	Close() error
}

// Bundle is one new property with everything that makes it sellable.
type Bundle struct {
	Property  property.Change
	Rates     rate.Change
	Inventory inventory.Change
	Reviews   []review.Review // all new, made up with the house
}
