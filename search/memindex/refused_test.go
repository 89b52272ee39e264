package memindex

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/search/snapshot"
	"github.com/vacancyhq/vacancy/stay"
)

// A snapshot that is not of this store, of this log, of this program or of these
// days is not used: the index says why in one line and reads the store.
func TestRefusedSnapshots(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, folder string) (source *searchtest.Source, now time.Time){
		"the log does not hold the event": func(*testing.T, string) (*searchtest.Source, time.Time) { // restored to before it
			return newSource(), noon
		},
		"the log does not hold the event that it ends with": func(*testing.T, string) (*searchtest.Source, time.Time) {
			source := newSource() // another one, which has come as far
			for range 20 {
				source.Sell("etoile", "etoile_double", stay.Stay{Arrival: opening.Add(30), Departure: opening.Add(31)}, 1)
			}
			return source, noon
		},
		"written by another version": func(t *testing.T, folder string) (*searchtest.Source, time.Time) {
			spoilFile(t, folder, func(data []byte) []byte { data[30]++; return data })
			return nil, noon
		},
		"not finished": func(t *testing.T, folder string) (*searchtest.Source, time.Time) {
			spoilFile(t, folder, func(data []byte) []byte { return data[:len(data)/3] })
			return nil, noon
		},
		"too old": func(*testing.T, string) (*searchtest.Source, time.Time) { return nil, noon.Add(31 * 24 * time.Hour) },
	} {
		source, folder := newSource(), t.TempDir()
		source.Sell("paix", "paix_double", stay.Stay{Arrival: opening.Add(20), Departure: opening.Add(22)}, 1)
		k := keepAt(t, source, folder, atNoon)
		k.keep(t)
		k.die()
		other, now := spoil(t, folder)
		if other == nil {
			other = source
		}
		clock := func() time.Time { return now }
		k = keepAt(t, other, folder, clock)
		said := k.said.String()
		if k.Kept().Restored || !strings.Contains(said, name) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: restored %v\n%s", name, k.Kept().Restored, said)
		}
		equal(t, name, k.Index, openAt(t, other, clock))
		k.keep(t) // and the next start finds this one's
		k.die()
		if k = keepAt(t, other, folder, clock); !k.Kept().Restored {
			t.Errorf("%s: the start after it: %s", name, k.said)
		}
	}
}

