package throttle

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func TestBucketsRefill(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	table := New(Rate{2, 1, time.Second}, c.now)
	for i, want := range []time.Duration{0, 0, time.Second} {
		if wait := table.Take("a"); wait != want {
			t.Errorf("take %d waits %s, want %s", i, wait, want)
		}
	}
	if table.Take("b") != 0 {
		t.Error("somebody else waits")
	}
	c.at = c.at.Add(-time.Hour) // a clock that is set back takes nothing away and gives nothing
	if table.Take("a") == 0 {
		t.Error("a clock set back gave a token")
	}
	c.at = time.Unix(1, 0)
	if table.Take("a") != 0 {
		t.Error("nothing came back in a second")
	}
	table.Give("a", 1)
	if table.Take("a") != 0 {
		t.Error("what was given back is not there")
	}
}

func TestSpendTakesAllOrNone(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	table := New(Rate{10, 1, time.Second}, c.now)
	for i, step := range []struct {
		n    int
		want Standing
	}{
		{4, Standing{Limit: 10, Left: 6, Full: 4 * time.Second}},
		{7, Standing{Limit: 10, Left: 6, Full: 4 * time.Second, Wait: time.Second}},
		{6, Standing{Limit: 10, Left: 0, Full: 10 * time.Second}},
		{1000, Standing{Limit: 10, Left: 0, Full: 10 * time.Second, Wait: 10 * time.Second}}, // not for ever
	} {
		if got := table.Spend("a", step.n); got != step.want {
			t.Errorf("step %d: %+v, want %+v", i, got, step.want)
		}
	}
	table.Give("a", 1000)
	if got := table.Spend("a", 1); got.Left != 9 {
		t.Errorf("more came back than a bucket has: %+v", got)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	table := New(Rate{1, 1, time.Hour}, c.now)
	for i := range most {
		table.Take(fmt.Sprint(i))
	}
	if table.Take("late") != 0 || table.Take("later") == 0 {
		t.Error("those who come to a full table do not share one bucket")
	}
	if len(table.buckets) != most {
		t.Errorf("%d buckets", len(table.buckets))
	}
	c.at = c.at.Add(time.Hour)
	if table.Take("new") != 0 || len(table.buckets) != 1 {
		t.Errorf("full buckets were not forgotten: %d left", len(table.buckets))
	}
}

// Property 64: 10,000 addresses get fewer than 1,000 guesses evaluated.
func TestGuessesAreFew(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	lookups := NewLookups(c.now)
	evaluated := 0
	for i := range 1_000_000 {
		address := netip.AddrFrom4([4]byte{byte(10 + i%7), byte(i % 251), byte(i % 10), byte(i % 13)})
		if _, wait := lookups.Try(address.String(), fmt.Sprint(i)); wait == 0 {
			evaluated++
		}
	}
	if evaluated == 0 || evaluated > 1000 {
		t.Errorf("%d guesses were evaluated", evaluated)
	}
}

func TestLookupsLimitAddressesAndCodes(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	try := func(l *Lookups, n int, client, code func(i int) string) (done int) {
		for i := range n {
			if _, wait := l.Try(client(i), code(i)); wait == 0 {
				done++
			}
		}
		return done
	}
	same := func(int) string { return "2001:db8::1" }
	each := func(i int) string { return fmt.Sprintf("2001:db8::%x", i+1) } // one subscriber's /64
	beside := func(i int) string { return fmt.Sprintf("192.0.2.%d", i+1) }
	elsewhere := func(i int) string { return fmt.Sprintf("2001:db8:0:%x::1", i+1) }
	codes := func(i int) string { return fmt.Sprint(i) }
	one := func(int) string { return "CODE" }
	for name, got := range map[string][2]int{
		"one address": {try(NewLookups(c.now), 100, same, codes), perClient.Burst},
		"one /64":     {try(NewLookups(c.now), 100, each, codes), perClient.Burst},
		"one network": {try(NewLookups(c.now), 100, beside, codes), perNetwork.Burst},
		"one code":    {try(NewLookups(c.now), 100, elsewhere, one), perCode.Burst},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %d were evaluated, want %d", name, got[0], got[1])
		}
	}
	lookups := NewLookups(c.now)
	for range 100 {
		found, wait := lookups.Try("192.0.2.1", "CODE")
		if wait > 0 {
			t.Fatal("a guest who finds the booking was limited")
		}
		found()
	}
}

func TestClient(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		peer      string
		forwarded []string
		want      string
	}{
		{"192.0.2.1:9", nil, "192.0.2.1"},
		{"192.0.2.1:9", []string{"198.51.100.7"}, "192.0.2.1"}, // not from a proxy of ours
		{"10.0.0.1:9", []string{"198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.1:9", []string{"203.0.113.9, 198.51.100.7", "10.0.0.2"}, "198.51.100.7"},
		{"10.0.0.1:9", []string{"junk, 10.0.0.2"}, "10.0.0.2"},
		{"[::ffff:10.0.0.1]:9", []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
		{"pipe", nil, "pipe"},
	} {
		if got := Client(c.peer, c.forwarded, trusted); got != c.want {
			t.Errorf("%s with %q is %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}
