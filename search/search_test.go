package search

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"  Hôtel d'Été ": "hotel d ete", "ZÜRICH": "zurich", "Straße": "strasse", "Łódź": "lodz", "Ærø": "aero",
		"İstanbul": "istanbul", "Ἀθῆναι": "αθηναι", "Кремль №1": "кремль no1", "東京": "東京", "ﾎﾃﾙ": "ホテル",
		"ガーデン": "ガーデン", "서울": "서울", "กรุงเทพ": "กรุงเทพ", "فُنْدُق": "فندق", "!!!": "", "\xff": "", "Ｔｏｋｙｏ": "tokyo",
	} {
		if got := Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestRates(t *testing.T) {
	rates := Rates{PerEUR: map[money.Currency]money.Rat{"USD": money.RatOf(5, 4), "JPY": money.RatOf(160, 1)}}
	for amount, want := range map[money.Amount]int64{
		money.Of(1, "EUR"): 10_000, money.Of(125, "USD"): 1_000_000, money.Of(1, "JPY"): 6_250, money.Of(-160, "JPY"): -1_000_000,
		money.Of(1_000, "KWD"): 1_000_000, money.Of(math.MaxInt64, "EUR"): math.MaxInt64,
	} {
		if got := rates.Worth(amount); got != want {
			t.Errorf("Worth(%v) = %d, want %d", amount.Decimal(), got, want)
		}
	}
	if got := rates.Worth(money.Of(math.MinInt64+1, "EUR")); got != math.MinInt64 {
		t.Errorf("the smallest amount is worth %d", got)
	}
	if rates.Compare(money.Of(125, "USD"), money.Of(101, "EUR")) >= 0 || rates.Compare(money.Of(2, "VND"), money.Of(1, "VND")) <= 0 {
		t.Error("amounts are out of order")
	}
	if (Rates{}).Compare(money.Of(100, "JPY"), money.Of(100_01, "EUR")) >= 0 {
		t.Error("without rates, nominal units do not count")
	}
}

func TestMiddle(t *testing.T) {
	m := Middle([]Point{{Lat: -18, Lon: 179}, {Lat: -18, Lon: -179}})
	if math.Abs(math.Abs(m.Lon)-180) > 1e-6 || math.Abs(m.Lat+18) > 0.01 {
		t.Errorf("the middle of Fiji is %v", m)
	}
	if km := (Point{Lat: 0, Lon: 0}).KM(Point{Lat: 0, Lon: 180}); math.Abs(km-20015.115) > 0.01 {
		t.Errorf("half around the earth is %v km", km)
	}
	Middle(nil)
}

// The assignment of parties to rooms is the cheapest of all that there are.
func TestAssign(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 2_000 {
		choices := randomChoices(random)
		want, possible := exhaust(choices, map[int]int{})
		rooms, sum, ok := Assign(choices)
		total := int64(0)
		for _, r := range rooms[:len(choices)] {
			total += r.Total
		}
		if !ok {
			total = 0
		}
		if ok != possible || sum != want || total != sum {
			t.Fatalf("%v: sum %d (%v), want %d (%v)", choices, sum, ok, want, possible)
		}
	}
}

func randomChoices(random *rand.Rand) [][]Choice {
	types := 1 + random.IntN(6)
	free := make([]int, types)
	for i := range free {
		free[i] = 1 + random.IntN(3)
	}
	choices := make([][]Choice, 1+random.IntN(MaxRooms))
	for i := range choices {
		for j := range 2 * types {
			choices[i] = KeepCheapest(choices[i], Choice{Room: j % types, Total: random.Int64N(50), Free: free[j%types]})
		}
	}
	return choices
}

func exhaust(choices [][]Choice, taken map[int]int) (int64, bool) {
	if len(choices) == 0 {
		return 0, true
	}
	least, any := int64(0), false
	for _, c := range choices[0] {
		if taken[c.Room] == c.Free {
			continue
		}
		taken[c.Room]++
		rest, ok := exhaust(choices[1:], taken)
		taken[c.Room]--
		if ok && (!any || c.Total+rest < least) {
			least, any = c.Total+rest, true
		}
	}
	return least, any
}

// An exchange is worth what the rates say, to the last digit.
func TestExchange(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	for range 20_000 {
		rates := Rates{PerEUR: map[money.Currency]money.Rat{"USD": money.RatOf(random.Int64N(1<<random.IntN(62)+1), random.Int64N(1<<random.IntN(62)+1)+1)}}
		for _, c := range []money.Currency{"USD", "EUR", "JPY", "KWD"} {
			amount := money.Of(random.Int64()>>random.IntN(63)-random.Int64N(1000), c)
			exchange := rates.Exchange(c)
			if got, want := exchange.Worth(amount.Minor), rates.Worth(amount); got != want {
				t.Fatalf("%v at %v: %d, want %d", amount, rates.PerEUR, got, want)
			}
		}
	}
}

func TestScoreOfExtremes(t *testing.T) {
	for _, worth := range []int64{math.MinInt64, -1, 0, 1, math.MaxInt64} {
		for _, median := range []int64{math.MinInt64, 0, 1, math.MaxInt64} {
			if got := share(100_000, median, worth); got < 0 || got > 100_000 {
				t.Errorf("share of median %d for %d is %d", median, worth, got)
			}
		}
	}
	if got := share(100_000, 100, 100); got != 100_000/2 {
		t.Errorf("at the median %d", got)
	}
}

// A cursor is whatever somebody sends: it is read back, or refused by name.
func FuzzCursor(f *testing.F) {
	q := Query{Place: "Paris"}
	f.Add(cursor{Query: q.identity(), After: Key{ID: "prop_a", Worth: 5, Currency: "EUR"}}.String())
	f.Add("")
	f.Add("e30")
	f.Add("!")
	f.Fuzz(func(t *testing.T, text string) {
		q.Cursor = text
		err := q.Check()
		if err != nil && !errors.Is(err, ErrQuery) {
			t.Fatalf("%v", err)
		}
		if _, err := (Ask{Query: q}).Rank([]Hit{{PropertyID: "prop_a"}, {PropertyID: "prop_b", Stars: 3}}); err != nil && !errors.Is(err, ErrQuery) {
			t.Fatalf("%v", err)
		}
	})
}

// Any query is either refused by name or can be ranked.
func FuzzQuery(f *testing.F) {
	f.Add("Paris", 48.0, 2.0, 5.0, int32(20_000), int32(3), 2, int64(5), "total", "EUR", 10)
	f.Add("\xff", math.NaN(), math.Inf(1), -1.0, int32(math.MaxInt32), int32(-1), -1, int64(-1), "", "", -5)
	f.Fuzz(func(t *testing.T, place string, lat, lon, radius float64, arrival, length int32, adults int, minor int64, sort, currency string, limit int) {
		q := Query{
			Place: place, Near: &Point{Lat: lat, Lon: lon}, RadiusKM: radius, Sort: Sort(sort), Limit: limit,
			Stay:    &stay.Stay{Arrival: stay.Date(arrival), Departure: stay.Date(arrival + length)},
			Parties: []stay.Party{{Adults: adults}}, MaxTotal: &money.Amount{Minor: minor, Currency: money.Currency(currency)},
		}
		if err := q.Check(); err != nil {
			if !errors.Is(err, ErrQuery) {
				t.Fatalf("%v", err)
			}
			return
		}
		hits := []Hit{
			{PropertyID: "a", Total: money.Of(minor, "EUR"), DistanceKM: radius},
			{PropertyID: "b", Total: money.Of(1, "JPY")},
			{PropertyID: "c", Total: money.Of(math.MaxInt64, "KWD")},
		}
		page, err := (Ask{Query: q}).Rank(hits)
		if err != nil || page.Total != len(hits) {
			t.Fatalf("%+v, %v", page, err)
		}
	})
}
