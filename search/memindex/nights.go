package memindex

import (
	"slices"

	"github.com/vacancyhq/vacancy/stay"
)

// grossed finds what the room costs on each night before derivations and
// offers; false when a night has no price for the party.
func (v *visit) grossed(t *tariff, s split) bool {
	if v.tariff != t || v.split != s {
		v.tariff, v.split, v.sum = t, s, 0
		v.priced = v.sumUp(t, s)
	}
	return v.priced
}

func (v *visit) sumUp(t *tariff, s split) bool {
	var c columns
	if !c.of(t, s.adults, int(v.persons(s))+s.free, v.paying(s)) {
		return false
	}
	for i := range v.length {
		row := v.seen.row(t, i)
		if row == noRow {
			return false
		}
		units, ok := c.on(t, row)
		if !ok {
			return false
		}
		v.gross[i] = units * t.unit
		v.sum += v.gross[i]
	}
	return true
}

// columns are the amounts of a row that a party pays, and how often each.
type columns struct {
	used   int
	column [2 + stay.MaxChildren]uint16
	times  [2 + stay.MaxChildren]uint16
}

// of finds what adults and children of these ages pay, of a party of so many in
// all; false when a child is in no bracket.
func (c *columns) of(t *tariff, adults, party int, ages []int) bool {
	if covered := min(adults, t.standard); t.each && covered > 0 {
		c.add(min(party, t.standard)-1, covered)
	} else if covered > 0 {
		c.add(covered-1, 1)
	}
	if adults > t.standard {
		c.add(t.standard, adults-t.standard)
	}
	for _, age := range ages {
		at := t.bracket(age)
		if at < 0 {
			return false
		}
		c.add(t.standard+1+at, 1)
	}
	return true
}

func (c *columns) add(column, times int) {
	c.column[c.used], c.times[c.used] = uint16(column), uint16(times)
	c.used++
}

// on is what they come to in a row, in units; false when one is missing.
func (c *columns) on(t *tariff, row uint16) (units int64, ok bool) {
	for i := range c.used {
		amount := t.at(int(c.column[i]), row)
		if amount == noAmount {
			return 0, false
		}
		units += int64(amount) * int64(c.times[i])
	}
	return units, true
}

func (t *tariff) bracket(age int) int {
	return slices.IndexFunc(t.brackets, func(b bracket) bool { return b.from <= age && (b.below == 0 || age < b.below) })
}
