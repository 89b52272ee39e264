package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// The world that is asked over HTTP: one large city, and
// towns with little more than a page of hotels.
const (
	httpCity = 500
	httpTown = 40
	httpAsks = 300 // of each class and subject in a round

	httpMetropolis = "Metropolis"
)

// The towns' names are no real places', so that nothing else is meant.
var httpTowns = []string{"Aldenbrook", "Birkenhaven", "Corvandale", "Dunmarshal", "Eskerforde"}

// What DESIGN 8 allows the doors to take beside the index.
const (
	cityFactor = 10.0
	townsMax   = 150.0 // microseconds
)

// HTTP measures what a page of 25 costs beside the index's own time when it is
// asked for over loopback: the same question goes to the product, to its index
// directly, and to a bare server that answers with the same bytes, which is what
// the load generator and net/http take.
func HTTP(serve Serve) func(context.Context, Options) (*Report, error) {
	return func(ctx context.Context, o Options) (report *Report, err error) {
		dir, err := os.MkdirTemp(o.Dir, "vacancy-bench-")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		h := &httpBench{Options: o, report: newReport("")}
		houses, err := h.houses()
		if err != nil {
			return nil, err
		}
		if h.served, err = serve(ctx, "sqlite:"+filepath.Join(dir, "vacancy.db"), houses); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, h.served.Close()) }()
		return h.report, h.run(ctx)
	}
}

type httpBench struct {
	Options
	report *Report
	served *Served
	client *http.Client
	bare   *bareServer
	today  stay.Date
	asked  int64
}

// houses are those of the city, then those of the towns.
func (h *httpBench) houses() ([]store.Bundle, error) {
	city, town := httpCity, httpTown
	if h.Quick {
		city, town = 40, 4
	}
	h.today = stay.On(time.Now(), time.UTC).Add(1)
	houses, err := shapedHotels(h.today, city+town*len(httpTowns))
	if err != nil {
		return nil, err
	}
	for i := range houses {
		p := houses[i].Property.Property
		p.City, p.Country, p.Zone = httpMetropolis, "FR", searchZone
		if i >= city {
			p.City = httpTowns[(i-city)%len(httpTowns)]
		}
	}
	h.say("%d hotels in one city, %d in each of %d towns", city, town, len(httpTowns))
	return houses, nil
}

// question is one page, for the doors and for the index.
type question struct {
	path  string
	query search.Query
	body  []byte // the doors' answer
}

func (h *httpBench) question(place string, n int) question {
	nights := stay.Stay{Arrival: h.today.Add(10 + 7*n%90)}
	nights.Departure = nights.Arrival.Add(1 + n%5)
	values := url.Values{
		"place": {place}, "arrival": {nights.Arrival.String()}, "departure": {nights.Departure.String()},
		"party": {"2"}, "facets": {"true"}, "limit": {strconv.Itoa(search.DefaultPage)},
	}
	return question{
		path: "/v1/search?" + values.Encode(),
		query: search.Query{
			Place: place, Stay: &nights, Parties: []stay.Party{{Adults: 2}}, Facets: true, Limit: search.DefaultPage, Sort: search.ByRecommended,
		},
	}
}

// run asks about both kinds of places in turn.
func (h *httpBench) run(ctx context.Context) (err error) {
	if h.bare, err = newBareServer(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.bare.server.Close()) }()
	h.client = newClient()
	city, towns := h.questions([]string{httpMetropolis}), h.questions(httpTowns)
	var inCity, inTowns timesOver
	for round := range h.rounds() {
		if err := h.round(ctx, round, "largest city", city, &inCity); err != nil {
			return err
		}
		if err := h.round(ctx, round, "towns", towns, &inTowns); err != nil {
			return err
		}
	}
	h.report.quiet()
	h.judge(&inCity, &inTowns)
	return ctx.Err()
}

func (h *httpBench) questions(places []string) (all []question) {
	for n := range 40 {
		all = append(all, h.question(places[n%len(places)], n))
	}
	return all
}

func (h *httpBench) judge(city, towns *timesOver) {
	h.report.judgeWorst("10 x the index's time / overhead, largest city", city.ratios(func(t overhead) float64 { return cityFactor * t.index / t.over() }), 1, 2)
	h.report.judgeWorst("150 µs / overhead, towns", towns.ratios(func(t overhead) float64 { return townsMax / t.over() }), 1, 2)
	city.note(h.report, "largest city")
	towns.note(h.report, "towns")
}

// overhead is the median times of one round in microseconds.
type overhead struct{ whole, index, bare float64 }

// over is what the doors took: routes, limits, parameters, JSON.
func (t overhead) over() float64 { return max(1, t.whole-t.index-t.bare) }

