package world

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

func reviewedWorld(t *testing.T) *World {
	t.Helper()
	o := newWorld(t, 400).options
	o.Reviews = true
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Reviews fit their houses: better ones score better, parts move together, and
// every score has words that fit it.
func TestReviewsFitTheirHouses(t *testing.T) {
	w := reviewedWorld(t)
	byStars := make(map[int]review.Tally)
	languages, total, none := make(map[string]int), 0, 0
	for i := range w.Len() {
		b := w.Bundle(i)
		ids := make(map[string]bool)
		for _, r := range b.Reviews {
			total++
			languages[r.Language]++
			ids[r.ID] = true
			if !r.Generated || r.BookingID != "" || r.PropertyID != b.Property.PropertyID || r.Month == "" {
				t.Fatalf("review %+v", r)
			}
			if late(w, r.PostedAt) || r.Answer != nil && late(w, r.Answer.At) {
				t.Fatalf("review of %s, on a world of %s", r.PostedAt, w.options.Today)
			}
			if overall := r.Scores.Tenths(); r.Title != "" && overall < 66 && slices.Contains(phraseBook[r.Language].Titles["high"], r.Title) {
				t.Errorf("%q over %d tenths", r.Title, overall)
			}
			tally := byStars[b.Property.Property.Stars]
			tally.Count++
			for p := range tally.Sums {
				tally.Sums[p] += r.Scores[p]
			}
			byStars[b.Property.Property.Stars] = tally
		}
		if len(ids) != len(b.Reviews) {
			t.Fatalf("%d ids of %d reviews", len(ids), len(b.Reviews))
		}
		if len(b.Reviews) == 0 {
			none++
		}
	}
	if none == 0 || none > 60 || total < 2_000 || len(languages) != len(phraseBook) {
		t.Errorf("%d reviews, %d houses without, languages %v", total, none, languages)
	}
	two, five := byStars[2].Summary().Tenths, byStars[5].Summary().Tenths
	if five <= two || two < 60 || five > 98 {
		t.Errorf("two stars have %d tenths, five %d", two, five)
	}
}

func TestReviewsAreTheSameAgain(t *testing.T) {
	w, plain := reviewedWorld(t), newWorld(t, 400)
	for _, i := range []int{0, 7, 399} {
		b := w.Bundle(i)
		if diff := cmp.Diff(b.Reviews, w.Bundle(i).Reviews); diff != "" {
			t.Errorf("house %d: %s", i, diff)
		}
		b.Reviews = nil
		if !reflect.DeepEqual(plain.Bundle(i), b) {
			t.Errorf("reviews change house %d", i)
		}
	}
}

// Each language has a phrase for whatever is said of a stay.
func TestPhrasesAreComplete(t *testing.T) {
	for language, book := range phraseBook {
		for _, part := range review.Parts {
			if len(book.Good[part]) == 0 || len(book.Bad[part]) == 0 {
				t.Errorf("%s lacks words on %s", language, part)
			}
		}
		for _, mood := range []string{"high", "mid", "low"} {
			if len(book.Titles[mood]) == 0 {
				t.Errorf("%s lacks %s titles", language, mood)
			}
		}
		if len(book.Said) != 2 {
			t.Errorf("%s has %d answers", language, len(book.Said))
		}
	}
	for _, g := range guests {
		if _, ok := phraseBook[g.language]; !ok || len(g.names) == 0 {
			t.Errorf("guests from %s have no words or no names", g.country)
		}
	}
}

// late tells whether an instant is not before the world's first day.
func late(w *World, at time.Time) bool { return stay.On(at, time.UTC) >= w.options.Today }
