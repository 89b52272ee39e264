package searchtest

import (
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/store"
)

// Large is a world that does not fit into memory: each property is made when it
// is asked for.
type Large struct {
	IDs    []string                   // of the properties, ascending
	Bundle func(i int) store.Bundle   // property i, the same each time and nobody else's to change
	Rating func(i int) review.Summary // nil: nobody has rated any
}

// NewLargeSource is a store of a large world. It keeps what is changed of its
// properties, some that were asked for lately, and the last events of its log.
func NewLargeSource(w Large, now func() time.Time) *Source {
	s := NewSource(now)
	s.journal.most = largeLog
	s.large = &large{Large: w, recent: make([]*record, lately)}
	return s
}

const (
	largeLog = 1 << 14 // events that are kept at least
	lately   = 256     // more than a page of those who read a whole store
)

// large makes properties and remembers the last ones, because who reads one
// asks for its parts one after the other.
type large struct {
	Large
	recent []*record
	turn   int
}

// house makes a property; nil when there is none of that id.
func (l *large) house(id string) *record {
	i, ok := slices.BinarySearch(l.IDs, id)
	if !ok {
		return nil
	}
	for _, r := range l.recent {
		if r != nil && r.property.ID == id {
			return r
		}
	}
	r := new(record)
	r.describe(l.Bundle(i))
	if l.Rating != nil {
		r.rating = l.Rating(i)
	}
	l.recent[l.turn%len(l.recent)] = r
	l.turn++
	return r
}
