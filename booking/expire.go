package booking

import "github.com/vacancyhq/vacancy/outbox"

// Expire is the change that ends a dead hold: its stock returns. It is pure, so
// that an engine can apply it inside the transaction that needs the room.
func Expire(b Booking) (Change, error) { return end(b, "expire", "", HoldDead) }

func end(b Booking, verb, by string, guard Guard) (Change, error) {
	after := b.next()
	if err := after.every(verb); err != nil {
		return Change{}, err
	}
	change := Change{
		Record:     outbox.Record{Events: []outbox.Event{after.tell(fact{kind: string(after.State()), by: by})}},
		PropertyID: b.PropertyID,
		Booking:    after,
		Expect:     b.Version,
		Guard:      guard,
		Nights:     deltas(b.Stays, after.Stays),
	}
	change.forget()
	return change, nil
}
