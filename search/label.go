package search

// Label is what a property can be found by.
type Label struct {
	ID, Name, City, Country string
	Local                   map[string]string // names by language
	Point                   Point
}

// LabelOf is the property's.
func (h *House) LabelOf() Label {
	p := &h.Property
	return Label{ID: p.ID, Name: p.Name, City: p.City, Country: p.Country, Local: p.LocalNames, Point: h.Point()}
}
