package replay

import (
	"cmp"
	"slices"

	"github.com/vacancyhq/vacancy/stay"
)

// Step is the place of an event within its day: what frees rooms comes before
// what takes them.
type Step int

// Steps of a day.
const (
	StepClose     Step = iota + 1 // departures, and the no-shows of yesterday
	StepCancel                    // cancellations of bookings made before today
	StepBook                      // new bookings, in id order
	StepCancelNew                 // cancellations of bookings made today
	StepArrive                    // arrivals, with the move to another room type
)

// Verb is what an event asks of the booking service.
type Verb int

// Verbs.
const (
	Book Verb = iota
	Cancel
	Arrive
	Move
	Depart
	MissArrival // no-show
)

// String names the verb as reports and idempotency keys do.
func (v Verb) String() string {
	return [...]string{Book: "book", Cancel: "cancel", Arrive: "arrive", Move: "move", Depart: "depart", MissArrival: "no-show"}[v]
}

// Event is one dated fact of a booking's life.
type Event struct {
	Day  stay.Date
	Step Step
	Verb Verb
	Row  *Row
}

// Schedule is the events of the rows in the order in which they are driven:
// by day, by step, by id.
func Schedule(rows []Row) []Event {
	events := make([]Event, 0, 3*len(rows))
	for i := range rows {
		events = append(events, rows[i].events()...)
	}
	slices.SortStableFunc(events, func(a, b Event) int { // stable: an arrival before its move
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Step, b.Step), cmp.Compare(a.Row.ID, b.Row.ID))
	})
	return events
}

// events is the life of one booking.
func (r *Row) events() []Event {
	life := []Event{{r.BookedOn, StepBook, Book, r}}
	switch r.Outcome {
	case Canceled:
		// Nobody cancels what is not booked yet.
		day, step := max(r.StatusOn, r.BookedOn), StepCancel
		if day == r.BookedOn {
			step = StepCancelNew
		}
		return append(life, Event{day, step, Cancel, r})
	case NoShow:
		// The night of arrival must pass before somebody has not come, whatever day was written down.
		return append(life, Event{r.Arrival.Add(1), StepClose, MissArrival, r})
	}
	life = append(life, Event{r.Arrival, StepArrive, Arrive, r})
	if r.Assigned != r.Reserved {
		life = append(life, Event{r.Arrival, StepArrive, Move, r})
	}
	// Departures come first in a day and arrivals last, so who leaves on the day
	// of arrival is seen to have left the next morning, one night later.
	return append(life, Event{max(r.StatusOn, r.Arrival.Add(1)), StepClose, Depart, r})
}
