package main

import (
	"testing"

	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/proof/bench"
)

// TestPeerMix is the smoke run: every kind of request is answered, nothing is
// sold twice, and what was confirmed is in the tables.
func TestPeerMix(t *testing.T) {
	if testing.Short() {
		t.Skip("it serves for some seconds")
	}
	server := pgtest.Own(t, pgtest.Oldest)
	report, err := bench.PeerMix(servePeer)(t.Context(), bench.Options{Quick: true, Rates: []int{200}, Dir: t.TempDir(), DSN: server.DSN()})
	if err != nil {
		t.Fatal(err)
	}
	if !report.Valid {
		t.Errorf("faults: %q", report.Faults)
	}
	counts := make(map[string]int64)
	for _, row := range report.Rows {
		counts[row.Subject] += row.Count
		if row.Errors > 0 {
			t.Errorf("%s, %s: %d errors", row.Workload, row.Subject, row.Errors)
		}
	}
	for _, kind := range []string{"search", "recommend", "login", "reserve", "all"} {
		if counts[kind] == 0 {
			t.Errorf("no %s was answered", kind)
		}
	}
}
