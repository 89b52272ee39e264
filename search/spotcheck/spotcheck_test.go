package spotcheck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
	"github.com/vacancyhq/vacancy/world"
)

// town is the real store with hotels, an index that is told when to follow it,
// and booking.
type town struct {
	*testing.T
	store *sqlitestore.Store
	index *memindex.Index
	desk  *booking.Service
	today stay.Date
	ids   []string

	rates  *rate.Service
	writes int
}

// pension is a house of one double and one family room.
const pension = "prop_pension"

func newTown(t *testing.T) *town {
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "town.db"), sqlitestore.Options{Clock: time.Now})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	must(t, s.Migrate(t.Context()))
	h := &town{T: t, store: s, today: stay.On(time.Now(), time.UTC)}
	h.build()
	ids, err := ident.New("eu", time.Now)
	must(t, err)
	keys, err := account.OpenKeyring(t.Context(), s, ids, time.Now)
	must(t, err)
	h.rates = rate.NewService(s, ids)
	h.desk = booking.NewService(s, keys, ids, sandboxpay.New(nil))
	h.index, err = memindex.Open(t.Context(), s, memindex.Options{Now: time.Now})
	must(t, err)
	return h
}

func (h *town) build() {
	w, err := world.New(world.Options{Seed: 60, Today: h.today, Properties: 12, TenantID: "ten_w", Prepaid: true})
	must(h.T, err)
	for i := range w.Len() {
		bundle := w.Bundle(i)
		must(h.T, h.store.Import(h.Context(), bundle))
		h.ids = append(h.ids, bundle.Property.PropertyID)
	}
	house := searchtest.World[1]
	house.ID, house.Name = pension, "Pension"
	bundle := house.Bundle(h.today)
	for i := range bundle.Rates.Plans {
		bundle.Rates.Plans[i].Version = 0
	}
	for i := range bundle.Rates.Calendars {
		bundle.Rates.Calendars[i].Version = 0
	}
	must(h.T, h.store.Import(h.Context(), bundle))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *town) checker(o Options) *Checker {
	o.Offers, o.Now = h.desk.Offers, time.Now
	c, err := New(o)
	must(h.T, err)
	return c
}

// atPension asks for the pension alone.
func (h *town) atPension() search.Query {
	return search.Query{
		PlaceID: pension, Parties: []stay.Party{{Adults: 2}}, PromoCode: "MAY",
		Stay: &stay.Stay{Arrival: h.today + 10, Departure: h.today + 12},
	}
}

// sell takes every room of the pension for a night.
func (h *town) sell(night stay.Date) {
	h.Helper()
	types, err := h.store.RoomTypes(h.Context(), pension)
	must(h.T, err)
	change := inventory.Change{PropertyID: pension, By: "stf_ana"}
	for _, r := range types {
		change.Settings = append(change.Settings, inventory.Setting{Key: inventory.Key{RoomTypeID: r.ID, Night: night}, Blocked: new(r.Stock)})
	}
	slices.SortFunc(change.Settings, func(a, b inventory.Setting) int { return strings.Compare(a.RoomTypeID, b.RoomTypeID) })
	must(h.T, h.store.ApplyInventory(h.Context(), change))
}

// reprice makes every price of a house so many times what it is.
func (h *town) reprice(id string, times money.Rat) error {
	calendars, err := h.store.Calendars(h.Context(), id)
	if err != nil {
		return err
	}
	var writes []rate.PriceWrite
	for _, c := range calendars {
		for _, p := range c.Prices {
			p.Base = slices.Clone(p.Base)
			for i := range p.Base {
				p.Base[i].Amount = p.Base[i].Amount.Mul(times)
			}
			writes = append(writes, rate.PriceWrite{PlanID: c.PlanID, RoomTypeIDs: []string{c.RoomTypeID}, Price: p})
		}
	}
	h.writes++
	_, err = h.rates.SetPrices(h.Context(), outbox.Command[[]rate.Calendar]{
		Caller: "key_a", Key: fmt.Sprint(h.writes), Render: func([]rate.Calendar) (int, []byte) { return 200, nil },
	}, id, writes[:min(len(writes), rate.MaxWrites)])
	return err
}

