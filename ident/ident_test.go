package ident_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/ident"
)

func TestIDsSortByTheirMaking(t *testing.T) {
	at := time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)
	source, err := ident.New("eu", func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range 10_000 {
		if i%3000 == 0 {
			at = at.Add(time.Millisecond)
		}
		if i == 5000 {
			at = at.Add(-time.Hour) // the machine's clock is set back
		}
		ids = append(ids, source.ID("bkg"))
	}
	if !slices.IsSorted(ids) {
		t.Error("ids went back in time")
	}
	if len(slices.Compact(ids)) != 10_000 {
		t.Error("an id was made twice")
	}
	if !strings.HasPrefix(ids[0], "bkg_eu") || len(ids[0]) != len("bkg_eu")+26 {
		t.Errorf("id %q is not kind, region and 26 characters", ids[0])
	}
}

func TestIDsAreUniqueAcrossGoroutines(t *testing.T) {
	source, err := ident.New("eu", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	var seen sync.Map
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 2000 {
				if _, twice := seen.LoadOrStore(source.ID("x"), true); twice {
					t.Error("an id was made twice")
				}
			}
		})
	}
	all.Wait()
}

func TestRegion(t *testing.T) {
	for _, bad := range []string{"", "e", "EU", "eur", "e1", "é"} {
		if _, err := ident.New(bad, time.Now); err == nil {
			t.Errorf("region %q was taken", bad)
		}
	}
}

func TestNormalCode(t *testing.T) {
	for typed, want := range map[string]string{
		"ABCD-EFGH-JKM": "ABCDEFGHJKM",
		"abcd efgh jkm": "ABCDEFGHJKM",
		"oO0 iIlL1":     "00011111",
	} {
		if got := ident.NormalCode(typed); got != want {
			t.Errorf("%q reads as %q, want %q", typed, got, want)
		}
	}
}

func TestCodeHasItsLength(t *testing.T) {
	source, err := ident.New("eu", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for length := 1; length <= 20; length++ {
		if code := source.Code(length); len(code) != length || ident.NormalCode(code) != code {
			t.Errorf("code %q of length %d does not read back", code, length)
		}
	}
}
