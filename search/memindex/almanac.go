package memindex

import (
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
