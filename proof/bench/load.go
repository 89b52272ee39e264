package bench

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// work is one request of a client; n counts them over the whole run. It tells
// how much of what the bar counts it did.
type work func(ctx context.Context, client int, n int64) (counted int, err error)

// load runs work for a time with so many clients, each asking again as soon as
// it is answered.
type load struct {
	workload, subject string
	clients, round    int
	work              work
}

// serial numbers requests over the whole run, so that no id comes twice.
var serial atomic.Int64

// run is one slice. cpu reads the CPU time spent so far by all that counts.
func (l load) run(ctx context.Context, long time.Duration, cpu func() (spent, error)) (Row, error) {
	before, err := cpu()
	if err != nil {
		return Row{}, err
	}
	var count atomic.Int64
	var once sync.Once
	var failure error
	latencies := make([][]time.Duration, l.clients)
	start := time.Now()
	var group sync.WaitGroup
	for client := range l.clients {
		group.Go(func() {
			for begun := time.Now(); begun.Sub(start) < long && failure == nil; {
				n, err := l.work(ctx, client, serial.Add(1))
				if err != nil {
					once.Do(func() { failure = err })
					return
				}
				ended := time.Now()
				latencies[client] = append(latencies[client], ended.Sub(begun))
				count.Add(int64(n))
				begun = ended
			}
		})
	}
	group.Wait()
	seconds := time.Since(start).Seconds()
	after, err := cpu()
	if failure != nil || err != nil {
		return Row{}, fmt.Errorf("%s, %s, %d clients: %w, %w", l.workload, l.subject, l.clients, failure, err)
	}
	row := Row{
		Workload: l.workload, Subject: l.subject, Clients: l.clients, Round: l.round,
		Seconds: seconds, Count: count.Load(), Rate: float64(count.Load()) / seconds,
	}
	own, server := after.since(before)
	row.CPU, row.ServerCPU = (own + server).Seconds(), server.Seconds()
	row.Others = others(before, after, own+server, seconds)
	row.PerCPU = float64(row.Count) / row.CPU
	all := slices.Concat(latencies...)
	slices.Sort(all)
	if len(all) > 0 {
		row.P50, row.P99 = milliseconds(all[len(all)/2]), milliseconds(all[len(all)*99/100])
	}
	return row, nil
}

// others is the share of the machine that went to neither us nor the server.
func others(before, after spent, ours time.Duration, seconds float64) float64 {
	return max(0, (after.machine-before.machine-ours).Seconds()) / seconds / float64(runtime.NumCPU())
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
