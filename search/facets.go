package search

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"strconv"

	"github.com/vacancyhq/vacancy/money"
)

// Thresholds of Facets.Ratings, in tenths of a point.
var RatingSteps = [...]int{90, 80, 70, 60}

// Tally counts facets. Its arrays go by the order of the filters' values, so
// that an index can fill them without names.
type Tally struct {
	Stars      [maxStars + 1]int
	Kinds      [len(Kinds)]int
	Boards     [len(Boards)]int
	Ratings    [len(RatingSteps)]int
	Amenities  map[string]int // by AmenityKey
	FreeCancel int
	Totals     [Bins]int
}

// count adds a property that is bookable to each facet that would find it: to
// those of the one filter that it misses, or to all.
func (t *Tally) count(h *House, misses Misses) {
	if t == nil {
		return
	}
	p := &h.Property
	if misses&^MissesStars == 0 && p.Stars >= 0 && p.Stars <= maxStars {
		t.Stars[p.Stars]++
	}
	if kind := slices.Index(Kinds[:], p.Kind); misses&^MissesKinds == 0 && kind >= 0 {
		t.Kinds[kind]++
	}
	if misses&^MissesRating == 0 {
		for i, least := range RatingSteps {
			if h.Rating.Tenths >= least {
				t.Ratings[i]++
			}
		}
	}
	if misses == 0 {
		t.countAmenities(p.Amenities)
	}
}

func (t *Tally) countAmenities(amenities []string) {
	if t.Amenities == nil {
		t.Amenities = make(map[string]int)
	}
	seen := make(map[string]bool, len(amenities))
	for _, a := range amenities {
		if key := AmenityKey(a); !seen[key] {
			seen[key] = true
			t.Amenities[key]++
		}
	}
}

// countSales adds a property that misses no filter to what depends on its
// prices. The deal is its cheapest under the query's own terms.
func (t *Tally) countSales(a *Ask, sales []*sale, cheapestDeal deal, any bool) {
	if t == nil {
		return
	}
	if any {
		t.Totals[BinOf(a.Rates.Worth(cheapestDeal.total))]++
	}
	fits := func(want terms) bool {
		d, ok := cheapest(sales, want)
		return ok && a.affords(d.total)
	}
	for i, board := range Boards {
		if fits(terms{[]string{board}, a.FreeCancel}) {
			t.Boards[i]++
		}
	}
	if fits(terms{a.Query.Boards, true}) {
		t.FreeCancel++
	}
}

// Add adds what another tally counted of other properties, amenities apart.
func (t *Tally) Add(other *Tally) {
	sum := func(into, from []int) {
		for i := range into {
			into[i] += from[i]
		}
	}
	sum(t.Stars[:], other.Stars[:])
	sum(t.Kinds[:], other.Kinds[:])
	sum(t.Boards[:], other.Boards[:])
	sum(t.Ratings[:], other.Ratings[:])
	sum(t.Totals[:], other.Totals[:])
	t.FreeCancel += other.FreeCancel
}

// Facets writes the counts down. Values that would find nothing are left out.
func (t *Tally) Facets(dated bool) *Facets {
	f := &Facets{Kinds: counts(Kinds[:], t.Kinds[:]), Amenities: t.amenities()}
	for stars := maxStars; stars >= 0; stars-- {
		f.Stars = append(f.Stars, counts([]string{strconv.Itoa(stars)}, t.Stars[stars:stars+1])...)
	}
	for i, least := range RatingSteps {
		f.Ratings = append(f.Ratings, counts([]string{strconv.Itoa(least)}, t.Ratings[i:i+1])...)
	}
	if dated {
		f.Boards, f.FreeCancel, f.Totals = counts(Boards[:], t.Boards[:]), t.FreeCancel, t.bins()
	}
	return f
}

func counts(values []string, properties []int) (all []Count) {
	for i, value := range values {
		if properties[i] > 0 {
			all = append(all, Count{Value: value, Properties: properties[i]})
		}
	}
	return all
}

func (t *Tally) amenities() []Count {
	names := slices.SortedFunc(maps.Keys(t.Amenities), func(a, b string) int {
		return cmp.Or(cmp.Compare(t.Amenities[b], t.Amenities[a]), cmp.Compare(a, b))
	})
	var all []Count
	for _, name := range names[:min(len(names), MaxAmenities)] {
		all = append(all, Count{Value: name, Properties: t.Amenities[name]})
	}
	return all
}

func (t *Tally) bins() (all []Bin) {
	first := slices.IndexFunc(t.Totals[:], func(n int) bool { return n > 0 })
	if first < 0 {
		return nil
	}
	last := Bins - 1
	for t.Totals[last] == 0 {
		last--
	}
	for i := first; i <= last; i++ {
		all = append(all, Bin{From: edge(i), To: edge(i + 1), Properties: t.Totals[i]})
	}
	return all
}

// The edges of the bins are the same for every list, ten to a power of ten, so
// that counts of several lists add up: 1.00, 1.25, 1.60 euro and so on, from 0
// to eight million million. What is below or above is in the first or last bin.
const Bins = 13 * 10

var preferred = [...]int64{100, 125, 160, 200, 250, 315, 400, 500, 630, 800}

// edges[i] is where bin i begins, in cents.
var edges = func() (all [Bins + 1]int64) {
	power := int64(1)
	for i := range Bins {
		if i > 0 && i%10 == 0 {
			power *= 10
		}
		all[i] = preferred[i%10] * power
	}
	copy(all[1:], all[:Bins])
	all[0] = 0
	return all
}()

func edge(i int) money.Amount { return money.Of(edges[i], "EUR") }

// worthPerCent is how much Rates.Worth is of one euro cent.
const worthPerCent = 10_000

// BinOf is the bin of an amount's Worth.
func BinOf(worth int64) int {
	cents := uint64(max(worth, 0)) / worthPerCent
	at := coarse(cents)
	i := int(coarseBins[at])
	if i < Bins-1 && uint64(edges[i+1]) <= cents {
		i++
	}
	return i
}

// coarse is the number of an amount by its highest bits: no two edges of bins,
// which are a quarter apart, have the same.
func coarse(cents uint64) int {
	n := bits.Len64(cents)
	return n<<coarseBits | int(cents<<(64-n)>>(63-coarseBits))&(1<<coarseBits-1)
}

const coarseBits = 3

// coarseBins is the bin of the least amount of each number.
var coarseBins = func() (all [65 << coarseBits]uint8) {
	bin := 0
	for at := range all {
		n, part := at>>coarseBits, uint64(at&(1<<coarseBits-1))
		least := uint64(0)
		if n > 0 {
			least = (1<<coarseBits | part) << (63 - coarseBits) >> (64 - n)
		}
		for bin < Bins-1 && uint64(edges[bin+1]) <= least {
			bin++
		}
		all[at] = uint8(bin)
	}
	return all
}()
