package review_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/review"
)

func TestScoresAreMeansInTenths(t *testing.T) {
	for _, c := range []struct {
		scores review.Scores
		want   int
	}{
		{review.Scores{10, 10, 10, 10, 10, 10}, 100},
		{review.Scores{1, 1, 1, 1, 1, 1}, 10},
		{review.Scores{10, 9, 8, 7, 6, 5}, 75},
		{review.Scores{9, 9, 9, 9, 9, 10}, 92}, // 55/6 = 9.1666
		{review.Scores{8, 8, 8, 9, 9, 9}, 85},
	} {
		if got := c.scores.Tenths(); got != c.want {
			t.Errorf("%v: %d, want %d", c.scores, got, c.want)
		}
	}
	tally := review.Count("prop_1", []review.Review{
		{Scores: review.Scores{10, 8, 8, 8, 8, 8}},
		{Scores: review.Scores{7, 8, 8, 8, 8, 8}},
		{Scores: review.Scores{1, 1, 1, 1, 1, 1}, Hiding: &review.Hiding{}},
	})
	if tally.Summary() != (review.Summary{Count: 2, Tenths: 81}) || tally.PartTenths()[0] != 85 || tally.Version != 1 {
		t.Errorf("tally %+v is %+v", tally, tally.Summary())
	}
	if none := (review.Tally{}); none.Summary() != (review.Summary{}) || none.PartTenths() != [6]int{} {
		t.Errorf("no review is %+v", none.Summary())
	}
}

// A mean is never outside of what was given.
func TestMeansAreWithinTheScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) review.Review {
			var r review.Review
			for i := range r.Scores {
				r.Scores[i] = rapid.IntRange(1, review.MaxScore).Draw(t, "score")
			}
			return r
		}), 1, 30).Draw(t, "reviews")
		low, high := 100, 0
		for _, r := range list {
			low, high = min(low, r.Scores.Tenths()), max(high, r.Scores.Tenths())
		}
		if got := review.Count("p", list).Summary(); got.Tenths < low || got.Tenths > high || got.Count != len(list) {
			t.Fatalf("%+v of scores from %d to %d", got, low, high)
		}
	})
}

func TestDraftsAreChecked(t *testing.T) {
	good := review.Draft{Scores: review.Scores{1, 10, 5, 5, 5, 5}, Good: "The lake,\nthe breakfast"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(d *review.Draft){
		"no score":   func(d *review.Draft) { d.Scores[5] = 0 },
		"eleven":     func(d *review.Draft) { d.Scores[0] = 11 },
		"long title": func(d *review.Draft) { d.Title = strings.Repeat("é", review.MaxTitle+1) },
		"long text":  func(d *review.Draft) { d.Good = strings.Repeat("x", review.MaxText+1) },
		"a bell":     func(d *review.Draft) { d.Bad = "\a" },
		"no text":    func(d *review.Draft) { d.Bad = "\xff" },
	} {
		d := good
		if spoil(&d); !errors.Is(d.Check(), review.ErrInvalid) {
			t.Errorf("%s: %v", name, d.Check())
		}
	}
}

func TestTheWindow(t *testing.T) {
	left := time.Date(2027, 5, 3, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		of   review.Stayed
		now  time.Time
		want error
	}{
		{review.Stayed{}, left, review.ErrNotStayed},
		{review.Stayed{EndedAt: left}, left, nil},
		{review.Stayed{EndedAt: left}, left.Add(review.Window), nil},
		{review.Stayed{EndedAt: left}, left.Add(review.Window + 1), review.ErrTooLate},
	} {
		if err := c.of.Open(c.now); !errors.Is(err, c.want) {
			t.Errorf("%v at %v: %v, want %v", c.of.EndedAt, c.now, err, c.want)
		}
	}
}

func TestFirstName(t *testing.T) {
	for name, want := range map[string]string{
		"Ada Lovelace": "Ada", " Zoë ": "Zoë", "Jean-Luc Picard": "Jean-Luc", "山田 太郎": "", "김 민준": "",
		"ada@example.com": "", "": "", "R2D2": "", strings.Repeat("a", 31): "", "فاطمة حسن": "فاطمة",
	} {
		if got := review.FirstName(name); got != want {
			t.Errorf("%q shows as %q, want %q", name, got, want)
		}
	}
}

func TestTallyOfOtherEvents(t *testing.T) {
	for _, e := range []outbox.Event{
		{Type: "booking.confirmed", Data: []byte(`{"tally":{"count":9}}`)},
		{Type: review.EventAnswered, Data: []byte(`{"review_id":"rev_1"}`)},
	} {
		if _, ok, err := review.TallyOf(e); ok || err != nil {
			t.Errorf("%s has a tally, %v", e.Type, err)
		}
	}
	if _, _, err := review.TallyOf(outbox.Event{Type: review.EventPosted, Data: []byte(`{`)}); err == nil {
		t.Error("a broken event is read")
	}
}
