package memindex

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
)

var (
	opening = stay.DateOf(2027, time.March, 10)
	noon    = time.Date(2027, time.March, 10, 12, 0, 0, 0, time.UTC)
)

func atNoon() time.Time { return noon }

func newSource() *searchtest.Source {
	s := searchtest.NewSource(atNoon)
	for _, h := range searchtest.World {
		s.Import(h.Bundle(opening))
	}
	return s
}

func openAt(t *testing.T, source search.Source, now func() time.Time) *Index {
	t.Helper()
	x, err := Open(t.Context(), source, Options{Now: now, Batch: 5})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// state is all that an index knows of a property.
type state struct {
	House  *house
	Counts map[string][]uint16 // of the nights of its window, by room type
	Prices [][]uint16          // likewise, by tariff
	Rules  []string            // of every day's planes
}

func (x *Index) state() map[string]state {
	all := make(map[string]state)
	for id, at := range x.places {
		f, lane := x.blocks[at/lanesPerBlock].facts.Load(), int(at%lanesPerBlock)
		s := state{House: f.houses[lane], Counts: make(map[string][]uint16)}
		for i, r := range s.House.rooms {
			for night := s.House.base; night < s.House.base.Add(s.House.nights); night++ {
				s.Counts[r.roomType.ID] = append(s.Counts[r.roomType.ID], f.almanac.counts.at(f.almanac.slot(night), f.first[lane].rooms+i))
			}
		}
		for i := range s.House.tariffs {
			var prices []uint16
			for day := range s.House.nights {
				slot := f.almanac.slot(s.House.base.Add(day))
				prices = append(prices, f.almanac.prices.at(slot, f.first[lane].tariffs+i))
			}
			s.Prices = append(s.Prices, prices)
		}
		for i := range s.House.rules {
			var days strings.Builder
			for day := range s.House.nights + 1 {
				slot, at := f.almanac.slot(s.House.base.Add(day)), f.first[lane].rules+i
				for _, p := range append([]planes{f.almanac.ruled.vague, f.almanac.ruled.shut, f.almanac.ruled.depart}, f.almanac.ruled.arrive[:]...) {
					fmt.Fprint(&days, p.bits[slot*p.words+at/64].Load()>>(at%64)&1)
				}
			}
			s.Rules = append(s.Rules, days.String())
		}
		all[id] = s
	}
	return all
}

var exactly = cmp.Options{
	cmp.Comparer(func(a, b money.Rat) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
	cmp.AllowUnexported(house{}, room{}, limits{}, product{}, plan{}, rare{}, share{}, tariff{}, rules{}, ruled{}, bracket{}, ratio{}, charge{}, dated{}, levy{}, deals{}, group{}, entry{}),
	cmpopts.IgnoreFields(plan{}, "terms"), cmpopts.IgnoreFields(group{}, "terms"), cmpopts.IgnoreFields(house{}, "levied"),
}

func equal(t *testing.T, what string, got, want *Index) {
	t.Helper()
	if diff := cmp.Diff(want.state(), got.state(), exactly); diff != "" {
		t.Fatalf("%s (-fresh +followed):\n%.2000s", what, diff)
	}
	if diff := cmp.Diff(want.shown.Load().atlas.Suggest("", 100), got.shown.Load().atlas.Suggest("", 100)); diff != "" {
		t.Fatalf("%s: places (-fresh +followed):\n%s", what, diff)
	}
}

// free is how many rooms of a type an index knows to be left.
func (x *Index) free(id, roomTypeID string, nights stay.Stay) int {
	at := x.places[id]
	return x.blocks[at/lanesPerBlock].facts.Load().left(int(at%lanesPerBlock))(nights, roomTypeID)
}

// write makes a random change that leaves an event.
func write(s *searchtest.Source, random *rand.Rand, n int) {
	h := searchtest.World[random.IntN(len(searchtest.World))]
	switch random.IntN(8) {
	case 0:
		s.Edit(h.ID, func(p *property.Property) { p.Name, p.City = fmt.Sprintf("House %d", n), h.City+fmt.Sprint(n%3) })
	case 1:
		s.Edit(h.ID, func(p *property.Property) { p.Closed = !p.Closed })
	case 2:
		s.Reprice(h.ID, func(plans []rate.Plan, _ []rate.Calendar) { plans[random.IntN(len(plans))].Version++ })
	case 3:
		h.ID = fmt.Sprintf("new%d", n)
		s.Import(h.Bundle(opening))
	default:
		from := opening.Add(random.IntN(50))
		s.Sell(h.ID, h.Double(), stay.Stay{Arrival: from, Departure: from.Add(1 + random.IntN(5))}, random.IntN(5)-2)
	}
}

// Property 61: the index follows to the same state as a fresh load has,
// whatever the order of the events, and however often they come.
func TestAnyOrderEqualsFreshLoad(t *testing.T) {
	seeds := uint64(30)
	if testing.Short() {
		seeds = 6
	}
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 61))
		source := newSource()
		early := openAt(t, source, atNoon)
		for n := range 40 {
			write(source, random, n)
		}
		events, err := source.Events(t.Context(), outbox.Position{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, events[:len(events)/2]...)
		random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		for batch := range slices.Chunk(events, 1+random.IntN(9)) {
			if err := early.apply(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
		equal(t, fmt.Sprintf("seed %d", seed), early, openAt(t, source, atNoon))
	}
}

// Property 61: following the log is a full rebuild, and a rebuild in place too.
func TestFollowedEqualsRebuilt(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 61))
	source := newSource()
	followed := openAt(t, source, atNoon)
	for n := range 200 {
		write(source, random, n)
		if n%17 == 0 {
			if err := followed.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := followed.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	equal(t, "followed", followed, openAt(t, source, atNoon))
	if err := followed.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	equal(t, "rebuilt", followed, openAt(t, source, atNoon))
}

func TestOldCountsNeverReplaceNewOnes(t *testing.T) {
	source := newSource()
	x := openAt(t, source, atNoon)
	h := searchtest.World[0]
	night := func(version int64, sold int) outbox.Event {
		return inventory.Changed(h.ID, []inventory.Night{{RoomTypeID: h.Double(), Night: opening, Cap: 9, Sold: sold, Version: version}})
	}
	free := func() int { return x.free(h.ID, h.Double(), stay.Stay{Arrival: opening, Departure: opening + 1}) }
	for _, step := range []struct {
		version    int64
		sold, want int
	}{{5, 4, 5}, {4, 0, 5}, {5, 0, 5}, {6, 9, 0}, {2, 1, 0}} {
		if !x.count(night(step.version, step.sold)) || free() != step.want {
			t.Errorf("after version %d: %d free, want %d", step.version, free(), step.want)
		}
	}
}

// The window of nights moves with the days, without any event.
func TestWindowMoves(t *testing.T) {
	now := noon
	source := searchtest.NewSource(func() time.Time { return now })
	house := searchtest.World[0]
	bundle := house.Bundle(opening)
	bundle.Inventory.Settings = nil
	for n := range 900 {
		bundle.Inventory.Settings = append(bundle.Inventory.Settings, inventory.Setting{
			Key: inventory.Key{RoomTypeID: house.Double(), Night: opening.Add(n)}, Stock: new(1),
		})
	}
	source.Import(bundle)
	x := openAt(t, source, func() time.Time { return now })
	now = noon.AddDate(0, 0, 120)
	for range 2 {
		if err := x.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	last := opening.Add(120 + inventory.Horizon)
	if n := x.free(house.ID, house.Double(), stay.Stay{Arrival: last - 3, Departure: last}); n != 1 {
		t.Errorf("%d rooms free at the end of the horizon, want 1", n)
	}
	if got := x.house(house.ID).base; got != opening.Add(119) {
		t.Errorf("the window begins on %s, want yesterday", got)
	}
}

// gaps is a log with given positions.
type gaps struct {
	search.Source
	at   []outbox.Position
	asks int
}

func (g *gaps) Events(_ context.Context, after outbox.Position, limit int) ([]outbox.Stored, error) {
	g.asks++
	for i, p := range g.at {
		if after.Less(p) {
			return []outbox.Stored{{Position: g.at[i]}}[:min(1, limit)], nil
		}
	}
	return nil, nil
}

func TestEndOfTheLog(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	for range 200 {
		g := &gaps{}
		last := outbox.Position{Major: random.Uint64N(1 << random.IntN(40))}
		for range random.IntN(2000) {
			if random.IntN(3) == 0 {
				last.Major += 1 + random.Uint64N(1<<random.IntN(12))
				last.Minor = random.Uint64N(3)
			}
			last.Minor += 1 + random.Uint64N(5)
			g.at = append(g.at, last)
		}
		got, err := outbox.End(t.Context(), g)
		if len(g.at) == 0 {
			last = outbox.Position{}
		}
		if err != nil || got != last || g.asks > 300 {
			t.Fatalf("end %v, want %v, after %d reads: %v", got, last, g.asks, err)
		}
	}
}

// broken is a source that fails while it is told to.
type broken struct {
	*searchtest.Source
	err error
}

func (b *broken) Events(ctx context.Context, after outbox.Position, limit int) ([]outbox.Stored, error) {
	if b.err != nil {
		return nil, b.err
	}
	return b.Source.Events(ctx, after, limit)
}

// Property 59, the index's part: it answers while it cannot follow, and says how old its answers are.
func TestStalenessIsShown(t *testing.T) {
	now := noon
	source := &broken{Source: newSource()}
	x, err := New(source, Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Search(t.Context(), search.Query{}); !errors.Is(err, search.ErrStarting) {
		t.Errorf("before the first load: %v", err)
	}
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	source.err, now = errors.New("the disk is on fire"), noon.Add(time.Minute)
	if err := x.CatchUp(t.Context()); !errors.Is(err, source.err) {
		t.Errorf("catching up: %v", err)
	}
	page, err := x.Search(t.Context(), search.Query{})
	if err != nil || page.Staleness != time.Minute || !page.AsOf.Equal(noon) || page.Total == 0 {
		t.Errorf("%d hits, staleness %v, as of %v, %v", page.Total, page.Staleness, page.AsOf, err)
	}
	source.err = nil
	if err := x.CatchUp(t.Context()); err != nil || x.Stats().Staleness != 0 || x.Stats().Properties == 0 {
		t.Errorf("afterwards %+v, %v", x.Stats(), err)
	}
}
