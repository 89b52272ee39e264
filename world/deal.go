package world

import "sort"

// deal says in which place each property is, whatever the size of the world: a
// cycle has each place as often as its weight says, in an order in which any few
// properties are spread over all of the places.
type deal struct {
	ends   []int // ends[i]: the weights of the places 0..i
	start  int   // where the first cycle begins
	stride int
}

// newDeal is the deal of a seed.
func newDeal(all []Place, seed uint64) deal {
	d := deal{ends: make([]int, len(all))}
	sum := 0
	for i, p := range all {
		sum += p.Weight
		d.ends[i] = sum
	}
	d.start = cast(seed, "order", 0).IntN(sum)
	// Steps of the golden section leave the most even gaps, however few are made.
	d.stride = coprime(sum, sum*618_034/1_000_000)
	return d
}

// cycle is after how many properties each place has had its share.
func (d deal) cycle() int { return d.ends[len(d.ends)-1] }

// find is the place of property i, and which of the place's properties it is.
func (d deal) find(i int) (place, ordinal int) {
	lap, turn := i/d.cycle(), i%d.cycle()
	slot := (d.start + turn*d.stride) % d.cycle()
	place = sort.SearchInts(d.ends, slot+1)
	first := 0
	if place > 0 {
		first = d.ends[place-1]
	}
	return place, lap*(d.ends[place]-first) + slot - first
}

// coprime is the first number from near on without a common divisor with n, so
// that i × coprime mod n visits 0..n-1 once each. With both below 2^31 the
// products stay within 64 bits.
func coprime(n, near int) int {
	for c := max(1, near); ; c++ {
		if gcd(c, n) == 1 {
			return c
		}
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
