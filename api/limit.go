package api

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// Rate is a token bucket: Burst at once, refilled evenly with Each tokens in Per.
type Rate struct {
	Burst int
	Each  int
	Per   time.Duration
}

// Limits is how often who may ask. The zero value of a Rate takes its default.
type Limits struct {
	Client     Rate // requests of one address
	Credential Rate // requests of one key, session or checkout token
	SignIns    Rate // sign-ins and set-ups of one address
	// Look-ups by confirmation code that found nothing. Together they keep the
	// chance of hitting a stranger's booking below one in a million (Property 64).
	LookupCode, LookupClient, LookupSubnet, LookupAll Rate
}

// Defaults. A desk with a grid open makes bursts; a guest who mistypes the code
// of the booking has ten tries.
var defaultLimits = Limits{
	Client:       Rate{200, 50, time.Second},
	Credential:   Rate{400, 200, time.Second},
	SignIns:      Rate{10, 10, time.Hour},
	LookupCode:   Rate{5, 5, time.Hour},
	LookupClient: Rate{10, 10, time.Hour},
	LookupSubnet: Rate{30, 30, time.Hour},
	LookupAll:    Rate{250, 25, time.Hour},
}

func (r Rate) or(other Rate) Rate {
	if r == (Rate{}) {
		return other
	}
	return r
}

// maxBuckets bounds the memory of one table; whoever comes when it is full
// shares one bucket with all the others who do.
const maxBuckets = 100_000

// table is token buckets by name.
type table struct {
	rate Rate
	now  func() time.Time
	most int

	mu       sync.Mutex
	buckets  map[string]bucket
	overflow bucket
	swept    time.Time
}

type bucket struct {
	tokens float64
	at     time.Time
}

func newTable(rate Rate, now func() time.Time) *table {
	return &table{rate: rate, now: now, most: maxBuckets, buckets: make(map[string]bucket), overflow: bucket{tokens: float64(rate.Burst), at: now()}}
}

// take takes a token; when there is none it tells how long until there is.
func (t *table) take(name string) (left int, wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	b, known := t.buckets[name]
	if !known {
		b = bucket{tokens: float64(t.rate.Burst), at: now}
		if len(t.buckets) >= t.most && !t.sweep(now) {
			b = t.overflow
		}
	}
	b = t.refill(b, now)
	if b.tokens < 1 {
		return 0, time.Duration((1 - b.tokens) / t.perSecond() * float64(time.Second))
	}
	b.tokens--
	if known || len(t.buckets) < t.most {
		t.buckets[name] = b
	} else {
		t.overflow = b
	}
	return int(b.tokens), 0
}

// give returns a token: what it was taken for does not count.
func (t *table) give(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if b, ok := t.buckets[name]; ok {
		b.tokens = min(b.tokens+1, float64(t.rate.Burst))
		t.buckets[name] = b
	}
}

func (t *table) perSecond() float64 { return float64(t.rate.Each) / t.rate.Per.Seconds() }

func (t *table) refill(b bucket, now time.Time) bucket {
	gained := now.Sub(b.at).Seconds() * t.perSecond()
	return bucket{tokens: min(float64(t.rate.Burst), b.tokens+max(0, gained)), at: now}
}

// sweep forgets buckets that are full again, at most once a second, and tells
// whether there is room now.
func (t *table) sweep(now time.Time) bool {
	if now.Sub(t.swept) < time.Second {
		return false
	}
	t.swept = now
	for name, b := range t.buckets {
		if t.refill(b, now).tokens >= float64(t.rate.Burst) {
			delete(t.buckets, name)
		}
	}
	return len(t.buckets) < t.most
}

// limiter is the tables of the door.
type limiter struct {
	clients, credentials, signIns                     *table
	lookupCode, lookupClient, lookupSubnet, lookupAll *table
}

func newLimiter(l Limits, now func() time.Time) *limiter {
	def := defaultLimits
	return &limiter{
		clients:      newTable(l.Client.or(def.Client), now),
		credentials:  newTable(l.Credential.or(def.Credential), now),
		signIns:      newTable(l.SignIns.or(def.SignIns), now),
		lookupCode:   newTable(l.LookupCode.or(def.LookupCode), now),
		lookupClient: newTable(l.LookupClient.or(def.LookupClient), now),
		lookupSubnet: newTable(l.LookupSubnet.or(def.LookupSubnet), now),
		lookupAll:    newTable(l.LookupAll.or(def.LookupAll), now),
	}
}

// client counts a request of an address and says in headers what is left.
func (l *limiter) client(w http.ResponseWriter, name string) error {
	return charge(w, l.clients, subscriber(name))
}

// signIn counts a try to get in; right gives it back.
func (l *limiter) signIn(client string) (right func(), err error) {
	name := subscriber(client)
	_, wait := l.signIns.take(name)
	return func() { l.signIns.give(name) }, tooOften(wait)
}

// credential counts a request of whoever was identified.
func (l *limiter) credential(w http.ResponseWriter, name string) error {
	if name == "" {
		return nil
	}
	return charge(w, l.credentials, name)
}

// charge writes the headers of draft-ietf-httpapi-ratelimit-headers.
func charge(w http.ResponseWriter, t *table, name string) error {
	left, wait := t.take(name)
	reset := int(math.Ceil(float64(t.rate.Burst-left) / t.perSecond()))
	h := w.Header()
	h.Set("RateLimit-Limit", strconv.Itoa(t.rate.Burst))
	h.Set("RateLimit-Remaining", strconv.Itoa(left))
	h.Set("RateLimit-Reset", strconv.Itoa(reset))
	return tooOften(wait)
}

func tooOften(wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	p := kindOf("too-many-requests").problem()
	p.retry = wait
	return p
}

// lookup counts a look-up by code before it is made, so that many at once count
// as well; found gives the tokens back. The code counts as it is compared.
func (l *limiter) lookup(client, code string) (found func(), err error) {
	taken := []struct {
		table *table
		name  string
	}{
		{l.lookupClient, subscriber(client)}, {l.lookupSubnet, subnet(client)}, {l.lookupCode, code}, {l.lookupAll, ""},
	}
	for i, t := range taken {
		if _, wait := t.table.take(t.name); wait > 0 {
			for _, earlier := range taken[:i] {
				earlier.table.give(earlier.name)
			}
			return nil, tooOften(wait)
		}
	}
	return func() {
		for _, t := range taken {
			t.table.give(t.name)
		}
	}, nil
}

// subscriber is one address, or the /64 that a subscriber of IPv6 chooses addresses from.
func subscriber(client string) string {
	if address, err := netip.ParseAddr(client); err == nil && address.Is6() {
		return subnet(client)
	}
	return client
}

// subnet is the network that one subscriber or attacker has: /24, or /64 for IPv6.
func subnet(client string) string {
	address, err := netip.ParseAddr(client)
	if err != nil {
		return client
	}
	bits := 64
	if address.Is4() {
		bits = 24
	}
	prefix, err := address.Prefix(bits)
	if err != nil {
		return client
	}
	return prefix.String()
}

// flights is the writes that are running in this process, by caller and key.
type flights struct {
	mu      sync.Mutex
	running map[string]bool
}

func (f *flights) enter(name string) (leave func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running[name] {
		return nil, errInFlight
	}
	f.running[name] = true
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.running, name)
	}, nil
}
