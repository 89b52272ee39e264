package memindex

import (
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/search"
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
	ring   int    // how many nights have a place, no less than any window
	free   planes // of room types: a room is free
	counts fours  // of room types
	priced planes // of tariffs: the night has a price
	prices fours  // of tariffs: which, see tariff
	ruled  ruledPlanes

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

// calmReads is how often a reader tries again before it locks.
const calmReads = 64

func newAlmanac(of lanes, ring int) *almanac {
	a := &almanac{
		ring: ring, free: newPlanes(ring, of.rooms), priced: newPlanes(ring, of.tariffs), ruled: newRuledPlanes(ring, of.rules),
		counts: newFours(ring, of.rooms), prices: newFours(ring, of.tariffs),
	}
	a.counts.fill(noCount)
	a.prices.fill(noRow)
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

// putPrice says which price a night has; within write.
func (a *almanac) putPrice(slot, lane int, number uint16) {
	a.priced.put(slot, lane, number != noRow)
	a.prices.put(slot, lane, number)
}

// A count is how many rooms are free, of which more than search.MaxFree are not
// told apart, and the last bits of the version of the row that says so. Events
// of one night come nearly in order: 128 versions are further than any two
// transactions change places in the log. When a longer stretch of it is read
// once more, what is older may be taken for newer, until the stretch ends.
const (
	versionBits = 8
	versionMask = 1<<versionBits - 1
	noCount     = 0xFF << versionBits
)

// put keeps a count unless it is older than the one that is there; within write.
func (a *almanac) put(lane int, n inventory.Count) {
	slot := a.slot(n.Night)
	old, version := a.counts.at(slot, lane), uint16(n.Version)&versionMask
	if old < noCount && !newer(version, old&versionMask) {
		return
	}
	free := uint16(min(max(n.Free, 0), search.MaxFree))
	a.counts.put(slot, lane, free<<versionBits|version)
	a.free.put(slot, lane, free > 0)
}

// count is what put keeps of a night; within read.
func (a *almanac) count(lane int, night stay.Date) (n inventory.Count, known bool) {
	count := a.counts.at(a.slot(night), lane)
	return inventory.Count{Night: night, Free: int(count >> versionBits), Version: int64(count & versionMask)}, count < noCount
}

// newer compares versions that count round.
func newer(version, than uint16) bool {
	ahead := (version - than) & versionMask
	return ahead != 0 && ahead < 1<<(versionBits-1)
}

// clear forgets the counts of the nights from..to of some room types, which the
// window has left; within write.
func (a *almanac) clear(first, rooms int, from, to stay.Date) {
	for night := from; night < to; night++ {
		slot := a.slot(night)
		for lane := first; lane < first+rooms; lane++ {
			a.counts.put(slot, lane, noCount)
			a.free.put(slot, lane, false)
		}
	}
}

// copy brings the counts of a room type over from another almanac, from a night on.
func (a *almanac) copy(to int, from *almanac, lane int, base stay.Date, nights int) {
	for night := base; night < base.Add(min(nights, from.ring)); night++ {
		count, slot := from.counts.at(from.slot(night), lane), a.slot(night)
		a.counts.put(slot, to, count)
		a.free.put(slot, to, count < noCount && count>>versionBits > 0)
	}
}

// copyPrices brings a tariff's prices over from another almanac.
func (a *almanac) copyPrices(to int, from *almanac, lane int, base stay.Date, nights int) {
	for night := base; night < base.Add(min(nights, from.ring)); night++ {
		a.putPrice(a.slot(night), to, from.prices.at(from.slot(night), lane))
	}
}

// least is the smallest count of a room type over the nights; within read.
func (a *almanac) least(lane int, nights stay.Stay) int {
	left, slot := uint16(search.MaxFree), a.slot(nights.Arrival)
	for range nights.Nights() {
		count := a.counts.at(slot, lane)
		if count >= noCount {
			return 0
		}
		left = min(left, count>>versionBits)
		slot = a.after(slot)
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
