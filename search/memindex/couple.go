package memindex

import "math"

// sureMinor is what a night costs at least for its tariff to be positive: with
// half taken off twice it still costs something.
const sureMinor = 4

// pair works out what two adults pay for a night of each row: most searches are
// for them, and the almanac has their prices side by side.
func (t *tariff) pair() {
	t.lowest, t.positive = math.MaxInt64, true
	highest := int64(0)
	for row := range t.count {
		if units, ok := t.adults(2, uint16(row)); ok {
			t.lowest, highest = min(t.lowest, units), max(highest, units)
		}
		for column := range t.standard {
			if amount := t.at(column, uint16(row)); amount != noAmount && int64(amount)*t.unit < sureMinor {
				t.positive = false
			}
		}
	}
	t.lowest = min(t.lowest, highest)
	t.dense = highest-t.lowest <= math.MaxUint16
}

// adults is what so many pay for a night of a row.
func (t *tariff) adults(n int, row uint16) (units int64, ok bool) {
	covered := min(n, t.standard)
	amount, times := t.at(covered-1, row), int64(1)
	if t.each {
		times = int64(covered)
	}
	if amount == noAmount {
		return 0, false
	}
	units = int64(amount) * times
	if more := int64(n - covered); more > 0 {
		extra, ok := t.beyond(row, more, nil)
		if !ok {
			return 0, false
		}
		units += extra
	}
	return units, true
}

// couple is what two adults pay above the lowest.
func (t *tariff) couple(row uint16) (units uint16, priced bool) {
	if row == noCell || !t.dense {
		return 0, false
	}
	amount, ok := t.adults(2, row)
	if !ok {
		return 0, false
	}
	return uint16(amount - t.lowest), true
}

// scale makes minor units of a tariff's prices in the almanac.
type scale struct{ unit, lowest int64 }
