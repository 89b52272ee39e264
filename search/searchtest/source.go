package searchtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// Source is a store in memory, as far as a search index needs one. Its writes
// leave the events that an engine's writes leave.
type Source struct {
	journal
	mu     sync.Mutex
	houses map[string]*record // of a large world only those that were changed
	large  *large             // nil: there are no others
}

type record struct {
	property  property.Property
	types     []property.RoomType
	plans     []rate.Plan
	calendars []rate.Calendar
	nights    []inventory.Night // ascending by key
	rating    review.Summary
}

// NewSource is an empty store.
func NewSource(now func() time.Time) *Source {
	return &Source{journal: journal{now: now}, houses: make(map[string]*record)}
}

// house is a property, nil when there is none; with mu.
func (s *Source) house(id string) *record {
	if r := s.houses[id]; r != nil || s.large == nil {
		return r
	}
	return s.large.house(id)
}

// change is a property that will be changed; with mu.
func (s *Source) change(id string) *record {
	r := s.house(id)
	if r != nil {
		s.houses[id] = r
	}
	return r
}

// ids lists the properties in order; with mu.
func (s *Source) ids() []string {
	if s.large != nil {
		return s.large.IDs
	}
	return slices.Sorted(maps.Keys(s.houses))
}

// row is the night with that key, nil when it is not on sale.
func (r *record) row(key inventory.Key) *inventory.Night {
	i, ok := slices.BinarySearchFunc(r.nights, key, byKey)
	if !ok {
		return nil
	}
	return &r.nights[i]
}

func byKey(n inventory.Night, key inventory.Key) int {
	return inventory.Key{RoomTypeID: n.RoomTypeID, Night: n.Night}.Compare(key)
}

// describe takes the bundle's facts over; nights keep their counts.
func (r *record) describe(b store.Bundle) {
	r.property, r.types = *b.Property.Property, b.Property.RoomTypes
	r.plans, r.calendars = b.Rates.Plans, b.Rates.Calendars
	known := len(r.nights)
	r.nights = slices.Grow(r.nights, len(b.Inventory.Settings))
	for _, set := range b.Inventory.Settings {
		if _, open := slices.BinarySearchFunc(r.nights[:known], set.Key, byKey); open {
			continue
		}
		n := inventory.Night{RoomTypeID: set.RoomTypeID, Night: set.Night, Stock: *set.Stock, Cap: *set.Stock, Version: 1}
		if set.Blocked != nil {
			n.Blocked = min(*set.Blocked, n.Cap)
		}
		r.nights = append(r.nights, n)
	}
	slices.SortFunc(r.nights, func(a, b inventory.Night) int {
		return byKey(a, inventory.Key{RoomTypeID: b.RoomTypeID, Night: b.Night})
	})
}

// Import adds a property, or replaces its facts; nights keep their counts.
func (s *Source) Import(b store.Bundle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.house(b.Property.PropertyID)
	if r == nil {
		r = new(record)
	}
	r.describe(b)
	s.houses[b.Property.PropertyID] = r
	s.Emit(b.Property.Event())
}

// Sell takes n rooms of a type on every night of the stay, or gives them back.
func (s *Source) Sell(propertyID, roomTypeID string, nights stay.Stay, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.change(propertyID)
	var changed []inventory.Night
	for date := nights.Arrival; date < nights.Departure; date++ {
		row := r.row(inventory.Key{RoomTypeID: roomTypeID, Night: date})
		if row == nil {
			continue
		}
		row.Sold = min(max(0, row.Sold+n), row.Cap)
		row.Version++
		changed = append(changed, *row)
	}
	s.Emit(inventory.Changed(propertyID, changed))
}

// Stock sets how many rooms of some types there are on some nights.
func (s *Source) Stock(propertyID string, settings []inventory.Setting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.change(propertyID)
	var changed []inventory.Night
	for _, set := range settings {
		row := r.row(set.Key)
		if row == nil || set.Stock == nil {
			continue
		}
		row.Stock, row.Cap = *set.Stock, *set.Stock
		row.Version++
		changed = append(changed, *row)
	}
	s.Emit(inventory.Changed(propertyID, changed))
}

// Reprice replaces the plans and calendars of a property.
func (s *Source) Reprice(propertyID string, change func([]rate.Plan, []rate.Calendar)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.change(propertyID)
	plans, calendars := slices.Clone(r.plans), slices.Clone(r.calendars)
	for i := range calendars {
		calendars[i].Prices = slices.Clone(calendars[i].Prices)
	}
	change(plans, calendars)
	r.plans, r.calendars = plans, calendars
	s.Emit(rate.Change{PropertyID: propertyID, Plans: plans}.Event())
}

