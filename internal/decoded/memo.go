// Package decoded remembers what documents say, so that those which are read
// again and again are decoded once.
package decoded

import (
	"encoding/json"
	"sync"
)

// Memo remembers the values of the documents that were read last. It knows a
// document by all of its bytes, so that nobody has to tell it when a row
// changes: other bytes are another document. The zero Memo is ready.
type Memo[T any] struct {
	mu         sync.Mutex
	young, old map[string]T // what is found among the old is young again
	size       int          // bytes of the young documents
}

// generation is how many bytes of documents are remembered at least, and half
// of what is remembered at most; decoded they are some three times as large.
const generation = 8 << 20

// Value is what a document says. Everybody who asks shares it, so it must not be
// changed, and neither what its slices and pointers lead to.
func (m *Memo[T]) Value(document []byte) (T, error) {
	if value, ok := m.known(document); ok {
		return value, nil
	}
	var value T
	if err := json.Unmarshal(document, &value); err != nil {
		return value, err
	}
	m.keep(string(document), value)
	return value, nil
}

func (m *Memo[T]) known(document []byte) (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if value, ok := m.young[string(document)]; ok {
		return value, true
	}
	value, ok := m.old[string(document)]
	if ok {
		m.add(string(document), value)
	}
	return value, ok
}

func (m *Memo[T]) keep(document string, value T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(document, value)
}

func (m *Memo[T]) add(document string, value T) {
	if m.young == nil || m.size+len(document) > generation {
		m.young, m.old, m.size = map[string]T{}, m.young, 0
	}
	m.young[document] = value
	m.size += len(document)
}
