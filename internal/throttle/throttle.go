// Package throttle is how often who may ask: token buckets by name in bounded
// memory, the address that a request is counted under, and the limits that make
// guessing confirmation codes hopeless at every door together.
package throttle

import (
	"sync"
	"time"
)

// Rate is a token bucket: Burst at once, refilled evenly with Each tokens in Per.
type Rate struct {
	Burst int
	Each  int
	Per   time.Duration
}

func (r Rate) perSecond() float64 { return float64(r.Each) / r.Per.Seconds() }

// most bounds the memory of one table; whoever comes when it is full shares
// one bucket with all the others who do.
const most = 100_000

// Table is token buckets by name.
type Table struct {
	rate Rate
	now  func() time.Time

	mu       sync.Mutex
	buckets  map[string]bucket
	overflow bucket
	swept    time.Time
}

type bucket struct {
	tokens float64
	at     time.Time
}

// New is a table of full buckets.
func New(rate Rate, now func() time.Time) *Table {
	return &Table{rate: rate, now: now, buckets: make(map[string]bucket), overflow: bucket{float64(rate.Burst), now()}}
}

// Take takes a token; when there is none it tells how long until there is.
func (t *Table) Take(name string) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	b, known := t.buckets[name]
	own := known || len(t.buckets) < most || t.sweep(now)
	switch {
	case !own:
		b = t.overflow
	case !known:
		b = bucket{float64(t.rate.Burst), now}
	}
	b = t.refill(b, now)
	if b.tokens < 1 {
		return time.Duration((1 - b.tokens) / t.rate.perSecond() * float64(time.Second))
	}
	b.tokens--
	if own {
		t.buckets[name] = b
	} else {
		t.overflow = b
	}
	return 0
}

// Give returns a token: what it was taken for does not count.
func (t *Table) Give(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if b, ok := t.buckets[name]; ok {
		b.tokens = min(b.tokens+1, float64(t.rate.Burst))
		t.buckets[name] = b
	}
}

func (t *Table) refill(b bucket, now time.Time) bucket {
	gained := now.Sub(b.at).Seconds() * t.rate.perSecond()
	return bucket{min(float64(t.rate.Burst), b.tokens+max(0, gained)), now}
}

// sweep forgets buckets that are full again, at most once a second, and tells
// whether there is room now.
func (t *Table) sweep(now time.Time) bool {
	if now.Sub(t.swept) < time.Second {
		return false
	}
	t.swept = now
	for name, b := range t.buckets {
		if t.refill(b, now).tokens >= float64(t.rate.Burst) {
			delete(t.buckets, name)
		}
	}
	return len(t.buckets) < most
}
