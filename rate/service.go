package rate

import (
	"context"
	"fmt"
	"slices"

	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
)

// Limits of one write.
const (
	MaxPlans  = 500  // of a property
	MaxWrites = 1000 // spans in one write
)

// Service is the rules of writing plans and calendars.
type Service struct {
	store Store
	ids   *ident.Source
}

// NewService wires the rules to a store.
func NewService(store Store, ids *ident.Source) *Service { return &Service{store: store, ids: ids} }

// Plans lists the plans of a property.
func (s *Service) Plans(ctx context.Context, propertyID string) ([]Plan, error) {
	return s.store.Plans(ctx, propertyID)
}

// Calendars lists the calendars of a property.
func (s *Service) Calendars(ctx context.Context, propertyID string) ([]Calendar, error) {
	return s.store.Calendars(ctx, propertyID)
}

// CreatePlan adds a plan to p.PropertyID. It is sold once it has prices.
func (s *Service) CreatePlan(ctx context.Context, cmd outbox.Command[Plan], p Plan) (outbox.Answer, error) {
	p.ID, p.Version = s.ids.ID("plan"), 0
	return outbox.Run(ctx, s.store, cmd.Asked(p.PropertyID), nil, func(ctx context.Context) (outbox.Try, error) {
		plans, err := s.store.Plans(ctx, p.PropertyID)
		if err != nil {
			return outbox.Try{}, err
		}
		if len(plans) >= MaxPlans {
			return outbox.Try{}, fmt.Errorf("%w: at most %d plans", ErrInvalid, MaxPlans)
		}
		return s.savePlan(p, plans, cmd)
	})
}

// UpdatePlan writes what edit makes of a plan over the version that the client
// saw: ErrStale when it is another by now.
func (s *Service) UpdatePlan(
	ctx context.Context, cmd outbox.Command[Plan], propertyID, id string, expect int64, edit func(*Plan),
) (outbox.Answer, error) {
	return outbox.Run(ctx, s.store, cmd.Asked(propertyID), ErrConflict, func(ctx context.Context) (outbox.Try, error) {
		plans, err := s.store.Plans(ctx, propertyID)
		if err != nil {
			return outbox.Try{}, err
		}
		p, ok := byID(plans, id)
		switch {
		case !ok:
			return outbox.Try{}, ErrNotFound
		case p.Version != expect:
			return outbox.Try{}, ErrStale
		}
		currency := p.Currency
		edit(&p)
		p.ID, p.PropertyID, p.Version = id, propertyID, expect
		if p.Currency != currency {
			return outbox.Try{}, &FieldError{Field: "currency", Want: "the one that the plan was made with: its prices are in it"}
		}
		return s.savePlan(p, plans, cmd)
	})
}

func (s *Service) savePlan(p Plan, plans []Plan, cmd outbox.Command[Plan]) (outbox.Try, error) {
	if err := p.Check(); err != nil {
		return outbox.Try{}, err
	}
	_, err := Lineage(p, func(id string) (Plan, bool) {
		if id == p.ID {
			return p, true // as it would be, so that a loop through it is seen
		}
		return byID(plans, id)
	})
	if err != nil {
		return outbox.Try{}, err
	}
	change := Change{PropertyID: p.PropertyID, Plans: []Plan{p}}
	p.Version++
	status, body := cmd.Render(p)
	return s.try(change, status, body), nil
}

// PriceWrite says what the nights of a span cost under a plan.
type PriceWrite struct {
	PlanID      string
	RoomTypeIDs []string
	Price       Price // with its span
	Version     int64 // the expected version of each calendar; 0: any
	Clear       bool  // take the prices away instead
}

// RuleWrite says what a plan allows on the nights of a span.
type RuleWrite struct {
	PlanID      string
	RoomTypeIDs []string // empty: the plan's rules for every room type
	Span        Span
	Update      RuleUpdate
	Version     int64 // the expected version of each calendar; 0: any
}

