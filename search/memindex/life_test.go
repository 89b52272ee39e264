package memindex

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
)

// Property 59: when the index cannot follow, a narrow query is answered by the
// store as it is now; a broad one keeps the old answer and says how old it is.
func TestOldAnswersAreChecked(t *testing.T) {
	now := noon
	source := &broken{Source: newSource()}
	x := openAt(t, source, func() time.Time { return now })
	checked := &search.Checked{Surveyor: x, Source: source, Now: func() time.Time { return now }, Limit: time.Minute, Most: 3}
	etoile := searchtest.World[1]
	nights := stay.Stay{Arrival: opening.Add(20), Departure: opening.Add(22)}
	q := search.Query{Place: etoile.Name, Stay: &nights, Parties: []stay.Party{{Adults: 2}}}
	source.err, now = errors.New("the log cannot be read"), noon.Add(2*time.Minute)
	source.Sell(etoile.ID, etoile.Double(), nights, etoile.Doubles)
	if page, err := x.Search(t.Context(), q); err != nil || page.Total != 1 || page.Staleness != 2*time.Minute {
		t.Fatalf("the index itself: %+v, %v", page, err)
	}
	if page, err := checked.Search(t.Context(), q); err != nil || page.Total != 0 || page.Staleness != 0 || !page.AsOf.Equal(now) {
		t.Errorf("the last room is sold, and shown: %+v, %v", page, err)
	}
	q.Place = ""
	if page, err := checked.Search(t.Context(), q); err != nil || page.Total != len(searchtest.World) || page.Staleness != 2*time.Minute {
		t.Errorf("a broad query: %d hits, %v, %v", page.Total, page.Staleness, err)
	}
	q.Place, now = etoile.Name, noon.Add(30*time.Second)
	if page, err := checked.Search(t.Context(), q); err != nil || page.Total != 1 {
		t.Errorf("half a minute is not old: %+v, %v", page, err)
	}
}

// Property 59: the store is read for few queries at once: it has to sell rooms
// first. The others keep what the index says.
func TestTheStoreIsReadForFewAtOnce(t *testing.T) {
	now := noon
	source := &gated{Source: newSource(), reached: make(chan struct{}), goOn: make(chan struct{})}
	x := openAt(t, source, func() time.Time { return now })
	checked := &search.Checked{Surveyor: x, Source: source, Now: func() time.Time { return now }, AtOnce: 1}
	now = noon.Add(time.Hour)
	source.shut.Store(true)
	nights := stay.Stay{Arrival: opening.Add(20), Departure: opening.Add(22)}
	q := search.Query{PlaceID: "etoile", Stay: &nights, Parties: []stay.Party{{Adults: 2}}}
	first := make(chan search.Page, 1)
	go func() {
		page, _ := checked.Search(context.Background(), q)
		first <- page
	}()
	<-source.reached
	if page, err := checked.Search(t.Context(), q); err != nil || page.Total != 1 || page.Staleness != time.Hour {
		t.Errorf("a second query is not answered by the index: %+v, %v", page.Freshness, err)
	}
	close(source.goOn)
	if page := <-first; page.Total != 1 || page.Staleness != 0 {
		t.Errorf("the first is not answered by the store: %+v", page.Freshness)
	}
}

// gated is a source that stops a reader of one property until it may go on.
type gated struct {
	*searchtest.Source
	shut          atomic.Bool
	reached, goOn chan struct{}
}

func (g *gated) Property(ctx context.Context, id string) (property.Property, error) {
	if g.shut.Load() {
		close(g.reached)
		<-g.goOn
	}
	return g.Source.Property(ctx, id)
}

