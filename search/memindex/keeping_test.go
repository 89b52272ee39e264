package memindex

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/searchtest"
	"github.com/vacancyhq/vacancy/search/snapshot"
	"github.com/vacancyhq/vacancy/stay"
)

// keeping is an index that keeps a snapshot in a folder, and what it said.
type keeping struct {
	*Index
	said *bytes.Buffer
}

func keepAt(t *testing.T, source search.Source, folder string, now func() time.Time) keeping {
	t.Helper()
	said := new(bytes.Buffer)
	x, err := New(source, Options{Now: now, Batch: 5, Snapshot: folder, Log: slog.New(slog.NewTextHandler(said, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.die)
	k := keeping{x, said}
	k.follow(t)
	return k
}

// die gives the file back as a killed process does: nothing is written.
func (x *Index) die() {
	x.keeper.drop()
	if x.keeper.slot != nil {
		_ = x.keeper.slot.Release()
	}
	x.notes, x.keeper.slot = notes{}, nil
}

func (k keeping) follow(t *testing.T) {
	t.Helper()
	if err := k.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (k keeping) keep(t *testing.T) {
	t.Helper()
	if err := k.keepNow(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Property 61: a snapshot and the log after it are a full rebuild, whenever it
// was written, and whatever happened before and after.
func TestRestoredEqualsRebuilt(t *testing.T) {
	seeds := uint64(20)
	if testing.Short() {
		seeds = 5
	}
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 61))
		source, folder := newSource(), t.TempDir()
		kept := false
		for life := range 6 {
			k := keepAt(t, source, folder, atNoon)
			if got := k.Kept().Restored; got != kept {
				t.Fatalf("seed %d, life %d: restored: %v\n%s", seed, life, got, k.said)
			}
			equal(t, fmt.Sprintf("seed %d, life %d", seed, life), k.Index, openAt(t, source, atNoon))
			for n := range random.IntN(40) {
				alter(source, random, 100*life+n)
				if random.IntN(4) == 0 {
					k.follow(t)
				}
				if random.IntN(8) == 0 {
					k.keep(t)
					kept = true
				}
				if random.IntN(16) == 0 {
					if err := k.compact(); err != nil {
						t.Fatal(err)
					}
				}
			}
			k.die()
		}
	}
}

// alter makes any change that a store can make, also of ratings, and the end of a house.
func alter(s *searchtest.Source, random *rand.Rand, n int) {
	switch random.IntN(10) {
	case 0:
		s.Rate(searchtest.World[random.IntN(len(searchtest.World))].ID, reviewed(random))
	case 1:
		h := searchtest.World[0]
		h.ID = fmt.Sprint("brief", random.IntN(4))
		if random.IntN(2) == 0 {
			s.Import(h.Bundle(opening))
		} else {
			s.Remove(h.ID)
		}
	default:
		write(s, random, n)
	}
}

func reviewed(random *rand.Rand) review.Summary {
	return review.Summary{Count: 1 + random.IntN(30), Tenths: 10 + random.IntN(90)}
}

// Property 61, in answers: an index that began with a snapshot gives those of
// the reference, which reads the store, to anything that can be asked.
func TestRestoredAgrees(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 1))
	source, folder := searchtest.Generated(t, 3, 60, atNoon), t.TempDir()
	reference := searchtest.NewReference(source, searchtest.Setup{Now: atNoon})
	for range 4 {
		k := keepAt(t, source, folder, atNoon)
		if err := reference.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 12 {
			searchtest.Agree(t, k.Index, reference, searchtest.Draw(random, opening))
		}
		searchtest.Shuffle(source, random)
		k.follow(t)
		k.keep(t)
		searchtest.Shuffle(source, random)
		k.follow(t)
		k.die()
		searchtest.Shuffle(source, random)
	}
}

// The keeper writes while changes are applied and queries answered; when the
// process is asked to stop it writes a last time, and the next start has
// nothing to follow.
func TestKeptWhileServing(t *testing.T) {
	source, folder := newSource(), t.TempDir()
	random := rand.New(rand.NewPCG(8, 8))
	for life := range 3 {
		x, err := New(source, Options{Now: atNoon, Batch: 5, Poll: time.Millisecond, Snapshot: folder, SnapshotEvery: time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- x.Run(ctx) }()
		for n := 0; n < 300 || x.Kept().Writes < 5 && x.Kept().Failures == 0; n++ {
			alter(source, random, 1000*life+n)
			if n%10 == 0 {
				if err := x.CatchUp(ctx); err != nil {
					t.Fatal(err)
				}
				if _, err := x.Search(ctx, search.Query{Place: "Paris"}); err != nil {
					t.Fatal(err)
				}
			}
		}
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		kept := x.Kept()
		if kept.Failures > 0 || kept.Restored != (life > 0) || kept.Live > kept.Bytes || kept.Live == 0 {
			t.Fatalf("life %d: %+v", life, kept)
		}
		next := keepAt(t, source, folder, atNoon)
		if err := x.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		equal(t, fmt.Sprint("life ", life), next.Index, x)
		equal(t, fmt.Sprint("life ", life), next.Index, openAt(t, source, atNoon))
		next.die()
	}
}

// What a start follows is what came after the last writing, not more.
func TestLastWriting(t *testing.T) {
	source, folder := newSource(), t.TempDir()
	x, err := New(source, Options{Now: atNoon, Snapshot: folder})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	source.Sell("paix", "paix_double", stay.Stay{Arrival: opening.Add(20), Departure: opening.Add(22)}, 1)
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := x.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	file, err := snapshot.Latest(t.Context(), folder, versionBits, source)
	if err != nil || file.Mark.Position != x.position || file.Lost != 0 {
		t.Fatalf("%+v, %v; the index was at %v", file, err, x.position)
	}
}

// mended is a store whose tables somebody has changed by hand: there is no event.
type mended struct {
	*searchtest.Source
	change func(*property.Property)
}

func (m *mended) Property(ctx context.Context, id string) (property.Property, error) {
	p, err := m.Source.Property(ctx, id)
	m.change(&p)
	return p, err
}

// What came from a snapshot is read again in the course of a day.
func TestSnapshotsAreNotBelievedForEver(t *testing.T) {
	now := noon
	clock := func() time.Time { return now }
	source, folder := &mended{newSource(), func(*property.Property) {}}, t.TempDir()
	k := keepAt(t, source, folder, clock)
	k.keep(t)
	k.die()
	source.change = func(p *property.Property) { p.Name = "Mended " + p.ID }
	k = keepAt(t, source, folder, clock)
	shown := func() (n int) {
		for id := range k.places {
			if k.house(id).property.Name == "Mended "+id {
				n++
			}
		}
		return n
	}
	for hour := range 25 {
		if n := shown(); n > 1+hour*len(k.places)/24 {
			t.Errorf("after %d hours %d were read again", hour, n)
		}
		now = now.Add(time.Hour)
		k.follow(t)
	}
	if n := shown(); n != len(k.places) {
		t.Errorf("after a day %d of %d", n, len(k.places))
	}
}
