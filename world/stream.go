package world

import (
	"iter"
	"runtime"
	"sync"

	"github.com/vacancyhq/vacancy/store"
)

// ahead is how many properties each maker may be ahead of the consumer.
const ahead = 16

// Bundles yields property i with everything that makes it sellable, from the
// given one on, in order. They are made by all processors; how many there are
// changes nothing in what is made.
func (w *World) Bundles(from int) iter.Seq2[int, store.Bundle] {
	return func(yield func(int, store.Bundle) bool) {
		lanes := make([]chan store.Bundle, runtime.GOMAXPROCS(0))
		enough := make(chan struct{})
		var makers sync.WaitGroup
		defer makers.Wait()
		defer close(enough)
		for m := range lanes {
			lanes[m] = make(chan store.Bundle, ahead)
			makers.Go(func() { w.lane(from+m, len(lanes), lanes[m], enough) })
		}
		for i := from; i < w.Len(); i++ {
			if !yield(i, <-lanes[(i-from)%len(lanes)]) {
				return
			}
		}
	}
}

// lane makes every step-th property until there are enough.
func (w *World) lane(from, step int, out chan<- store.Bundle, enough <-chan struct{}) {
	for i := from; i < w.Len(); i += step {
		select {
		case out <- w.Bundle(i):
		case <-enough:
			return
		}
	}
}
