package memindex

import (
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// almanac is what changes in place of a block, by night and lane. A plane has
// one bit for each lane, so that a stay is the AND of a few words. Nights are a
// ring, so that the window moves without moving anything.
//
// It changes under a sequence lock: a writer makes the sequence odd and even
// again, and who read meanwhile reads once more. A reader that writers keep
// from finishing takes their lock instead.
type almanac struct {
	ring    int             // how many nights have a place, no less than any window
	free    planes          // of room types: a room is free
	counts  []atomic.Uint32 // [night][room type]
	priced  planes          // of tariffs: two adults have a price
	couples []atomic.Uint64 // [night][tariff]: what they pay, four tariffs to a word
	ruled   ruledPlanes

	sequence atomic.Uint64
	writing  sync.Mutex
}

// lanes are how many of each kind a house or a block has.
type lanes struct{ rooms, tariffs, rules int }

func (l lanes) plus(m lanes) lanes {
	return lanes{l.rooms + m.rooms, l.tariffs + m.tariffs, l.rules + m.rules}
}

// planes are one word or more of bits for each night.
type planes struct {
	words int // of one night
	bits  []atomic.Uint64
}

func newPlanes(ring, lanes int) planes {
	words := (lanes + 63) / 64
	return planes{words, make([]atomic.Uint64, ring*words)}
}

// perWord is how many prices share a word.
const perWord = 4

// calmReads is how often a reader tries again before it locks.
const calmReads = 64

func newAlmanac(of lanes, ring int) *almanac {
	a := &almanac{
		ring: ring, free: newPlanes(ring, of.rooms), priced: newPlanes(ring, of.tariffs),
		ruled:   newRuledPlanes(ring, of.rules),
		counts:  make([]atomic.Uint32, ring*of.rooms),
		couples: make([]atomic.Uint64, ring*((of.tariffs+perWord-1)/perWord)),
	}
	for i := range a.counts {
		a.counts[i].Store(noRow << versionBits)
	}
	return a
}

// slot is where a night is in the ring.
func (a *almanac) slot(night stay.Date) int { return (int(night)%a.ring + a.ring) % a.ring }

func (a *almanac) after(slot int) int {
	if slot++; slot == a.ring {
		return 0
	}
	return slot
}

// write runs a change. Only one runs at a time.
func (a *almanac) write(change func()) {
	a.writing.Lock()
	defer a.writing.Unlock()
	a.sequence.Add(1)
	change()
	a.sequence.Add(1)
}

// read runs what only reads until no writer disturbed it. It may run several
// times.
func (a *almanac) read(look func()) {
	for try := range calmReads {
		before := a.sequence.Load()
		if before&1 == 0 {
			look()
			if a.sequence.Load() == before {
				return
			}
		}
		if try%8 == 7 {
			runtime.Gosched()
		}
	}
	a.writing.Lock()
	defer a.writing.Unlock()
	look()
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

// open is the room types that are free on every night of a stay; within read.
func (a *almanac) open(nights stay.Stay, into []uint64) {
	a.free.all(a.ring, a.slot(nights.Arrival), nights.Nights(), into)
}

// putPrice says what two adults pay for a night, in units above the tariff's
// lowest; within write.
func (a *almanac) putPrice(slot, lane int, units uint16, priced bool) {
	a.priced.put(slot, lane, priced)
	if !priced {
		units = 0
	}
	word := &a.couples[slot*a.priceWords()+lane/perWord]
	shift := 16 * (lane % perWord)
	word.Store(word.Load()&^(0xFFFF<<shift) | uint64(units)<<shift)
}

func (a *almanac) priceWords() int { return len(a.couples) / a.ring }

// A count is how many rooms are free, and the version of the row that says so,
// of which the last bits are enough: no row is ever that far behind.
const (
	versionBits = 18
	versionMask = 1<<versionBits - 1
	noRow       = 1<<(32-versionBits) - 1 // more than inventory.MaxStock
)

func (a *almanac) rooms() int { return len(a.counts) / a.ring }

// put keeps a count unless it is older than the one that is there; within write.
func (a *almanac) put(lane int, n inventory.Count) {
	at := a.slot(n.Night)
	count := &a.counts[at*a.rooms()+lane]
	old, version := count.Load(), uint32(n.Version)&versionMask
	if old>>versionBits != noRow && !newer(version, old&versionMask) {
		return
	}
	free := uint32(min(max(n.Free, 0), inventory.MaxStock))
	count.Store(free<<versionBits | version)
	a.free.put(at, lane, free > 0)
}

// newer compares versions that count round.
func newer(version, than uint32) bool {
	ahead := (version - than) & versionMask
	return ahead != 0 && ahead < 1<<(versionBits-1)
}

// clear forgets the counts of the nights from..to of some room types, which the
// window has left; within write.
func (a *almanac) clear(first, rooms int, from, to stay.Date) {
	for night := from; night < to; night++ {
		at := a.slot(night)
		for lane := first; lane < first+rooms; lane++ {
			a.counts[at*a.rooms()+lane].Store(noRow << versionBits)
			a.free.put(at, lane, false)
		}
	}
}

// copy brings the counts of a room type over from another almanac, from a night on.
func (a *almanac) copy(to int, from *almanac, lane int, base stay.Date, nights int) {
	for night := base; night < base.Add(min(nights, from.ring)); night++ {
		count := from.counts[from.slot(night)*from.rooms()+lane].Load()
		at := a.slot(night)
		a.counts[at*a.rooms()+to].Store(count)
		a.free.put(at, to, count>>versionBits != noRow && count>>versionBits > 0)
	}
}

// least is the smallest count of a room type over the nights; within read.
func (a *almanac) least(lane int, nights stay.Stay) int {
	left, at, rooms := uint32(inventory.MaxStock), a.slot(nights.Arrival), a.rooms()
	for range nights.Nights() {
		free := a.counts[at*rooms+lane].Load() >> versionBits
		if free == noRow {
			return 0
		}
		left = min(left, free)
		at = a.after(at)
	}
	return int(left)
}

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
