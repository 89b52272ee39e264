package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"
)

// WebOptions describe a run of the pages' bench.
type WebOptions struct {
	Site   string    // where a site serves pages and API: "http://127.0.0.1:8080"; it must believe X-Forwarded-For
	Rounds int       // requests of each page; 0: 300
	Out    io.Writer // progress; nil: none
}

// WebRow is one page: how long until its first byte and its last, what it cost,
// and its size. CPU is of the whole process, the asking included.
type WebRow struct {
	Page    string  `json:"page"`
	Count   int     `json:"count"`
	P50     float64 `json:"p50_ms"`
	P95     float64 `json:"p95_ms"`
	TTFB    float64 `json:"ttfb_p95_ms"`
	CPU     float64 `json:"cpu_p50_ms"`
	Bytes   int     `json:"bytes"`
	Gzipped int     `json:"gzipped_bytes"` // what is sent to who takes that
	Ratio   float64 `json:"p95_over_search_api"`
	Median  float64 `json:"p50_over_search_api"`
	Spent   float64 `json:"cpu_over_search_api"`
}

// WebReport is what the pages' bench found.
type WebReport struct {
	Machine string   `json:"machine"`
	Others  float64  `json:"others"` // share of the machine that other processes used
	Hotels  int      `json:"hotels"`
	Rows    []WebRow `json:"rows"`
	Bars    []Bar    `json:"bars"`
}

// Of a page, how much longer than the search API's own p95 it may take, and is
// meant to.
const (
	maxRatio  = 3.0
	goalRatio = 1.5
)

// searchAPI is the row that the others are compared with.
const searchAPI = "search API"

// webWarmUp is how many rounds are asked before any counts.
const webWarmUp = 10

// Web asks each page of a site in turn, and before each the search API, so that
// a drift of the machine falls on both.
func Web(ctx context.Context, o WebOptions) (*WebReport, error) {
	if o.Rounds == 0 {
		o.Rounds = 300
	}
	report := &WebReport{Machine: newReport("").Machine}
	v := &webVisitor{site: o.Site, client: newClient()}
	base, pages, err := v.pages(ctx)
	if err != nil {
		return nil, err
	}
	api, all := webTimes{}, make([]webTimes, len(pages))
	began, before := time.Now(), spentOf(v.cpu(), busy())
	for round := range o.Rounds + webWarmUp {
		for i, page := range pages {
			for _, turn := range []struct {
				webPage
				times *webTimes
			}{{base, &api}, {page, &all[i]}} {
				answer, err := v.ask(ctx, turn.path(round))
				if err != nil {
					return nil, fmt.Errorf("bench web: %s: %w", turn.name, err)
				}
				if round >= webWarmUp {
					turn.times.add(answer)
				}
			}
		}
	}
	after := spentOf(v.cpu(), busy())
	report.Others = others(before, after, after.own-before.own, time.Since(began).Seconds())
	report.Rows = append(report.Rows, api.row(base.name).over(api.row(base.name)))
	for i, page := range pages {
		report.add(all[i].row(page.name))
	}
	return report, nil
}

// add is the row of a page, after that of the search API.
func (r *WebReport) add(row WebRow) {
	row = row.over(r.Rows[0])
	r.Rows = append(r.Rows, row)
	r.Bars = append(r.Bars, Bar{
		Name: row.Page + ": p95 over the search API's", Value: row.Ratio, Min: row.Ratio, Max: row.Ratio,
		Bar: maxRatio, Goal: goalRatio, Holds: row.Ratio <= maxRatio,
	})
}

func (r WebRow) over(base WebRow) WebRow {
	r.Ratio, r.Median, r.Spent = r.P95/base.P95, r.P50/base.P50, r.CPU/base.CPU
	return r
}

// webTimes is what the requests of one page took.
type webTimes struct {
	took, first, cpu []time.Duration
	last             webAnswer
}

func (t *webTimes) add(a webAnswer) {
	t.took, t.first, t.cpu, t.last = append(t.took, a.took), append(t.first, a.first), append(t.cpu, a.cpu), a
}

func (t *webTimes) row(name string) WebRow {
	whole, small := sizes(t.last)
	return WebRow{
		Page: name, Count: len(t.took), P50: percentile(t.took, 50), P95: percentile(t.took, 95), TTFB: percentile(t.first, 95),
		CPU: percentile(t.cpu, 50), Bytes: whole, Gzipped: small,
	}
}

// Holds tells whether every page kept its bar.
func (r *WebReport) Holds() bool {
	return !slices.ContainsFunc(r.Bars, func(b Bar) bool { return !b.Holds })
}

// percentile is in milliseconds.
func percentile(all []time.Duration, percent float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return 1000 * sorted[min(len(sorted)-1, int(float64(len(sorted))*percent/100))].Seconds()
}
