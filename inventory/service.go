package inventory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// Errors of setting availability.
var (
	ErrPast          = errors.New("inventory: the night has passed at the property")
	ErrBeyondHorizon = errors.New("inventory: the night is after the last one on sale")
	ErrRoomType      = errors.New("inventory: no such room type at the property")
)

// Limits of one write.
const (
	MaxRanges   = 1000
	MaxSettings = 50_000 // nights of room types
)

// Service is the rules of setting how many rooms there are.
type Service struct{ store Store }

// NewService wires the rules to a store.
func NewService(store Store) *Service { return &Service{store: store} }

// Range gives absolute values to the nights From..Through, both included, that
// fall on Days; nil leaves a value as it is.
type Range struct {
	RoomTypeIDs   []string // empty: every room type of the property
	From, Through stay.Date
	Days          stay.Weekdays
	Stock         *int
	OutOfOrder    *int
	Overbooking   *int
	Blocked       *int
	Version       int64 // the expected version of each night; 0: any
}

// Availability is a write of ranges, in order: a later one counts where they overlap.
type Availability struct {
	PropertyID string
	Ranges     []Range
	Force      bool   // a cap below what is sold opens a case instead of being refused
	By         string // who asked
}

// Written is what a write did, for Render.
type Written struct{ Nights int }

// SetAvailability writes all of the ranges or nothing.
func (s *Service) SetAvailability(ctx context.Context, cmd outbox.Command[Written], a Availability) (outbox.Answer, error) {
	return outbox.Run(ctx, s.store, cmd.Asked(a.PropertyID), nil, func(ctx context.Context) (outbox.Try, error) {
		settings, err := s.settings(ctx, a)
		if err != nil {
			return outbox.Try{}, err
		}
		change := Change{PropertyID: a.PropertyID, Settings: settings, Force: a.Force, By: a.By}
		status, body := cmd.Render(Written{Nights: len(settings)})
		return outbox.Try{Status: status, Body: body, Apply: func(ctx context.Context, request *outbox.Request) error {
			change.Request = request
			return s.store.ApplyInventory(ctx, change)
		}}, nil
	})
}

// Nights lists the rows of a property in [from, to).
func (s *Service) Nights(ctx context.Context, propertyID string, from, to stay.Date) ([]Night, error) {
	return s.store.Nights(ctx, propertyID, from, to)
}

// Cases lists the overbooking cases of a property, newest first.
func (s *Service) Cases(ctx context.Context, propertyID string) ([]Case, error) {
	return s.store.Cases(ctx, propertyID)
}

// extend opens the nights from today to the house's horizon that room types have
// no row for, with their default stock; what exists is left as it is.
func (s *Service) extend(ctx context.Context, house property.Property, today stay.Date, types []property.RoomType) (opened int, err error) {
	end := today.Add(horizonOf(house))
	there, err := s.store.Nights(ctx, house.ID, today, end)
	if err != nil {
		return 0, err
	}
	known := make(map[Key]bool, len(there))
	for _, n := range there {
		known[Key{n.RoomTypeID, n.Night}] = true
	}
	for _, t := range types {
		var settings []Setting
		for night := today; night < end; night++ {
			if key := (Key{t.ID, night}); !known[key] && !t.Closed {
				settings = append(settings, Setting{Key: key, Stock: &t.Stock})
			}
		}
		if len(settings) == 0 {
			continue
		}
		// One transaction for each type: the next one finds what a crash left out.
		err := s.store.ApplyInventory(ctx, Change{PropertyID: house.ID, Settings: settings, OpenOnly: true, By: "horizon"})
		if err != nil {
			return opened, fmt.Errorf("inventory: extend the horizon: %w", err)
		}
		opened += len(settings)
	}
	return opened, nil
}

// ExtendProperty opens what a property lacks of the nights to its horizon. It is
// run for a new room type and every day, and running it again changes nothing.
// Nights are opened in order, so the last one tells for one small read whether
// there is anything to do.
func (s *Service) ExtendProperty(ctx context.Context, propertyID string) (opened int, err error) {
	house, err := s.store.Property(ctx, propertyID)
	if err != nil {
		return 0, err
	}
	today, err := s.todayAt(ctx, house)
	if err != nil {
		return 0, err
	}
	types, err := s.store.RoomTypes(ctx, propertyID)
	if err != nil {
		return 0, err
	}
	last := today.Add(horizonOf(house) - 1)
	open, err := s.store.Nights(ctx, propertyID, last, last+1)
	if err != nil || len(open) >= len(types) {
		return 0, err
	}
	return s.extend(ctx, house, today, types)
}

