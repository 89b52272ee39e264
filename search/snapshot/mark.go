package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
)

// Mark says as of when a snapshot is complete: it has everything up to a
// position in the log, and of what came later perhaps some, but nothing that
// came after Last.
type Mark struct {
	Position   outbox.Position
	Last       outbox.Position
	Event      Digest // of the event at Position
	LastEvent  Digest // of that at Last
	At         time.Time
	Properties int
}

// Digest tells an event from any other.
type Digest [sha256.Size]byte

// listed is how many events are listed at once.
const listed = 500

// MarkAt is a mark at a position of the log, for what has been read of the store
// until now. The event there is remembered with it, and the last one that there
// is: they are what tells this log from any other. It fails with ErrElsewhere
// when the log has no event at the position, as an empty one has none.
func MarkAt(ctx context.Context, log outbox.Lister, position outbox.Position, at time.Time) (Mark, error) {
	events, err := eventsFrom(ctx, log, position, listed)
	if err != nil {
		return Mark{}, err
	}
	last := events[len(events)-1]
	m := Mark{Position: position, Event: digestOf(events[0]), At: at}
	for len(events) == listed {
		if events, err = log.Events(ctx, last.Position, listed); err != nil {
			return Mark{}, fmt.Errorf("snapshot: list the log: %w", err)
		}
		if len(events) > 0 {
			last = events[len(events)-1]
		}
	}
	m.Last, m.LastEvent = last.Position, digestOf(last)
	return m, nil
}

// Fits fails with ErrElsewhere unless the log holds the very events that the
// mark was made at: then it is the log of this snapshot, nothing of what is in it
// was taken back, and whatever came later is still listed.
func (m Mark) Fits(ctx context.Context, log outbox.Lister) error {
	for _, was := range []struct {
		at    outbox.Position
		event Digest
	}{{m.Position, m.Event}, {m.Last, m.LastEvent}} {
		events, err := eventsFrom(ctx, log, was.at, 1)
		if err != nil {
			return err
		}
		if digestOf(events[0]) != was.event {
			return ErrElsewhere
		}
	}
	return nil
}

// eventsFrom lists the event at a position, which there must be, and what comes after it.
func eventsFrom(ctx context.Context, log outbox.Lister, position outbox.Position, limit int) ([]outbox.Stored, error) {
	before := outbox.Position{Major: position.Major, Minor: position.Minor - 1}
	if position.Minor == 0 {
		if position.Major == 0 {
			return nil, ErrElsewhere
		}
		before = outbox.Position{Major: position.Major - 1, Minor: math.MaxInt64}
	}
	events, err := log.Events(ctx, before, limit)
	if err != nil {
		return nil, fmt.Errorf("snapshot: look its last event up: %w", err)
	}
	if len(events) == 0 || events[0].Position != position {
		return nil, ErrElsewhere
	}
	return events, nil
}

func digestOf(e outbox.Stored) Digest {
	c := codec{known: make(map[string]uint64), data: make([]byte, 0, len(e.Data)+256)}
	at, data := e.At.UnixMicro(), string(e.Data)
	whole(&c, &at)
	text(&c, &e.PropertyID)
	text(&c, &e.Type)
	whole(&c, &e.Version)
	text(&c, &data)
	return sha256.Sum256(c.data)
}

func (m Mark) bytes() (data []byte) {
	for _, word := range []uint64{m.Position.Major, m.Position.Minor, m.Last.Major, m.Last.Minor, uint64(m.At.UnixMicro()), uint64(m.Properties)} {
		data = binary.LittleEndian.AppendUint64(data, word)
	}
	return append(append(data, m.Event[:]...), m.LastEvent[:]...)
}

func parseMark(data []byte) (m Mark, ok bool) {
	const words = 6
	if len(data) != words*8+2*sha256.Size {
		return m, false
	}
	word := func(n int) uint64 { return binary.LittleEndian.Uint64(data[8*n:]) }
	m = Mark{
		Position: outbox.Position{Major: word(0), Minor: word(1)}, Last: outbox.Position{Major: word(2), Minor: word(3)},
		At: time.UnixMicro(int64(word(4))).UTC(), Properties: int(word(5)),
	}
	copy(m.Event[:], data[words*8:])
	copy(m.LastEvent[:], data[words*8+sha256.Size:])
	return m, true
}
