package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const kindCount = 4

// kinds of requests, with the peer's shares in thousandths.
var kinds = [kindCount]struct {
	name  string
	share int
	ask   func(*client, context.Context) error
}{
	{"search", 600, (*client).search},
	{"recommend", 390, (*client).recommend},
	{"login", 5, (*client).login},
	{"reserve", 5, (*client).reserve},
}

// done is what came of a slice.
type done struct {
	latencies [kindCount][]time.Duration
	errors    [kindCount]int64
	booked    int64
	faults    []string
}

// clients are the connections of a slice.
type clients struct {
	mix   *mixRun
	http  *http.Client
	token string // of a session
}

func newClients(ctx context.Context, r *mixRun) (*clients, error) {
	c := &clients{mix: r, http: &http.Client{
		Timeout:   20 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: mixClients, MaxConnsPerHost: mixClients, DisableCompression: true},
	}}
	if !r.session {
		return c, nil
	}
	one := &client{clients: c, dice: rand.New(rand.NewPCG(1, 1))}
	var session struct{ Token string }
	err := one.send(ctx, http.MethodPost, "/v1/sessions", "", one.person(), &session)
	c.token = session.Token
	return c, err
}

func (c *clients) close() { c.http.CloseIdleConnections() }

// run lets the clients ask for a time: as fast as they are answered, or at the
// slice's rate, when a request's time counts from when it was due.
func (c *clients) run(ctx context.Context, s mixSlice, long time.Duration) *done {
	var group sync.WaitGroup
	var mu sync.Mutex
	var next atomic.Int64
	all, start := new(done), time.Now()
	for i := range s.connections {
		group.Go(func() {
			one := &client{clients: c, dice: rand.New(rand.NewPCG(uint64(i), uint64(start.UnixNano())))}
			for ctx.Err() == nil {
				due := time.Now()
				if s.rate > 0 {
					due = start.Add(time.Duration(next.Add(1)) * time.Second / time.Duration(s.rate))
				}
				if due.Sub(start) >= long {
					break
				}
				if !wait(ctx, time.Until(due)) {
					break
				}
				one.ask(ctx, due)
			}
			mu.Lock()
			defer mu.Unlock()
			all.add(&one.done)
		})
	}
	group.Wait()
	return all
}

func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (d *done) add(more *done) {
	for kind := range kinds {
		d.latencies[kind] = append(d.latencies[kind], more.latencies[kind]...)
		d.errors[kind] += more.errors[kind]
	}
	d.booked += more.booked
	if d.faults = append(d.faults, more.faults...); len(d.faults) > 5 {
		d.faults = d.faults[:5] // more of them say no more
	}
}

// client is one connection, which many guests use in turn.
type client struct {
	*clients
	dice *rand.Rand
	done done
}

// ask sends one request of the mix.
func (c *client) ask(ctx context.Context, due time.Time) {
	kind, at := 0, c.dice.IntN(1000)
	for at -= kinds[kind].share; at >= 0; at -= kinds[kind].share {
		kind++
	}
	err := kinds[kind].ask(c, ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		c.done.errors[kind]++
		c.done.faults = append(c.done.faults, kinds[kind].name+": "+err.Error())
	default:
		c.done.latencies[kind] = append(c.done.latencies[kind], time.Since(due))
	}
}

// search: the five nearest hotels with a room on these dates, and their totals.
func (c *client) search(ctx context.Context) error {
	lat, lon := around(c.dice)
	s := c.mix.world.stayFor(c.dice)
	return c.get(ctx, fmt.Sprintf("/v1/search?near=%.4f,%.4f&radius_km=10&arrival=%s&departure=%s&party=1&sort=distance&limit=5", lat, lon, s.Arrival, s.Departure))
}

// recommend: the nearest, the best or the cheapest of all hotels. The cheapest
// is by the total of one night, since nothing has a price without dates.
func (c *client) recommend(ctx context.Context) error {
	lat, lon := around(c.dice)
	at := fmt.Sprintf("/v1/search?near=%.4f,%.4f&radius_km=500&limit=5", lat, lon)
	switch c.dice.IntN(3) {
	case 0:
		return c.get(ctx, at+"&sort=distance")
	case 1:
		return c.get(ctx, at+"&sort=stars")
	}
	from := c.mix.world.first.Add(peerLead)
	return c.get(ctx, fmt.Sprintf("%s&sort=total&arrival=%s&departure=%s&party=1", at, from, from.Add(1)))
}

// login checks a password and opens a session, or looks one up.
func (c *client) login(ctx context.Context) error {
	if c.mix.session {
		return c.send(ctx, http.MethodGet, "/v1/properties?limit=1", c.token, nil, nil)
	}
	return c.send(ctx, http.MethodPost, "/v1/sessions", "", c.person(), nil)
}

func (c *client) person() map[string]string {
	return map[string]string{"email": c.mix.served.Email, "password": c.mix.served.Password}
}

// reserve asks a hotel for its offers and books the first: two requests.
func (c *client) reserve(ctx context.Context) error {
	s := c.mix.world.stayFor(c.dice)
	house := peerID(c.dice.IntN(peerHouses))
	var shop struct {
		CheckoutToken string `json:"checkout_token"`
		Rooms         []struct {
			Offers []struct{ Token string }
		}
	}
	path := fmt.Sprintf("/v1/properties/%s/offers?arrival=%s&departure=%s&party=1", house, s.Arrival, s.Departure)
	if err := c.send(ctx, http.MethodGet, path, "", nil, &shop); err != nil {
		return err
	}
	if len(shop.Rooms) != 1 || len(shop.Rooms[0].Offers) == 0 {
		return errors.New("no offer in a house with hundreds of rooms")
	}
	var booking struct{ State string }
	err := c.send(ctx, http.MethodPost, "/v1/bookings", shop.CheckoutToken, map[string]any{
		"offers": []string{shop.Rooms[0].Offers[0].Token}, "terms_version": "1",
		"guest": map[string]string{"name": "Ada Lovelace", "email": "ada@example.com"},
	}, &booking)
	if err == nil && booking.State != "confirmed" {
		err = fmt.Errorf("the booking is %q", booking.State)
	}
	if err == nil {
		c.done.booked++
	}
	return err
}

func (c *client) get(ctx context.Context, path string) error {
	return c.send(ctx, http.MethodGet, path, "", nil, nil)
}

// send is one request of some guest, whose address is drawn; the whole answer
// is read, and kept when it is asked for.
func (c *client) send(ctx context.Context, method, path, token string, body, answer any) error {
	var in io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		in = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.mix.served.URL+path, in)
	if err != nil {
		return err
	}
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", c.dice.IntN(256), c.dice.IntN(256), c.dice.IntN(256)))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", strconv.FormatUint(c.dice.Uint64(), 36))
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := c.http.Do(r)
	if err != nil {
		return withoutURL(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode >= 300:
		return fmt.Errorf("%s %s: %s", method, strings.SplitN(path, "?", 2)[0], response.Status)
	case answer != nil:
		return json.Unmarshal(text, answer)
	}
	return nil
}

// withoutURL keeps an error short enough for a report.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
