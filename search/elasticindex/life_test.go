package elasticindex_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/internal/ostest"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/elasticindex"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

var day = time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)

// world is a generated source with its clock, which goes on a little at each look.
func world(t *testing.T) (searchtest.Setup, *searchtest.Reference) {
	t.Helper()
	var looks atomic.Int64
	now := func() time.Time { return day.Add(time.Duration(looks.Add(1)) * time.Microsecond) }
	source := searchtest.Generated(t, 3, 40, now)
	setup := searchtest.Setup{Source: source, Now: now}
	return setup, searchtest.NewReference(source, setup)
}

// anywhere asks for every property that has a room.
func anywhere() search.Query {
	arrival := stay.On(day, time.UTC).Add(9)
	return search.Query{
		Stay: &stay.Stay{Arrival: arrival, Departure: arrival.Add(2)}, Parties: []stay.Party{{Adults: 2}},
		Sort: search.ByTotal, Facets: true, Limit: 50,
	}
}

func agree(t *testing.T, index search.Surveyor, reference *searchtest.Reference) {
	t.Helper()
	if err := reference.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	searchtest.Agree(t, index, reference, anywhere())
}

// Property 61: two feeders that overtake each other leave the newest documents,
// and a rebuild gives the same as what was followed.
func TestTwoFeedersAndARebuild(t *testing.T) {
	client := connect(t, ostest.Shared(t))
	setup, reference := world(t)
	alias := fmt.Sprint("feeders", aliases.Add(1))
	feeder := func() *elasticindex.Index {
		index, err := elasticindex.New(client, setup.Source, elasticindex.Options{Now: setup.Now, Alias: alias})
		if err != nil {
			t.Fatal(err)
		}
		return index
	}
	first, second := feeder(), feeder()
	for i := range 6 {
		searchtest.Shuffle(setup.Source, rand.New(rand.NewPCG(uint64(i), 1)))
		index := []*elasticindex.Index{first, second}[i%2]
		if err := index.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		agree(t, index, reference)
	}
	if err := second.Rebuild(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	agree(t, second, reference)
	if err := first.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	agree(t, first, reference)
}

// Property 59: a generation is rebuilt while the other answers; a query that
// meets the swap finds one or the other, never half of one.
func TestQueriesDuringARebuild(t *testing.T) {
	client := connect(t, ostest.Shared(t))
	setup, _ := world(t)
	index := open(t, client, setup)
	want, err := index.Search(t.Context(), anywhere())
	if err != nil || want.Total == 0 {
		t.Fatalf("%d hits: %v", want.Total, err)
	}
	rebuilt := make(chan error, 1)
	go func() { rebuilt <- index.Rebuild(t.Context(), func(int, int) {}) }()
	for running := true; running; {
		select {
		case err := <-rebuilt:
			if err != nil {
				t.Fatal(err)
			}
			running = false
		default:
		}
		if got, err := index.Search(t.Context(), anywhere()); err != nil || got.Total != want.Total {
			t.Fatalf("%d hits of %d: %v", got.Total, want.Total, err)
		}
	}
}

// Three nodes, one of which dies: nothing is lost, and the feed goes on.
func TestANodeDies(t *testing.T) {
	if testing.Short() {
		t.Skip("three nodes take half a minute to start")
	}
	nodes := ostest.Own(t, 3)
	setup, reference := world(t)
	index, err := elasticindex.New(connect(t, nodes.URLs()...), setup.Source, elasticindex.Options{Now: setup.Now, Shards: 3, Replicas: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := index.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := nodes.Healthy(); err != nil { // every shard has its copy
		t.Fatal(err)
	}
	agree(t, index, reference)
	if err := nodes.Kill(2); err != nil {
		t.Fatal(err)
	}
	if err := nodes.Await(2); err != nil {
		t.Fatal(err)
	}
	searchtest.Shuffle(setup.Source, rand.New(rand.NewPCG(7, 1)))
	if err := retry(func() error { return index.CatchUp(t.Context()) }); err != nil {
		t.Fatal(err)
	}
	agree(t, index, reference)
}

// retry is what Run does: a cluster that is electing a manager refuses for a moment.
func retry(do func() error) (err error) {
	for began := time.Now(); time.Since(began) < time.Minute; {
		if err = do(); err == nil {
			return nil
		}
	}
	return err
}

// A cluster that is down is said to be, so that the doors answer 503.
func TestAClusterThatIsDown(t *testing.T) {
	setup, _ := world(t)
	index, err := elasticindex.New(connect(t, "http://127.0.0.1:1"), setup.Source, elasticindex.Options{Now: setup.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := index.CatchUp(t.Context()); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("a dead cluster: %v", err)
	}
	if _, err := index.Search(t.Context(), anywhere()); !errors.Is(err, search.ErrStarting) {
		t.Errorf("an index that never met its cluster: %v", err)
	}
	narrowOnly(t, index, setup, search.ErrStarting)
}

// Property 59: a cluster that goes away takes the broad searches with it; who
// asks for few properties is answered by the store, as it is at this moment.
func TestAClusterThatGoes(t *testing.T) {
	setup, _ := world(t)
	cut := &cuttable{Transport: connect(t, ostest.Shared(t))}
	index := open(t, cut, setup)
	cut.off.Store(true)
	narrowOnly(t, index, setup, search.ErrUnavailable)
}

// cuttable is a client whose cluster can be cut off.
type cuttable struct {
	elasticindex.Transport
	off atomic.Bool
}

func (c *cuttable) Perform(r *http.Request) (*http.Response, error) {
	if c.off.Load() {
		return nil, errors.New("no route to the cluster")
	}
	return c.Transport.Perform(r)
}

// narrowOnly expects that the store answers for each property alone, and that
// everything at once fails.
func narrowOnly(t *testing.T, index *elasticindex.Index, setup searchtest.Setup, broad error) {
	t.Helper()
	reference := searchtest.NewReference(setup.Source, setup)
	if err := reference.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	checked := &search.Checked{Surveyor: index, Source: setup.Source, Now: setup.Now, Most: 5}
	if _, err := checked.Search(t.Context(), anywhere()); !errors.Is(err, broad) {
		t.Errorf("a broad query: %v", err)
	}
	houses, err := setup.Source.Properties(t.Context(), "", "", 10)
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, house := range houses {
		q := anywhere()
		q.PlaceID = house.ID
		want, err := reference.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := checked.Search(t.Context(), q)
		if err != nil || got.Total != want.Total || got.AsOf.IsZero() || got.Staleness != 0 {
			t.Fatalf("%s: %d hits, want %d: %v", house.ID, got.Total, want.Total, err)
		}
		shown += got.Total
		if got.Total > 0 && got.Hits[0].Total != want.Hits[0].Total {
			t.Errorf("%s: %v, want %v", house.ID, got.Hits[0].Total, want.Hits[0].Total)
		}
	}
	if shown == 0 {
		t.Error("no property has a room")
	}
}

// How broad a query may be is one rule, whichever index is asked: the properties
// where it looks, whatever is free there, times the stays of its window.
func TestBreadthIsOneRule(t *testing.T) {
	const houses = search.MaxPriced/search.MaxArrivals + 1
	source := searchtest.NewSource(func() time.Time { return day })
	for i := range houses {
		p := property.Property{
			ID: fmt.Sprintf("prop_%05d", i), Name: "House", Country: "FR", City: "Paris", Lat: 48 + float64(i%2), Lon: 2, Zone: "Europe/Paris", Currency: "EUR",
		}
		source.Import(store.Bundle{Property: property.Change{PropertyID: p.ID, Property: &p}})
	}
	now := func() time.Time { return day }
	inMemory, err := memindex.Open(t.Context(), source, memindex.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	inCluster, err := elasticindex.New(connect(t, "http://127.0.0.1:1"), source, elasticindex.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if err := inCluster.CatchUp(t.Context()); !errors.Is(err, search.ErrUnavailable) {
		t.Fatal(err) // the names are known all the same
	}
	first := stay.On(day, time.UTC).Add(5)
	everywhere := search.Query{
		Window:  &search.Window{First: first, Last: first.Add(search.MaxArrivals - 1), Nights: 2},
		Parties: []stay.Party{{Adults: 2}},
	}
	half := everywhere
	half.Box = &search.Box{South: 48.5, North: 50, West: 1, East: 3}
	shorter := everywhere
	shorter.Window = &search.Window{First: first, Last: first.Add(search.MaxArrivals - 2), Nights: 2}
	for what, c := range map[string]struct {
		q     search.Query
		broad bool
	}{"everywhere": {everywhere, true}, "half of it": {half, false}, "a day less": {shorter, false}} {
		_, err := inMemory.Search(t.Context(), c.q)
		if errors.Is(err, search.ErrBroad) != c.broad {
			t.Errorf("%s, in memory: %v", what, err)
		}
		_, err = inCluster.Search(t.Context(), c.q)
		if errors.Is(err, search.ErrBroad) != c.broad {
			t.Errorf("%s, in a cluster: %v", what, err)
		}
	}
}