// horizonOf is for how many nights a house sells.
func horizonOf(house property.Property) int { return cmp.Or(house.Horizon, Horizon) }

func (s *Service) today(ctx context.Context, propertyID string) (stay.Date, error) {
	house, err := s.store.Property(ctx, propertyID)
	if err != nil {
		return 0, err
	}
	return s.todayAt(ctx, house)
}

func (s *Service) todayAt(ctx context.Context, house property.Property) (stay.Date, error) {
	zone, err := stay.Zone(house.Zone)
	if err != nil {
		return 0, fmt.Errorf("inventory: zone of the property: %w", err)
	}
	now, err := s.store.Now(ctx)
	if err != nil {
		return 0, fmt.Errorf("inventory: read the clock: %w", err)
	}
	return stay.On(now.In(time.UTC), zone), nil
}

// settings expands the ranges into nights, ascending by key, each once.
func (s *Service) settings(ctx context.Context, a Availability) ([]Setting, error) {
	if len(a.Ranges) == 0 || len(a.Ranges) > MaxRanges {
		return nil, fmt.Errorf("%w: 1 to %d ranges", ErrInvalid, MaxRanges)
	}
	today, err := s.today(ctx, a.PropertyID)
	if err != nil {
		return nil, err
	}
	types, err := s.store.RoomTypes(ctx, a.PropertyID)
	if err != nil {
		return nil, err
	}
	nights := make(map[Key]Setting)
	for _, r := range a.Ranges {
		if err := r.check(today); err != nil {
			return nil, err
		}
		ids, err := r.roomTypes(types)
		if err != nil {
			return nil, err
		}
		r.spread(ids, nights)
		if len(nights) > MaxSettings {
			return nil, fmt.Errorf("%w: at most %d nights in one write; send fewer room types or dates", ErrInvalid, MaxSettings)
		}
	}
	settings := make([]Setting, 0, len(nights))
	for _, setting := range nights {
		settings = append(settings, setting)
	}
	slices.SortFunc(settings, func(x, y Setting) int { return x.Compare(y.Key) })
	return settings, nil
}

func (r Range) check(today stay.Date) error {
	switch {
	case r.Through < r.From:
		return fmt.Errorf("%w: through must not be before from", ErrInvalid)
	case r.From < today:
		return ErrPast
	case r.Through >= today.Add(Horizon):
		return fmt.Errorf("%w: %s", ErrBeyondHorizon, today.Add(Horizon-1))
	case r.Days == 0:
		return fmt.Errorf("%w: at least one weekday is needed", ErrInvalid)
	}
	values := 0
	for _, value := range []*int{r.Stock, r.OutOfOrder, r.Overbooking, r.Blocked} {
		if value == nil {
			continue
		}
		values++
		if *value < 0 || *value > MaxStock {
			return fmt.Errorf("%w: counts are 0 to %d", ErrInvalid, MaxStock)
		}
	}
	if values == 0 {
		return fmt.Errorf("%w: give stock, out_of_order, overbooking or blocked", ErrInvalid)
	}
	return nil
}

func (r Range) roomTypes(there []property.RoomType) ([]string, error) {
	if len(r.RoomTypeIDs) == 0 {
		ids := make([]string, len(there))
		for i, t := range there {
			ids[i] = t.ID
		}
		return ids, nil
	}
	for _, id := range r.RoomTypeIDs {
		if !slices.ContainsFunc(there, func(t property.RoomType) bool { return t.ID == id }) {
			return nil, ErrRoomType
		}
	}
	return r.RoomTypeIDs, nil
}

// spread lays the range over what earlier ranges said.
func (r Range) spread(ids []string, nights map[Key]Setting) {
	lay := func(under **int, over *int) {
		if over != nil {
			*under = over
		}
	}
	for _, id := range ids {
		for night := r.From; night <= r.Through; night++ {
			if !r.Days.Has(night.Weekday()) {
				continue
			}
			setting := nights[Key{id, night}]
			setting.Key = Key{id, night}
			lay(&setting.Stock, r.Stock)
			lay(&setting.OutOfOrder, r.OutOfOrder)
			lay(&setting.Overbooking, r.Overbooking)
			lay(&setting.Blocked, r.Blocked)
			if r.Version != 0 {
				setting.Version = r.Version
			}
			nights[setting.Key] = setting
		}
	}
}
