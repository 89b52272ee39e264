package world

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store"
)

// shelf keeps what is imported; after so many batches it is out of order.
type shelf struct {
	mu      sync.Mutex
	sources map[string]string // property id by source id
	batches int
	failing int // the batch that fails; 0: none
}

var errFull = errors.New("the disk is full")

func (s *shelf) Import(_ context.Context, bundles ...store.Bundle) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.batches++; s.batches == s.failing {
		return errFull
	}
	for _, b := range bundles {
		if _, there := s.sources[b.Property.Property.Source.ID]; there {
			return property.ErrConflict
		}
	}
	for _, b := range bundles {
		s.sources[b.Property.Property.Source.ID] = b.Property.PropertyID
	}
	return nil
}

func (s *shelf) PropertyBySource(_ context.Context, _, sourceID string) (property.Property, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, there := s.sources[sourceID]; there {
		return property.Property{ID: id}, nil
	}
	return property.Property{}, property.ErrNotFound
}

// small is a world that fills in batches of fifty.
func small(t *testing.T, properties int) *World {
	t.Helper()
	w, err := New(Options{Seed: 7, Today: today, Properties: properties, Nights: 100, TenantID: "ten_demo"})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestFill(t *testing.T) {
	s := &shelf{sources: make(map[string]string)}
	w := small(t, 230)
	var seen []int
	got, err := w.Fill(t.Context(), s, func(done, total int) {
		if total != 230 {
			t.Errorf("%d of %d", done, total)
		}
		seen = append(seen, done)
	})
	if err != nil || got.Imported != 230 || got.Present != 0 || got.Nights < 230*100 || s.batches != 5 {
		t.Errorf("%+v in %d batches, %v", got, s.batches, err)
	}
	if !slices.IsSorted(seen) || seen[len(seen)-1] != 230 {
		t.Errorf("progress %v", seen)
	}
	for i := range 230 {
		if b := w.Bundle(i); s.sources[b.Property.Property.Source.ID] != b.Property.PropertyID {
			t.Fatalf("property %d is not there", i)
		}
	}
}

// TestFillAgain: what was interrupted is run again, and a world grows by
// filling in a larger one.
func TestFillAgain(t *testing.T) {
	s := &shelf{sources: make(map[string]string), failing: 3}
	w := small(t, 230)
	first, err := w.Fill(t.Context(), s, nil)
	if !errors.Is(err, errFull) || first.Imported == 0 || first.Imported == 230 {
		t.Fatalf("%+v, %v; want a filling that breaks off", first, err)
	}
	again, err := w.Fill(t.Context(), s, nil)
	if err != nil || again.Present != first.Imported || again.Imported != 230-first.Imported {
		t.Errorf("%+v after %+v, %v", again, first, err)
	}
	batches := s.batches
	if rest, err := w.Fill(t.Context(), s, nil); err != nil || rest.Present != 230 || rest.Imported != 0 || s.batches != batches {
		t.Errorf("filled once more: %+v, %v", rest, err)
	}
	if larger, err := small(t, 300).Fill(t.Context(), s, nil); err != nil || larger.Present != 230 || larger.Imported != 70 {
		t.Errorf("made larger: %+v, %v", larger, err)
	}
	if len(s.sources) != 300 {
		t.Errorf("%d properties", len(s.sources))
	}
}

// TestFillMeetsWhatIsInTheMiddle of a batch: only that is left out.
func TestFillMeetsWhatIsInTheMiddle(t *testing.T) {
	s := &shelf{sources: make(map[string]string)}
	w := small(t, 60)
	if err := s.Import(t.Context(), w.Bundle(20)); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Fill(t.Context(), s, nil); err != nil || got.Imported != 59 || got.Present != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestFillEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := &shelf{sources: make(map[string]string)}
	if got, err := small(t, 60).Fill(ctx, s, nil); !errors.Is(err, context.Canceled) || got.Imported == 60 {
		t.Errorf("%+v, %v", got, err)
	}
}
