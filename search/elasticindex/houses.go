package elasticindex

import (
	"container/list"
	"sync"
)

// houses keeps unpacked documents by version, the least recently used thrown
// away first: a query then fetches only what changed since the last that
// touched it.
type houses struct {
	mu     sync.Mutex
	most   int
	recent *list.List // of *kept, the most recently used in front
	byID   map[string]*list.Element
}

type kept struct {
	id      string
	version int64
	house   *house
}

func newHouses(most int) *houses {
	return &houses{most: most, recent: list.New(), byID: make(map[string]*list.Element)}
}

// get is a house of that version or a newer one.
func (h *houses) get(id string, version int64) *house {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.byID[id]
	if at == nil || at.Value.(*kept).version < version {
		return nil
	}
	h.recent.MoveToFront(at)
	return at.Value.(*kept).house
}

func (h *houses) put(id string, version int64, found *house) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at := h.byID[id]; at != nil {
		if k := at.Value.(*kept); k.version < version {
			k.version, k.house = version, found
		}
		h.recent.MoveToFront(at)
		return
	}
	h.byID[id] = h.recent.PushFront(&kept{id, version, found})
	if h.recent.Len() > h.most {
		last := h.recent.Back()
		h.recent.Remove(last)
		delete(h.byID, last.Value.(*kept).id)
	}
}
