package bench

import (
	"os"
	"syscall"
	"testing"
	"time"
)

func BenchmarkKernel(b *testing.B) {
	if os.Getenv("KERNEL") == "" {
		b.Skip()
	}
	c, err := newCity(b.Context(), 2000)
	if err != nil {
		b.Fatal(err)
	}
	n := float64(c.index.Stats().Properties)
	b.Logf("bytes a property %.0f", float64(c.bytes)/n)
	for _, set := range []string{"simple", "all"} {
		queries := c.simple
		if set == "all" {
			queries = c.queries
		}
		b.Run(set, func(b *testing.B) {
			began := usage()
			i, hits := 0, 0
			for b.Loop() {
				page, err := c.index.Search(b.Context(), queries[i%len(queries)])
				if err != nil {
					b.Fatal(err)
				}
				i++
				hits += page.Total
			}
			b.ReportMetric(float64((usage()-began).Nanoseconds())/float64(b.N)/1000, "cpu-µs/op")
			b.ReportMetric(float64(hits)/float64(b.N), "hits")
		})
	}
}

func usage() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
