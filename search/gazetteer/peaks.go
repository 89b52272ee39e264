package gazetteer

import "container/heap"

// peaks finds the largest values of any stretch of a list without looking at
// all of it: above the values are levels of the largest of sixteen each.
type peaks struct{ levels [][]uint32 }

const fan = 16

func peaksOf(values []uint32) peaks {
	p := peaks{levels: [][]uint32{values}}
	for len(values) > fan {
		above := make([]uint32, (len(values)+fan-1)/fan)
		for i, v := range values {
			above[i/fan] = max(above[i/fan], v)
		}
		p.levels = append(p.levels, above)
		values = above
	}
	return p
}

// top is where the largest value of [lo, hi) is, which must not be empty.
func (p peaks) top(lo, hi int) int {
	level, at, best := 0, lo, p.levels[0][lo]
	look := func(l, from, to int) {
		for i, v := range p.levels[l][from:to] {
			if v > best {
				level, at, best = l, from+i, v
			}
		}
	}
	l := 0
	for ; hi-lo > 2*fan && l+1 < len(p.levels); l++ {
		up, down := (lo+fan-1)/fan*fan, hi/fan*fan
		look(l, lo, up)
		look(l, down, hi)
		lo, hi = up/fan, down/fan
	}
	look(l, lo, hi)
	for ; level > 0; level-- {
		below := p.levels[level-1]
		at *= fan
		for below[at] != best {
			at++
		}
	}
	return at
}

// span is a stretch [lo, hi) of a list.
type span struct{ lo, hi uint32 }

func (s span) size() int { return int(s.hi - s.lo) }

func total(spans []span) int {
	n := 0
	for _, s := range spans {
		n += s.size()
	}
	return n
}

// walk visits the places of the spans by falling value until visit says stop.
func (p peaks) walk(spans []span, visit func(at int, value uint32) bool) {
	var queue hills
	add := func(s span) {
		if s.lo < s.hi {
			at := p.top(int(s.lo), int(s.hi))
			heap.Push(&queue, hill{span: s, at: uint32(at), value: p.levels[0][at]})
		}
	}
	for _, s := range spans {
		add(s)
	}
	for len(queue) > 0 {
		h := heap.Pop(&queue).(hill)
		if !visit(int(h.at), h.value) {
			return
		}
		add(span{h.lo, h.at})
		add(span{h.at + 1, h.hi})
	}
}

// hill is a span with its largest value.
type hill struct {
	span
	at, value uint32
}

// hills is a heap, highest first.
type hills []hill

func (h hills) Len() int           { return len(h) }
func (h hills) Less(i, j int) bool { return h[i].value > h[j].value }
func (h hills) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push adds a hill.
func (h *hills) Push(x any) { *h = append(*h, x.(hill)) }

// Pop takes the last one.
func (h *hills) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
