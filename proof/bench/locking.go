package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync/atomic"

	"github.com/vacancyhq/vacancy/inventory"
)

// A slice of the locking bench is one last room after another: contenders ask
// for a night until asked requests were made, which is twice as many as it has
// rooms, and go on to the next night, which nobody has seen yet.
const (
	contenders  = 64
	roomsThere  = 50
	asked       = 2 * roomsThere
	connections = 16 // of every scheme but the product: more only wait in the server
)

// Race is what came of a slice in which a crowd raced for the last rooms.
type Race struct {
	Sold     int64 `json:"sold"`
	Refused  int64 `json:"refused"`
	Retries  int64 `json:"retries"`  // tries that had to be made again, for a lock or a version
	Oversold int64 `json:"oversold"` // rooms sold beyond the stock of their night, by the rows of the sales
}

// Scheme is the medians of a scheme's slices; rooms oversold are those of all.
type Scheme struct {
	Name     string  `json:"name"`
	Rate     float64 `json:"answers_per_second"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	Retries  float64 `json:"retries_per_answer"`
	Sold     int64   `json:"sold"`
	Oversold int64   `json:"oversold"`
}

// scheme is one way to sell a room of a night, and no more of them than there are.
type scheme struct {
	name string
	// mayOversell says that the scheme is here to be seen failing. Any other one
	// that sells a room twice, or leaves one unsold, voids the run.
	mayOversell bool
	prepare     func(ctx context.Context, first int) error // once for each slice; nil: nothing
	take        func(ctx context.Context, night int, n int64) (retries int, err error)
}

// arena is a field with nights that are sold once, by whoever comes to them.
type arena struct {
	*field
	night int // the first one that nobody has asked for
}

// Locking measures the ways to sell the last room once, and shows two that do not.
func Locking(ctx context.Context, o Options) (*Report, error) {
	w := world{houses: 12, nights: 2 * 365}
	if o.Quick {
		w = world{houses: 2, nights: 365}
	}
	report, err := onPostgres(ctx, o, w, func(f *field) error {
		a := &arena{field: f}
		if err := a.furnish(ctx); err != nil {
			return err
		}
		service, err := startLockService(ctx)
		if errors.Is(err, errNoRedis) && os.Getenv("CI") == "" {
			f.say("%v", err)
		} else if err != nil {
			return err
		}
		defer service.close()
		return a.compete(ctx, service)
	})
	if err == nil {
		report.quiet()
	}
	return report, err
}

// compete runs every scheme in every round, in turn from both ends.
func (a *arena) compete(ctx context.Context, service *lockService) error {
	pool, err := a.pool(ctx, connections)
	if err != nil {
		return err
	}
	defer pool.Close()
	schemes := slices.Concat(textbookSchemes(pool), service.schemes(pool), a.productSchemes())
	for round := range a.rounds() {
		order := slices.Clone(schemes)
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, s := range order {
			if err := a.race(ctx, s, round+1); err != nil {
				return err
			}
		}
	}
	a.summarise(schemes)
	a.judgeSchemes()
	return nil
}

// race is one slice.
func (a *arena) race(ctx context.Context, s scheme, round int) error {
	if s.prepare != nil {
		if err := s.prepare(ctx, a.night); err != nil {
			return err
		}
	}
	first, since := a.night, serial.Load()+1
	var sold, refused, retries atomic.Int64
	l := load{workload: "locking", subject: s.name, clients: contenders, round: round}
	l.work = func(ctx context.Context, _ int, n int64) (int, error) {
		night := first + int(n-since)/asked
		if night >= a.nightsThere() {
			return 0, fmt.Errorf("no night is left for another slice: fewer rounds, please")
		}
		again, err := s.take(ctx, night, n)
		retries.Add(int64(again))
		switch {
		case err == nil:
			sold.Add(1)
		case errors.Is(err, inventory.ErrSoldOut):
			refused.Add(1)
		default:
			return 0, err
		}
		return 1, nil
	}
	if _, err := a.measure(ctx, l); err != nil {
		return err
	}
	complete := first + int(serial.Load()+1-since)/asked
	a.night = complete + 1
	race := Race{Sold: sold.Load(), Refused: refused.Load(), Retries: retries.Load()}
	if err := a.recountRace(ctx, s, &race, first, complete, round); err != nil {
		return err
	}
	a.report.Rows[len(a.report.Rows)-1].Race = &race
	a.say("  %40d sold, %d refused, %d retries, %d oversold", race.Sold, race.Refused, race.Retries, race.Oversold)
	return nil
}

// recountRace counts the rooms of the slice's nights again from the rows of the
// sales, of whichever tables the scheme sells in.
func (a *arena) recountRace(ctx context.Context, s scheme, race *Race, first, complete, round int) error {
	var kept, unsold int64
	err := a.raw.QueryRow(ctx, `
		select coalesce(sum(s.rooms), 0), coalesce(sum(greatest(s.rooms - $3, 0)), 0),
			coalesce(sum($3 - s.rooms) filter (where s.rooms < $3 and n.night < $4), 0)
		from generate_series($1::integer, $2::integer) as n (night)
		left join lateral (
			select (select count(*) from locking_sale l where l.night = n.night) + (
				select count(*) from room_stay r where r.property_id = 'prop_eu' || lpad((n.night / $5)::text, 26, '0')
					and r.room_type_id = 'room_eu' || lpad((n.night / $5)::text, 25, '0') || (n.night % $5 / $6)
					and r.arrival = $7::date + n.night % $6) as rooms
		) s on true`, first, a.night, roomsThere, complete, roomTypes*a.nights, a.nights, opening.String()).Scan(&kept, &race.Oversold, &unsold)
	if err != nil {
		return err
	}
	if kept != race.Sold {
		a.report.fault("%s, round %d: %d rooms acknowledged, %d in the tables", s.name, round, race.Sold, kept)
	}
	if !s.mayOversell && (race.Oversold > 0 || unsold > 0) {
		a.report.fault("%s, round %d: %d rooms oversold, %d left though they were asked for", s.name, round, race.Oversold, unsold)
	}
	return nil
}

// summarise takes the medians over the rounds.
func (a *arena) summarise(schemes []scheme) {
	for _, s := range schemes {
		sum := Scheme{Name: s.name}
		var rates, p50, p99, retries []float64
		for _, row := range a.report.Rows {
			if row.Subject != s.name {
				continue
			}
			rates, p50, p99 = append(rates, row.Rate), append(p50, row.P50), append(p99, row.P99)
			retries = append(retries, float64(row.Race.Retries)/float64(max(1, row.Count)))
			sum.Sold += row.Race.Sold
			sum.Oversold += row.Race.Oversold
		}
		sum.Rate, sum.P50, sum.P99, sum.Retries = median(rates), median(p50), median(p99), median(retries)
		a.report.Schemes = append(a.report.Schemes, sum)
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// judgeSchemes wants what docs/locking.md says to be so: what has no guard sells
// rooms twice, and the guarded write is no slower than the lock.
func (a *arena) judgeSchemes() {
	for _, s := range a.report.Schemes {
		if s.Name == noLock || s.Name == pausedLock {
			a.report.judge(s.Name+": rooms oversold", []float64{float64(s.Oversold)}, 1, 1)
		}
	}
	a.report.judge("guarded update / select for update, rate", a.ratios(guarded, pessimistic), 1.2, 2)
	a.report.judge("guarded update, combined / select for update, rate", a.ratios(gathered, pessimistic), 4, 10)
	a.report.judge("product, combined / product, one by one, rate", a.ratios(productCombined, productSingle), 4, 10)
	a.report.note("product, combined / select for update, rate", a.ratios(productCombined, pessimistic))
}

// ratios compares two schemes round by round.
func (a *arena) ratios(subject, peer string) []float64 {
	rates := make(map[string][]float64)
	for _, row := range slices.SortedFunc(slices.Values(a.report.Rows), func(x, y Row) int { return x.Round - y.Round }) {
		rates[row.Subject] = append(rates[row.Subject], row.Rate)
	}
	var ratios []float64
	for round, rate := range rates[subject] {
		ratios = append(ratios, rate/rates[peer][round])
	}
	return ratios
}
