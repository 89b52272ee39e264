//go:build !goexperiment.simd || !amd64

package memindex

// fold adds up the nights of a stay, night after night in prices: the first and
// the third tariff of each word in even, the others in odd.
func fold(prices, even, odd []uint64) { foldFrom(0, prices, even, odd) }
