package review

import (
	"encoding/json"
	"fmt"

	"github.com/vacancyhq/vacancy/outbox"
)

// Summary is the scores of a property over all its reviews.
type Summary struct {
	Count  int
	Tenths int // mean of the overall scores, in tenths of a point of 10; 0 without reviews
}

// Tally is the exact sums over the reviews of a property that are shown. It is
// kept with the reviews, so that no page and no index adds them up.
type Tally struct {
	PropertyID string `json:"-"`
	Version    int64  `json:"tally_version"` // rises with every change; 0: no review yet
	Count      int    `json:"count"`
	Sums       Scores `json:"sums"` // of each part
}

// Summary is what a hit of a search shows.
func (t Tally) Summary() Summary {
	points := 0
	for _, sum := range t.Sums {
		points += sum
	}
	return Summary{Count: t.Count, Tenths: tenths(points, t.Count*NumParts)}
}

// PartTenths is the mean score of each part in tenths of a point; 0 without reviews.
func (t Tally) PartTenths() (means [NumParts]int) {
	for i, sum := range t.Sums {
		means[i] = tenths(sum, t.Count)
	}
	return means
}

// tenths is points/of in tenths, rounded half up.
func tenths(points, of int) int {
	if of == 0 {
		return 0
	}
	return (20*points + of) / (2 * of)
}

// add is the tally with a review's scores counted sign times.
func (t Tally) add(s Scores, sign int) Tally {
	t.Version++
	t.Count += sign
	for i := range t.Sums {
		t.Sums[i] += sign * s[i]
	}
	return t
}

// Count is the first tally of a property: that of reviews which are all new.
func Count(propertyID string, reviews []Review) Tally {
	t := Tally{PropertyID: propertyID}
	for _, r := range reviews {
		if !r.Hidden() {
			t = t.add(r.Scores, 1)
		}
	}
	t.Version = min(t.Version, 1)
	return t
}

// Types of the events of reviews. They carry the id of the review and, where it
// changed, the whole tally; never a text or a name.
const (
	EventPosted   = "review.posted"
	EventAnswered = "review.answered"
	EventHidden   = "review.hidden"
	EventShown    = "review.shown"
)

type wireEvent struct {
	ReviewID string `json:"review_id"`
	By       string `json:"by,omitempty"`
	Reason   string `json:"reason,omitempty"` // of hiding
	Tally    *Tally `json:"tally,omitempty"`  // absolute; absent when it did not change
}

func tell(kind string, r Review, tally *Tally, by, reason string) outbox.Event {
	data, err := json.Marshal(wireEvent{ReviewID: r.ID, By: by, Reason: reason, Tally: tally})
	if err != nil {
		panic("review: an event cannot be encoded: " + err.Error())
	}
	return outbox.Event{PropertyID: r.PropertyID, Type: kind, Version: 1, Data: data}
}

// TallyOf is the tally that an event carries; false when it carries none, as
// events of other nouns do.
func TallyOf(e outbox.Event) (Tally, bool, error) {
	switch e.Type {
	case EventPosted, EventHidden, EventShown:
	default:
		return Tally{}, false, nil
	}
	var wire wireEvent
	if err := json.Unmarshal(e.Data, &wire); err != nil {
		return Tally{}, false, fmt.Errorf("review: read an event: %w", err)
	}
	if wire.Tally == nil {
		return Tally{}, false, nil
	}
	wire.Tally.PropertyID = e.PropertyID
	return *wire.Tally, true, nil
}
