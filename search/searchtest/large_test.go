package searchtest

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/world"
)

// twins are a source that holds a generated world and one that makes it.
func twins(t *testing.T, properties int) (held, made *Source, ids []string) {
	t.Helper()
	w, err := world.New(world.Options{Seed: 11, Today: opening, Properties: properties, TenantID: "ten_w"})
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noon }
	rating := func(i int) review.Summary { return review.Summary{Count: 5, Tenths: 60 + i%40} }
	held = NewSource(now)
	order := make([]int, properties)
	for i := range order {
		order[i] = i
	}
	id := func(i int) string { return w.Bundle(i).Property.PropertyID }
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(id(a), id(b)) })
	for i, n := range order {
		b := w.Bundle(n)
		held.Import(b)
		held.Rate(b.Property.PropertyID, rating(i))
		ids = append(ids, b.Property.PropertyID)
	}
	large := Large{IDs: ids, Bundle: func(i int) store.Bundle { return w.Bundle(order[i]) }, Rating: rating}
	return held, NewLargeSource(large, now), ids
}

// TestLargeSource: a world that is made when it is asked for answers as the
// same world held in memory does, also once it was changed.
func TestLargeSource(t *testing.T) {
	held, made, ids := twins(t, 40)
	made.large.recent = made.large.recent[:15] // fewer than there are
	random := rand.New(rand.NewPCG(3, 1))
	for round := range 3 {
		setup := Setup{Now: held.now, Rates: rates, Places: places}
		want, got := NewReference(held, setup), NewReference(made, setup)
		if err := errors.Join(want.Sync(t.Context()), got.Sync(t.Context())); err != nil {
			t.Fatal(err)
		}
		for range 8 {
			Agree(t, got, want, Draw(random, opening))
		}
		for n := range 40 {
			id, length := ids[random.IntN(len(ids))], 1+random.IntN(9)
			from, types, by := random.IntN(100), mustTypes(t, held, id), 1+n%3
			for _, s := range []*Source{held, made} {
				switch n % 4 {
				case 0:
					s.Reprice(id, func(plans []rate.Plan, _ []rate.Calendar) { plans[0].Closed = round == 1 })
				case 1:
					s.Edit(id, func(p *property.Property) { p.Stars = by })
				default:
					s.Sell(id, types[0].ID, *nights(from, length), by)
				}
			}
		}
	}
}

func mustTypes(t *testing.T, s *Source, id string) []property.RoomType {
	t.Helper()
	types, err := s.RoomTypes(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return types
}

// TestLargeLog: the log of a large world keeps its last events, and says so to
// who asks for earlier ones.
func TestLargeLog(t *testing.T) {
	_, made, _ := twins(t, 1)
	var first, last outbox.Position
	for n := range 2 * largeLog {
		made.Emit(outbox.Event{Type: "moon.landed"})
		if n == 0 {
			first = made.events[0].Position
		}
	}
	last = made.events[len(made.events)-1].Position
	if _, err := made.Events(t.Context(), first, 10); !errors.Is(err, errForgotten) {
		t.Errorf("after the first event: %v", err)
	}
	for _, from := range []outbox.Position{{}, made.events[0].Position} {
		if events, err := made.Events(t.Context(), from, 10); len(events) != 10 || err != nil {
			t.Errorf("from %v: %d events, %v", from, len(events), err)
		}
	}
	if end, err := outbox.End(t.Context(), made); end != last || err != nil {
		t.Errorf("the end is %v (%v), want %v", end, err, last)
	}
}
