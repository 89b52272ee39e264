package sqlitestore

import (
	"context"

	"github.com/vacancyhq/vacancy/rate"
)

const (
	insertPlan = `INSERT INTO rate_plan (property_id, id, version, document) VALUES (?, ?, 1, ?)`
	updatePlan = `UPDATE rate_plan SET version = version + 1, document = ? WHERE property_id = ? AND id = ? AND version = ?`
	planExists = `SELECT count(*) FROM rate_plan WHERE property_id = ? AND id = ?`

	selectPlans     = `SELECT version, document FROM rate_plan WHERE property_id = ? ORDER BY id`
	selectCalendars = `SELECT version, document FROM rate_calendar WHERE property_id = ? ORDER BY plan_id, room_type_id`

	insertCalendar = `INSERT INTO rate_calendar (property_id, plan_id, room_type_id, version, document) VALUES (?, ?, ?, 1, ?)`
	updateCalendar = `UPDATE rate_calendar SET version = version + 1, document = ?
		WHERE property_id = ? AND plan_id = ? AND room_type_id = ? AND version = ?`
	calendarExists = `SELECT count(*) FROM rate_calendar WHERE property_id = ? AND plan_id = ? AND room_type_id = ?`
)

var rateErrors = versionErrors{rate.ErrConflict, rate.ErrNotFound}

// ApplyRate writes plans and calendars of one property, all or none.
func (s *Store) ApplyRate(ctx context.Context, change rate.Change) error {
	return s.write(ctx, "apply rate", func(ctx context.Context, t *tx) error {
		if err := t.remember(ctx, change.Request); err != nil {
			return err
		}
		if err := t.putRates(ctx, change); err != nil {
			return err
		}
		return t.finish(ctx, change.PropertyID, change.Events)
	})
}

func (t *tx) putRates(ctx context.Context, change rate.Change) error {
	for _, plan := range change.Plans {
		if err := t.putPlan(ctx, change.PropertyID, plan); err != nil {
			return err
		}
	}
	for _, calendar := range change.Calendars {
		if err := t.putCalendar(ctx, change.PropertyID, calendar); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putPlan(ctx context.Context, propertyID string, plan rate.Plan) error {
	document, err := encode(plan)
	if err != nil {
		return err
	}
	if plan.Version == 0 {
		_, err = t.exec(ctx, insertPlan, propertyID, plan.ID, document)
	} else {
		err = t.replace(ctx, rateErrors, updatePlan, []any{document, propertyID, plan.ID, plan.Version},
			planExists, propertyID, plan.ID)
	}
	return constraint(err, rate.ErrConflict, rate.ErrNotFound)
}

func (t *tx) putCalendar(ctx context.Context, propertyID string, calendar rate.Calendar) error {
	document, err := encode(calendar)
	if err != nil {
		return err
	}
	key := []any{propertyID, calendar.PlanID, calendar.RoomTypeID}
	if calendar.Version == 0 {
		_, err = t.exec(ctx, insertCalendar, append(key, document)...)
	} else {
		err = t.replace(ctx, rateErrors, updateCalendar,
			append(append([]any{document}, key...), calendar.Version), calendarExists, key...)
	}
	return constraint(err, rate.ErrConflict, rate.ErrNotFound)
}

// Plans lists a property's rate plans by id.
func (s *Store) Plans(ctx context.Context, propertyID string) (plans []rate.Plan, err error) {
	err = s.read(ctx, "plans", func(ctx context.Context, c *conn) error {
		plans, err = list(ctx, c, scanPlan, selectPlans, propertyID)
		return err
	})
	return plans, err
}

// Calendars lists a property's calendars by plan and room type.
func (s *Store) Calendars(ctx context.Context, propertyID string) (calendars []rate.Calendar, err error) {
	err = s.read(ctx, "calendars", func(ctx context.Context, c *conn) error {
		calendars, err = list(ctx, c, scanCalendar, selectCalendars, propertyID)
		return err
	})
	return calendars, err
}

func scanPlan(row scanner) (p rate.Plan, err error) {
	version, err := scanDocument(row, &p)
	p.Version = version
	return p, err
}

func scanCalendar(row scanner) (k rate.Calendar, err error) {
	version, err := scanDocument(row, &k)
	k.Version = version
	return k, err
}

// sharedPlan and sharedCalendar are for who reads alone: every offer of a
// property is made from all of them.
func (s *Store) sharedPlan(row scanner) (p rate.Plan, err error) {
	p, version, err := scanShared(row, &s.plans)
	p.Version = version
	return p, err
}

func (s *Store) sharedCalendar(row scanner) (k rate.Calendar, err error) {
	k, version, err := scanShared(row, &s.calendars)
	k.Version = version
	return k, err
}
