package api

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/go-json-experiment/json"
)

// Whatever is in a page, a member that is new included, it is written as the
// codec writes it.
func TestResultsAreTheCodecsBytes(t *testing.T) {
	same := func(r Results) bool {
		want, err := json.Marshal(r, lean)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.appendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		return !t.Failed()
	}
	same(Results{})
	same(Results{Facets: &Facets{}, Hits: []Hit{{Rooms: []RoomHit{}}}})
	same(Results{Next: "\"\\<>&/\x00\x1f\x7f\u2028東京 é\t", AsOf: "\U0001F3E8"})
	for _, f := range []float64{0, math.Copysign(0, -1), 1e-6, 9.99e-7, -1e-9, 1e-10, 1e-100, 1e20, 1e21, -1e21, 1e300, 48.8566, 0.1, math.SmallestNonzeroFloat64, math.MaxFloat64} {
		same(Results{Hits: []Hit{{Lat: f, Lon: -f, DistanceKM: f}}})
	}
	random := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		var r Results
		fill(random, reflect.ValueOf(&r).Elem())
		if !same(r) {
			return
		}
	}
}

// fill puts something into every field, or leaves it empty.
func fill(random *rand.Rand, v reflect.Value) {
	if random.IntN(6) == 0 {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(random, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range v.Len() {
			fill(random, v.Index(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(random, v.Elem())
	case reflect.String:
		v.SetString([]string{"EUR", "Hôtel", "a \"b\"", "東京", "\\"}[random.IntN(5)])
	case reflect.Int, reflect.Int64:
		v.SetInt(random.Int64N(1e6) - 1e5)
	case reflect.Float64:
		v.SetFloat(math.Round(random.NormFloat64()*1e8) / 1e6)
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("fill " + v.Type().String() + ": say here what it may hold")
	}
}

func TestResultsRefuseWhatIsNoText(t *testing.T) {
	broken := Results{Hits: []Hit{{Name: "a\xff"}}}
	if _, err := broken.appendJSON(nil); err == nil {
		t.Error("broken UTF-8 was sent")
	}
}

// BenchmarkResults is a page of 25 with its facets.
func BenchmarkResults(b *testing.B) {
	total := Money{Amount: "186.00", Currency: "EUR", Minor: 18_600}
	hit := Hit{
		PropertyID: "prop_euP4DMK2J3PNKXPNKNEXB92NVPK4", Name: "Hôtel de la Paix", Kind: "hotel", Stars: 4, Rating: &Rating{8.7, 31}, City: "Paris", Country: "FR",
		Lat: 48.869413, Lon: 2.330212, DistanceKM: 1.23, Arrival: "2027-05-15", Departure: "2027-05-17", Total: &total, AtProperty: &total,
		Rooms: []RoomHit{{
			RoomTypeID: "room_euP4DMK2J3PNKXPNKNEXB92NVPK4", RoomType: "Double", PlanID: "plan_euP4DMK2J3PNKXPNKNEXB92NVPK4", Plan: "Flexible",
			Board: "room_only", Total: total, Free: 3,
		}},
	}
	counts := make([]Count, 10)
	r := Results{Facets: &Facets{Stars: counts, Kinds: counts, Amenities: counts, Ratings: counts, Totals: make([]Bin, 30)}, AsOf: "2027-05-01T00:00:00Z"}
	for range 25 {
		r.Hits = append(r.Hits, hit)
	}
	var out bytes.Buffer
	for name, encode := range map[string]func() error{
		"here":  func() error { return format.Marshal(&out, r) },
		"codec": func() error { return json.MarshalWrite(&out, r, lean) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				out.Reset()
				if err := encode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
