package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/store"
)

// Served is the product as guests meet it: the real doors over a real store,
// with a bench's houses in it.
type Served struct {
	URL             string
	Email, Password string // of a person who may sign in
	Store           store.Store
	Index           search.Index // that answers at the doors
	Close           func() error
}

// Serve starts the product on a database URL. It believes X-Forwarded-For from
// this machine, since the load comes as many guests.
type Serve func(ctx context.Context, database string, houses []store.Bundle) (*Served, error)

// PeerMix is the request mix of DeathStarBench's hotelReservation against the
// product over HTTP, with durable writes, on both engines: so many connections
// that ask again as soon as they are answered, and then so many requests a second
// whatever the answers take. What was booked is recounted and audited.
func PeerMix(serve Serve) func(context.Context, Options) (*Report, error) {
	return func(ctx context.Context, o Options) (*Report, error) {
		report := newReport("")
		m := &mixed{Options: o, serve: serve, report: report}
		if err := m.onSQLite(ctx); err != nil {
			return nil, err
		}
		err := m.onPostgres(ctx)
		report.quiet()
		return report, err
	}
}

type mixed struct {
	Options
	serve  Serve
	report *Report
}

func (m *mixed) onSQLite(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp(m.Dir, "vacancy-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return m.on(ctx, "SQLite", "sqlite:"+filepath.Join(dir, "vacancy.db"), new(server))
}

func (m *mixed) onPostgres(ctx context.Context) (err error) {
	s, err := startServer(ctx, m.Options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(context.WithoutCancel(ctx))) }()
	m.report.Server = s.about
	return m.on(ctx, "PostgreSQL", s.dsn, s)
}

// on measures one engine.
func (m *mixed) on(ctx context.Context, engine, database string, s *server) (err error) {
	first, err := firstNight(time.Now())
	if err != nil {
		return err
	}
	w := peerWorld{first: first}
	m.say("%s: %d houses of 200 to 300 rooms", engine, peerHouses)
	served, err := m.serve(ctx, database, w.bundles())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, served.Close()) }()
	run := &mixRun{mixed: m, world: w, engine: engine, served: served, cpu: s.cpu}
	if err := run.all(ctx); err != nil {
		return err
	}
	return run.audit(ctx)
}

// mixRun is the slices of one engine.
type mixRun struct {
	*mixed
	world   peerWorld
	engine  string
	served  *Served
	cpu     func() (spent, error)
	booked  int64 // bookings that were confirmed to a client
	session bool  // a login is a session that is looked up, not a password that is checked
}

const mixClients = 64

func (r *mixRun) all(ctx context.Context) error {
	rate := 0.0
	for round := range r.rounds() {
		all, err := r.slice(ctx, mixSlice{connections: mixClients, round: round + 1})
		if err != nil {
			return err
		}
		rate = max(rate, all.Rate)
		r.session = true
		if _, err = r.slice(ctx, mixSlice{connections: mixClients, round: round + 1}); err != nil {
			return err
		}
		r.session = false
	}
	rates := r.Rates
	if len(rates) == 0 {
		rates = []int{int(rate / 4), int(rate / 2)}
	}
	for _, target := range rates {
		if _, err := r.slice(ctx, mixSlice{connections: mixClients, rate: max(target, 1), round: 1}); err != nil {
			return err
		}
	}
	return nil
}

// mixSlice is some seconds of the mix; rate 0 is closed loop.
type mixSlice struct{ connections, rate, round int }

// slice runs the mix and adds a row for each kind of request and one for all.
func (r *mixRun) slice(ctx context.Context, s mixSlice) (Row, error) {
	c, err := newClients(ctx, r)
	if err != nil {
		return Row{}, err
	}
	defer c.close()
	before, err := r.cpu()
	if err != nil {
		return Row{}, err
	}
	began := time.Now()
	done := c.run(ctx, s, r.mixTime())
	seconds := time.Since(began).Seconds()
	after, err := r.cpu()
	if err != nil || ctx.Err() != nil {
		return Row{}, errors.Join(err, ctx.Err())
	}
	own, server := after.since(before)
	whole := Row{CPU: (own + server).Seconds(), ServerCPU: server.Seconds(), Others: others(before, after, own+server, seconds)}
	var all []time.Duration
	for kind := range kinds {
		all = append(all, done.latencies[kind]...)
		r.add(s, kinds[kind].name, done.latencies[kind], done.errors[kind], seconds, Row{Others: whole.Others})
	}
	r.booked += done.booked
	for _, fault := range done.faults {
		r.report.fault("%s: %s", r.engine, fault)
	}
	row := r.add(s, "all", all, total(done.errors[:]), seconds, whole)
	r.report.Notes = append(r.report.Notes, Note{r.workload(s) + ", requests/s", row.Rate})
	return row, nil
}

func (r *mixRun) workload(s mixSlice) string {
	name := fmt.Sprintf("%s, %d connections", r.engine, s.connections)
	if s.rate > 0 {
		name = fmt.Sprintf("%s, %d a second asked", r.engine, s.rate)
	}
	if r.session {
		name += ", no passwords"
	}
	return name
}

func (r *mixRun) add(s mixSlice, kind string, latencies []time.Duration, failed int64, seconds float64, row Row) Row {
	slices.Sort(latencies)
	row.Workload, row.Subject, row.Clients, row.Round = r.workload(s), kind, s.connections, s.round
	row.Seconds, row.Count, row.Errors = seconds, int64(len(latencies)), failed
	row.Rate = float64(row.Count) / seconds
	if row.CPU > 0 {
		row.PerCPU = float64(row.Count) / row.CPU
	}
	if n := len(latencies); n > 0 {
		row.P50, row.P95, row.P99 = milliseconds(latencies[n/2]), milliseconds(latencies[n*95/100]), milliseconds(latencies[n*99/100])
	}
	r.report.Rows = append(r.report.Rows, row)
	r.say("  %-44s %-10s %8.0f/s  p50 %7.2f ms  p95 %7.2f ms  p99 %7.2f ms  %d errors", row.Workload, kind, row.Rate, row.P50, row.P95, row.P99, failed)
	return row
}

// audit recounts the store against itself and against what clients were told.
func (r *mixRun) audit(ctx context.Context) error {
	audit, err := r.served.Store.Audit(ctx)
	if err != nil {
		return err
	}
	for _, b := range audit.Breaks {
		r.report.fault("%s: %s of %s: %s, found %s", r.engine, b.Kind, b.Key, b.Want, b.Got)
	}
	if audit.Bookings != r.booked {
		r.report.fault("%s: %d bookings were confirmed, %d are in the tables", r.engine, r.booked, audit.Bookings)
	}
	over := 0
	for i := range peerHouses {
		nights, err := r.served.Store.Nights(ctx, peerID(i), r.world.first, r.world.first.Add(peerNights))
		if err != nil {
			return err
		}
		for _, n := range nights {
			over += max(0, n.Sold+n.Held+n.Blocked-n.Cap)
		}
	}
	if over > 0 {
		r.report.fault("%s: %d room nights were sold twice", r.engine, over)
	}
	r.say("%s: %d bookings, %d room nights oversold, %d breaks", r.engine, audit.Bookings, over, len(audit.Breaks))
	return nil
}

// mixTime is how long a slice lasts.
func (o Options) mixTime() time.Duration {
	if o.Quick {
		return time.Second
	}
	return 10 * time.Second
}

func total(all []int64) (sum int64) {
	for _, n := range all {
		sum += n
	}
	return sum
}
