package elasticindex

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
)

// names is the properties that are shown, by place and name: what typed text is
// looked up in. It is made anew when one of them changes, and never changed.
type names struct {
	atlas *search.Atlas
	byID  map[string]int // entry of the atlas
}

func (x *Index) publish() {
	ids := slices.Sorted(maps.Keys(x.labels))
	labels, byID := make([]search.Label, len(ids)), make(map[string]int, len(ids))
	for i, id := range ids {
		labels[i], byID[id] = x.labels[id], i
	}
	x.names.Store(&names{search.NewAtlas(labels, x.options.CityNames), byID})
}

// readNames reads the names of all properties, once in the life of a process.
func (x *Index) readNames(ctx context.Context) error {
	labels, after := make(map[string]search.Label), ""
	for {
		page, err := x.source.Properties(ctx, "", after, propertyPage)
		if err != nil {
			return fmt.Errorf("elasticindex: list properties: %w", err)
		}
		if len(page) == 0 {
			break
		}
		for i := range page {
			if !page[i].Closed {
				labels[page[i].ID] = labelOf(&page[i])
			}
		}
		after = page[len(page)-1].ID
	}
	x.labels = labels
	x.publish()
	return nil
}

// rename takes note of properties as they are now; gone are no longer shown.
func (x *Index) rename(now []search.Label, gone []string) {
	moved := false
	for _, l := range now {
		if before, known := x.labels[l.ID]; !known || !reflect.DeepEqual(before, l) {
			x.labels[l.ID], moved = l, true
		}
	}
	for _, id := range gone {
		if _, known := x.labels[id]; known {
			delete(x.labels, id)
			moved = true
		}
	}
	if moved {
		x.publish()
	}
}

func labelOf(p *property.Property) search.Label {
	h := search.House{Property: *p}
	return h.LabelOf()
}
