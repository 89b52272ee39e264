package storetest

import (
	"fmt"

	"github.com/anishathalye/porcupine"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/property"
)

// verb is what a client of a history asked.
type verb string

const (
	hold    verb = "hold"
	book    verb = "book"
	confirm verb = "confirm"
	release verb = "release" // a hold
	cancel  verb = "cancel"  // a booking
	revive  verb = "confirm a dead hold"
	look    verb = "look"
	lapse   verb = "time passes"
)

// asked is a request of a history: a stay in a room type.
type asked struct {
	verb          verb
	room          int
	first, nights int
}

// about is a request about a booking that exists.
func about(v verb, b booking.Booking, rooms []property.RoomType) asked {
	terms := b.Stays[0].Terms
	in := asked{verb: v, first: int(terms.Stay.Arrival - opening), nights: terms.Stay.Nights()}
	for i, room := range rooms {
		if room.ID == terms.RoomTypeID {
			in.room = i
		}
	}
	return in
}

// answer is what a client was told. A request without one may have been applied
// or not, then or later.
type answer string

const (
	yes     answer = "yes"
	no      answer = "no"
	unknown answer = "unknown"
)

type told struct {
	answer answer
	sold   [historyNights]int // of a look
}

// counters is the whole hotel of the model: one room type. Holds whose time has
// passed are not in it, whether somebody swept them or not.
type counters struct{ sold, held [historyNights]int }

// oneByOne is the hotel that serves one client after another.
var oneByOne = porcupine.NondeterministicModel{
	Partition: byRoom,
	Init:      func() []any { return []any{counters{}} },
	Step: func(state, input, output any) []any {
		return state.(counters).step(input.(asked), output.(told))
	},
	DescribeOperation: func(input, output any) string {
		in, out := input.(asked), output.(told)
		if in.verb == look {
			return fmt.Sprint("look: ", out.sold)
		}
		return fmt.Sprintf("%s %d for %d: %s", in.verb, in.first, in.nights, out.answer)
	},
	DescribeState: func(state any) string { return fmt.Sprintf("%+v", state) },
}

func byRoom(history []porcupine.Operation) [][]porcupine.Operation {
	parts := make([][]porcupine.Operation, historyRooms)
	for _, op := range history {
		room := op.Input.(asked).room
		parts[room] = append(parts[room], op)
	}
	return parts
}

// step is the states that the hotel may be in after the request got this answer;
// none: it would have given another one.
func (c counters) step(in asked, out told) []any {
	switch in.verb {
	case look:
		if out.sold != c.sold {
			return nil
		}
		return []any{c}
	case lapse:
		return []any{counters{sold: c.sold}}
	}
	next, can := c.after(in)
	switch {
	case out.answer == yes && can:
		return []any{next}
	case out.answer == no && !can:
		return []any{c}
	case out.answer == unknown && can:
		return []any{c, next}
	case out.answer == unknown:
		return []any{c}
	}
	return nil
}

// after is what the request does, if it can be done.
func (c counters) after(in asked) (counters, bool) {
	free := true
	for n := in.first; n < in.first+in.nights; n++ {
		free = free && c.sold[n]+c.held[n] < historyStock
		switch in.verb {
		case hold:
			c.held[n]++
		case book:
			c.sold[n]++
		case confirm:
			c.held[n], c.sold[n] = c.held[n]-1, c.sold[n]+1
		case release:
			c.held[n]--
		case cancel:
			c.sold[n]--
		}
	}
	switch in.verb {
	case hold, book:
		return c, free
	case revive:
		return c, false
	}
	return c, true
}
