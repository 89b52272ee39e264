package memindex

import "math"

// ruledPlanes are what the rules of a block say of a day, a bit for each: most
// stays are allowed or not by a few words for all houses.
type ruledPlanes struct {
	vague  planes                // what binds depends on more than the planes know
	shut   planes                // closed as a night
	depart planes                // nobody may leave
	arrive [arriveLengths]planes // somebody may arrive for so many nights, and one; the last: for any number from there on
}

// arriveLengths are the lengths of stay with a plane of their own; the last one
// is that of all longer stays, which are looked up where a rule may bind them.
const arriveLengths = 8

func newRuledPlanes(ring, lanes int) (r ruledPlanes) {
	r.vague, r.shut, r.depart = newPlanes(ring, lanes), newPlanes(ring, lanes), newPlanes(ring, lanes)
	for i := range r.arrive {
		r.arrive[i] = newPlanes(ring, lanes)
	}
	return r
}

func (r *ruledPlanes) words() int { return r.shut.words }

// put says what binds on a day; within write.
func (r *ruledPlanes) put(slot, lane int, on *ruled) {
	r.vague.put(slot, lane, on.vague())
	r.shut.put(slot, lane, on.closed)
	r.depart.put(slot, lane, on.noDeparture)
	for i := range r.arrive {
		least, most := int16(i+1), int16(i+1)
		if least == arriveLengths {
			most = math.MaxInt16
		}
		r.arrive[i].put(slot, lane, !on.noArrival && on.minArrival <= least && most <= on.maxArrival)
	}
}

// vague tells whether the day binds by the day of booking, by stays that only
// touch it, or by lengths that have no plane.
func (d *ruled) vague() bool {
	return d.minThrough > 0 || d.maxThrough < math.MaxInt16 || d.minAdvance > 0 || d.maxAdvance < math.MaxInt16
}

// look finds the rules that allow a stay, and those that have to be looked up;
// within read.
func (r *ruledPlanes) look(ring, slot, nights int, allow, ask []uint64) {
	last := (slot + nights) % ring
	r.vague.any(ring, slot, nights+1, ask)
	r.shut.any(ring, slot, nights, allow)
	for w := range allow {
		allow[w] = ^(allow[w] | r.depart.bits[last*len(allow)+w].Load())
	}
	arrive := &r.arrive[min(nights, arriveLengths)-1]
	for w := range allow {
		may := arrive.bits[slot*len(allow)+w].Load()
		if nights >= arriveLengths {
			ask[w] |= ^may
		}
		allow[w] &= may
	}
}