// counted is how many checks of a channel ended so.
func counted(t *testing.T, c *Checker) map[outcome]int {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(c)
	families, err := registry.Gather()
	must(t, err)
	all := make(map[outcome]int)
	for _, f := range families {
		for _, m := range f.Metric {
			key := outcome("dropped")
			for _, l := range m.Label {
				if l.GetName() == "outcome" {
					key = outcome(l.GetValue())
				}
			}
			all[key] += int(m.Counter.GetValue())
		}
	}
	return all
}

// altered is an index whose answers are bent.
type altered struct {
	search.Index
	bend func(*search.Page)
}

func (a altered) Search(ctx context.Context, q search.Query) (search.Page, error) {
	page, err := a.Index.Search(ctx, q)
	a.bend(&page)
	return page, err
}

// Property 60: a price that search shows and booking does not ask is counted,
// and so is a room that is not to be had; what freshness explains is told apart.
func TestMismatchesAreCounted(t *testing.T) {
	dearer := func(p *search.Page) {
		for i := range p.Hits {
			p.Hits[i].Total.Minor++
		}
	}
	var first *search.Page
	stuck := func(p *search.Page) { // goes on showing what it showed first
		if first == nil {
			first = new(*p)
		}
		p.Hits = first.Hits
	}
	asleep := func(p *search.Page) { p.AsOf = p.AsOf.Add(-time.Hour) }
	straight := func(*search.Page) {}
	for _, c := range []struct {
		name   string
		bend   func(*search.Page)
		change func(*town)
		want   outcome
	}{
		{"nothing changes", straight, func(*town) {}, same},
		{"a cent too much", dearer, func(*town) {}, wrong},
		{"sold, and still shown", stuck, func(h *town) { h.sell(h.today + 11) }, missing},
		{"sold", straight, func(h *town) { h.sell(h.today + 11) }, gone},
		{"another price", straight, func(h *town) { must(h.T, h.reprice(pension, money.RatOf(3, 2))) }, repriced},
		{"sold, and the index sleeps", asleep, func(h *town) { h.sell(h.today + 11) }, unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			first = nil
			h := newTown(t)
			checker := h.checker(Options{Share: 1, Patience: 100 * time.Millisecond})
			index := checker.Over(altered{following{h.index}, c.bend}, "api")
			page, err := index.Search(t.Context(), h.atPension())
			must(t, err)
			if len(page.Hits) != 1 {
				t.Fatalf("%d hits", len(page.Hits))
			}
			c.change(h)
			claim := <-checker.queue
			checker.check(t.Context(), &claim)
			want := map[outcome]int{same: 0, gone: 0, repriced: 0, wrong: 0, missing: 0, unknown: 0, "dropped": 0}
			want[c.want] = 1
			if got := counted(t, checker); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("counted %v, want %v", got, want)
			}
		})
	}
}

// following is an index that reads the log before each answer.
type following struct{ *memindex.Index }

func (f following) Search(ctx context.Context, q search.Query) (search.Page, error) {
	if err := f.CatchUp(ctx); err != nil {
		return search.Page{}, err
	}
	return f.Index.Search(ctx, q)
}

