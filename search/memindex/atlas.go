package memindex

import (
	"maps"
	"slices"

	"github.com/vacancyhq/vacancy/search"
)

// shown is what queries see: an atlas and the houses of its entries. It is made
// anew when a name, place or property changes.
type shown struct {
	atlas  *search.Atlas
	houses []*house
}

func labelOf(h *house) search.Label {
	if h == nil || h.known().Property.Closed {
		return search.Label{}
	}
	return h.known().LabelOf()
}

func (x *Index) publish() {
	s := new(shown)
	var labels []search.Label
	for _, id := range slices.Sorted(maps.Keys(x.houses)) {
		if h := x.houses[id]; !h.known().Property.Closed {
			labels, s.houses = append(labels, h.known().LabelOf()), append(s.houses, h)
		}
	}
	s.atlas = search.NewAtlas(labels, x.options.CityNames)
	x.shown.Store(s)
}
