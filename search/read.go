package search

import (
	"context"
	"fmt"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// Read reads what a property sells. It fails with stay.ErrZone, and a house
// that has everything but its zone, when that is unknown.
func Read(ctx context.Context, source Source, p property.Property) (*House, error) {
	facts, err := ReadFacts(ctx, source, p)
	if err != nil {
		return nil, err
	}
	return facts.House()
}

// LeftOf is what counts of one property leave of its rooms; a night without
// one is not on sale.
func LeftOf(counts []inventory.Counts) Left {
	free := make(map[inventory.Key]int)
	for _, c := range counts {
		for _, n := range c.Nights {
			free[inventory.Key{RoomTypeID: c.RoomTypeID, Night: n.Night}] = n.Free
		}
	}
	return func(nights stay.Stay, roomTypeID string) int {
		n := inventory.MaxStock
		for date := nights.Arrival; date < nights.Departure; date++ {
			n = min(n, free[inventory.Key{RoomTypeID: roomTypeID, Night: date}])
		}
		return n
	}
}

// candidate reads a property at this moment.
func candidate(ctx context.Context, source Source, id string, stays []stay.Stay) (Candidate, error) {
	p, err := source.Property(ctx, id)
	if err != nil {
		return Candidate{}, fmt.Errorf("search: read property %s: %w", id, err)
	}
	h, err := Read(ctx, source, p)
	if err != nil {
		return Candidate{}, fmt.Errorf("search: read property %s: %w", id, err)
	}
	c := Candidate{House: h}
	if len(stays) > 0 {
		counts, err := source.Counts(ctx, id, id, stays[0].Arrival, stays[len(stays)-1].Departure)
		if err != nil {
			return Candidate{}, fmt.Errorf("search: read the nights of %s: %w", id, err)
		}
		c.Left = LeftOf(counts)
	}
	return c, nil
}
