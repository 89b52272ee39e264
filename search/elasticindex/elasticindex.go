// Package elasticindex is the search index for those who run an Elasticsearch
// or OpenSearch cluster: the cluster keeps the properties and retrieves
// candidates by where they are, what they are and whether anything is free;
// what a stay costs is computed here, from the documents, by the rules that
// booking's offers follow. So it shows the same totals as every other index.
//
// A document is a property with all that it sells. It is written anew when
// anything of the property changes, under a version that keeps the newest, and
// kept here by its writing, so that a query fetches only what changed. A change is
// findable when the feeder has refreshed the cluster: Options.Poll and the time
// of a write after its commit; answers say by AsOf what is surely in them.
package elasticindex

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/gazetteer"
)

// Options are how an index works; Now is required, the rest has a usable zero value.
type Options struct {
	Now     func() time.Time
	Rates   search.Rates
	Weights search.Weights
	Places  []gazetteer.Place // that guests may type beside names; see memindex.Options

	Alias    string        // that queries go to; indexes are named after it; "vacancy"
	Shards   int           // of a generation; 1
	Replicas int           // of a shard; 0
	Poll     time.Duration // how often the log is read when nothing wakes the reader; 200 ms
	Batch    int           // events read at once; 500
	Kept     int           // houses held in memory; 20,000
	Log      *slog.Logger  // nil discards
}

func (o Options) withDefaults() Options {
	if o.Alias == "" {
		o.Alias = "vacancy"
	}
	o.Shards = max(o.Shards, 1)
	if o.Poll <= 0 {
		o.Poll = 200 * time.Millisecond
	}
	if o.Batch <= 0 {
		o.Batch = 500
	}
	if o.Kept <= 0 {
		o.Kept = maxCandidates
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Index is a search.Index over a cluster.
type Index struct {
	cluster cluster
	source  search.Source
	options Options
	kept    *houses

	writing sync.Mutex // held by the one that feeds
	rolled  time.Time  // with writing: when windows of nights were last looked at

	versions atomic.Int64

	names atomic.Pointer[names]     // nil until they have been read
	asOf  atomic.Pointer[time.Time] // when everything committed was last findable
}

// New is an index over a cluster. It answers search.ErrStarting until CatchUp
// or Run has found or made a generation of documents.
func New(transport Transport, source search.Source, options Options) (*Index, error) {
	if options.Now == nil {
		return nil, errors.New("elasticindex: no clock")
	}
	options = options.withDefaults()
	return &Index{cluster: cluster{transport}, source: source, options: options, kept: newHouses(options.Kept)}, nil
}

// Ready tells whether queries are answered.
func (x *Index) Ready() bool { return x.names.Load() != nil && x.asOf.Load() != nil }

// Ping asks the cluster whether it is there.
func (x *Index) Ping(ctx context.Context) error {
	return x.cluster.call(ctx, "GET", "/_cluster/health", nil, nil)
}

func (x *Index) freshness(now time.Time) (search.Freshness, error) {
	asOf := x.asOf.Load()
	if asOf == nil {
		return search.Freshness{}, search.ErrStarting
	}
	return search.Freshness{AsOf: *asOf, Staleness: max(0, now.Sub(*asOf))}, nil
}
