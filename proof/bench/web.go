package bench

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// WebOptions describe a run of the pages' bench.
type WebOptions struct {
	Site   string    // where a site serves pages and API: "http://127.0.0.1:8080"
	Rounds int       // requests of each page; 0: 120
	Out    io.Writer // progress; nil: none
}

// WebRow is one page: how long until its first byte and its last, and its size.
type WebRow struct {
	Page    string  `json:"page"`
	Count   int     `json:"count"`
	P50     float64 `json:"p50_ms"`
	P95     float64 `json:"p95_ms"`
	TTFB    float64 `json:"ttfb_p95_ms"`
	Bytes   int     `json:"bytes"`
	Gzipped int     `json:"gzipped_bytes"`
	Ratio   float64 `json:"p95_over_search_api"`
}

// WebReport is what the pages' bench found.
type WebReport struct {
	Machine string   `json:"machine"`
	Hotels  int      `json:"hotels"`
	Rows    []WebRow `json:"rows"`
	Bars    []Bar    `json:"bars"`
}

// maxRatio is how much longer than the search API's own p95 a page may take.
const maxRatio = 3.0

// api is the row that the others are compared with.
const searchAPI = "search API"

// Web asks each page of a site in turn, with the search API's answer to the same
// question between them, so that a drift of the machine falls on all.
func Web(ctx context.Context, o WebOptions) (*WebReport, error) {
	if o.Rounds == 0 {
		o.Rounds = 120
	}
	pages, err := webPages(ctx, o.Site)
	if err != nil {
		return nil, err
	}
	took := map[string][]time.Duration{}
	first := map[string][]time.Duration{}
	rows := make([]WebRow, len(pages))
	for round := range o.Rounds + 5 {
		for i, page := range pages {
			answer, err := ask(ctx, o.Site+page.path)
			if err != nil {
				return nil, fmt.Errorf("bench web: %s: %w", page.name, err)
			}
			if round < 5 {
				continue // to warm up
			}
			took[page.name], first[page.name] = append(took[page.name], answer.took), append(first[page.name], answer.first)
			rows[i].Page, rows[i].Count, rows[i].Bytes, rows[i].Gzipped = page.name, o.Rounds, len(answer.body), answer.small
		}
	}
	report := &WebReport{Machine: newReport("").Machine}
	base := percentile(took[searchAPI], 95)
	for i := range rows {
		all := took[rows[i].Page]
		rows[i].P50, rows[i].P95, rows[i].TTFB = percentile(all, 50), percentile(all, 95), percentile(first[rows[i].Page], 95)
		rows[i].Ratio = rows[i].P95 / base
		if rows[i].Page != searchAPI {
			report.Bars = append(report.Bars, Bar{
				Name: rows[i].Page + ": p95 over the search API's", Value: rows[i].Ratio, Min: rows[i].Ratio, Max: rows[i].Ratio,
				Bar: maxRatio, Goal: 1.5, Holds: rows[i].Ratio <= maxRatio,
			})
		}
	}
	report.Rows = rows
	return report, nil
}

// Holds tells whether every page kept its bar.
func (r *WebReport) Holds() bool {
	return !slices.ContainsFunc(r.Bars, func(b Bar) bool { return !b.Holds })
}

type webPage struct{ name, path string }

// webPages are the pages, about the place with the most hotels.
func webPages(ctx context.Context, site string) ([]webPage, error) {
	arrival := time.Now().UTC().AddDate(0, 0, 21)
	for arrival.Weekday() != time.Friday {
		arrival = arrival.AddDate(0, 0, 1)
	}
	from, to := arrival.Format(time.DateOnly), arrival.AddDate(0, 0, 2).Format(time.DateOnly)
	place, err := largest(ctx, site)
	if err != nil {
		return nil, err
	}
	api := url.Values{"place": {place}, "arrival": {from}, "departure": {to}, "party": {"2"}}
	answer, err := ask(ctx, site+"/v1/search?"+api.Encode())
	if err != nil {
		return nil, err
	}
	var found struct {
		Hits []struct {
			PropertyID string `json:"property_id"`
		}
	}
	if err := json.Unmarshal(answer.body, &found); err != nil || len(found.Hits) == 0 {
		return nil, fmt.Errorf("bench web: nothing is free in %s", place)
	}
	q := url.Values{"place": {place}, "arrival": {from}, "departure": {to}, "room": {"2"}}
	stay := url.Values{"arrival": {from}, "departure": {to}, "room": {"2"}}
	mapped := url.Values{"place": {place}, "arrival": {from}, "departure": {to}, "room": {"2"}, "view": {"map"}}
	return []webPage{
		{searchAPI, "/v1/search?" + api.Encode()},
		{"front", "/"},
		{"results", "/?" + q.Encode()},
		{"map", "/?" + mapped.Encode()},
		{"property", "/hotels/" + found.Hits[0].PropertyID + "?" + stay.Encode()},
		{"find", "/find"},
		{"picture", "/scenes/sea/front/" + found.Hits[0].PropertyID + ".svg"},
	}, nil
}

var placeLink = regexp.MustCompile(`<a href="/\?[^"]*place=([^&"]+)`)

// largest is the first place on the front page, which is the one with the most hotels.
func largest(ctx context.Context, site string) (string, error) {
	answer, err := ask(ctx, site+"/")
	if err != nil {
		return "", err
	}
	found := placeLink.FindSubmatch(answer.body)
	if found == nil {
		return "", errors.New("bench web: the front page names no place")
	}
	return url.QueryUnescape(string(found[1]))
}

type webAnswer struct {
	body        []byte
	small       int // bytes once compressed
	took, first time.Duration
}

func ask(ctx context.Context, address string) (webAnswer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return webAnswer{}, err
	}
	began := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return webAnswer{}, err
	}
	first := time.Since(began)
	body, err := io.ReadAll(response.Body)
	took := time.Since(began)
	_ = response.Body.Close() // everything was read
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %d", strings.SplitN(address, "?", 2)[0], response.StatusCode)
	}
	return webAnswer{body: body, small: gzipped(body), took: took, first: first}, err
}

func gzipped(data []byte) int {
	var n counter
	z := gzip.NewWriter(&n)
	_, err1 := z.Write(data)
	if err2 := z.Close(); err1 != nil || err2 != nil {
		return 0 // a counter takes everything
	}
	return int(n)
}

type counter int

func (c *counter) Write(data []byte) (int, error) {
	*c += counter(len(data))
	return len(data), nil
}

// percentile is in milliseconds.
func percentile(all []time.Duration, percent float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return 1000 * sorted[min(len(sorted)-1, int(float64(len(sorted))*percent/100))].Seconds()
}
