package elasticindex

import (
	"context"
	"fmt"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/gazetteer"
)

// names is the properties that are shown, by place and name: what typed text is
// looked up in. Another follows when one of them changes.
type names = gazetteer.Atlas

// readNames reads the names of all properties, once in the life of a process.
func (x *Index) readNames(ctx context.Context) error {
	if x.names.Load() != nil {
		return nil
	}
	var labels []search.Label
	after := ""
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
				labels = append(labels, labelOf(&page[i])) // in id order, as they are listed
			}
		}
		after = page[len(page)-1].ID
	}
	x.names.Store(gazetteer.NewAtlas(gazetteer.New(x.options.Places)).Next(labels))
	return nil
}

// rename takes note of properties as they are now; gone are no longer shown.
func (x *Index) rename(now []search.Label, gone []string) {
	x.names.Store(x.names.Load().With(now, gone))
}

func labelOf(p *property.Property) search.Label {
	h := search.House{Property: *p}
	return h.LabelOf()
}
