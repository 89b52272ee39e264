package bench

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/gazetteer"
)

// placesBar is how long what a guest typed may take at the 99th percentile.
const placesBar = 5.0 // milliseconds

// Places measures what typed text costs among 135,000 places and a million
// properties: alone, and while properties are renamed. On a smaller world it is
// held against the plain form, which compares the text with every name.
func Places(ctx context.Context, o Options) (*Report, error) {
	report := newReport("")
	places, properties := manyPlaces, manyProperties
	if o.Quick {
		places, properties = 0, 20_000
	}
	w := newTownsfolk(gazetteer.World(), places, properties)
	began := time.Now()
	g := gazetteer.New(w.places)
	report.note("build: places, s", []float64{time.Since(began).Seconds()})
	began = time.Now()
	g.Apply(w.hotels, nil)
	report.note("build: properties, s", []float64{time.Since(began).Seconds()})
	stats := g.Stats()
	o.say("%d places, %d properties, %d names", stats.Places, stats.Properties, stats.Names)
	report.note("memory, MB", []float64{float64(stats.Bytes) / 1e6})
	report.note("memory, bytes per name", []float64{float64(stats.Bytes) / float64(stats.Names)})
	report.samePlaces(o)
	runtime.GC()
	var alone, busy, middle []float64
	for round := range o.rounds() {
		row, err := report.lookUp(ctx, o, g, w, round, "alone")
		if err != nil {
			return nil, err
		}
		alone, middle = append(alone, placesBar/row.P99), append(middle, row.P50)
		stop := rename(ctx, g, w)
		row, err = report.lookUp(ctx, o, g, w, round, "while properties are renamed")
		stop()
		if err != nil {
			return nil, err
		}
		busy = append(busy, placesBar/row.P99)
	}
	report.quiet()
	report.judge("5 ms / p99 of typed text", alone, 1, 2)
	report.judge("5 ms / p99 while properties are renamed", busy, 1, 2)
	report.note("p50 of typed text, ms", middle)
	return report, ctx.Err()
}

// samePlaces holds the gazetteer of a part of the world against its plain form.
func (r *Report) samePlaces(o Options) {
	var part []gazetteer.Place
	for i, p := range gazetteer.World() {
		if p.Kind == gazetteer.Country || i%20 == 0 {
			part = append(part, p)
		}
	}
	w, texts := newTownsfolk(part, 0, 5_000), 100
	if o.Quick {
		texts = 10
	}
	g := gazetteer.New(w.places)
	g.Apply(w.hotels, nil)
	plain := g.Plain()
	for range texts {
		kind, text := w.typed()
		var found []string
		for _, m := range g.Suggest(text, search.DefaultPlaces) {
			found = append(found, m.ID)
		}
		if want := plain.Suggest(text, search.DefaultPlaces); !slices.Equal(found, want) {
			r.fault("%s %q finds %v, the plain form %v", kind, text, found, want)
		}
	}
	o.say("%d texts: the same as the plain form", texts)
}

// lookUp is one slice of typed texts, one after the other.
func (r *Report) lookUp(ctx context.Context, o Options, g *gazetteer.Gazetteer, w *townsfolk, round int, workload string) (Row, error) {
	l := load{workload: workload, subject: "gazetteer", clients: 1, round: round, work: func(context.Context, int, int64) (int, error) {
		_, text := w.typed()
		g.Suggest(text, search.DefaultPlaces)
		return 1, nil
	}}
	row, err := l.run(ctx, o.slice(), new(server).cpu)
	o.say("round %d, %s: %.0f/s, p50 %.3f ms, p99 %.3f ms", round, workload, row.Rate, row.P50, row.P99)
	r.Rows = append(r.Rows, row)
	return row, err
}

// rename changes a property every ten milliseconds until stopped.
func rename(ctx context.Context, g *gazetteer.Gazetteer, w *townsfolk) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				h := w.hotels[i*7919%len(w.hotels)]
				h.Name = fmt.Sprintf("%s %d", h.Name, i)
				g.Apply([]gazetteer.Hotel{h}, nil)
			}
		}
	}()
	return func() {
		cancel()
		<-done
		g.Settle()
	}
}