func spoilFile(t *testing.T, folder string, change func([]byte) []byte) {
	t.Helper()
	path := filepath.Join(folder, "0.snapshot")
	data, err := os.ReadFile(path) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// An empty store leaves nothing to begin with, and no trouble.
func TestNothingToKeep(t *testing.T) {
	source, folder := searchtest.NewSource(atNoon), t.TempDir()
	k := keepAt(t, source, folder, atNoon)
	k.keep(t)
	k.die()
	k = keepAt(t, source, folder, atNoon)
	if k.Kept().Restored || k.Kept().Failures > 0 {
		t.Errorf("%+v\n%s", k.Kept(), k.said)
	}
	source.Import(searchtest.World[0].Bundle(opening))
	k.follow(t)
	k.keep(t)
	k.die()
	if k = keepAt(t, source, folder, atNoon); !k.Kept().Restored || k.Stats().Properties != 1 {
		t.Errorf("%+v, %+v\n%s", k.Kept(), k.Stats(), k.said)
	}
}

// Processes that share a folder write a file each; a start reads the newest.
func TestSharedFolder(t *testing.T) {
	source, folder := newSource(), t.TempDir()
	first := keepAt(t, source, folder, atNoon)
	first.keep(t)
	second := keepAt(t, source, folder, atNoon)
	if !second.Kept().Restored || second.keeper.slot.Path == first.keeper.slot.Path {
		t.Fatalf("%+v writes %s", second.Kept(), second.keeper.slot.Path)
	}
	first.die()
	for n := range 3 {
		source.Sell("paix", "paix_double", stay.Stay{Arrival: opening.Add(20 + n), Departure: opening.Add(22 + n)}, 1)
		second.follow(t)
		second.keep(t)
	}
	second.die()
	later := time.Now().Add(time.Minute) // by the clock of files
	if err := os.Chtimes(second.file(folder, 1), later, later); err != nil {
		t.Fatal(err)
	}
	third := keepAt(t, source, folder, atNoon)
	if third.keeper.slot.Path != filepath.Join(folder, "0.snapshot") || third.position != second.position || !third.Kept().Restored {
		t.Errorf("the third writes %s and began at %v of %v", third.keeper.slot.Path, third.position, second.position)
	}
	third.keep(t)
	third.die()
	if err := os.Remove(third.file(folder, 1)); err != nil {
		t.Fatal(err)
	}
	fourth := keepAt(t, source, folder, atNoon)
	if !fourth.Kept().Restored {
		t.Errorf("from the copy of the third: %s", fourth.said)
	}
	equal(t, "the fourth", fourth.Index, openAt(t, source, atNoon))
}

func (k keeping) file(folder string, n int) string {
	return filepath.Join(folder, fmt.Sprint(n, ".snapshot"))
}

// A disk that is full, or gone, stops nothing but the snapshot, which is begun
// anew from the store when there is room again.
func TestDiskFails(t *testing.T) {
	source, folder := newSource(), t.TempDir()
	k := keepAt(t, source, folder, atNoon)
	k.keep(t)
	if err := k.keeper.writer.Close(); err != nil { // whatever is written now fails
		t.Fatal(err)
	}
	source.Sell("paix", "paix_double", stay.Stay{Arrival: opening.Add(20), Departure: opening.Add(22)}, 1)
	k.follow(t)
	if err := k.keepNow(t.Context()); err == nil {
		t.Fatal("written into a closed file")
	}
	if err := os.Symlink("/dev/full", k.file(folder, 0)+".new"); err != nil {
		t.Fatal(err)
	}
	source.Sell("paix", "paix_double", stay.Stay{Arrival: opening.Add(22), Departure: opening.Add(23)}, 1)
	k.follow(t)
	if err := k.keepNow(t.Context()); err == nil {
		t.Error("written onto a full disk")
	}
	equal(t, "without a disk", k.Index, openAt(t, source, atNoon))
	k.keep(t)
	source.Sell("paix", "paix_double", stay.Stay{Arrival: opening.Add(23), Departure: opening.Add(24)}, 1)
	k.follow(t)
	k.keep(t)
	k.die()
	k = keepAt(t, source, folder, atNoon)
	if end, err := outbox.End(t.Context(), source); err != nil || !k.Kept().Restored || k.position != end {
		t.Errorf("%+v at %v of %v, %v", k.Kept(), k.position, end, err)
	}
	equal(t, "with a disk again", k.Index, openAt(t, source, atNoon))
}

// What does not fit into the bound of the notes is not kept by halves.
func TestTooManyNotes(t *testing.T) {
	source, folder := newSource(), t.TempDir()
	k := keepAt(t, source, folder, atNoon)
	k.keep(t)
	k.notes.read("paix", make([]byte, lossAt+1))
	if !k.notes.missing() || k.notes.bytes > 0 {
		t.Fatalf("%d bytes of notes", k.notes.bytes)
	}
	source.Edit("paix", func(p *property.Property) { p.Name = "Paix nouvelle" })
	k.follow(t)
	k.keep(t)
	k.die()
	k = keepAt(t, source, folder, atNoon)
	page, err := k.Search(t.Context(), search.Query{Place: "Paix nouvelle"})
	if err != nil || !k.Kept().Restored || page.Total != 1 {
		t.Errorf("%+v, %d hits, %v", k.Kept(), page.Total, err)
	}
	equal(t, "after it", k.Index, openAt(t, source, atNoon))
}

// An index that had no room for a property must not leave a snapshot in which
// it never was.
func TestFullIndexIsNotKept(t *testing.T) {
	source, folder := newSource(), t.TempDir()
	k := keepAt(t, source, folder, atNoon)
	k.keep(t)
	k.options.MaxBytes = k.Stats().Bytes + 1
	late := searchtest.World[0]
	late.ID = "late"
	source.Import(late.Bundle(opening))
	k.follow(t)
	k.keep(t)
	k.die()
	k = keepAt(t, source, folder, atNoon)
	if k.places["late"] == 0 || !k.Kept().Restored {
		t.Errorf("the property that there was no room for: %d, %+v", k.places["late"], k.Kept())
	}
	equal(t, "with room", k.Index, openAt(t, source, atNoon))
}

// Days pass between two lives: nights that came within the window since are
// those of the store.
func TestRestoredDaysLater(t *testing.T) {
	for _, days := range []int{1, 14, 29} {
		now := noon
		clock := func() time.Time { return now }
		source, folder := searchtest.Generated(t, 4, 30, clock), t.TempDir()
		k := keepAt(t, source, folder, clock)
		k.keep(t)
		k.die()
		now = noon.AddDate(0, 0, days)
		k = keepAt(t, source, folder, clock)
		if !k.Kept().Restored {
			t.Fatalf("after %d days: %s", days, k.said)
		}
		reference := searchtest.NewReference(source, searchtest.Setup{Now: clock})
		if err := reference.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(uint64(days), 2))
		for range 25 {
			searchtest.Agree(t, k.Index, reference, searchtest.Draw(random, stay.On(now, time.UTC).Add(random.IntN(500))))
		}
	}
}

// A store that is taken back under a running index, as a failover to a replica
// that lacks the last commits does, is read anew.
func TestStoreTakenBack(t *testing.T) {
	for _, changes := range []int{0, 3} { // after it
		source, folder := newSource(), t.TempDir()
		for night := range 5 {
			source.Sell("paix", "paix_double", stay.Stay{Arrival: opening.Add(20 + night), Departure: opening.Add(22 + night)}, 1)
		}
		k := keepAt(t, source, folder, atNoon)
		k.keep(t)
		back := newSource()
		for range changes {
			back.Sell("etoile", "etoile_double", stay.Stay{Arrival: opening.Add(20), Departure: opening.Add(21)}, 1)
		}
		k.source = back
		if err := k.keepNow(t.Context()); !errors.Is(err, snapshot.ErrElsewhere) {
			t.Errorf("%d changes: %v", changes, err)
		}
		k.follow(t)
		equal(t, "taken back", k.Index, openAt(t, back, atNoon))
		k.keep(t)
		k.die()
		if k = keepAt(t, back, folder, atNoon); !k.Kept().Restored {
			t.Errorf("%d changes: %s", changes, k.said)
		}
		equal(t, "after it", k.Index, openAt(t, back, atNoon))
	}
}
