package replay

import (
	"sync/atomic"
	"time"

	"github.com/vacancyhq/vacancy/stay"
)

// Clock is the time of the replay: it stands still between the steps of the
// days. Give Now to sqlitestore, or Offset to pgstore, before the driver starts.
type Clock struct {
	now  atomic.Int64 // microseconds since 1970
	real func() time.Time
}

// NewClock is a clock that shows real time until it is set; real is what the
// server's clock shows.
func NewClock(real func() time.Time) *Clock {
	c := &Clock{real: real}
	c.now.Store(real().UnixMicro())
	return c
}

// Now is the time of the replay.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.now.Load()).UTC() }

// Offset is how far the replay is from real time. What a server adds it to has
// moved on by the time that the statement took, which is less than a step.
func (c *Clock) Offset() time.Duration { return c.Now().Sub(c.real()) }

// set moves the clock to a step of a day: hours at which every zone from Lisbon
// to the Pacific coast of America and to India has that date.
func (c *Clock) set(day stay.Date, step Step) {
	c.now.Store((int64(day)*24 + firstHour + int64(step)) * time.Hour.Microseconds())
}

const firstHour = 10
