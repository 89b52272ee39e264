package bench

import (
	"context"
	"runtime"
	"time"
)

// How much changes beside the searches, in counts and prices of one night each.
const (
	manyCells    = 55_000 // a second: all that is asked of the log
	floodCells   = 1_000_000
	changesSlice = 2 * time.Second
)

// changes measures searches of the largest city alone, while it changes as much
// as is promised, and while it changes without end; then that no stay is put
// together from two states, and that all those changes left the index equal to
// the reference.
func (b *searchBench) changes(ctx context.Context) error {
	c, err := b.compared(ctx)
	if err != nil {
		return err
	}
	w, err := newWrites(ctx, c)
	if err != nil {
		return err
	}
	many, flood := new(underWrites), new(underWrites)
	for round := range b.rounds() {
		if err := b.changesRound(ctx, c, w, round, many, flood); err != nil {
			return err
		}
	}
	b.report.judgeWorst("largest city: searches a second under 55,000 counts and prices a second / alone", many.rate, 0.95, 0.99)
	b.report.judgeMost("largest city: their p99 / alone", many.p99, 1.15, 1.05)
	many.note(b.report, "55,000 a second")
	flood.note(b.report, "1,000,000 a second")
	if err := b.torn(ctx, c); err != nil {
		return err
	}
	if err := c.index.CatchUp(ctx); err != nil {
		return err
	}
	reference, err := b.reference(ctx, c)
	if err != nil {
		return err
	}
	b.sameAnswers(ctx, c, reference)
	return nil
}

// underWrites is searches beside a writer against searches alone, by round.
type underWrites struct {
	rate, cpu, p99                      []float64 // ratios
	cells, changes, writer, p99s, p999s []float64
}

func (u *underWrites) note(r *Report, name string) {
	r.note(name+": counts and prices a second that came", u.cells)
	r.note(name+": changes a second", u.changes)
	r.note(name+": searches a second / alone", u.rate)
	r.note(name+": searches per CPU-second of their thread / alone", u.cpu)
	r.note(name+": p99 / alone", u.p99)
	r.note(name+": p99, ms", u.p99s)
	r.note(name+": p99.9, ms; 0 of fewer than a thousand searches", u.p999s)
	r.note(name+": share of a processor that the writer used", u.writer)
}

// changesRound is a slice alone, one under each rate, and one alone again.
func (b *searchBench) changesRound(ctx context.Context, c *searched, w *writes, round int, many, flood *underWrites) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	queries := c.breadth(inLargest).queries
	t := b.turn(ctx, "changes", round)
	t.pinned = true
	if !b.Quick {
		t.long = changesSlice
	}
	ask := func(subject string) Row { return t.ask(subject, len(queries), asking(c.index, queries)) }
	under := func(rate float64, subject string) (Row, written) {
		stop := w.start(ctx, rate)
		row := ask(subject)
		came, err := stop()
		if t.err == nil {
			t.err = err
		}
		return row, came
	}
	before := ask("alone")
	manyRow, manyCame := under(manyCells, "under 55,000 a second")
	floodRow, floodCame := under(floodCells, "under 1,000,000 a second")
	after := ask("alone, again")
	if t.err == nil {
		many.add(manyRow, manyCame, before, after)
		flood.add(floodRow, floodCame, before, after)
	}
	return t.err
}

func (u *underWrites) add(busy Row, came written, alone ...Row) {
	perThread := func(r Row) float64 { return float64(r.Count) / max(r.Thread, 1e-9) }
	p99 := func(r Row) float64 { return r.P99 }
	u.rate = append(u.rate, busy.Rate/mean(perSecond, alone...))
	u.cpu = append(u.cpu, perThread(busy)/mean(perThread, alone...))
	u.p99, u.p99s = append(u.p99, busy.P99/mean(p99, alone...)), append(u.p99s, busy.P99)
	u.p999s = append(u.p999s, busy.P999)
	u.cells, u.changes, u.writer = append(u.cells, came.cells), append(u.changes, came.changes), append(u.writer, came.cpu)
}

// breadth is the one of that name.
func (c *searched) breadth(name string) *breadth {
	for i := range c.breadths {
		if c.breadths[i].name == name {
			return &c.breadths[i]
		}
	}
	return nil
}
