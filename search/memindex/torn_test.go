package memindex

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
)

// Every state that is written has half of the stay sold out, now the first, now
// the second; what opens is written before what closes. A stay that is shown was
// put together from two states.
func TestNoTornStays(t *testing.T) {
	x := openAt(t, newSource(), atNoon)
	h := searchtest.World[0]
	nights := stay.Stay{Arrival: opening.Add(1), Departure: opening.Add(59)}
	half := nights.Arrival.Add(29)
	write := func(version int64) {
		var opens, closes []inventory.Night
		for _, room := range []string{h.Double(), h.Family()} {
			for night := nights.Arrival; night < nights.Departure; night++ {
				n := inventory.Night{RoomTypeID: room, Night: night, Cap: 1, Version: version}
				if (night < half) == (version%2 == 0) {
					opens = append(opens, n)
				} else {
					n.Sold = 1
					closes = append(closes, n)
				}
			}
		}
		if !x.count(inventory.Changed(h.ID, append(opens, closes...))) {
			t.Error("the counts were not taken")
		}
	}
	write(2)
	var done atomic.Bool
	var searches atomic.Int64
	var readers sync.WaitGroup
	for _, parties := range [][]stay.Party{{{Adults: 2}}, {{Adults: 1}, {Adults: 2}}} {
		readers.Go(func() {
			for !done.Load() {
				page, err := x.Search(t.Context(), search.Query{PlaceID: h.ID, Stay: &nights, Parties: parties})
				if err != nil || page.Total != 0 {
					t.Errorf("%d hits: %+v, %v", page.Total, page.Hits, err)
					return
				}
				searches.Add(1)
			}
		})
	}
	for version := int64(3); version < 3_000 || searches.Load() < 500; version++ {
		write(version)
	}
	done.Store(true)
	readers.Wait()
	t.Logf("%d searches", searches.Load())
}

// A reader that writers never leave alone gets the lock in the end.
func TestReadersEndWhileWritersWrite(t *testing.T) {
	s := newAlmanac(lanes{rooms: 3}, 10)
	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for range 2 {
		writers.Go(func() {
			for n := int64(1); ctx.Err() == nil; n++ {
				s.write(func() { s.put(1, inventory.Count{Night: opening, Free: 3, Version: n}) })
			}
		})
	}
	for range 2_000 {
		s.read(func() { s.least(1, stay.Stay{Arrival: opening, Departure: opening + 1}) })
	}
	cancel()
	writers.Wait()
}

// Property 61: whatever is written, in whatever order, while days pass, the
// index answers as the reference does over what the store holds.
func TestAgreesWhileTheWorldChanges(t *testing.T) {
	seeds := uint64(6)
	if testing.Short() {
		seeds = 2
	}
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 62))
		now := noon
		clock := func() time.Time { return now }
		source := searchtest.Generated(t, seed, 90, clock)
		setup := searchtest.Setup{Source: source, Now: clock}
		x := openAt(t, source, clock)
		x.alone = int(seed % 2) // with helpers, and without when there is one block
		reference := searchtest.NewReference(source, setup)
		ids := slices.Sorted(func(yield func(string) bool) {
			for id := range x.places {
				if !yield(id) {
					return
				}
			}
		})
		for n := range 12 {
			change(source, ids, random, n)
			if n%4 == 3 {
				now = now.Add(time.Duration(random.IntN(60)) * time.Hour)
			}
			if n == 9 {
				now = now.AddDate(0, 0, 45) // every window has to move
			}
			for range 60 { // and does, a few houses at a time
				if err := x.CatchUp(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := reference.Sync(t.Context()); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				searchtest.Agree(t, x, reference, searchtest.Draw(random, stay.On(now, time.UTC)))
			}
		}
	}
}

// change is a handful of writes of every kind.
func change(s *searchtest.Source, ids []string, random *rand.Rand, n int) {
	for i := range 15 {
		id := ids[random.IntN(len(ids))]
		switch random.IntN(7) {
		case 0:
			s.Edit(id, func(p *property.Property) { p.Closed = !p.Closed })
		case 1:
			s.Edit(id, func(p *property.Property) { p.Stars, p.Lat, p.Lon = random.IntN(6), p.Lat/2, p.Lon/2 })
		case 2:
			house := searchtest.World[random.IntN(len(searchtest.World))]
			house.ID, house.Stars = fmt.Sprintf("prop_new%d_%d", n, i), random.IntN(6)
			s.Import(house.Bundle(opening))
		case 3:
			s.Reprice(id, func(plans []rate.Plan, calendars []rate.Calendar) {
				plans[random.IntN(len(plans))].Closed = random.IntN(2) == 0
				c := &calendars[random.IntN(len(calendars))]
				if len(c.Prices) > 0 {
					c.Prices[random.IntN(len(c.Prices))].Base[0].Amount = c.Prices[0].Base[0].Amount.MulInt(1 + random.IntN(3))
				}
				c.Rules = append(slices.Clone(c.Rules), dice{random}.rule())
			})
		default:
			searchtest.Shuffle(s, random)
		}
	}
}
