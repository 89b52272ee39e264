package search

import (
	"math"
	"math/bits"

	"github.com/vacancyhq/vacancy/review"
)

// Weights are the recommended order as data, in thousandths of a point. It
// prefers what costs less than most of the list, what has more stars and better
// reviews, what is near, and what can be cancelled; nothing that a property
// pays moves it.
type Weights struct {
	Price      int64 // × m / (m + price): half of it at the list's median price m, two thirds at half of m
	Star       int64 // for each star
	Rating     int64 // × confident rating / full marks
	Near       int64 // × 3 km / (3 km + distance), of queries that name a place or a point
	FreeCancel int64 // when it costs nothing to cancel today
}

// DefaultWeights are those of a zero Weights.
var DefaultWeights = Weights{Price: 100_000, Star: 8_000, Rating: 60_000, Near: 20_000, FreeCancel: 10_000}

func (w Weights) orDefault() Weights {
	if w == (Weights{}) {
		return DefaultWeights
	}
	return w
}

const nearMetres = 3_000

// A rating counts as if it came with 20 reviews more of 7.0, so that two
// enthusiastic guests do not outweigh two hundred content ones.
const (
	fullMarks    = 1_000
	priorReviews = 20
	priorMarks   = 700
)

// confident is a rating in thousandths of full marks.
func confident(r review.Summary) int64 {
	n := int64(r.Count)
	return (n*int64(r.Tenths)*10 + priorReviews*priorMarks) / (n + priorReviews)
}

// share is points × m / (m + worth), without overflow.
func share(points uint64, m, worth int64) int64 {
	most, rest := uint64(min(max(m, 1), math.MaxInt64/2)), uint64(max(worth, 0))
	hi, lo := bits.Mul64(points, most)
	quotient, _ := bits.Div64(hi, lo, most+rest) // hi is less than most: points are few
	return int64(quotient)
}
