// Package bench measures what the project promises of its speed: as ratios to a
// peer in the same run, on the same machine, seconds apart, because a bare time
// says more about the machine and its neighbours than about the code.
//
// A slice is some seconds of one subject under a number of clients. Slices of
// subject and peers alternate in a palindrome (R S A A S R), so that a drift of
// the machine falls on all; a round gives one ratio, and the median of the
// rounds is reported. After every slice everything is counted again from the
// tables; a difference voids the run.
package bench

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"time"
)

// Options are common to all benches.
type Options struct {
	DSN    string // a PostgreSQL server to measure on; "": a private one is started
	Major  int    // of the private server; 0: 15
	Quick  bool   // a smoke run: everything once and small, bars not judged
	Rounds int    // 0: 5
	Rates  []int  // requests a second to ask for, where a bench does so; none: by what was reached
	// Properties are those of the search bench's large world; 0: 100,000.
	Properties int
	Only       []string  // the parts to measure; none: all
	Dir        string    // where SQLite's file goes; "": the system's folder for such
	Out        io.Writer // progress; nil: none
	// Program serves the product for the rows over HTTP: this binary; "": they are left out.
	Program string
}

// Row is one slice.
type Row struct {
	Workload  string  `json:"workload"`
	Subject   string  `json:"subject"`
	Clients   int     `json:"clients"`
	Round     int     `json:"round"`
	Seconds   float64 `json:"seconds"`
	Count     int64   `json:"count"` // what the bar counts: bookings, refusals, pairs
	Rate      float64 `json:"per_second"`
	CPU       float64 `json:"cpu_seconds"` // of this process and of the server's
	ServerCPU float64 `json:"server_cpu_seconds"`
	Others    float64 `json:"others"` // share of the machine that other processes used meanwhile
	PerCPU    float64 `json:"per_cpu_second"`
	Thread    float64 `json:"thread_cpu_seconds,omitempty"` // of the one that asked, where it was alone on it
	P50       float64 `json:"p50_ms"`
	P95       float64 `json:"p95_ms,omitempty"`
	P99       float64 `json:"p99_ms"`
	P999      float64 `json:"p999_ms,omitempty"` // of a thousand or more
	Race      *Race   `json:"race,omitempty"`    // of the locking bench
	Errors    int64   `json:"errors,omitempty"`
}

// Bar is one promise: holds when value reaches bar, or stays below it.
type Bar struct {
	Name  string  `json:"name"`
	Most  bool    `json:"at_most,omitempty"` // the value may not exceed the bar
	Value float64 `json:"value"`             // median of the rounds, of search the worst
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
	Bar   float64 `json:"bar"`
	Goal  float64 `json:"goal"`
	Holds bool    `json:"holds"`
}

// Report is what a bench found.
type Report struct {
	Machine  string    `json:"machine"`
	Server   string    `json:"server,omitempty"`
	Others   float64   `json:"others"` // median share of the machine that went to other processes
	Valid    bool      `json:"valid"`
	Faults   []string  `json:"faults"` // what the recounts found
	Rows     []Row     `json:"rows"`
	Bars     []Bar     `json:"bars"`
	Notes    []Note    `json:"notes"`             // ratios that nothing was promised of
	Skipped  []string  `json:"skipped,omitempty"` // what was not measured, and why
	Schemes  []Scheme  `json:"schemes,omitempty"`
	Breadths []Breadth `json:"breadths,omitempty"`
}

// Note is a ratio without a bar.
type Note struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"` // median of the rounds
}

// collectRarely lets the collector run as rarely as in a server that holds a
// search index: with the few megabytes that a bench holds it would run for every
// few hundred bookings, and that would be measured.
const collectRarely = 800

func newReport(server string) *Report {
	debug.SetGCPercent(collectRarely)
	return &Report{
		Machine: fmt.Sprintf("%s/%s, %d processors, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version()),
		Server:  server, Valid: true, Faults: []string{}, Rows: []Row{}, Bars: []Bar{}, Notes: []Note{},
	}
}

// Holds tells whether the run counts and every bar was reached.
func (r *Report) Holds() bool {
	return r.Valid && !slices.ContainsFunc(r.Bars, func(b Bar) bool { return !b.Holds })
}

func (r *Report) fault(format string, args ...any) {
	r.Valid = false
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

func (r *Report) skip(format string, args ...any) {
	r.Skipped = append(r.Skipped, fmt.Sprintf(format, args...))
}

// quiet notes how far the machine was ours: what shares its processors with
// others loses most where work is a chain, as a batch is.
func (r *Report) quiet() {
	var shares []float64
	for _, row := range r.Rows {
		shares = append(shares, row.Others)
	}
	slices.Sort(shares)
	if len(shares) == 0 {
		return
	}
	r.Others = shares[len(shares)/2]
}

// judge adds a bar from the ratios of the rounds.
func (r *Report) judge(name string, ratios []float64, bar, goal float64) {
	sorted := slices.Sorted(slices.Values(ratios))
	value := sorted[len(sorted)/2]
	r.Bars = append(r.Bars, Bar{
		Name: name, Value: value, Min: sorted[0], Max: sorted[len(sorted)-1], Bar: bar, Goal: goal, Holds: value >= bar,
	})
}

// judgeWorst adds a bar that every round has to reach.
func (r *Report) judgeWorst(name string, ratios []float64, bar, goal float64) {
	r.judge(name, ratios, bar, goal)
	last := &r.Bars[len(r.Bars)-1]
	last.Value, last.Holds = last.Min, last.Min >= bar
}

// judgeMost adds a bar that no round may exceed.
func (r *Report) judgeMost(name string, values []float64, bar, goal float64) {
	r.judge(name, values, bar, goal)
	last := &r.Bars[len(r.Bars)-1]
	last.Most, last.Value, last.Holds = true, last.Max, last.Max <= bar
}

func (r *Report) note(name string, ratios []float64) {
	sorted := slices.Sorted(slices.Values(ratios))
	r.Notes = append(r.Notes, Note{name, sorted[len(sorted)/2]})
}

func (o Options) rounds() int {
	switch {
	case o.Quick:
		return 1
	case o.Rounds > 0:
		return o.Rounds
	}
	return 5
}

// slice is how long one lasts.
func (o Options) slice() time.Duration {
	if o.Quick {
		return 300 * time.Millisecond
	}
	return 1500 * time.Millisecond
}

// wants tells whether one of the parts is to be measured.
func (o Options) wants(parts ...string) bool {
	return len(o.Only) == 0 || slices.ContainsFunc(parts, func(p string) bool { return slices.Contains(o.Only, p) })
}

func (o Options) say(format string, args ...any) {
	if o.Out != nil {
		fmt.Fprintf(o.Out, format+"\n", args...)
	}
}

// mean is the rate of two slices of one round.
func mean(of func(Row) float64, rows ...Row) float64 {
	sum := 0.0
	for _, r := range rows {
		sum += of(r)
	}
	return sum / float64(len(rows))
}

func perSecond(r Row) float64 { return r.Rate }
func perCPU(r Row) float64    { return r.PerCPU }
