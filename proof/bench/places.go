package bench

import (
	"cmp"
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
	alone, busy := newLookUps(w), newLookUps(w)
	for round := range o.rounds() {
		if err := report.lookUp(o, g, alone, round, "alone"); err != nil {
			return nil, err
		}
		stop := rename(ctx, g, w)
		err := report.lookUp(o, g, busy, round, "while properties are renamed")
		stop()
		if err != nil {
			return nil, err
		}
	}
	report.quiet()
	report.judge("5 ms / p99 of typed text", []float64{placesBar / alone.percentile(99)}, 1, 2)
	report.judge("5 ms / p99 while properties are renamed", []float64{placesBar / busy.percentile(99)}, 1, 2)
	report.note("p50 of typed text, ms", []float64{alone.percentile(50)})
	report.note("p99 of typed text, ms", []float64{alone.percentile(99)})
	report.note("p99 while properties are renamed, ms", []float64{busy.percentile(99)})
	if _, ok := threadCPU(); ok {
		report.note("p99 of typed text, ms of CPU", []float64{alone.cpuPercentile(99)})
		report.note("p99 while properties are renamed, ms of CPU", []float64{busy.cpuPercentile(99)})
	}
	for _, kind := range kindsTyped {
		part := alone.of(kind)
		report.note("p99 of "+kind+", ms", []float64{part.percentile(99)})
		report.note("p99 of "+kind+", ms of CPU", []float64{part.cpuPercentile(99)})
	}
	for _, at := range alone.heaviest(10) {
		o.say("%.3f ms of CPU: %s %q", milliseconds(alone.cpu[at]), alone.kinds[at], alone.texts[at])
	}
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

// lookUps is texts with the least time that each took over the rounds. Between
// two times of a text come all the others, so that it finds nothing warm; what
// the machine did to it once, it hardly does again.
type lookUps struct {
	kinds, texts []string
	least, cpu   []time.Duration
}

const textsTyped = 2_000

func newLookUps(w *townsfolk) *lookUps {
	l := new(lookUps)
	for range textsTyped {
		kind, text := w.typed()
		l.kinds, l.texts, l.least = append(l.kinds, kind), append(l.texts, text), append(l.least, time.Hour)
		l.cpu = append(l.cpu, time.Hour)
	}
	return l
}

func (l *lookUps) of(kind string) *lookUps {
	part := new(lookUps)
	for i, k := range l.kinds {
		if k == kind {
			part.least, part.cpu = append(part.least, l.least[i]), append(part.cpu, l.cpu[i])
		}
	}
	return part
}

func (l *lookUps) percentile(n int) float64 {
	return milliseconds(slices.Sorted(slices.Values(l.least))[len(l.least)*n/100])
}

// cpuPercentile is of the processor time, which no other process makes longer.
func (l *lookUps) cpuPercentile(n int) float64 {
	return milliseconds(slices.Sorted(slices.Values(l.cpu))[len(l.cpu)*n/100])
}

// heaviest are the texts that took most processor time.
func (l *lookUps) heaviest(n int) []int {
	all := make([]int, len(l.least))
	for i := range all {
		all[i] = i
	}
	slices.SortFunc(all, func(a, b int) int { return -cmp.Compare(l.cpu[a], l.cpu[b]) })
	return all[:min(n, len(all))]
}

// lookUp is one round of all texts, one after the other.
func (r *Report) lookUp(o Options, g *gazetteer.Gazetteer, l *lookUps, round int, workload string) error {
	server := new(server) // there is none: the CPU is this process's
	before, err := server.cpu()
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began, took := time.Now(), make([]time.Duration, len(l.texts))
	for i, text := range l.texts {
		start := time.Now()
		startCPU, _ := threadCPU()
		g.Suggest(text, search.DefaultPlaces)
		endCPU, _ := threadCPU()
		took[i] = time.Since(start)
		l.least[i], l.cpu[i] = min(l.least[i], took[i]), min(l.cpu[i], endCPU-startCPU)
	}
	seconds := time.Since(began).Seconds()
	after, err := server.cpu()
	own, _ := after.since(before)
	slices.Sort(took)
	row := Row{
		Workload: workload, Subject: "gazetteer", Clients: 1, Round: round, Seconds: seconds, Count: int64(len(took)), Rate: float64(len(took)) / seconds,
		CPU: own.Seconds(), PerCPU: float64(len(took)) / own.Seconds(), P50: milliseconds(took[len(took)/2]), P99: milliseconds(took[len(took)*99/100]),
		Others: max(0, (after.machine-before.machine-own).Seconds()) / seconds / float64(runtime.NumCPU()),
	}
	r.Rows = append(r.Rows, row)
	o.say("round %d, %s: p50 %.3f ms, p99 %.3f ms, others %.0f %%", round, workload, row.P50, row.P99, 100*row.Others)
	return err
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
