package booking

import "github.com/vacancyhq/vacancy/outbox"

// Expire is the change that ends a dead hold: its stock returns. It is pure, so
// that an engine can apply it inside the transaction that needs the room.
func Expire(b Booking) (Change, error) { return end(b, "expire", "", HoldDead) }

func end(b Booking, verb, by string, guard Guard) (Change, error) {
	after := b
	after.Version = b.Version + 1
	after.Stays = make([]RoomStay, len(b.Stays))
	for i, s := range b.Stays {
		next, err := s.State.next(verb)
		if err != nil {
			return Change{}, err
		}
		s.become(next)
		after.Stays[i] = s
	}
	return Change{
		Record:     outbox.Record{Events: []outbox.Event{after.tell(fact{kind: string(after.State()), by: by})}},
		PropertyID: b.PropertyID,
		Booking:    after,
		Expect:     b.Version,
		Guard:      guard,
		Guest:      forgotten(b),
		Nights:     deltas(b.Stays, after.Stays),
	}, nil
}