// Edit changes the facts of a property.
func (s *Source) Edit(propertyID string, change func(*property.Property)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.change(propertyID)
	change(&r.property)
	s.Emit(property.Change{PropertyID: propertyID, Property: &r.property}.Event())
}

// Remove takes a property out as if it had never been; its events stay. A large
// world makes it again when it is asked for.
func (s *Source) Remove(propertyID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.houses, propertyID)
	s.Emit(property.Change{PropertyID: propertyID}.Event())
}

// Rate is what guests' reviews of a property come to.
func (s *Source) Rate(propertyID string, rating review.Summary) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(propertyID).rating = rating
	s.Emit(outbox.Event{PropertyID: propertyID, Type: "review.posted"})
}

// Rating is what Rate said.
func (s *Source) Rating(ctx context.Context, propertyID string) (review.Summary, error) {
	r, err := s.record(ctx, propertyID)
	return r.rating, err
}

// Properties lists in id order.
func (s *Source) Properties(ctx context.Context, tenantID, after string, limit int) ([]property.Property, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var page []property.Property
	ids := s.ids()
	first, found := slices.BinarySearch(ids, after)
	if found {
		first++
	}
	for _, id := range ids[first:] {
		if len(page) == limit {
			break
		}
		if p := s.house(id).property; tenantID == "" || tenantID == p.TenantID {
			page = append(page, p)
		}
	}
	return page, ctx.Err()
}

func (s *Source) record(ctx context.Context, id string) (record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.house(id)
	if r == nil {
		return record{}, fmt.Errorf("searchtest: %w", property.ErrNotFound)
	}
	return *r, ctx.Err()
}

// Property is one of them, or ErrNotFound.
func (s *Source) Property(ctx context.Context, id string) (property.Property, error) {
	r, err := s.record(ctx, id)
	return r.property, err
}

// RoomTypes are those of a property.
func (s *Source) RoomTypes(ctx context.Context, propertyID string) ([]property.RoomType, error) {
	r, err := s.record(ctx, propertyID)
	return r.types, err
}

// Plans are those of a property.
func (s *Source) Plans(ctx context.Context, propertyID string) ([]rate.Plan, error) {
	r, err := s.record(ctx, propertyID)
	return r.plans, err
}

// Calendars are those of a property.
func (s *Source) Calendars(ctx context.Context, propertyID string) ([]rate.Calendar, error) {
	r, err := s.record(ctx, propertyID)
	return r.calendars, err
}

// Counts lists the free rooms in [from, to) of the properties first to last, by id.
func (s *Source) Counts(ctx context.Context, first, last string, from, to stay.Date) (all []inventory.Counts, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := s.ids()
	begin, _ := slices.BinarySearch(ids, first)
	for _, id := range ids[begin:] {
		if id > last {
			break
		}
		all = append(all, s.house(id).counts(from, to)...)
	}
	return all, ctx.Err()
}

// counts lists the free rooms in [from, to), room type by room type.
func (r *record) counts(from, to stay.Date) (all []inventory.Counts) {
	for rest := r.nights; len(rest) > 0; {
		roomTypeID := rest[0].RoomTypeID
		next, _ := slices.BinarySearchFunc(rest, inventory.Key{RoomTypeID: roomTypeID, Night: stay.LastDate + 1}, byKey)
		first, _ := slices.BinarySearchFunc(rest[:next], inventory.Key{RoomTypeID: roomTypeID, Night: from}, byKey)
		last, _ := slices.BinarySearchFunc(rest[:next], inventory.Key{RoomTypeID: roomTypeID, Night: to}, byKey)
		c := inventory.Counts{PropertyID: r.property.ID, RoomTypeID: roomTypeID, Nights: make([]inventory.Count, 0, last-first)}
		for _, row := range rest[first:last] {
			c.Nights = append(c.Nights, inventory.Count{Night: row.Night, Free: row.Free(), Version: row.Version})
		}
		if rest = rest[next:]; len(c.Nights) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// Gather moves every property into one city with its zone, and leaves each its
// currency and prices.
func (s *Source) Gather(city, country, zone string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, r := range s.houses {
		r.property.City, r.property.Country, r.property.Zone = city, country, zone
		s.Emit(property.Change{PropertyID: id, Property: &r.property}.Event())
	}
}
