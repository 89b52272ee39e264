//go:build goexperiment.simd && amd64

package memindex

import "simd/archsimd"

// fold adds up the nights of a stay, night after night in prices: the first and
// the third tariff of each word in even, the others in odd. Four words go
// through one register. The shifts are by vectors: by a constant they cost a
// hundred times as much (golang/go#80835).
func fold(prices, even, odd []uint64) {
	whole := len(even) &^ 3
	if !archsimd.X86.AVX2() {
		whole = 0
	}
	if whole > 0 {
		mask, one, high := archsimd.BroadcastUint64x4(couplesMask), archsimd.BroadcastUint64x4(1), archsimd.BroadcastUint64x4(17)
		for w := 0; w < whole; w += 4 {
			first, second := archsimd.BroadcastUint64x4(0), archsimd.BroadcastUint64x4(0)
			for at := w; at < len(prices); at += len(even) {
				four := archsimd.LoadUint64x4Slice(prices[at:])
				first = first.Add(four.ShiftRight(one).And(mask))
				second = second.Add(four.ShiftRight(high).And(mask))
			}
			first.StoreSlice(even[w:])
			second.StoreSlice(odd[w:])
		}
		archsimd.ClearAVXUpperBits() // or what follows runs many times slower
	}
	foldFrom(whole, prices, even, odd)
}
