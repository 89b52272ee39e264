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
	mu     sync.Mutex
	houses map[string]*record
	log    []outbox.Stored
	wakers []chan struct{}
	now    func() time.Time
}

type record struct {
	property  property.Property
	types     []property.RoomType
	plans     []rate.Plan
	calendars []rate.Calendar
	nights    map[inventory.Key]inventory.Night
	rating    review.Summary
}

// NewSource is an empty store.
func NewSource(now func() time.Time) *Source {
	return &Source{houses: make(map[string]*record), now: now}
}

// Import adds a property, or replaces its facts; nights keep their counts.
func (s *Source) Import(b store.Bundle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := b.Property.PropertyID
	r := s.houses[id]
	if r == nil {
		r = &record{nights: make(map[inventory.Key]inventory.Night)}
		s.houses[id] = r
	}
	r.property, r.types = *b.Property.Property, b.Property.RoomTypes
	r.plans, r.calendars = b.Rates.Plans, b.Rates.Calendars
	for _, set := range b.Inventory.Settings {
		if _, open := r.nights[set.Key]; !open {
			n := inventory.Night{RoomTypeID: set.RoomTypeID, Night: set.Night, Stock: *set.Stock, Cap: *set.Stock, Version: 1}
			if set.Blocked != nil {
				n.Blocked = min(*set.Blocked, n.Cap)
			}
			r.nights[set.Key] = n
		}
	}
	s.emit(b.Property.Event())
}

// Sell takes n rooms of a type on every night of the stay, or gives them back.
func (s *Source) Sell(propertyID, roomTypeID string, nights stay.Stay, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.houses[propertyID]
	var changed []inventory.Night
	for date := nights.Arrival; date < nights.Departure; date++ {
		key := inventory.Key{RoomTypeID: roomTypeID, Night: date}
		row, open := r.nights[key]
		if !open {
			continue
		}
		row.Sold = min(max(0, row.Sold+n), row.Cap)
		row.Version++
		r.nights[key] = row
		changed = append(changed, row)
	}
	s.emit(inventory.Changed(propertyID, changed))
}

// Stock sets how many rooms of some types there are on some nights.
func (s *Source) Stock(propertyID string, settings []inventory.Setting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.houses[propertyID]
	var changed []inventory.Night
	for _, set := range settings {
		row, open := r.nights[set.Key]
		if !open || set.Stock == nil {
			continue
		}
		row.Stock, row.Cap = *set.Stock, *set.Stock
		row.Version++
		r.nights[set.Key] = row
		changed = append(changed, row)
	}
	s.emit(inventory.Changed(propertyID, changed))
}

// Reprice replaces the plans and calendars of a property.
func (s *Source) Reprice(propertyID string, change func([]rate.Plan, []rate.Calendar)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.houses[propertyID]
	plans, calendars := slices.Clone(r.plans), slices.Clone(r.calendars)
	for i := range calendars {
		calendars[i].Prices = slices.Clone(calendars[i].Prices)
	}
	change(plans, calendars)
	r.plans, r.calendars = plans, calendars
	s.emit(rate.Change{PropertyID: propertyID, Plans: plans}.Event())
}

// Edit changes the facts of a property.
func (s *Source) Edit(propertyID string, change func(*property.Property)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.houses[propertyID]
	change(&r.property)
	s.emit(property.Change{PropertyID: propertyID, Property: &r.property}.Event())
}

// Remove takes a property out as if it had never been; its events stay.
func (s *Source) Remove(propertyID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.houses, propertyID)
	s.emit(property.Change{PropertyID: propertyID}.Event())
}

// Rate is what guests' reviews of a property come to.
func (s *Source) Rate(propertyID string, rating review.Summary) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.houses[propertyID].rating = rating
	s.emit(outbox.Event{PropertyID: propertyID, Type: "review.posted"})
}

// Rating is what Rate said.
func (s *Source) Rating(ctx context.Context, propertyID string) (review.Summary, error) {
	r, err := s.record(ctx, propertyID)
	return r.rating, err
}

// Emit adds an event to the log.
func (s *Source) Emit(e outbox.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(e)
}

func (s *Source) emit(e outbox.Event) {
	// Positions of two parts with gaps, as PostgreSQL's are.
	n := uint64(len(s.log))
	s.log = append(s.log, outbox.Stored{Position: outbox.Position{Major: 100 + 7*(n/3), Minor: 5 + 2*n}, At: s.now(), Event: e})
	for _, w := range s.wakers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

// Properties lists in id order.
func (s *Source) Properties(ctx context.Context, tenantID, after string, limit int) ([]property.Property, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var page []property.Property
	for _, id := range slices.Sorted(maps.Keys(s.houses)) {
		p := s.houses[id].property
		if id > after && len(page) < limit && (tenantID == "" || tenantID == p.TenantID) {
			page = append(page, p)
		}
	}
	return page, ctx.Err()
}

func (s *Source) record(ctx context.Context, id string) (record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.houses[id]
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
	for id, r := range s.houses {
		if id < first || id > last {
			continue
		}
		counts := make(map[string][]inventory.Count)
		for key, row := range r.nights {
			if from <= key.Night && key.Night < to {
				counts[key.RoomTypeID] = append(counts[key.RoomTypeID], inventory.Count{Night: key.Night, Free: row.Free(), Version: row.Version})
			}
		}
		for roomTypeID, nights := range counts {
			all = append(all, inventory.Counts{PropertyID: id, RoomTypeID: roomTypeID, Nights: nights})
		}
	}
	return all, ctx.Err()
}

// Events lists the log after a position.
func (s *Source) Events(ctx context.Context, after outbox.Position, limit int) ([]outbox.Stored, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	first, _ := slices.BinarySearchFunc(s.log, after, func(e outbox.Stored, p outbox.Position) int {
		if p.Less(e.Position) {
			return 1
		}
		return -1
	})
	return slices.Clone(s.log[first:min(first+limit, len(s.log))]), ctx.Err()
}

// Committed subscribes to the wake-up after a write.
func (s *Source) Committed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := make(chan struct{}, 1)
	s.wakers = append(s.wakers, w)
	return w
}

// Gather moves every property into one city with its zone, and leaves each its
// currency and prices.
func (s *Source) Gather(city, country, zone string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, r := range s.houses {
		r.property.City, r.property.Country, r.property.Zone = city, country, zone
		s.emit(property.Change{PropertyID: id, Property: &r.property}.Event())
	}
}
