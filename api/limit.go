package api

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/throttle"
)

// Limits is how often who may ask. The zero value of a Rate takes its default.
type Limits struct {
	Client     throttle.Rate // requests of one address
	Credential throttle.Rate // requests of one key, session or checkout token
	SignIns    throttle.Rate // sign-ins and set-ups of one address
}

// Defaults. A desk with a grid open makes bursts.
var defaultLimits = Limits{
	Client:     throttle.Rate{Burst: 1000, Each: 500, Per: time.Second},
	Credential: throttle.Rate{Burst: 2000, Each: 1000, Per: time.Second},
	SignIns:    throttle.Rate{Burst: 10, Each: 10, Per: time.Hour},
}

// limiter is the tables of the door.
type limiter struct{ clients, credentials, signIns *throttle.Table }

func newLimiter(l Limits, now func() time.Time) *limiter {
	return &limiter{
		clients:     throttle.New(l.Client.Or(defaultLimits.Client), now),
		credentials: throttle.New(l.Credential.Or(defaultLimits.Credential), now),
		signIns:     throttle.New(l.SignIns.Or(defaultLimits.SignIns), now),
	}
}

// client counts a request of an address and says in headers what is left.
func (l *limiter) client(w http.ResponseWriter, name string) error {
	return charge(w, l.clients, throttle.Subscriber(name))
}

// signIn counts a try to get in; right gives it back.
func (l *limiter) signIn(client string) (right func(), err error) {
	name := throttle.Subscriber(client)
	return func() { l.signIns.Give(name, 1) }, tooOften(l.signIns.Take(name))
}

// credential counts a request of whoever was identified.
func (l *limiter) credential(w http.ResponseWriter, name string) error {
	if name == "" {
		return nil
	}
	return charge(w, l.credentials, name)
}

// charge writes the headers of draft-ietf-httpapi-ratelimit-headers.
func charge(w http.ResponseWriter, t *throttle.Table, name string) error {
	now := t.Spend(name, 1)
	h := w.Header()
	h.Set("RateLimit-Limit", strconv.Itoa(now.Limit))
	h.Set("RateLimit-Remaining", strconv.Itoa(now.Left))
	h.Set("RateLimit-Reset", strconv.Itoa(int(math.Ceil(now.Full.Seconds()))))
	return tooOften(now.Wait)
}

func tooOften(wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	p := kindOf("too-many-requests").problem()
	p.retry = wait
	return p
}

// keeping makes a verb of holds count the rooms that a stranger takes off sale or
// keeps there; a tenant's own credential is trusted. What was refused, or done
// before, took none.
func (d *door) keeping(c *call, rooms int, verb func() (booking.Answer, error)) (answer, error) {
	if c.TenantID != "" {
		return given(verb())
	}
	undo, wait := d.Holds.Try(c.client, rooms)
	if wait > 0 {
		return answer{}, tooOften(wait)
	}
	a, err := given(verb())
	if err != nil || a.replayed {
		undo()
	}
	return a, err
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
