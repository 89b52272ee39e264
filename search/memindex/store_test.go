package memindex_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
	"github.com/vacancyhq/vacancy/world"
)

// sold is the real store with houses of one room each, an index that follows
// it, and the desk that sells them.
type sold struct {
	*testing.T
	index *memindex.Index
	desk  *booking.Service
	today stay.Date
}

func newSold(t *testing.T, bundles func(today stay.Date) []store.Bundle) *sold {
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "search.db"), sqlitestore.Options{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	h := &sold{T: t, today: stay.On(time.Now(), time.UTC)}
	for _, bundle := range bundles(h.today) {
		if err := s.Import(t.Context(), bundle); err != nil {
			t.Fatal(err)
		}
	}
	ids, err := ident.New("eu", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := account.OpenKeyring(t.Context(), s, ids, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	h.desk = booking.NewService(s, keys, ids, sandboxpay.New(nil))
	h.follow(s)
	return h
}

// pensions are houses with one room each.
func pensions(n int) func(today stay.Date) []store.Bundle {
	return func(today stay.Date) (bundles []store.Bundle) {
		for i := range n {
			house := searchtest.World[1]
			house.ID, house.Name = fmt.Sprintf("prop_%03d", i), fmt.Sprintf("Pension %03d", i)
			bundle := house.Bundle(today)
			for i := range bundle.Rates.Plans {
				bundle.Rates.Plans[i].Version = 0
			}
			for i := range bundle.Rates.Calendars {
				bundle.Rates.Calendars[i].Version = 0
			}
			bundles = append(bundles, bundle)
		}
		return bundles
	}
}

func (h *sold) follow(s search.Source) {
	index, err := memindex.Open(h.Context(), s, memindex.Options{Now: time.Now})
	if err != nil {
		h.Fatal(err)
	}
	h.index = index
	ctx, cancel := context.WithCancel(h.Context())
	ended := make(chan error, 1)
	go func() { ended <- index.Run(ctx) }()
	h.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			h.Errorf("run: %v", err)
		}
	})
}

func (h *sold) stay() stay.Stay { return stay.Stay{Arrival: h.today + 10, Departure: h.today + 13} }

func (h *sold) offers(id string, nights stay.Stay) booking.Shop {
	h.Helper()
	shop, err := h.desk.Offers(h.Context(), booking.Query{
		PropertyID: id, Stay: nights, Parties: []stay.Party{{Adults: 2}}, Caller: "key_a",
	})
	if err != nil {
		h.Fatal(err)
	}
	return shop
}

func (h *sold) hold(key, token string) error {
	_, err := h.desk.Hold(h.Context(), booking.Command{
		Caller: "key_a", Channel: "api", Key: key, Render: func(booking.Result) (int, []byte) { return 201, nil },
	}, []string{token})
	return err
}

func (h *sold) shown(name string) []search.Hit {
	h.Helper()
	nights := h.stay()
	page, err := h.index.Search(h.Context(), search.Query{Place: name, Stay: &nights, Parties: []stay.Party{{Adults: 2}}})
	if err != nil {
		h.Fatal(err)
	}
	return page.Hits
}

// Property 58: when the last room is sold, search stops showing it within a
// second, and who clicks on what was shown before gets a clean refusal.
func TestLastRoomLeavesSearch(t *testing.T) {
	const houses = 40
	h := newSold(t, pensions(houses))
	var waits []time.Duration
	for i := range houses {
		id, name := fmt.Sprintf("prop_%03d", i), fmt.Sprintf("Pension %03d", i)
		offer := h.offers(id, h.stay()).Rooms[0].Offers[0]
		hits := h.shown(name)
		if len(hits) != 1 || hits[0].Total != offer.Price() || hits[0].Rooms[0].PlanID != offer.PlanID {
			t.Fatalf("%s: search shows %+v, the offer is %v %s", name, hits, offer.Price(), offer.PlanID)
		}
		if err := h.hold("first"+id, offer.Token); err != nil {
			t.Fatal(err)
		}
		committed := time.Now()
		for len(h.shown(name)) > 0 {
			if time.Since(committed) > time.Second {
				t.Fatalf("%s is still shown a second after its last room was sold", name)
			}
			time.Sleep(100 * time.Microsecond)
		}
		waits = append(waits, time.Since(committed))
		if err := h.hold("second"+id, offer.Token); !errors.Is(err, inventory.ErrSoldOut) {
			t.Fatalf("the stale click: %v", err)
		}
	}
	slices.Sort(waits)
	t.Logf("gone from search after %v (median), %v (worst of %d)", waits[houses/2], waits[houses-1], houses)
}

// Property 60, the exact part: what search shows is what the cheapest offer
// asks for, and nothing else is shown.
func TestSearchShowsWhatOffersQuote(t *testing.T) {
	var ids []string
	h := newSold(t, func(today stay.Date) (bundles []store.Bundle) {
		w, err := world.New(world.Options{Seed: 60, Today: today, Properties: 12, TenantID: "ten_w", Prepaid: true})
		if err != nil {
			t.Fatal(err)
		}
		for i := range w.Len() {
			bundles = append(bundles, w.Bundle(i))
			ids = append(ids, bundles[i].Property.PropertyID)
		}
		return bundles
	})
	shown := 0
	for from := range 30 {
		nights := stay.Stay{Arrival: h.today.Add(2 + 7*from), Departure: h.today.Add(3 + 7*from + from%8)}
		totals := h.totals(nights)
		for _, id := range ids {
			want, got := h.cheapest(id, nights), totals[id]
			if got != want {
				t.Errorf("%s on %v: search shows %v, the cheapest offer is %v", id, nights, got, want)
			}
		}
		shown += len(totals)
	}
	if shown < 100 {
		t.Errorf("only %d hits were compared", shown)
	}
}

func (h *sold) totals(nights stay.Stay) map[string]money.Amount {
	h.Helper()
	page, err := h.index.Search(h.Context(), search.Query{Stay: &nights, Parties: []stay.Party{{Adults: 2}}, Limit: search.MaxPage})
	if err != nil {
		h.Fatal(err)
	}
	totals := make(map[string]money.Amount)
	for _, hit := range page.Hits {
		totals[hit.PropertyID] = hit.Total
	}
	return totals
}

// cheapest is the total of the first offer; nothing when there is none.
func (h *sold) cheapest(id string, nights stay.Stay) money.Amount {
	h.Helper()
	if offers := h.offers(id, nights).Rooms[0].Offers; len(offers) > 0 {
		return offers[0].Price()
	}
	return money.Amount{}
}
