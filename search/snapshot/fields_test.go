package snapshot

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

var sameNumber = cmp.Comparer(func(a, b money.Rat) bool { return a.Equal(b) })

// fill gives every field below v a value that is not its zero, whatever fields
// there are: one that the codec does not know comes back as zero.
func fill(t *testing.T, random *rand.Rand, v reflect.Value) {
	t.Helper()
	if v.Type() == reflect.TypeFor[money.Rat]() {
		v.Set(reflect.ValueOf(someNumber(random)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				t.Fatalf("%v has a hidden field: say in fill how it is made", v.Type())
			}
			fill(t, random, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1+random.IntN(3), 3))
		for i := range v.Len() {
			fill(t, random, v.Index(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, random, v.Elem())
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 1 + random.IntN(3) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, random, key)
			fill(t, random, value)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString(fmt.Sprint("t", random.IntN(50)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		for v.IsZero() {
			v.SetInt(int64(random.Uint64()) >> (64 - v.Type().Bits()) >> random.IntN(v.Type().Bits()))
		}
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1 + random.Uint64N(255))
	case reflect.Float64:
		v.SetFloat(random.NormFloat64())
	default:
		t.Fatalf("%v is a kind of value that the codec has not met", v.Type())
	}
}

func someNumber(random *rand.Rand) money.Rat {
	huge, err := money.ParseRat("-123456789012345678901234567890.123")
	if err != nil {
		panic(err)
	}
	return []money.Rat{
		money.RatOf(1+random.Int64N(1_000_000), 1), money.RatOf(-1-random.Int64N(1000), 7), money.RatOf(1<<62, 1), money.RatOf(1<<61-1, 1), huge,
	}[random.IntN(5)]
}

// Every field of every noun comes back as it was, also one that is added later.
func TestEveryField(t *testing.T) {
	random := rand.New(rand.NewPCG(61, 1))
	for range 200 {
		want := new(search.Facts)
		fill(t, random, reflect.ValueOf(want).Elem())
		got, err := DecodeFacts(EncodeFacts(want))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameNumber); diff != "" {
			t.Fatalf("a field is lost: add it to fields.go (-written +read):\n%.2000s", diff)
		}
		counts := new(inventory.Counts)
		fill(t, random, reflect.ValueOf(counts).Elem())
		counts.Nights = someNights(random)
		read, err := DecodeCounts(counts.PropertyID, EncodeCounts([]inventory.Counts{*counts}))
		if diff := cmp.Diff([]inventory.Counts{*counts}, read); diff != "" || err != nil {
			t.Fatalf("%v (-written +read):\n%.2000s", err, diff)
		}
	}
}

// What is written down is only read: stores share their answers. Two at once are
// what the race detector wants to see.
func TestWritingOnlyReads(t *testing.T) {
	var facts search.Facts
	fill(t, rand.New(rand.NewPCG(9, 9)), reflect.ValueOf(&facts).Elem())
	var first, second []byte
	var both sync.WaitGroup
	both.Go(func() { first = EncodeFacts(&facts) })
	both.Go(func() { second = EncodeFacts(&facts) })
	both.Wait()
	if !bytes.Equal(first, second) {
		t.Error("the same facts are other bytes")
	}
}

// What is empty, and what is absent, is told apart as a store does.
func TestNothing(t *testing.T) {
	for _, want := range []*search.Facts{{}, {RoomTypes: nil, Plans: nil}} {
		want.Property.Amenities, want.Property.LocalNames = []string{}, map[string]string{}
		got, err := DecodeFacts(EncodeFacts(want))
		if diff := cmp.Diff(want, got, sameNumber); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	}
	if counts, err := DecodeCounts("p", EncodeCounts(nil)); err != nil || len(counts) != 0 {
		t.Errorf("%v, %v", counts, err)
	}
}

func someNights(random *rand.Rand) (nights []inventory.Count) {
	night := stay.Date(20_000)
	for range 1 + random.IntN(800) {
		night += 1 + stay.Date(max(0, random.IntN(40)-37))
		nights = append(nights, inventory.Count{Night: night, Free: random.IntN(2), Version: 1 + random.Int64N(1+random.Int64N(3))})
	}
	return nights
}

// Whatever the bytes are, reading ends with a value or with ErrBroken, and what
// was read is written as bytes that say the same.
func FuzzFacts(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 1))
	var t testing.T
	for range 5 {
		want := new(search.Facts)
		fill(&t, random, reflect.ValueOf(want).Elem())
		f.Add(EncodeFacts(want), EncodeCounts([]inventory.Counts{{RoomTypeID: "r", Nights: someNights(random)}}))
	}
	f.Fuzz(func(t *testing.T, facts, counts []byte) {
		if first, err := DecodeFacts(facts); err == nil {
			second, err := DecodeFacts(EncodeFacts(first))
			if err != nil || !cmp.Equal(first, second, sameNumber, cmpopts.EquateNaNs()) {
				t.Fatalf("%v", err)
			}
		}
		if first, err := DecodeCounts("p", counts); err == nil {
			if _, err := DecodeCounts("p", EncodeCounts(first)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
