package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/rate"
)

// ApplyRate writes plans first: a calendar belongs to a plan.
func (s *Store) ApplyRate(ctx context.Context, change rate.Change) error {
	return s.write(ctx, "apply rate", func(ctx context.Context, tx pgx.Tx) error {
		if err := s.recordRequest(ctx, tx, change.Request); err != nil {
			return err
		}
		if err := putRates(ctx, tx, change); err != nil {
			return err
		}
		return s.recordEvents(ctx, tx, change.Events...)
	})
}

func putRates(ctx context.Context, tx pgx.Tx, change rate.Change) error {
	for _, p := range change.Plans {
		next := p
		next.PropertyID, next.Version = change.PropertyID, p.Version+1
		if err := put(ctx, tx, p.Version, planRows, next, next.PropertyID, next.ID); err != nil {
			return err
		}
	}
	for _, c := range change.Calendars {
		next := c
		next.PropertyID, next.Version = change.PropertyID, c.Version+1
		err := put(ctx, tx, c.Version, calendarRows, next, next.PropertyID, next.PlanID, next.RoomTypeID)
		if err != nil {
			return err
		}
	}
	return nil
}

var planRows = documents{
	insert:   `insert into rate_plan (version, doc, property_id, id) values ($1, $2, $3, $4)`,
	update:   `update rate_plan set version = $1, doc = $2 where property_id = $3 and id = $4 and version = $1 - 1`,
	exists:   `select exists (select from rate_plan where property_id = $1 and id = $2)`,
	keys:     2,
	notFound: rate.ErrNotFound, conflict: rate.ErrConflict,
}

var calendarRows = documents{
	insert: `insert into rate_calendar (version, doc, property_id, plan_id, room_type_id) values ($1, $2, $3, $4, $5)`,
	update: `update rate_calendar set version = $1, doc = $2
		where property_id = $3 and plan_id = $4 and room_type_id = $5 and version = $1 - 1`,
	exists:   `select exists (select from rate_calendar where property_id = $1 and plan_id = $2 and room_type_id = $3)`,
	keys:     3,
	notFound: rate.ErrNotFound, conflict: rate.ErrConflict,
}

func planVersion(p *rate.Plan) *int64         { return &p.Version }
func calendarVersion(c *rate.Calendar) *int64 { return &c.Version }

const (
	selectPlans     = `select version, doc from rate_plan where property_id = $1 order by id`
	selectCalendars = `select version, doc from rate_calendar where property_id = $1 order by plan_id, room_type_id`
)

// Plans lists the plans of a property by id.
func (s *Store) Plans(ctx context.Context, propertyID string) ([]rate.Plan, error) {
	all, err := list(ctx, s.pool, planVersion, selectPlans, propertyID)
	return all, sought("plans", err)
}

// Calendars lists the calendars of a property by plan and room type.
func (s *Store) Calendars(ctx context.Context, propertyID string) ([]rate.Calendar, error) {
	all, err := list(ctx, s.pool, calendarVersion, selectCalendars, propertyID)
	return all, sought("calendars", err)
}
