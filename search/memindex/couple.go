package memindex

import (
	"math"
	"slices"
)

// sureMinor is what a night costs at least for its tariff to be positive: with
// half taken off twice it still costs something.
const sureMinor = 4

func (t *tariff) isPositive() bool {
	for column := range t.standard {
		for row := range t.count {
			if amount := t.at(column, uint16(row)); amount != noAmount && int64(amount)*t.unit < sureMinor {
				return false
			}
		}
	}
	return true
}

// pair tells whether what two adults pay tells the rows apart, and keeps it then.
// Its last bit is for a second row at the same price, with other prices for others.
func (t *tariff) pair() bool {
	if t.count == 0 {
		return false
	}
	lowest, ok := t.adults(2, 0)
	if !ok {
		return false
	}
	pairs := make([]uint16, t.count)
	for row := range pairs {
		units, ok := t.adults(2, uint16(row))
		if !ok || units-lowest >= noRow/2 {
			return false
		}
		pairs[row] = uint16(units-lowest) << 1
		if row > 0 && pairs[row] <= pairs[row-1] {
			if pairs[row]++; pairs[row] <= pairs[row-1] {
				return false // a third one
			}
		}
	}
	t.pairs, t.lowest = pairs, lowest
	return true
}

// adults is what so many pay for a night of a row.
func (t *tariff) adults(n int, row uint16) (units int64, ok bool) {
	covered := min(n, t.standard)
	amount := t.at(covered-1, row)
	if amount == noAmount {
		return 0, false
	}
	extra, ok := int64(0), true
	if n > covered {
		extra, ok = t.beyond(row, int64(n-covered), nil)
	}
	return int64(amount)*t.times(covered) + extra, ok
}

// coupleOf is what two adults pay for a night of a row that is in no table yet,
// in minor units; those for whom there is no price come last.
func (t *tariff) coupleOf(row []int64) int64 {
	covered := min(2, t.standard)
	amount, extra := row[covered-1], row[t.standard]
	switch {
	case amount == noAmount, covered < 2 && extra == noAmount:
		return math.MaxInt64
	case covered == 2:
		extra = 0
	}
	return amount*t.times(covered) + extra
}

// times is how often an amount for so many adults is charged.
func (t *tariff) times(covered int) int64 {
	if t.each {
		return int64(covered)
	}
	return 1
}

// row is the one that the almanac's number means.
func (t *tariff) row(number uint16) uint16 {
	if t.pairs == nil {
		return number
	}
	row, _ := slices.BinarySearch(t.pairs, number)
	return uint16(row)
}

// scale makes minor units of the almanac's numbers.
type scale struct{ unit, lowest int64 }
