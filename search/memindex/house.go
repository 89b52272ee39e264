package memindex

import (
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// house is one property. Its facts are replaced whole and never changed; its
// counts change in place under the lock, which is held for no longer than it
// takes to read or write a few nights.
type house struct {
	mu    sync.RWMutex
	facts *search.House
	shelf shelf
}

// free is the property's facts and how many rooms of each type are left on
// every night of the stay, at one moment.
func (h *house) free(nights stay.Stay) (*search.House, func(roomTypeID string) int) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	left := make(map[string]int, len(h.shelf.rows))
	for roomTypeID, rows := range h.shelf.rows {
		left[roomTypeID] = h.shelf.least(rows, nights)
	}
	return h.facts, func(roomTypeID string) int { return left[roomTypeID] }
}

func (h *house) known() *search.House {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.facts
}

// stale tells whether the property's window of nights has to move.
func (h *house) stale(now time.Time) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.shelf.stale(h.facts.Today(now))
}

func (h *house) put(nights []inventory.Night) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, n := range nights {
		h.shelf.put(n.RoomTypeID, n.Night, night{version: n.Version, free: int32(n.Free()), open: true})
	}
}

// renew takes what was read from the store. Counts that an event brought
// meanwhile stay where they are newer.
func (h *house) renew(facts *search.House, read shelf) {
	h.mu.Lock()
	defer h.mu.Unlock()
	read.merge(h.shelf)
	h.facts, h.shelf = facts, read
}

func (h *house) nights() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	n := 0
	for _, rows := range h.shelf.rows {
		for _, row := range rows {
			if row.open {
				n++
			}
		}
	}
	return n
}

// A shelf reaches from yesterday to spare nights beyond the horizon, and is
// read anew long before those are used up: today moves without any event.
const (
	spare     = 62
	window    = 1 + inventory.Horizon + spare
	renewDays = 30
)

// shelf is the counts of a property: for each room type the nights from base on.
type shelf struct {
	base stay.Date
	rows map[string][]night
}

type night struct {
	version int64
	free    int32
	open    bool // there is a row: the night is on sale
}

func newShelf(today stay.Date) shelf {
	return shelf{base: today - 1, rows: make(map[string][]night)}
}

// stale tells whether the window has to move.
func (s shelf) stale(today stay.Date) bool { return today > s.base+renewDays || today < s.base }

// put keeps the night unless a newer one is there; nights outside of the
// window are read from the store when it has moved.
func (s shelf) put(roomTypeID string, date stay.Date, n night) {
	if date < s.base || date >= s.base+window {
		return
	}
	rows := s.rows[roomTypeID]
	if rows == nil {
		rows = make([]night, window)
		s.rows[roomTypeID] = rows
	}
	if at := &rows[date-s.base]; !at.open || n.version > at.version {
		*at = n
	}
}

func (s shelf) merge(other shelf) {
	for roomTypeID, rows := range other.rows {
		for i, n := range rows {
			if n.open {
				s.put(roomTypeID, other.base.Add(i), n)
			}
		}
	}
}

// least is the smallest count of the stay's nights; 0 when one is not on sale.
func (s shelf) least(rows []night, nights stay.Stay) int {
	if nights.Arrival < s.base || nights.Departure > s.base+window {
		return 0
	}
	left := int32(inventory.MaxStock)
	for _, n := range rows[nights.Arrival-s.base : nights.Departure-s.base] {
		if !n.open {
			return 0
		}
		left = min(left, n.free)
	}
	return int(left)
}
