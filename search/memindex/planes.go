package memindex

import (
	"math/bits"
	"sync/atomic"
)

// planes are one word or more of bits for each night.
type planes struct {
	words int // of one night
	bits  []atomic.Uint64
}

func newPlanes(ring, lanes int) planes {
	words := (lanes + 63) / 64
	return planes{words, make([]atomic.Uint64, ring*words)}
}

func (p *planes) put(slot, lane int, on bool) {
	word, bit := &p.bits[slot*p.words+lane/64], uint64(1)<<(lane%64)
	if on {
		word.Store(word.Load() | bit)
	} else {
		word.Store(word.Load() &^ bit)
	}
}

// all is the lanes that are set on each of so many nights from a slot on;
// within read.
func (p *planes) all(ring, slot, nights int, into []uint64) {
	for w := range into {
		into[w] = ^uint64(0)
	}
	for range nights {
		row := p.bits[slot*p.words:][:len(into)]
		for w := range row {
			into[w] &= row[w].Load()
		}
		if slot++; slot == ring {
			slot = 0
		}
	}
}

// any is the lanes that are set on one of so many nights from a slot on; within
// read.
func (p *planes) any(ring, slot, nights int, into []uint64) {
	clear(into)
	for range nights {
		row := p.bits[slot*p.words:][:len(into)]
		for w := range row {
			into[w] |= row[w].Load()
		}
		if slot++; slot == ring {
			slot = 0
		}
	}
}

// fours are 16 bits for each lane and night, four lanes to a word.
type fours struct {
	words int // of one night
	all   []atomic.Uint64
}

const perWord = 4

func newFours(ring, lanes int) fours {
	words := (lanes + perWord - 1) / perWord
	return fours{words, make([]atomic.Uint64, ring*words)}
}

func (f *fours) fill(value uint64) {
	for i := range f.all {
		f.all[i].Store(value * 0x0001_0001_0001_0001)
	}
}

func (f *fours) at(slot, lane int) uint16 {
	return uint16(f.all[slot*f.words+lane/perWord].Load() >> (16 * (lane % perWord)))
}

// copy reads so many nights from a slot on; within read.
func (f *fours) copy(ring, slot, nights int, into []uint64) {
	for ; nights > 0; nights-- {
		row := f.all[slot*f.words:][:f.words]
		for w := range row {
			into[w] = row[w].Load()
		}
		into = into[f.words:]
		if slot++; slot == ring {
			slot = 0
		}
	}
}

// put is within write.
func (f *fours) put(slot, lane int, value uint16) {
	word, shift := &f.all[slot*f.words+lane/perWord], 16*(lane%perWord)
	word.Store(word.Load()&^(0xFFFF<<shift) | uint64(value)<<shift)
}

// set tells whether a lane's bit is.
func set(of []uint64, lane int) bool { return of[lane/64]>>(lane%64)&1 == 1 }

// few is up to 32 lanes from first on.
func few(of []uint64, first, count int) uint32 {
	word, bit := first/64, first%64
	found := of[word] >> bit
	if bit+count > 64 {
		found |= of[word+1] << (64 - bit)
	}
	return uint32(found & (1<<count - 1))
}

// taken tells whether any of count lanes from first on is set.
func taken(open []uint64, first, count int) bool {
	for count > 0 {
		word, bit := first/64, first%64
		n := min(count, 64-bit)
		if open[word]>>bit&(1<<n-1) != 0 {
			return true
		}
		first, count = first+n, count-n
	}
	return false
}

// each visits the set bits.
func each(mask uint64, visit func(lane int)) {
	for ; mask != 0; mask &= mask - 1 {
		visit(bits.TrailingZeros64(mask))
	}
}
