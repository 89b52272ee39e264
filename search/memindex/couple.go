package memindex

import "math"

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
	if t.count == 0 || t.unit > math.MaxUint32 {
		return false
	}
	var two columns
	two.of(t, 2, 2, nil)
	lowest, ok := two.on(t, 0)
	if !ok {
		return false
	}
	pairs := make([]uint16, t.count)
	for row := range pairs {
		units, ok := two.on(t, uint16(row))
		if !ok || units-lowest >= noRow/2 || units > math.MaxUint32 {
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

// forTwo tells whether two adults can have it on any night.
func (t *tariff) forTwo() bool {
	var two columns
	two.of(t, 2, 2, nil)
	for row := range t.count {
		if _, ok := two.on(t, uint16(row)); ok {
			return true
		}
	}
	return false
}

// coupleOf is what two adults pay for a night of a row that is in no table yet,
// in minor units; those for whom there is no price come last.
func (c *columns) coupleOf(row []int64) (minor int64) {
	for i := range c.used {
		amount := row[c.column[i]]
		if amount == noAmount {
			return math.MaxInt64
		}
		minor += amount * int64(c.times[i])
	}
	return minor
}

// row is the one that the almanac's number means.
func (t *tariff) row(number uint16) uint16 {
	if t.pairs == nil {
		return number
	}
	at, n := 0, len(t.pairs)
	for n > 1 { // without a jump: which half it is in cannot be foreseen
		half := n / 2
		if t.pairs[at+half] <= number {
			at += half
		}
		n -= half
	}
	return uint16(at)
}

// scale makes minor units of the almanac's numbers: lowest is in units.
type scale struct{ unit, lowest uint32 }
