package combine

import "hash/maphash"

// recent is which requests were applied here a while ago. A client that repeats
// one does so soon; looked up before it is queued, the repetition does not make
// those who would share its transaction begin again. It may forget, and its yes
// may be wrong: the look-up tells.
type recent struct {
	seed       maphash.Seed
	young, old map[uint64]struct{} // by hash of the key
}

// generation is how many requests are remembered for sure.
const generation = 8192

func newRecent() *recent {
	return &recent{seed: maphash.MakeSeed(), young: make(map[uint64]struct{}, generation)}
}

func (r *recent) add(key requestKey) {
	if len(r.young) == generation {
		r.old, r.young = r.young, make(map[uint64]struct{}, generation)
	}
	r.young[maphash.Comparable(r.seed, key)] = struct{}{}
}

func (r *recent) has(key requestKey) bool {
	hash := maphash.Comparable(r.seed, key)
	_, young := r.young[hash]
	_, old := r.old[hash]
	return young || old
}
