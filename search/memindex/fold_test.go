package memindex

import (
	"math/rand/v2"
	"testing"
)

// What the build's fold adds up is what one does by hand, for any number of
// words and nights, the longest stay at the highest prices included.
func TestFold(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	for range 2_000 {
		words, nights := 1+random.IntN(70), 1+random.IntN(90)
		prices, even, odd := make([]uint64, words*nights), make([]uint64, words), make([]uint64, words)
		for i := range prices {
			if prices[i] = random.Uint64(); nights == 90 {
				prices[i] = ^uint64(0)
			}
		}
		fold(prices, even, odd)
		for lane := range words * perWord {
			want := uint64(0)
			for night := range nights {
				want += prices[night*words+lane/perWord] >> (16 * (lane % perWord)) & 0xFFFF >> 1
			}
			got := [...]uint64{even[lane/perWord], odd[lane/perWord]}[lane%2] >> (32 * (lane % perWord / 2)) & 0xFFFF_FFFF
			if got != want {
				t.Fatalf("%d words, %d nights, lane %d: %d, want %d", words, nights, lane, got, want)
			}
		}
	}
}

// BenchmarkFold is a block of three tariffs a house for four nights.
func BenchmarkFold(b *testing.B) {
	prices, even, odd := make([]uint64, 48*4), make([]uint64, 48), make([]uint64, 48)
	for b.Loop() {
		fold(prices, even, odd)
	}
}
