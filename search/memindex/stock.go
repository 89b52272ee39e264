package memindex

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// stock is the free rooms of a block, by night and lane; a lane is a room type.
// Nights are a ring, so that the window moves without moving anything. A plane
// has one bit for each lane: set while a room is free that night, so that a
// stay is the AND of a few words.
//
// Counts change in place under a sequence lock: a writer makes the sequence odd
// and even again, and who read meanwhile reads once more. A reader that
// writers keep from finishing takes their lock instead.
type stock struct {
	lanes  int
	words  int             // of one plane
	planes []atomic.Uint64 // [night][word]
	counts []atomic.Uint32 // [night][lane]

	sequence atomic.Uint64
	writing  sync.Mutex
}

// ring is how many nights a stock has places for: no less than a window, so that
// a house's nights never meet.
const ring = window + 1

// A count is how many rooms are free, and the version of the row that says so,
// of which the last bits are enough: no row is ever that far behind.
const (
	versionBits = 18
	versionMask = 1<<versionBits - 1
	noRow       = 1<<(32-versionBits) - 1 // more than inventory.MaxStock
	calmReads   = 64                      // how often a reader tries again before it locks
)

func newStock(lanes int) *stock {
	s := &stock{lanes: lanes, words: (lanes + 63) / 64}
	s.planes = make([]atomic.Uint64, ring*s.words)
	s.counts = make([]atomic.Uint32, ring*lanes)
	for i := range s.counts {
		s.counts[i].Store(noRow << versionBits)
	}
	return s
}

// slot is where a night is in the ring.
func slot(night stay.Date) int { return (int(night)%ring + ring) % ring }

// write runs a change of counts. Only one runs at a time.
func (s *stock) write(change func()) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.sequence.Add(1)
	change()
	s.sequence.Add(1)
}

// read runs what only reads counts until no writer disturbed it. It may run
// several times.
func (s *stock) read(look func()) {
	for try := range calmReads {
		before := s.sequence.Load()
		if before&1 == 0 {
			look()
			if s.sequence.Load() == before {
				return
			}
		}
		if try%8 == 7 {
			runtime.Gosched()
		}
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	look()
}

// put keeps a count unless it is older than the one that is there; within write.
func (s *stock) put(lane int, n inventory.Count) {
	at := slot(n.Night)
	count := &s.counts[at*s.lanes+lane]
	old, version := count.Load(), uint32(n.Version)&versionMask
	if old>>versionBits != noRow && !newer(version, old&versionMask) {
		return
	}
	free := uint32(min(max(n.Free, 0), inventory.MaxStock))
	count.Store(free<<versionBits | version)
	s.mark(at, lane, free > 0)
}

// newer compares versions that count round.
func newer(version, than uint32) bool {
	ahead := (version - than) & versionMask
	return ahead != 0 && ahead < 1<<(versionBits-1)
}

func (s *stock) mark(at, lane int, open bool) {
	word, bit := &s.planes[at*s.words+lane/64], uint64(1)<<(lane%64)
	if open {
		word.Store(word.Load() | bit)
	} else {
		word.Store(word.Load() &^ bit)
	}
}

// clear forgets the nights from..to of some lanes, which the window has left; within write.
func (s *stock) clear(first, lanes int, from, to stay.Date) {
	for night := from; night < to; night++ {
		at := slot(night)
		for lane := first; lane < first+lanes; lane++ {
			s.counts[at*s.lanes+lane].Store(noRow << versionBits)
			s.mark(at, lane, false)
		}
	}
}

// copy brings lanes of another stock over, as they are; within write of both.
func (s *stock) copy(to int, from *stock, first, lanes int) {
	for at := range ring {
		for i := range lanes {
			count := from.counts[at*from.lanes+first+i].Load()
			s.counts[at*s.lanes+to+i].Store(count)
			s.mark(at, to+i, count>>versionBits != noRow && count>>versionBits > 0)
		}
	}
}

// open is the lanes with a free room on every night of a stay; within read.
func (s *stock) open(nights stay.Stay, into []uint64) {
	for w := range into {
		into[w] = ^uint64(0)
	}
	at := slot(nights.Arrival)
	for range nights.Nights() {
		for w := range into {
			into[w] &= s.planes[at*s.words+w].Load()
		}
		if at++; at == ring {
			at = 0
		}
	}
}

// least is the smallest count of a lane over the nights; within read.
func (s *stock) least(lane int, nights stay.Stay) int {
	left, at := uint32(inventory.MaxStock), slot(nights.Arrival)
	for range nights.Nights() {
		free := s.counts[at*s.lanes+lane].Load() >> versionBits
		if free == noRow {
			return 0
		}
		left = min(left, free)
		if at++; at == ring {
			at = 0
		}
	}
	return int(left)
}

// taken is the lanes of a range of bits: count of them from first on, of one word or two.
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
