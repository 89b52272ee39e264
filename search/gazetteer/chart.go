package gazetteer

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/search"
)

// chart is properties in id order, with those of each place. It never changes.
type chart struct {
	labels  []search.Label
	homes   []ref
	members map[ref][]int // of each city, and of regions and countries beside their cities
}

// draw makes a chart of properties that live in homes.
func (s *state) draw(labels []search.Label, homes []ref) *chart {
	c := &chart{labels: labels, homes: homes, members: make(map[ref][]int)}
	for i, home := range homes {
		for r := home; r != nowhere; r = s.parent(r) {
			c.members[r] = append(c.members[r], i)
		}
	}
	return c
}

func find(labels []search.Label, id string) (int, bool) {
	return slices.BinarySearchFunc(labels, id, func(l search.Label, id string) int { return cmp.Compare(l.ID, id) })
}

// With is the atlas with some properties as they are now, and without others. A
// chart is drawn anew when much lies beside it: a walk over all properties for
// some thousandths of them.
func (a *Atlas) With(put []search.Label, removed []string) *Atlas {
	put = slices.DeleteFunc(slices.Clone(put), func(l search.Label) bool { return a.has(&l) })
	removed = slices.DeleteFunc(slices.Clone(removed), func(id string) bool { _, there := a.Find(id); return !there })
	if len(put)+len(removed) == 0 {
		return a
	}
	hotels := make([]Hotel, len(put))
	for i := range put {
		hotels[i] = hotelOf(&put[i])
	}
	a.gazetteer.Apply(hotels, removed)
	next := &Atlas{
		gazetteer: a.gazetteer, state: a.gazetteer.now.Load(), chart: a.chart,
		gone: slices.Clone(a.gone), lost: a.lost, lostIn: maps.Clone(a.lostIn),
	}
	labels, homes := slices.Clone(a.late.labels), slices.Clone(a.late.homes)
	for _, id := range removed {
		next.lose(id)
		if at, there := find(labels, id); there {
			labels, homes = slices.Delete(labels, at, at+1), slices.Delete(homes, at, at+1)
		}
	}
	for i := range put {
		next.lose(put[i].ID)
		home := next.state.homeOf(&put[i], a)
		at, there := find(labels, put[i].ID)
		if there {
			labels[at], homes[at] = put[i], home
			continue
		}
		labels, homes = slices.Insert(labels, at, put[i]), slices.Insert(homes, at, home)
	}
	next.late = next.state.draw(labels, homes)
	if len(labels)+next.lost > max(leastBeside, len(a.chart.labels)/shareBeside) {
		return next.whole()
	}
	return next
}

// How much may lie beside the chart: a few, or one property of so many.
const (
	leastBeside = 64
	shareBeside = 500
)

// lose takes a property off the chart, if it is there.
func (a *Atlas) lose(id string) {
	at, there := find(a.chart.labels, id)
	if !there || a.isGone(at) {
		return
	}
	if a.gone == nil {
		a.gone, a.lostIn = make([]uint64, (len(a.chart.labels)+63)/64), make(map[ref]int)
	}
	a.gone[at/64] |= 1 << (at % 64)
	a.lost++
	for r := a.chart.homes[at]; r != nowhere; r = a.state.parent(r) {
		a.lostIn[r]++
	}
}

func (a *Atlas) isGone(i int) bool { return a.gone != nil && a.gone[i/64]>>(i%64)&1 == 1 }

// whole is the same atlas with everything on its chart.
func (a *Atlas) whole() *Atlas {
	entries := a.all()
	labels, homes := make([]search.Label, len(entries)), make([]ref, len(entries))
	for i, e := range entries {
		labels[i], homes[i] = *a.At(e), a.home(e)
	}
	return &Atlas{gazetteer: a.gazetteer, state: a.state, chart: a.state.draw(labels, homes), late: a.state.draw(nil, nil)}
}

// Size is one more than the highest number of a property.
func (a *Atlas) Size() int { return len(a.chart.labels) + len(a.late.labels) }

// Kept is how many numbers, from 0, mean what they meant in another atlas.
func (a *Atlas) Kept(before *Atlas) int {
	if a.chart != before.chart {
		return 0
	}
	return len(a.chart.labels)
}

// Len is how many properties there are.
func (a *Atlas) Len() int { return a.Size() - a.lost }

// At is the label of a property.
func (a *Atlas) At(i int) *search.Label {
	if i < len(a.chart.labels) {
		return &a.chart.labels[i]
	}
	return &a.late.labels[i-len(a.chart.labels)]
}

func (a *Atlas) home(i int) ref {
	if i < len(a.chart.homes) {
		return a.chart.homes[i]
	}
	return a.late.homes[i-len(a.chart.homes)]
}

// Find is the property of an id.
func (a *Atlas) Find(id string) (int, bool) {
	if i, there := find(a.late.labels, id); there {
		return len(a.chart.labels) + i, true
	}
	i, there := find(a.chart.labels, id)
	return i, there && !a.isGone(i)
}

// members is the properties of a place, in id order.
func (a *Atlas) members(r ref) []int {
	listed, late := a.chart.members[r], a.late.members[r]
	if a.lostIn[r] == 0 && len(late) == 0 {
		return listed
	}
	return a.merged(listed, late)
}

// all is every property, in id order.
func (a *Atlas) all() []int {
	return a.merged(upToNumber(len(a.chart.labels)), upToNumber(len(a.late.labels)))
}

func upToNumber(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// merged is some properties of the chart that are still there and some of late, in id order.
func (a *Atlas) merged(listed, late []int) []int {
	all := make([]int, 0, len(listed)+len(late))
	for _, i := range listed {
		if a.isGone(i) {
			continue
		}
		for len(late) > 0 && strings.Compare(a.late.labels[late[0]].ID, a.chart.labels[i].ID) < 0 {
			all, late = append(all, len(a.chart.labels)+late[0]), late[1:]
		}
		all = append(all, i)
	}
	for _, i := range late {
		all = append(all, len(a.chart.labels)+i)
	}
	return all
}