// SetPrices applies the writes in order, all or none. Render gets the calendars
// that were changed.
func (s *Service) SetPrices(ctx context.Context, cmd outbox.Command[[]Calendar], propertyID string, writes []PriceWrite) (outbox.Answer, error) {
	return s.write(ctx, cmd, propertyID, len(writes), func(d *desk) error {
		for _, w := range writes {
			if len(w.RoomTypeIDs) == 0 {
				return &FieldError{Field: "room types", Want: "given: prices are those of room types"}
			}
			err := d.each(w.PlanID, w.RoomTypeIDs, w.Version, func(c *Calendar) error {
				if w.Clear {
					if err := w.Price.Span.check("price"); err != nil {
						return err
					}
					c.ClearPrices(w.Price.Span, w.Price.MinNights, w.Price.MaxNights)
					return nil
				}
				return c.SetPrices(w.Price.Span, w.Price)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SetRestrictions applies the writes in order, all or none. Render gets the
// calendars that were changed.
func (s *Service) SetRestrictions(ctx context.Context, cmd outbox.Command[[]Calendar], propertyID string, writes []RuleWrite) (outbox.Answer, error) {
	return s.write(ctx, cmd, propertyID, len(writes), func(d *desk) error {
		for _, w := range writes {
			rooms := w.RoomTypeIDs
			if len(rooms) == 0 {
				rooms = []string{""}
			}
			err := d.each(w.PlanID, rooms, w.Version, func(c *Calendar) error { return c.SetRules(w.Span, w.Update) })
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// write loads the property's calendars, lets edit change some and applies
// those. It starts over when another write came between: the edits are of
// absolute values, so they mean the same on the newer state.
func (s *Service) write(
	ctx context.Context, cmd outbox.Command[[]Calendar], propertyID string, size int, edit func(*desk) error,
) (outbox.Answer, error) {
	if size == 0 || size > MaxWrites {
		return outbox.Answer{}, &FieldError{Field: "writes", Want: fmt.Sprintf("1 to %d", MaxWrites)}
	}
	return outbox.Run(ctx, s.store, cmd.Asked(propertyID), ErrConflict, func(ctx context.Context) (outbox.Try, error) {
		d, err := s.desk(ctx, propertyID)
		if err != nil {
			return outbox.Try{}, err
		}
		if err := edit(d); err != nil {
			return outbox.Try{}, err
		}
		change := Change{PropertyID: propertyID}
		var after []Calendar
		for _, key := range d.touched {
			c := *d.calendars[key]
			if err := c.Check(); err != nil {
				return outbox.Try{}, err
			}
			change.Calendars = append(change.Calendars, c)
			c.Version++
			after = append(after, c)
		}
		status, body := cmd.Render(after)
		return s.try(change, status, body), nil
	})
}

// desk is the calendars of a property while a write works on them.
type desk struct {
	propertyID string
	plans      []Plan
	types      []property.RoomType
	calendars  map[[2]string]*Calendar
	touched    [][2]string
}

func (s *Service) desk(ctx context.Context, propertyID string) (*desk, error) {
	plans, err := s.store.Plans(ctx, propertyID)
	if err != nil {
		return nil, err
	}
	types, err := s.store.RoomTypes(ctx, propertyID)
	if err != nil {
		return nil, err
	}
	calendars, err := s.store.Calendars(ctx, propertyID)
	if err != nil {
		return nil, err
	}
	d := &desk{propertyID: propertyID, plans: plans, types: types, calendars: make(map[[2]string]*Calendar)}
	for _, c := range calendars {
		d.calendars[[2]string{c.PlanID, c.RoomTypeID}] = &c
	}
	return d, nil
}

// each edits the plan's calendar of each room type, made where there is none.
func (d *desk) each(planID string, roomTypes []string, version int64, edit func(*Calendar) error) error {
	if _, ok := byID(d.plans, planID); !ok {
		return ErrNotFound
	}
	for _, room := range roomTypes {
		if room != "" && !slices.ContainsFunc(d.types, func(t property.RoomType) bool { return t.ID == room }) {
			return &FieldError{Field: "room types", Want: "room types of the property"}
		}
		key := [2]string{planID, room}
		c, ok := d.calendars[key]
		if !ok {
			c = &Calendar{PropertyID: d.propertyID, PlanID: planID, RoomTypeID: room}
			d.calendars[key] = c
		}
		if version != 0 && c.Version != version {
			return ErrStale
		}
		if !slices.Contains(d.touched, key) {
			d.touched = append(d.touched, key)
		}
		if err := edit(c); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) try(change Change, status int, body []byte) outbox.Try {
	change.Events = []outbox.Event{change.Event()}
	return outbox.Try{Status: status, Body: body, Apply: func(ctx context.Context, request *outbox.Request) error {
		change.Request = request
		return s.store.ApplyRate(ctx, change)
	}}
}

func byID(plans []Plan, id string) (Plan, bool) {
	at := slices.IndexFunc(plans, func(p Plan) bool { return p.ID == id })
	if at < 0 {
		return Plan{}, false
	}
	return plans[at], true
}
