package world

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

var today = stay.DateOf(2027, time.May, 10)

func newWorld(t testing.TB, properties int) *World {
	t.Helper()
	w, err := New(Options{Seed: 7, Today: today, Properties: properties, TenantID: "ten_demo"})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestSameSeedSameWorld(t *testing.T) {
	a, b := newWorld(t, 500), newWorld(t, 500)
	for _, i := range []int{0, 17, 499} {
		first := a.Bundle(i)
		if !reflect.DeepEqual(first, a.Bundle(i)) || !reflect.DeepEqual(first, b.Bundle(i)) {
			t.Errorf("property %d differs between two makings", i)
		}
	}
	other, err := New(Options{Seed: 8, Today: today, Properties: 500, TenantID: "ten_demo"})
	if err != nil {
		t.Fatal(err)
	}
	if other.Bundle(0).Property.PropertyID == a.Bundle(0).Property.PropertyID {
		t.Error("another seed gives the same id")
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{{Properties: 0, TenantID: "ten_a"}, {Properties: MaxProperties + 1, TenantID: "ten_a"}, {Properties: 1}} {
		if _, err := New(o); err == nil {
			t.Errorf("New(%+v) = nil error", o)
		}
	}
}

// TestEveryHotelIsSound checks what the doors would check, and prices a stay
// for two in every product.
func TestEveryHotelIsSound(t *testing.T) {
	w := newWorld(t, 2_000)
	for i := 0; i < w.Len(); i += 4 {
		b := w.Bundle(i)
		sound(t, b)
		if _, priced := cheapest(b, today.Add(40)); priced == 0 && !closedOn(b, today.Add(40)) {
			t.Errorf("%s: no price for two on an open night", b.Property.Property.Name)
		}
		if open := openShare(b); open <= 60 {
			t.Errorf("%s (%s, %s): on sale on %d %% of nights; want more than 60", b.Property.Property.Name,
				b.Property.Property.Kind, b.Property.Property.City, open)
		}
	}
}

func sound(t *testing.T, b store.Bundle) {
	t.Helper()
	p := b.Property.Property
	check := func(err error) {
		if err != nil {
			t.Errorf("%s in %s: %v", p.Name, p.City, err)
		}
	}
	check(p.Check())
	for _, r := range b.Property.RoomTypes {
		check(r.Check())
	}
	for _, plan := range b.Rates.Plans {
		check(plan.Check())
		if kind := plan.Payment.Kind; kind != rate.AtProperty && kind != rate.CardGuarantee {
			t.Errorf("%s: plan %s asks for %s", p.Name, plan.Code, kind)
		}
	}
	for _, c := range b.Rates.Calendars {
		check(c.Check())
		if len(c.Prices) >= 40 {
			t.Errorf("%s: %d price spans; want fewer than 40", p.Name, len(c.Prices))
		}
		everyNightOnce(t, p.Name, c)
	}
	inOrder(t, p.Name, b.Inventory.Settings)
}

// everyNightOnce: one price for each night on sale, and none is nothing.
func everyNightOnce(t *testing.T, name string, c rate.Calendar) {
	t.Helper()
	if c.RoomTypeID == "" {
		return
	}
	for night := today; night < today.Add(inventory.Horizon); night++ {
		covering := 0
		for _, p := range c.Prices {
			if p.Covers(night) {
				covering++
				if p.Base[0].Amount.Sign() <= 0 {
					t.Errorf("%s: price %s on %s", name, p.Base[0].Amount, night)
				}
			}
		}
		if covering != 1 {
			t.Fatalf("%s: %d prices on %s", name, covering, night)
		}
	}
}

func inOrder(t *testing.T, name string, all []inventory.Setting) {
	t.Helper()
	sorted := slices.IsSortedFunc(all, func(a, b inventory.Setting) int { return a.Compare(b.Key) })
	if !sorted || len(all) == 0 || len(all)%inventory.Horizon != 0 {
		t.Errorf("%s: %d settings, sorted %v", name, len(all), sorted)
	}
	for _, s := range all {
		if *s.Stock < 0 || s.OutOfOrder != nil && *s.OutOfOrder > *s.Stock {
			t.Fatalf("%s: impossible stock on %s", name, s.Night)
		}
	}
}

// cheapest is the lowest total for two adults and two nights from arrival on,
// and how many products have a price.
func cheapest(b store.Bundle, arrival stay.Date) (best money.Amount, priced int) {
	request := pricing.Request{
		Stay: stay.Stay{Arrival: arrival, Departure: arrival.Add(2)}, Party: stay.Party{Adults: 2}, BookedOn: today,
	}
	for _, product := range pricing.Products(b.Property.RoomTypes, b.Rates.Plans, b.Rates.Calendars, b.Property.Property.Taxes) {
		quote, refusals, err := pricing.Price(product, request)
		if err != nil || len(refusals) > 0 || quote.Total.Minor <= 0 {
			continue
		}
		if priced == 0 || quote.Total.Minor < best.Minor {
			best = quote.Total
		}
		priced++
	}
	return best, priced
}

// closedOn tells whether a rule could refuse two nights from this one on.
func closedOn(b store.Bundle, arrival stay.Date) bool {
	for _, r := range rulesOf(b).Rules {
		for night := arrival; night <= arrival.Add(2); night++ {
			if r.Covers(night) {
				return true
			}
		}
	}
	return false
}

// openShare is on how many of a hundred nights some room can be sold.
func openShare(b store.Bundle) int {
	free := make(map[stay.Date]bool)
	for _, s := range b.Inventory.Settings {
		if *s.Stock > 0 {
			free[s.Night] = true
		}
	}
	for _, r := range rulesOf(b).Rules {
		for night := r.From; r.Closed && night <= r.Through; night++ {
			if r.Covers(night) {
				delete(free, night)
			}
		}
	}
	return len(free) * 100 / inventory.Horizon
}

// rulesOf is the calendar for every room type.
func rulesOf(b store.Bundle) rate.Calendar {
	at := slices.IndexFunc(b.Rates.Calendars, func(c rate.Calendar) bool { return c.RoomTypeID == "" })
	return b.Rates.Calendars[at]
}

// TestPricesAreBelievable looks at averages over many hotels in one currency.
func TestPricesAreBelievable(t *testing.T) {
	w := newWorld(t, 6_000)
	sum, count := map[int]int64{}, map[int]int64{}
	for i := range w.Len() {
		if p := w.Place(i); p.Country != "FR" && p.Country != "IT" && p.Country != "DE" {
			continue
		}
		b := w.Bundle(i)
		p := b.Property.Property
		if p.Kind != "hotel" || p.Stars == 0 {
			continue
		}
		if total, priced := cheapest(b, stay.DateOf(2027, time.June, 15)); priced > 0 {
			sum[p.Stars] += total.Minor / 200
			count[p.Stars]++
		}
	}
	bounds := map[int][2]int64{1: {35, 95}, 2: {45, 125}, 3: {65, 170}, 4: {95, 260}, 5: {200, 560}}
	for stars, b := range bounds {
		if count[stars] == 0 {
			t.Errorf("no hotel of %d stars", stars)
			continue
		}
		adr := sum[stars] / count[stars]
		t.Logf("%d stars: %d EUR a night over %d hotels", stars, adr, count[stars])
		if adr < b[0] || adr > b[1] {
			t.Errorf("%d stars cost %d EUR a night; want %d to %d", stars, adr, b[0], b[1])
		}
	}
}

func TestWeekendsFollowTheStyle(t *testing.T) {
	for style, want := range map[Style]int{Business: -1, City: 1, Sea: 1, Ski: 1, Country: 1} {
		d := castFor("weekend:" + string(style))
		place := Place{Country: "FR", Style: style, Lat: 45, Lon: 5, Weight: 60, Zone: "Europe/Paris"}
		p := property.Property{TenantID: "ten_a", Country: "FR", Kind: "hotel", Stars: 4, Lat: 45, Lon: 5, Zone: "Europe/Paris"}
		h := newHouse(d, p, Hints{Today: today}, place)
		h.style = style
		pairs := 0
		week := make(map[stay.Date]int64) // by the first night of the level
		for _, price := range h.prices(h.models[0], "room_x") {
			amount := whole(price.Base[0].Amount)
			switch before, both := week[price.From]; {
			case price.Days == stay.EveryDay&^weekendNights:
				week[price.From] = amount
			case price.Days == weekendNights && both:
				pairs++
				if got := amount - before; (got > 0) != (want > 0) || got == 0 {
					t.Errorf("%s: %d at the weekend from %s on, %d in the week", style, amount, price.From, before)
				}
			}
		}
		if pairs < 5 {
			t.Errorf("%s: %d levels have both", style, pairs)
		}
	}
}

// TestNightsAreLively: a search finds some houses full, most with rooms, and
// more full ones soon than late.
func TestNightsAreLively(t *testing.T) {
	w := newWorld(t, 1_500)
	soon, late, nights := 0, 0, 0
	for i := 0; i < w.Len(); i += 3 {
		for _, s := range w.Bundle(i).Inventory.Settings {
			if n := s.Night - today; n < 14 || n >= 300 && n < 314 {
				nights++
				if *s.Stock > 0 {
					continue
				}
				if n < 14 {
					soon++
				} else {
					late++
				}
			}
		}
	}
	t.Logf("of %d room-type nights in each fortnight %d are gone soon, %d late", nights/2, soon, late)
	if soon*100/(nights/2) < 5 || soon*100/(nights/2) > 50 || late >= soon {
		t.Errorf("gone soon %d, late %d of %d", soon, late, nights/2)
	}
}

func TestNamesAreUniqueInAPlace(t *testing.T) {
	for _, n := range languages() {
		for _, style := range []Style{City, Sea, Ski} {
			seen := make(map[string]bool)
			for k := range 3_000 {
				name := n.name(style, k, 12345).latin
				if seen[name] {
					t.Fatalf("%s: %q twice", n.language, name)
				}
				seen[name] = true
			}
		}
	}
}

// TestEachPlaceHasItsShare: two cycles deal every place twice its weight, and
// none of its properties twice.
func TestEachPlaceHasItsShare(t *testing.T) {
	d := newDeal(Places(), 7)
	seen := make(map[[2]int]bool)
	dealt := make([]int, len(Places()))
	for i := range 2 * d.cycle() {
		place, ordinal := d.find(i)
		seen[[2]int{place, ordinal}] = true
		dealt[place]++
	}
	if len(seen) != 2*d.cycle() {
		t.Errorf("%d properties have %d different places in the world", 2*d.cycle(), len(seen))
	}
	for i, p := range Places() {
		if dealt[i] != 2*p.Weight {
			t.Errorf("%s has %d properties in two cycles; want %d", p.Name, dealt[i], 2*p.Weight)
		}
	}
}

func TestEveryCountryHasItsCurrency(t *testing.T) {
	for _, p := range Places() {
		c, ok := CurrencyOf(p.Country)
		if !ok || !c.Valid() {
			t.Errorf("%s in %s: currency %q", p.Name, p.Country, c)
		}
		if _, err := stay.Zone(p.Zone); err != nil {
			t.Errorf("%s in %s: zone %q: %v", p.Name, p.Country, p.Zone, err)
		}
	}
}

func BenchmarkBundle(b *testing.B) {
	w := newWorld(b, 100_000)
	for i := 0; b.Loop(); i++ {
		w.Bundle(i % w.Len())
	}
}