type timesOver []overhead

func (t timesOver) ratios(of func(overhead) float64) (all []float64) {
	for _, one := range t {
		all = append(all, of(one))
	}
	return all
}

func (t timesOver) note(r *Report, where string) {
	r.note(where+": overhead, µs", t.ratios(overhead.over))
	r.note(where+": index, µs", t.ratios(func(o overhead) float64 { return o.index }))
	r.note(where+": load generator and bare server, µs", t.ratios(func(o overhead) float64 { return o.bare }))
	r.note(where+": their share of a request", t.ratios(func(o overhead) float64 { return o.bare / o.whole }))
}

// round asks each question of the three in turn.
func (h *httpBench) round(ctx context.Context, round int, where string, questions []question, all *timesOver) error {
	runtime.GC()
	var whole, index, bare []time.Duration
	asks := httpAsks
	if h.Quick {
		asks = 40
	}
	began, before := time.Now(), busy()
	own, err := ownCPU()
	if err != nil {
		return err
	}
	for n := range asks {
		q := &questions[n%len(questions)]
		var page search.Page
		direct := func() (err error) {
			start := time.Now()
			page, err = h.served.Index.Search(ctx, q.query)
			index = append(index, time.Since(start))
			return err
		}
		asked := func() (err error) {
			start := time.Now()
			q.body, err = h.get(ctx, h.served.URL+q.path)
			whole = append(whole, time.Since(start))
			return err
		}
		first, second := direct, asked
		if n%2 == 1 { // who is second finds the caches warm
			first, second = second, first
		}
		if err := errors.Join(first(), second()); err != nil {
			return err
		}
		h.bare.body = q.body
		start := time.Now()
		if _, err := h.get(ctx, h.bare.url); err != nil {
			return err
		}
		bare = append(bare, time.Since(start))
		if n < len(questions) {
			h.same(q, page)
		}
	}
	spent, err := ownCPU()
	if err != nil {
		return err
	}
	seconds := time.Since(began).Seconds()
	share := others(spentOf(0, before), spentOf(0, busy()), spent-own, seconds)
	for subject, took := range map[string][]time.Duration{"over HTTP": whole, "index": index, "bare answer": bare} {
		h.report.Rows = append(h.report.Rows, Row{
			Workload: where, Subject: subject, Clients: 1, Round: round, Seconds: seconds, Count: int64(len(took)),
			Rate: float64(len(took)) / seconds, P50: percentile(took, 50), P99: percentile(took, 99), Others: share,
		})
	}
	t := overhead{1000 * percentile(whole, 50), 1000 * percentile(index, 50), 1000 * percentile(bare, 50)}
	*all = append(*all, t)
	h.say("round %d, %s: request %.0f µs, index %.0f, bare answer %.0f, overhead %.0f; others %.0f %%", round, where, t.whole, t.index, t.bare, t.over(), 100*share)
	return nil
}

func spentOf(own, machine time.Duration) spent { return spent{own: own, machine: machine} }

// same holds the doors' page against the index's.
func (h *httpBench) same(q *question, page search.Page) {
	var got struct {
		Total int `json:"total"`
		Hits  []struct {
			PropertyID string `json:"property_id"`
			Total      struct {
				Minor int64 `json:"minor"`
			} `json:"total"`
		} `json:"hits"`
	}
	if err := json.Unmarshal(q.body, &got); err != nil || got.Total != page.Total || len(got.Hits) != len(page.Hits) {
		h.report.fault("%s: %d hits of %d, the index %d of %d (%v)", q.path, len(got.Hits), got.Total, len(page.Hits), page.Total, err)
		return
	}
	for i, hit := range got.Hits {
		if want := page.Hits[i]; hit.PropertyID != want.PropertyID || hit.Total.Minor != want.Total.Minor {
			h.report.fault("%s: hit %d is %s for %d, the index says %s for %d", q.path, i, hit.PropertyID, hit.Total.Minor, want.PropertyID, want.Total.Minor)
		}
	}
}

// get asks as another guest each time, since the doors limit each.
func (h *httpBench) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	h.asked++
	request.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", h.asked>>16%256, h.asked>>8%256, h.asked%256))
	response, err := h.client.Do(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	err = errors.Join(err, response.Body.Close())
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", request.URL.Path, response.Status, body)
	}
	return body, err
}

// bareServer answers with what it was given last. It is asked by one client,
// after the change.
type bareServer struct {
	server *http.Server
	url    string
	body   []byte
}

func newBareServer() (*bareServer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &bareServer{url: "http://" + listener.Addr().String()}
	b.server = &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(b.body) // a client that left is no fault here
	})}
	go func() { _ = b.server.Serve(listener) }() // ends with Close
	return b, nil
}
