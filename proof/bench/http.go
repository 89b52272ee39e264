package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// httpClients is how many connections guests have open.
const httpClients = 64

// overHTTP is R S S R, where S is the product as its users meet it: a process of
// its own that is asked for offers and then booked at, over loopback.
func (f *field) overHTTP(ctx context.Context) (err error) {
	if f.Program == "" {
		return nil
	}
	s, err := openShop(ctx, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(context.WithoutCancel(ctx))) }()
	var ratios, shares []float64
	for round := range f.rounds() {
		l := load{workload: "over HTTP", clients: httpClients, round: round + 1}
		r1, err := f.referred(ctx, l)
		if err != nil {
			return err
		}
		var rows [2]Row
		for i := range rows {
			if rows[i], err = s.measure(ctx, l); err != nil {
				return err
			}
			shares = append(shares, (rows[i].CPU-rows[i].ServerCPU)/rows[i].CPU)
		}
		r2, err := f.referred(ctx, l)
		if err != nil {
			return err
		}
		ratios = append(ratios, mean(perSecond, rows[:]...)/mean(perSecond, r1, r2))
	}
	f.report.note("over HTTP, whole product, 64 connections, rate / R", ratios)
	f.report.note("over HTTP, the load generator's share of the CPU", shares)
	return nil
}

// measure is one slice; afterwards everything is counted again.
func (s *shop) measure(ctx context.Context, l load) (Row, error) {
	l.subject = "product, offers + book"
	guests := make([]visit, l.clients)
	var done tally
	l.work = func(ctx context.Context, client int, n int64) (int, error) {
		if last := &guests[client]; n%replayEvery == 0 && last.key != "" {
			return 0, s.again(ctx, last)
		}
		visit, err := s.visit(ctx, n)
		if err == nil {
			guests[client] = visit
			done.bookings.Add(1)
		}
		return 1, err
	}
	before, err := s.recount(ctx)
	if err != nil {
		return Row{}, err
	}
	row, err := s.field.measureWith(ctx, l, s.cpu)
	if err != nil {
		return Row{}, err
	}
	after, err := s.recount(ctx)
	what := fmt.Sprintf("over HTTP, round %d", l.round)
	for name, kept := range map[string]int64{"bookings": after.bookings - before.bookings, "requests": after.requests - before.requests} {
		if made := done.bookings.Load(); kept != made {
			s.field.report.fault("%s: %d %s acknowledged, %d in the tables", what, made, name, kept)
		}
	}
	if after.over > 0 {
		s.field.report.fault("%s: %d nights oversold", what, after.over)
	}
	return row, err
}

// visit is what a guest did, so that it can be done again.
type visit struct{ checkout, key, body, answer string }

// visit asks a house for offers and books the first.
func (s *shop) visit(ctx context.Context, n int64) (visit, error) {
	h := mix(uint64(n))
	length := lengths[h%10]
	arrival := s.today.Add(1 + int(h>>8%uint64(shopNights)))
	path := "/v1/properties/" + s.houses[h>>40%uint64(len(s.houses))] + "/offers?party=2&arrival=" + arrival.String() +
		"&departure=" + arrival.Add(length).String()
	shown, err := s.send(ctx, http.MethodGet, path, n, visit{}, http.StatusOK)
	if err != nil {
		return visit{}, err
	}
	v := visit{checkout: textOf(shown, "checkout_token"), key: keyOf(n)}
	v.body = `{"offers":["` + textOf(shown, "token") + `"],"terms_version":"` + shopTerms +
		`","guest":{"name":"Maria-Theresia Österreicher","email":"maria.theresia@example.com","phone":"+43 1 234 567 890","country":"AT"}}`
	v.answer, err = s.send(ctx, http.MethodPost, "/v1/bookings", n, v, http.StatusCreated)
	return v, err
}

// again books the same with the same key, and must hear the same.
func (s *shop) again(ctx context.Context, v *visit) error {
	answer, err := s.send(ctx, http.MethodPost, "/v1/bookings", serial.Load(), *v, http.StatusCreated)
	if err == nil && answer != v.answer {
		err = errors.New("over HTTP: a replay was answered otherwise")
	}
	return err
}

// textOf is the first text under a name. A decoder would be most of the load
// generator's work, which shares the processors with what it loads.
func textOf(body, name string) string {
	_, after, _ := strings.Cut(body, `"`+name+`":"`)
	value, _, _ := strings.Cut(after, `"`)
	return value
}

// send makes a request; each guest comes from an address of their own.
func (s *shop) send(ctx context.Context, method, path string, n int64, v visit, want int) (string, error) {
	request, err := http.NewRequestWithContext(ctx, method, s.address+path, bytes.NewReader([]byte(v.body)))
	if err != nil {
		return "", err
	}
	request.Header.Set("X-Forwarded-For", "10."+strconv.FormatInt(n>>16%256, 10)+"."+strconv.FormatInt(n>>8%256, 10)+"."+strconv.FormatInt(n%256, 10))
	if v.body != "" {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", v.key)
		request.Header.Set("Authorization", "Bearer "+v.checkout)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return "", err
	}
	if response.StatusCode != want {
		return "", fmt.Errorf("%s %s: %s: %s", method, path, response.Status, body)
	}
	return string(body), nil
}

func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: httpClients}, Timeout: time.Minute}
}
