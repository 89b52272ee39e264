package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// TestGenerate fills a database, adds to it, and leaves alone what is there.
func TestGenerate(t *testing.T) {
	s, err := openMigrated(t.Context(), "sqlite:"+t.TempDir()+"/world.db")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	flags := generateFlags{region: "eu", seed: 7, properties: 30, nights: 40, from: "2027-05-10"}
	var progress bytes.Buffer
	first, err := generate(t.Context(), s, flags, &progress)
	if err != nil || first.Imported != 30 || first.Present != 0 || first.Nights < 30*40 {
		t.Errorf("%+v, %v", first, err)
	}
	flags.properties = 45
	more, err := generate(t.Context(), s, flags, &progress)
	if err != nil || more.Imported != 15 || more.Present != 30 {
		t.Errorf("%+v, %v", more, err)
	}
	page, err := s.Properties(t.Context(), "", "", 100)
	if err != nil || len(page) != 45 || page[0].Horizon != 38 {
		t.Fatalf("%d properties, %v", len(page), err)
	}
	from := stay.DateOf(2027, 5, 10)
	nights, err := s.Nights(t.Context(), page[0].ID, from, from.Add(inventory.Horizon))
	if err != nil || len(nights) == 0 || len(nights)%40 != 0 {
		t.Errorf("%d nights, %v", len(nights), err)
	}
	flags.from = "tomorrow"
	if _, err := generate(t.Context(), s, flags, &progress); err == nil || !strings.Contains(err.Error(), "--from") {
		t.Errorf("a first night that is no date: %v", err)
	}
	if progress.Len() > 0 {
		t.Errorf("a bar that nobody sees: %q", progress.String())
	}
}

// TestLargeDemosSellForLess: whatever its size, a demo has some millions of nights at most.
func TestLargeDemosSellForLess(t *testing.T) {
	for hotels, want := range map[int]int{0: 730, 300: 730, 5_000: 730, 20_000: 200, 100_000: 90, 5_000_000: 90} {
		if got := affordable(hotels); got != want {
			t.Errorf("%d hotels sell for %d nights; want %d", hotels, got, want)
		}
	}
}
