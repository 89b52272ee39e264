package memindex

import "slices"

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
	covered := min(s.adults, t.standard)
	column, times := covered-1, int64(1)
	if t.each {
		column, times = min(int(v.persons(s))+s.free, t.standard)-1, int64(covered)
	}
	more, paying := int64(s.adults-covered), v.paying(s)
	for i := range v.length {
		row := v.seen.row(t, i)
		if row == noRow {
			return false
		}
		units := int64(0)
		if covered > 0 {
			amount := t.at(column, row)
			if amount == noAmount {
				return false
			}
			units = int64(amount) * times
		}
		if more > 0 || len(paying) > 0 {
			extra, ok := t.beyond(row, more, paying)
			if !ok {
				return false
			}
			units += extra
		}
		v.gross[i] = units * t.unit
		v.sum += v.gross[i]
	}
	return true
}

// beyond is what adults beyond the standard occupancy and paying children cost.
func (t *tariff) beyond(row uint16, adults int64, ages []int) (units int64, ok bool) {
	if adults > 0 {
		amount := t.at(t.standard, row)
		if amount == noAmount {
			return 0, false
		}
		units = int64(amount) * adults
	}
	for _, age := range ages {
		at := t.bracket(age)
		if at < 0 {
			return 0, false
		}
		units += int64(t.at(t.standard+1+at, row))
	}
	return units, true
}

func (t *tariff) bracket(age int) int {
	return slices.IndexFunc(t.brackets, func(b bracket) bool { return b.from <= age && (b.below == 0 || age < b.below) })
}
