package searchtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/world"
)

// agree compares the hits and totals of a query without a place with those of
// the search that tries everything.
func (h *hotels) agree(q search.Query) {
	h.Helper()
	agree(h.T, h.Index, h.source, q, h.now())
}

func agree(t testing.TB, index search.Index, source *Source, q search.Query, now time.Time) {
	t.Helper()
	want := brute(t, source, q, now, func(r record) bool {
		return (len(q.Stars) == 0 || slices.Contains(q.Stars, r.property.Stars)) && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, r.property.Kind))
	})
	q.Sort, q.Limit = search.ByTotal, search.MaxPage
	byID := make(map[string]answer)
	for {
		page, err := index.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range page.Hits {
			byID[hit.PropertyID] = answer{hit.PropertyID, hit.Stars, hit.Total}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if len(byID) != len(want) {
		t.Errorf("%d hits, want %d for %+v", len(byID), len(want), q)
	}
	for _, w := range want {
		if diff := cmp.Diff(w, byID[w.ID]); diff != "" {
			t.Errorf("%s on %v for %v (-want +got):\n%s", w.ID, q.Stay, q.Parties, diff)
		}
	}
}

func testChanges(h *hotels) {
	q := search.Query{Place: "Pension Étoile", Stay: nights(20, 3), Parties: couple}
	h.expect("before", h.ids(q), "etoile")
	h.source.Sell("etoile", "etoile_double", *nights(21, 1), 1)
	h.sync()
	h.expect("its last room is sold", h.ids(q))
	h.source.Sell("etoile", "etoile_double", *nights(21, 1), -1)
	h.sync()
	h.expect("and given back", h.ids(q), "etoile")
	h.source.Reprice("etoile", func(plans []rate.Plan, calendars []rate.Calendar) {
		for i := range calendars[0].Prices {
			calendars[0].Prices[i].Base[0].Amount = calendars[0].Prices[i].Base[0].Amount.MulInt(2)
		}
		plans[2].Closed = true
	})
	h.sync()
	if total := h.search(q).Hits[0].Total; total.Minor != 3*160_00+3*2*1_00 {
		h.Errorf("at the new price %v", total)
	}
	h.source.Edit("etoile", func(p *property.Property) { p.Name, p.City, p.Country = "Villa Nova", "Zürich", "CH" })
	h.sync()
	h.expect("the old name", h.ids(q))
	h.expect("the new place", h.ids(search.Query{Place: "Zürich", Sort: search.ByStars}), "etoile", "zurich")
}

// testSpoiltPlans: a plan that cannot be priced takes itself off sale, and not
// the house; one that is not in the house's currency is never charged.
func testSpoiltPlans(h *hotels) {
	q := search.Query{Place: "Pension Étoile", Stay: nights(20, 3), Parties: couple}
	h.source.Reprice("etoile", func(plans []rate.Plan, _ []rate.Calendar) {
		orphan := *plans[1].Derivation
		orphan.ParentID = "nobody"
		plans[1].Derivation = &orphan
	})
	h.sync()
	h.expect("with a plan whose parent is gone", h.ids(q), "etoile")
	h.agree(search.Query{Stay: q.Stay, Parties: couple})
	h.source.Reprice("etoile", func(plans []rate.Plan, _ []rate.Calendar) {
		for i := range plans {
			plans[i].Currency = "USD"
		}
	})
	h.sync()
	h.expect("with plans in another currency", h.ids(q))
}

func testNewAndClosed(h *hotels) {
	h.source.Edit("paix", func(p *property.Property) { p.Closed = true })
	lima := House{
		ID: "lima", Name: "Casa Lima", City: "Lima", Country: "PE", Zone: "America/Lima", Currency: "PEN", Kind: "hotel",
		Price: 100_00, Doubles: 1,
	}
	h.source.Import(lima.Bundle(opening))
	h.sync()
	h.expect("a closed house", h.ids(search.Query{Place: "paix"}))
	h.expect("a new city", h.ids(search.Query{Place: "lima", Stay: nights(2, 2), Parties: couple}), "lima")
	h.agree(search.Query{Stay: nights(5, 2), Parties: couple})
}

// testStrangeEvents: what the index does not know, or cannot read, does not stop it.
func testStrangeEvents(h *hotels) {
	h.source.Emit(outbox.Event{Type: "moon.landed", Data: []byte("{")})
	h.source.Emit(outbox.Event{PropertyID: "nowhere", Type: inventory.EventChanged, Data: []byte("[]")})
	h.source.Emit(outbox.Event{PropertyID: "paix", Type: inventory.EventChanged, Data: []byte("{not json")})
	h.source.Emit(outbox.Event{PropertyID: "nowhere", Type: property.EventChanged})
	h.source.Emit(inventory.Changed("paix", []inventory.Night{{RoomTypeID: "paix_double", Night: stay.LastDate, Version: 1}}))
	h.source.Sell("etoile", "etoile_double", *nights(20, 1), 1)
	h.sync()
	h.expect("after them", h.ids(search.Query{Place: "etoile", Stay: nights(20, 1), Parties: couple}))
	h.agree(search.Query{Stay: nights(20, 1), Parties: couple})
}

func testCancelled(h *hotels) {
	ctx, cancel := context.WithCancel(h.Context())
	cancel()
	if _, err := h.Index.Search(ctx, search.Query{Stay: nights(20, 1), Parties: couple}); err == nil {
		h.Error("a cancelled query is answered")
	}
}

// Generated is a source with a generated world, and its first day.
func Generated(t testing.TB, seed uint64, properties int, now func() time.Time) *Source {
	t.Helper()
	w, err := world.New(world.Options{Seed: seed, Today: opening, Properties: properties, TenantID: "ten_w", Prepaid: true})
	if err != nil {
		t.Fatal(err)
	}
	s := NewSource(now)
	for i := range w.Len() {
		s.Import(w.Bundle(i))
	}
	return s
}

// testGenerated compares random queries over a generated world with the search
// that tries everything, while the world changes.
func testGenerated(h *hotels) {
	source := Generated(h, 7, 60, h.now)
	opened := h.open(h.T, h.setup(source))
	random := rand.New(rand.NewPCG(1, 2))
	for range h.scale(60, 15) {
		Shuffle(source, random)
		if err := opened.Sync(h.Context()); err != nil {
			h.Fatal(err)
		}
		agree(h, opened.Index, source, randomQuery(random), h.now())
	}
}

// Shuffle sells and gives back rooms at random.
func Shuffle(s *Source, random *rand.Rand) {
	s.mu.Lock()
	var rooms []property.RoomType
	for _, r := range s.houses {
		rooms = append(rooms, r.types...)
	}
	s.mu.Unlock()
	slices.SortFunc(rooms, func(a, b property.RoomType) int { return strings.Compare(a.ID, b.ID) })
	for range 20 {
		r := rooms[random.IntN(len(rooms))]
		s.Sell(r.PropertyID, r.ID, *nights(random.IntN(40), 1+random.IntN(10)), random.IntN(2*r.Stock+1)-r.Stock)
	}
}

func randomQuery(random *rand.Rand) search.Query {
	q := search.Query{Stay: nights(random.IntN(60), 1+random.IntN(9)), FreeCancel: random.IntN(3) == 0}
	if from := random.IntN(3); from > 0 {
		q.Stars = search.StarsFrom(from)
	}
	for range 1 + random.IntN(search.MaxRooms) {
		party := stay.Party{Adults: 1 + random.IntN(4)}
		for range random.IntN(3) {
			party.ChildAges = append(party.ChildAges, random.IntN(18))
		}
		q.Parties = append(q.Parties, party)
	}
	if random.IntN(4) == 0 {
		q.Boards = []string{"bed_and_breakfast", "half_board"}
	}
	return q
}

// testRace searches while rooms are sold, prices change and houses are edited.
// A room count moves over three nights at once, so that a hit with a count that
// never was shows a torn read.
func testRace(h *hotels) {
	var workers sync.WaitGroup
	var done atomic.Bool
	for i := range 2 {
		workers.Go(func() {
			for n := 0; !done.Load(); n++ {
				h.raceQuery(i, n)
			}
		})
	}
	for n := range h.scale(200, 60) {
		h.source.Sell("paix", "paix_double", *nights(20, 3), 2)
		h.source.Edit("ritzy", func(p *property.Property) { p.Name = fmt.Sprintf("Ritzy %d", n%3) })
		h.source.Reprice("sumisho", func([]rate.Plan, []rate.Calendar) {})
		h.sync()
		h.source.Sell("paix", "paix_double", *nights(20, 3), -2)
		h.sync()
	}
	done.Store(true)
	workers.Wait()
	h.agree(search.Query{Stay: nights(20, 3), Parties: couple})
}

func (h *hotels) raceQuery(i, n int) {
	page, err := h.Index.Search(h.Context(), search.Query{Place: "Paris, FR", Stay: nights(20, 3), Parties: couple, Limit: 1 + n%5})
	if err != nil || page.Total != 3 {
		h.Errorf("worker %d: %d hits, %v", i, page.Total, err)
	}
	for _, hit := range page.Hits {
		if hit.PropertyID == "paix" && hit.Rooms[0].Free != 1 && hit.Rooms[0].Free != 3 {
			h.Errorf("a count that never was: %d", hit.Rooms[0].Free)
		}
	}
	if _, err := h.Index.Places(h.Context(), "rit", 5); err != nil {
		h.Error(err)
	}
}
