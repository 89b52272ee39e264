package bench

import (
	"os"
	"runtime"
	"runtime/pprof"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/stay"
)

func TestHeap(t *testing.T) {
	if os.Getenv("KERNEL") == "" {
		t.Skip()
	}
	zone, _ := stay.Zone(cityZone)
	c := &city{source: searchtest.NewSource(time.Now), today: stay.On(time.Now(), zone)}
	if err := c.build(400); err != nil {
		t.Fatal(err)
	}
	runtime.MemProfileRate = 64
	before := heap()
	x, err := memindex.Open(t.Context(), c.source, memindex.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("bytes", (heap()-before)/400, "counted", x.Stats().Bytes/400)
	f, _ := os.Create("/tmp/heap.prof")
	_ = pprof.Lookup("heap").WriteTo(f, 0)
	f.Close()
	runtime.KeepAlive(x)
}
