package combine

import (
	"errors"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
)

// memory is which nights were full a moment ago, so that a crowd after the last
// room does not queue for its row to hear the same no. A night with holds on it
// is not remembered: a hold can die at any time, and its room must be had at once.
type memory struct {
	now  func() time.Time // nil: it learns nothing
	size atomic.Int64     // of nights: mostly none, and then nobody takes the lock

	mu     sync.RWMutex
	nights map[nightOf]fullNight

	seed   maphash.Seed
	gaveUp [256]atomic.Uint64 // by hash of the property: how often it may have got rooms back
	giving [256]atomic.Int64  // how many writes are under way that may give it some
}

type nightOf struct {
	property string
	inventory.Key
}

type fullNight struct {
	free  int // fewer than were asked for
	until time.Time
}

// maxNights bounds the memory. It forgets everything then: it only saves work.
const maxNights = 10_000

func newMemory(now func() time.Time) *memory {
	return &memory{now: now, nights: make(map[nightOf]fullNight), seed: maphash.MakeSeed()}
}

// generation changes whenever a property may have got rooms back. What was
// judged under another one is not remembered.
func (m *memory) generation(property string) uint64 { return m.counter(property).Load() }

func (m *memory) counter(property string) *atomic.Uint64 { return &m.gaveUp[m.place(property)] }

func (m *memory) place(property string) uint64 {
	return maphash.String(m.seed, property) % uint64(len(m.gaveUp))
}

// give is called before a write that may give rooms back, and done after it.
// Meanwhile nothing is said from memory: others may see the rooms already.
func (m *memory) give(property string) (done func()) {
	giving := &m.giving[m.place(property)]
	giving.Add(1)
	return func() {
		m.forget(property)
		giving.Add(-1)
	}
}

// forget is called after a write that may have given rooms back.
func (m *memory) forget(property string) {
	m.counter(property).Add(1)
	if m.size.Load() == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for night := range m.nights {
		if night.property == property {
			delete(m.nights, night)
		}
	}
	m.size.Store(int64(len(m.nights)))
}

// learn remembers the night for which a change was refused.
func (m *memory) learn(t *ticket, err error) {
	night := new(inventory.NightError)
	if m.now == nil || err == nil || !errors.As(err, &night) || !errors.Is(night.Err, inventory.ErrSoldOut) || night.Held > 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.nights) >= maxNights {
		clear(m.nights)
	}
	m.nights[nightOf{t.change.PropertyID, night.Key}] = fullNight{night.Free, m.now().Add(soldOutFor)}
	m.size.Store(int64(len(m.nights)))
	// Looked at last: a forget that came before has counted by now, and one that
	// comes later finds the entry and takes it out.
	if m.generation(t.change.PropertyID) != t.since {
		delete(m.nights, nightOf{t.change.PropertyID, night.Key})
		m.size.Store(int64(len(m.nights)))
	}
}

// refusal is what the change would be told, as far as is remembered; nil: ask.
func (m *memory) refusal(change booking.Change) error {
	if m.size.Load() == 0 || m.giving[m.place(change.PropertyID)].Load() > 0 {
		return nil
	}
	now := m.now()
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, d := range change.Nights {
		full, ok := m.nights[nightOf{change.PropertyID, d.Key}]
		if ok && d.Takes() > full.free && now.Before(full.until) {
			return &inventory.NightError{Key: d.Key, Err: inventory.ErrSoldOut, Free: full.free}
		}
	}
	return nil
}
