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
// position in the log, and of what came later perhaps some.
type Mark struct {
	Position   outbox.Position
	Event      [sha256.Size]byte // a digest of the event at the position
	At         time.Time
	Properties int
}

// MarkAt is a mark at a position of the log. The event there is remembered with
// it: it is what tells this log from any other. It fails with ErrElsewhere when
// the log has no such event, as an empty one has none.
func MarkAt(ctx context.Context, log outbox.Lister, position outbox.Position, at time.Time) (Mark, error) {
	digest, err := digestAt(ctx, log, position)
	return Mark{Position: position, Event: digest, At: at}, err
}

// Fits fails with ErrElsewhere unless the log holds the very event that the mark
// was made at: then it is the log of this snapshot, nothing was taken back since,
// and whatever came later is still listed.
func (m Mark) Fits(ctx context.Context, log outbox.Lister) error {
	digest, err := digestAt(ctx, log, m.Position)
	if err == nil && digest != m.Event {
		return ErrElsewhere
	}
	return err
}

// digestAt lists from the place before the position.
func digestAt(ctx context.Context, log outbox.Lister, position outbox.Position) (digest [sha256.Size]byte, err error) {
	before := outbox.Position{Major: position.Major, Minor: position.Minor - 1}
	if position.Minor == 0 {
		if position.Major == 0 {
			return digest, ErrElsewhere
		}
		before = outbox.Position{Major: position.Major - 1, Minor: math.MaxInt64}
	}
	events, err := log.Events(ctx, before, 1)
	if err != nil {
		return digest, fmt.Errorf("snapshot: look its last event up: %w", err)
	}
	if len(events) == 0 || events[0].Position != position {
		return digest, ErrElsewhere
	}
	return digestOf(events[0]), nil
}

func digestOf(e outbox.Stored) [sha256.Size]byte {
	c := codec{known: make(map[string]uint64), data: make([]byte, 0, len(e.Data)+256)}
	at, data := e.At.UnixMicro(), string(e.Data)
	whole(&c, &at)
	text(&c, &e.PropertyID)
	text(&c, &e.Type)
	whole(&c, &e.Version)
	text(&c, &data)
	return sha256.Sum256(c.data)
}

func (m Mark) bytes() []byte {
	data := binary.LittleEndian.AppendUint64(nil, m.Position.Major)
	data = binary.LittleEndian.AppendUint64(data, m.Position.Minor)
	data = binary.LittleEndian.AppendUint64(data, uint64(m.At.UnixMicro()))
	data = binary.LittleEndian.AppendUint64(data, uint64(m.Properties))
	return append(data, m.Event[:]...)
}

func parseMark(data []byte) (m Mark, ok bool) {
	if len(data) != 4*8+len(m.Event) {
		return m, false
	}
	word := func(n int) uint64 { return binary.LittleEndian.Uint64(data[8*n:]) }
	m = Mark{Position: outbox.Position{Major: word(0), Minor: word(1)}, At: time.UnixMicro(int64(word(2))).UTC(), Properties: int(word(3))}
	copy(m.Event[:], data[4*8:])
	return m, true
}
