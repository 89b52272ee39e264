package bench

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

func clock() time.Time { return time.Now() }

// Parts of the bench of bookings.
var onServer = []string{"128", "32", "8", "pairs", overHTTP}

const (
	overHTTP = "http"
	onFile   = "sqlite"
)

// Booking measures whole bookings against the durable insert of one row, on
// PostgreSQL, and combined against single transactions on SQLite.
func Booking(ctx context.Context, o Options) (*Report, error) {
	report := newReport("")
	if o.wants(onServer...) {
		var err error
		if report, err = onPostgres(ctx, o, o.world(), func(f *field) error { return f.bookings(ctx) }); err != nil {
			return nil, err
		}
	}
	if o.wants(onFile) {
		if err := onSQLite(ctx, o, report); err != nil {
			return nil, err
		}
	}
	report.quiet()
	return report, nil
}

func (f *field) bookings(ctx context.Context) error {
	for _, part := range onServer {
		if !f.wants(part) {
			continue
		}
		run := f.holdAndConfirm
		if part == overHTTP {
			run = f.overHTTP
		}
		if clients, err := strconv.Atoi(part); err == nil {
			run = func(ctx context.Context) error { return f.uniform(ctx, clients) }
		}
		if err := run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// uniform is R S A A S R over all houses.
func (f *field) uniform(ctx context.Context, clients int) error {
	var ofCPU, ofRate, ofBook []float64
	for round := range f.rounds() {
		l := load{workload: "booking", clients: clients, round: round + 1}
		r1, err := f.referred(ctx, l)
		if err != nil {
			return err
		}
		s1, _, err := f.subject(ctx, l, func(p *product) work { return p.books(f.wish) })
		if err != nil {
			return err
		}
		a, err := f.bestBook(ctx, l, f.wish, won)
		if err != nil {
			return err
		}
		s2, _, err := f.subject(ctx, l, func(p *product) work { return p.books(f.wish) })
		if err != nil {
			return err
		}
		r2, err := f.referred(ctx, l)
		if err != nil {
			return err
		}
		ofCPU = append(ofCPU, mean(perCPU, s1, s2)/mean(perCPU, r1, r2))
		ofRate = append(ofRate, mean(perSecond, s1, s2)/mean(perSecond, r1, r2))
		ofBook = append(ofBook, mean(perSecond, s1, s2)/a.Rate)
	}
	switch clients {
	case 128:
		f.report.judge("128 clients, bookings per CPU-second / R", ofCPU, 0.6, 1.2)
	case 32:
		f.report.judge("32 clients, rate / R", ofRate, 0.4, 0.8)
	case 8:
		f.report.judge("8 clients, rate / R", ofRate, 0.35, 0.6)
	}
	f.report.note(fmt.Sprintf("%d clients, rate / textbook", clients), ofBook)
	return nil
}

// bestBook is two slices of A, on few and on many connections; the better counts.
func (f *field) bestBook(ctx context.Context, l load, wishOf func(int64) wish, counts func(error) (int, error)) (Row, error) {
	few, err := f.taught(ctx, l, min(16, l.clients), wishOf, counts)
	if err != nil {
		return Row{}, err
	}
	many, err := f.taught(ctx, l, l.clients, wishOf, counts)
	if err == nil && many.Rate > few.Rate {
		few = many
	}
	return few, err
}

func won(err error) (int, error) { return 1, err }

// holdAndConfirm is R P P R: pairs of durable writes.
func (f *field) holdAndConfirm(ctx context.Context) error {
	var ratios []float64
	for round := range f.rounds() {
		l := load{workload: "hold+confirm", clients: 128, round: round + 1}
		r1, err := f.referred(ctx, l)
		if err != nil {
			return err
		}
		var pairs [2]Row
		for i := range pairs {
			if pairs[i], _, err = f.subject(ctx, l, func(p *product) work { return p.pairs(f.wish) }); err != nil {
				return err
			}
		}
		r2, err := f.referred(ctx, l)
		if err != nil {
			return err
		}
		ratios = append(ratios, mean(perSecond, pairs[:]...)/mean(perSecond, r1, r2))
	}
	f.report.judge("hold + confirm pairs, 128 clients, rate / R", ratios, 0.3, 0.6)
	return nil
}
