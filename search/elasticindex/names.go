package elasticindex

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/gazetteer"
)

// names is the properties that are shown, by place and name: what typed text is
// looked up in. Another follows when one of them changes.
type names = gazetteer.Atlas

func (x *Index) publish() {
	ids := slices.Sorted(maps.Keys(x.labels))
	labels := make([]search.Label, len(ids))
	for i, id := range ids {
		labels[i] = x.labels[id]
	}
	before := x.names.Load()
	if before == nil {
		before = gazetteer.NewAtlas(gazetteer.New(x.options.Places))
	}
	x.names.Store(before.Next(labels))
}

// readNames reads the names of all properties, once in the life of a process.
func (x *Index) readNames(ctx context.Context) error {
	if x.names.Load() != nil {
		return nil
	}
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
