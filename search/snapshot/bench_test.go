package snapshot_test

import (
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/search/snapshot"
	"github.com/vacancyhq/vacancy/stay"
)

// house is a generated property as a store gives it.
func house(b *testing.B) (*search.Facts, []inventory.Counts) {
	noon := time.Date(2027, time.March, 10, 12, 0, 0, 0, time.UTC)
	source := searchtest.Generated(b, 1, 20, func() time.Time { return noon })
	page, err := source.Properties(b.Context(), "", "", 20)
	if err != nil {
		b.Fatal(err)
	}
	p := page[7]
	facts, err := search.ReadFacts(b.Context(), source, p)
	if err != nil {
		b.Fatal(err)
	}
	today := stay.On(noon, time.UTC)
	counts, err := source.Counts(b.Context(), p.ID, p.ID, today-1, today+800)
	if err != nil {
		b.Fatal(err)
	}
	return facts, counts
}

func BenchmarkWrite(b *testing.B) {
	facts, counts := house(b)
	b.ReportAllocs()
	for b.Loop() {
		b.SetBytes(int64(len(snapshot.EncodeFacts(facts)) + len(snapshot.EncodeCounts(counts))))
	}
}

func BenchmarkRead(b *testing.B) {
	facts, counts := house(b)
	written, nights := snapshot.EncodeFacts(facts), snapshot.EncodeCounts(counts)
	b.SetBytes(int64(len(written) + len(nights)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := snapshot.DecodeFacts(written); err != nil {
			b.Fatal(err)
		}
		if _, err := snapshot.DecodeCounts("p", nights); err != nil {
			b.Fatal(err)
		}
	}
}
