package memindex

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
)

// names gives numbers to what many properties share. It only grows; readers
// see the list as it was when they looked.
type names[T any] struct {
	mu    sync.Mutex
	known map[string]uint32
	list  atomic.Pointer[[]T]
}

func (n *names[T]) of(key string, value T) uint32 {
	n.mu.Lock()
	defer n.mu.Unlock()
	if at, ok := n.known[key]; ok {
		return at
	}
	if n.known == nil {
		n.known = make(map[string]uint32)
	}
	list := append(n.all(), value)
	n.known[key] = uint32(len(list) - 1)
	n.list.Store(&list)
	return uint32(len(list) - 1)
}

func (n *names[T]) find(key string) (uint32, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	at, ok := n.known[key]
	return at, ok
}

func (n *names[T]) all() []T {
	if list := n.list.Load(); list != nil {
		return *list
	}
	return nil
}

// leaving is the terms of cancellation in one time zone.
type leaving struct {
	steps []rate.CancellationStep
	zone  *time.Location
}

// ledger is what the properties of an index share.
type ledger struct {
	amenities names[string]
	terms     names[leaving]
	levies    names[[]levy]
	taxes     names[[]property.Tax]
}

func (l *ledger) amenity(key string) uint32 { return l.amenities.of(key, key) }

func (l *ledger) leaving(steps []rate.CancellationStep, zone *time.Location) uint32 {
	key, err := json.Marshal(steps)
	if err != nil {
		panic("memindex: terms cannot be encoded: " + err.Error()) // numbers and texts only
	}
	return l.terms.of(zone.String()+string(key), leaving{steps, zone})
}

// levy numbers the levies of a house, which then has the ones of its neighbours.
func (l *ledger) levy(h *house) uint32 {
	number := l.levies.of(fmt.Sprint(h.expressed, h.levies), h.levies)
	h.levies = l.levies.all()[number]
	return number
}

// tax is the same taxes as they are kept for all.
func (l *ledger) tax(taxes []property.Tax) []property.Tax {
	if len(taxes) == 0 {
		return nil
	}
	key, err := json.Marshal(taxes)
	if err != nil {
		panic("memindex: taxes cannot be encoded: " + err.Error()) // numbers, dates and texts only
	}
	number := l.taxes.of(string(key), taxes)
	return l.taxes.all()[number]
}
