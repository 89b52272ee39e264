package elasticindex

import (
	"container/list"
	"sync"
)

// writing is one writing of a document: no two have the same, whatever the
// clocks of their writers said.
type writing struct {
	generation string
	number     int64 // _seq_no
	term       int64 // _primary_term
}

// houses keeps unpacked documents by their writing, the least recently used
// thrown away first: a query then fetches only what changed since the last that
// touched it.
type houses struct {
	mu     sync.Mutex
	most   int
	recent *list.List // of *kept, the most recently used in front
	byID   map[string]*list.Element
}

type kept struct {
	id      string
	writing writing
	house   *house
}

func newHouses(most int) *houses {
	return &houses{most: most, recent: list.New(), byID: make(map[string]*list.Element)}
}

// get is the house of that writing.
func (h *houses) get(id string, w writing) *house {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.byID[id]
	if at == nil || at.Value.(*kept).writing != w {
		return nil
	}
	h.recent.MoveToFront(at)
	return at.Value.(*kept).house
}

func (h *houses) put(id string, w writing, found *house) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at := h.byID[id]; at != nil {
		k := at.Value.(*kept)
		k.writing, k.house = w, found
		h.recent.MoveToFront(at)
		return
	}
	h.byID[id] = h.recent.PushFront(&kept{id, w, found})
	if h.recent.Len() > h.most {
		last := h.recent.Back()
		h.recent.Remove(last)
		delete(h.byID, last.Value.(*kept).id)
	}
}
