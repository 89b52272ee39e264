package memindex_test

import (
	"context"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store/pgstore"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// Property 62, its base: search nodes are replicas of one log, each with its
// own cursor; one that dies takes nothing with it, and one that comes back has
// what the others have.
func TestNodes(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn, today := server.Database(t), stay.On(time.Now(), time.UTC)
		s, err := pgstore.Open(t.Context(), dsn, pgstore.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, bundle := range pensions(5)(today) {
			if err := s.Import(t.Context(), bundle); err != nil {
				t.Fatal(err)
			}
		}
		nights := stay.Stay{Arrival: today + 10, Departure: today + 12}
		free := func(x *memindex.Index) int {
			t.Helper()
			if err := x.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			page, err := x.Search(t.Context(), search.Query{Stay: &nights, Parties: []stay.Party{{Adults: 2}}})
			if err != nil {
				t.Fatal(err)
			}
			return page.Total
		}
		open := func() *memindex.Index {
			x, err := memindex.Open(t.Context(), s, memindex.Options{Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		first, second := open(), open()
		ctx, kill := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- first.Run(ctx) }()
		block(t, s, "prop_000", today+10)
		if n := free(second); n != 4 {
			t.Errorf("the second node shows %d of 4", n)
		}
		kill()
		<-ended
		block(t, s, "prop_001", today+11)
		if n := free(second); n != 3 {
			t.Errorf("with the first node dead the second shows %d of 3", n)
		}
		if n := free(first); n != 3 {
			t.Errorf("back again, the first node shows %d of 3", n)
		}
		if n := free(open()); n != 3 {
			t.Errorf("a new node shows %d of 3", n)
		}
	})
}

// block takes the only double of a pension out of sale for a night.
func block(t *testing.T, s *pgstore.Store, id string, night stay.Date) {
	t.Helper()
	house := searchtest.House{ID: id}
	err := s.ApplyInventory(t.Context(), inventory.Change{PropertyID: id, By: "stf_ana", Settings: []inventory.Setting{
		{Key: inventory.Key{RoomTypeID: house.Double(), Night: night}, Blocked: new(1)},
	}})
	if err != nil {
		t.Fatal(err)
	}
}