// Property 60: over a store in which rooms are sold and prices change, whatever
// is asked for, nothing is left that freshness does not explain.
func TestNoMismatchWhileHotelsChange(t *testing.T) {
	h := newTown(t)
	checker := h.checker(Options{Share: 1, PerSecond: 5_000, Queue: 10_000})
	index := checker.Over(h.index, "web")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	go func() { ended <- h.index.Run(ctx) }()
	go func() { ended <- checker.Run(ctx) }()
	random, asked := rand.New(rand.NewPCG(60, 2)), 0
	for n := range 300 {
		if n%8 == 0 {
			h.change(random)
		}
		for len(checker.queue) > 2 {
			runtime.Gosched() // what waits long has changed meanwhile
		}
		page, err := index.Search(ctx, h.anything(random))
		must(t, err)
		asked += min(len(page.Hits), 1)
	}
	done := func(all map[outcome]int) (n int) {
		for _, count := range all {
			n += count
		}
		return n
	}
	for deadline := time.Now().Add(time.Minute); done(counted(t, checker)) < asked && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	got := counted(t, checker)
	cancel()
	for range 2 {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if got[wrong] > 0 || got[missing] > 0 || got[same] < 100 || done(got) != asked {
		t.Errorf("of %d: %v", asked, got)
	}
	t.Logf("of %d: %v", asked, got)
}

// change sells, frees or reprices something.
func (h *town) change(random *rand.Rand) {
	h.Helper()
	id := h.ids[random.IntN(len(h.ids))]
	if random.IntN(4) == 0 {
		must(h.T, h.reprice(id, money.RatOf(int64(90+random.IntN(20)), 100)))
		return
	}
	types, err := h.store.RoomTypes(h.Context(), id)
	must(h.T, err)
	key := inventory.Key{RoomTypeID: types[random.IntN(len(types))].ID, Night: h.today.Add(5 + random.IntN(20))}
	must(h.T, h.store.ApplyInventory(h.Context(), inventory.Change{
		PropertyID: id, By: "stf_ana", Force: true, Settings: []inventory.Setting{{Key: key, Stock: new(random.IntN(3))}},
	}))
}

// anything is a query with prices, of any kind.
func (h *town) anything(random *rand.Rand) search.Query {
	parties := [][]stay.Party{{{Adults: 2}}, {{Adults: 1}}, {{Adults: 2, ChildAges: []int{4}}}, {{Adults: 2}, {Adults: 2}}, {{Adults: 1}, {Adults: 2}, {Adults: 2}}}
	q := search.Query{Parties: parties[random.IntN(len(parties))], FreeCancel: random.IntN(4) == 0}
	if random.IntN(4) == 0 {
		q.Boards = []string{string(rate.BedAndBreakfast)}
	}
	first := h.today.Add(4 + random.IntN(20))
	nights := 1 + random.IntN(4)
	if random.IntN(4) == 0 {
		q.Window = &search.Window{First: first, Last: first + 5, Nights: nights}
	} else {
		q.Stay = &stay.Stay{Arrival: first, Departure: first.Add(nights)}
	}
	return q
}

// An answer does not wait for its check: what is too much is dropped, and counted.
func TestAFullQueueDrops(t *testing.T) {
	h := newTown(t)
	checker := h.checker(Options{Share: 1, Queue: 2})
	index := checker.Over(h.index, "api")
	for range 5 {
		page, err := index.Search(t.Context(), h.atPension())
		must(t, err)
		if len(page.Hits) != 1 {
			t.Fatal("no answer")
		}
	}
	if got := counted(t, checker)["dropped"]; got != 3 || len(checker.queue) != 2 {
		t.Errorf("%d dropped, %d wait", got, len(checker.queue))
	}
}

func TestOnlyTheShareIsChecked(t *testing.T) {
	h := newTown(t)
	turn := 0
	checker := h.checker(Options{Share: 0.25, Draw: func() float64 { turn++; return float64(turn%8) / 8 }})
	index := checker.Over(h.index, "api")
	for range 16 {
		_, err := index.Search(t.Context(), h.atPension())
		must(t, err)
	}
	if n := len(checker.queue); n < 2 || n > 8 {
		t.Errorf("%d of 16 are checked", n)
	}
	if _, err := New(Options{Offers: h.desk.Offers, Now: time.Now, Share: 1.5}); err == nil {
		t.Error("a share above one")
	}
}

// A mismatch is told with what leads to it, and nothing of who asked.
func TestTheLogNamesNobody(t *testing.T) {
	h := newTown(t)
	var log bytes.Buffer
	checker := h.checker(Options{Share: 1, Log: slog.New(slog.NewJSONHandler(&log, nil))})
	index := checker.Over(altered{following{h.index}, func(p *search.Page) {
		for i := range p.Hits {
			p.Hits[i].Total.Minor += 7
		}
	}}, "api")
	_, err := index.Search(t.Context(), h.atPension())
	must(t, err)
	claim := <-checker.queue
	checker.check(t.Context(), &claim)
	for _, wanted := range []string{`"level":"WARN"`, `"outcome":"price"`, `"property":"` + pension + `"`, pension + "_double", pension + "_secret", `"channel":"api"`} {
		if !strings.Contains(log.String(), wanted) {
			t.Errorf("the log lacks %s: %s", wanted, log.String())
		}
	}
	for _, private := range []string{"MAY", "dults", "hild"} {
		if strings.Contains(log.String(), private) {
			t.Errorf("the log has %s: %s", private, log.String())
		}
	}
}
