// Package review is what guests say of their stays: scores by part and words,
// each tied to a stay that took place.
package review

// Summary is the scores of a property over all its reviews.
type Summary struct {
	Count  int
	Tenths int // mean of the overall scores, in tenths of a point of 10; 0 without reviews
}
