package search

import (
	"context"

	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

// Facts is all that a Source says of one property, but for its nights: what a
// House is made of, and what a snapshot keeps.
type Facts struct {
	Property  property.Property
	RoomTypes []property.RoomType
	Plans     []rate.Plan
	Calendars []rate.Calendar
	Rating    review.Summary
}

// ReadFacts asks the source.
func ReadFacts(ctx context.Context, source Source, p property.Property) (*Facts, error) {
	f := &Facts{Property: p}
	var err error
	if f.RoomTypes, err = source.RoomTypes(ctx, p.ID); err != nil {
		return nil, err
	}
	if f.Plans, err = source.Plans(ctx, p.ID); err != nil {
		return nil, err
	}
	if f.Calendars, err = source.Calendars(ctx, p.ID); err != nil {
		return nil, err
	}
	if rated, ok := source.(Rated); ok {
		f.Rating, err = rated.Rating(ctx, p.ID)
	}
	return f, err
}

// House puts together what the property sells. It fails with stay.ErrZone, and
// a house that has everything but its zone, when that is unknown.
func (f *Facts) House() (*House, error) {
	zone, err := stay.Zone(f.Property.Zone)
	return &House{
		Property: f.Property, Rating: f.Rating, Zone: zone,
		Products: pricing.Products(f.RoomTypes, f.Plans, f.Calendars, f.Property.Taxes),
	}, err
}
