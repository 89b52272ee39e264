package rate

import (
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Deadline is the instant from which the step's fee is due for a stay that
// arrives then; the zero time for a step that always applies. A wall time that
// the clocks show twice is the later one, which favours the guest.
func (s CancellationStep) Deadline(arrival stay.Date, zone *time.Location) time.Time {
	if s.Always {
		return time.Time{}
	}
	return stay.Instant(arrival.Add(-s.DaysBefore), s.Until, zone, stay.Later)
}

// Cancelling is a booked stay as its cancellation terms see it.
type Cancelling struct {
	Arrival stay.Date
	Zone    *time.Location // of the property
	Nights  []money.Amount // booked price of each night, in order
	Total   money.Amount   // no fee is higher
}

// Step is the step in force at now: of those whose deadline has been reached
// the latest, and of equal ones the last named. false: cancelling is free.
func (c Cancelling) Step(steps []CancellationStep, now time.Time) (CancellationStep, bool) {
	var found CancellationStep
	var since time.Time
	any := false
	for _, s := range steps {
		deadline := s.Deadline(c.Arrival, c.Zone)
		if now.Before(deadline) || (any && deadline.Before(since)) {
			continue
		}
		found, since, any = s, deadline, true
	}
	return found, any
}

// Fee is what cancelling at now costs, in the total's currency.
func (c Cancelling) Fee(steps []CancellationStep, now time.Time) (money.Amount, error) {
	step, ok := c.Step(steps, now)
	if !ok {
		return money.Zero(c.Total.Currency), nil
	}
	return c.FeeOf(step)
}

// FeeOf is what a step costs: its percentage of the total, its nights and its
// amount together, rounded half up, and never more than the total. A total
// below zero costs nothing to cancel.
func (c Cancelling) FeeOf(step CancellationStep) (money.Amount, error) {
	exact := c.Total.Rat().Mul(step.Percent).DivInt(100).Add(step.Amount)
	for _, night := range c.Nights[:min(step.Nights, len(c.Nights))] {
		exact = exact.Add(night.Rat())
	}
	if exact.Cmp(c.Total.Rat()) > 0 {
		exact = c.Total.Rat()
	}
	if exact.Sign() < 0 {
		return money.Zero(c.Total.Currency), nil
	}
	return exact.Round(c.Total.Currency)
}

// Stage is one line of the terms as a guest reads them: from Since on, Fee is due.
type Stage struct {
	Since time.Time // zero: from the moment of booking
	Fee   money.Amount
}

// Stages are the fees in the order of time. Before the first one cancelling is free.
func (c Cancelling) Stages(steps []CancellationStep) ([]Stage, error) {
	var stages []Stage
	for _, s := range steps {
		fee, err := c.FeeOf(s)
		if err != nil {
			return nil, err
		}
		stages = append(stages, Stage{Since: s.Deadline(c.Arrival, c.Zone), Fee: fee})
	}
	slices.SortStableFunc(stages, func(a, b Stage) int { return a.Since.Compare(b.Since) })
	return stages, nil
}
