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

// Or is the rate, or the other one when it is zero.
func (r Rate) Or(other Rate) Rate {
	if r == (Rate{}) {
		return other
	}
	return r
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

// Standing is a bucket after somebody took from it.
type Standing struct {
	Limit, Left int           // tokens
	Full        time.Duration // until all are there again
	Wait        time.Duration // until there are enough; zero: they were taken
}

// Take takes a token; when there is none it tells how long until there is.
func (t *Table) Take(name string) (wait time.Duration) { return t.Spend(name, 1).Wait }

// Spend takes n tokens or none; more than a full bucket has are a full bucket.
func (t *Table) Spend(name string, n int) Standing {
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
	needed := float64(min(n, t.rate.Burst))
	if b.tokens < needed {
		return Standing{Limit: t.rate.Burst, Left: int(b.tokens), Full: t.until(b, float64(t.rate.Burst)), Wait: t.until(b, needed)}
	}
	b.tokens -= needed
	if own {
		t.buckets[name] = b
	} else {
		t.overflow = b
	}
	return Standing{Limit: t.rate.Burst, Left: int(b.tokens), Full: t.until(b, float64(t.rate.Burst))}
}

// until is how long it takes before a bucket has so many tokens.
func (t *Table) until(b bucket, tokens float64) time.Duration {
	return time.Duration((tokens - b.tokens) / t.rate.perSecond() * float64(time.Second))
}

// Give returns n tokens: what they were taken for does not count.
func (t *Table) Give(name string, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if b, ok := t.buckets[name]; ok {
		b.tokens = min(b.tokens+float64(n), float64(t.rate.Burst))
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
