package booking

import (
	"cmp"
	"context"
	"time"

	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/outbox"
)

// ContactGiven is the type of the event of a hold whose guest can be written to.
const ContactGiven = eventPrefix + EntryContact

// EntryContact is its kind in a timeline.
const EntryContact = "contact_given"

// Contact keeps whom to write to about a hold before it is booked. The guest of
// the booking takes its place; a hold that ends otherwise is forgotten with it.
func (s *Service) Contact(ctx context.Context, cmd Command, b Booking, person guest.Guest) (Answer, error) {
	if err := person.CheckContact(); err != nil {
		return Answer{}, err
	}
	return s.run(ctx, cmd, b.PropertyID, func(ctx context.Context, now time.Time) (Change, Result, error) {
		held, err := s.holdOf(ctx, b.ID, now)
		if err != nil {
			return Change{}, Result{}, err
		}
		after := held.next()
		after.GuestID = cmp.Or(held.GuestID, s.ids.ID("gst"))
		known := person
		known.ID, known.PropertyID = after.GuestID, after.PropertyID
		return Change{
			Record:     outbox.Record{Events: []outbox.Event{after.tell(fact{kind: EntryContact, by: cmd.Caller})}},
			PropertyID: b.PropertyID, Booking: after, Expect: held.Version, Guard: HoldLive, Guest: &known,
		}, Result{Booking: after}, nil
	})
}

// forget takes what is known of the guest out of a booking that ended before it
// was sold: who never became a guest leaves no data.
func (c *Change) forget() {
	switch c.Booking.State() {
	case Expired, Released:
	default:
		return
	}
	c.Booking.Requests = ""
	if c.Booking.GuestID != "" {
		c.Guest = &guest.Guest{ID: c.Booking.GuestID, PropertyID: c.PropertyID}
	}
}