// When nothing fits, other days come nearest first, and what is around the place.
func TestSuggest(t *testing.T) {
	source := newSource()
	etoile, paix := searchtest.World[1], searchtest.World[0]
	nights := stay.Stay{Arrival: opening.Add(20), Departure: opening.Add(22)}
	source.Sell(etoile.ID, etoile.Double(), stay.Stay{Arrival: opening.Add(18), Departure: opening.Add(23)}, 1)
	x := openAt(t, source, atNoon)
	got, err := search.Suggest(t.Context(), x, search.Query{PlaceID: etoile.ID, Stay: &nights, Parties: []stay.Party{{Adults: 2}}})
	if err != nil || len(got.Days) != 11 || got.Days[0].Stay.Arrival != opening.Add(23) || got.Days[1].Stay.Arrival != opening.Add(16) {
		t.Errorf("other days: %+v, %v", got.Days, err)
	}
	if len(got.Near) != 2 || got.Near[0].DistanceKM > got.Near[1].DistanceKM || got.Near[0].PropertyID == etoile.ID {
		t.Errorf("near by: %+v", got.Near)
	}
	if len(got.Loosened) != 0 {
		t.Errorf("nothing is filtered: %+v", got.Loosened)
	}
	got, err = search.Suggest(t.Context(), x, search.Query{Place: paix.Name, Stay: &nights, Parties: []stay.Party{{Adults: 2}}, Stars: []int{1}, Kinds: []string{"hostel"}, Amenities: []string{"moat"}})
	if err != nil || len(got.Loosened) != 1 || got.Loosened[0] != (search.Loosened{Properties: 1}) {
		t.Errorf("without all three filters there is one, without one of them none: %+v, %v", got.Loosened, err)
	}
	got, err = search.Suggest(t.Context(), x, search.Query{Place: paix.Name, Stay: &nights, Parties: []stay.Party{{Adults: 2}}, Amenities: []string{"moat"}})
	if want := []search.Loosened{{Properties: 1}, {Field: "amenities", Value: "moat", Properties: 1}}; err != nil || !slices.Equal(got.Loosened, want) {
		t.Errorf("without the moat: %+v, %v", got.Loosened, err)
	}
	got, err = search.Suggest(t.Context(), x, search.Query{Near: &search.Point{Lat: paix.Lat + 0.8, Lon: paix.Lon}})
	if err != nil || len(got.Near) != 3 || len(got.Days) != 0 {
		t.Errorf("around a point without dates: %+v, %v", got, err)
	}
	if got, err := search.Suggest(t.Context(), x, search.Query{Place: "Atlantis"}); err != nil || len(got.Near) != 0 {
		t.Errorf("of a place that nobody knows: %+v, %v", got, err)
	}
	if _, err := search.Suggest(t.Context(), x, search.Query{Stars: []int{9}, Near: &search.Point{}}); !errors.Is(err, search.ErrQuery) {
		t.Errorf("of a bad query: %v", err)
	}
}

// Memory is bounded: a load that would need more says so, and a new property
// that does not fit leaves the others as they are.
func TestFull(t *testing.T) {
	source := newSource()
	needed := openAt(t, source, atNoon).Stats().Bytes
	if _, err := Open(t.Context(), source, Options{Now: atNoon, MaxBytes: needed - 1}); !errors.Is(err, search.ErrFull) {
		t.Errorf("without room: %v", err)
	}
	x, err := Open(t.Context(), source, Options{Now: atNoon, MaxBytes: needed + 1})
	if err != nil {
		t.Fatal(err)
	}
	late := searchtest.World[0]
	late.ID = "late"
	source.Import(late.Bundle(opening))
	source.Sell("etoile", "etoile_double", stay.Stay{Arrival: opening.Add(20), Departure: opening.Add(21)}, 1)
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	stats := x.Stats()
	if stats.Refused != 1 || stats.Properties != len(searchtest.World) || stats.Bytes > needed+1 {
		t.Errorf("%+v", stats)
	}
	if n := x.free("etoile", "etoile_double", stay.Stay{Arrival: opening.Add(20), Departure: opening.Add(21)}); n != 0 {
		t.Errorf("the sale after it was not taken in: %d free", n)
	}
}

// What is said of memory is about what it takes.
func TestBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement: skipped by -short")
	}
	source := searchtest.Generated(t, 1, 300, atNoon)
	before := heapInUse()
	x := openAt(t, source, atNoon)
	took, said := heapInUse()-before, x.Stats().Bytes
	t.Logf("%d bytes a property, said %d; %+v", took/300, said/300, x.Stats())
	if took > said*3/2 || took < said/3 {
		t.Errorf("it takes %d bytes and says %d", took, said)
	}
}

// Each class of queries has its own bars.
func TestTimings(t *testing.T) {
	x := openAt(t, newSource(), atNoon)
	for range 3 {
		if _, err := x.Search(context.Background(), search.Query{}); err != nil {
			t.Fatal(err)
		}
	}
	var said []string
	for _, timing := range x.Timings() {
		if timing.Queries > 0 {
			said = append(said, fmt.Sprint(timing.Class, timing.Queries))
		}
	}
	if fmt.Sprint(said) != "[undated3]" {
		t.Errorf("%v", said)
	}
}

func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
