package memindex

const couplesMask = 0x0000_FFFF_0000_FFFF

// sum adds the prices of so many nights from a slot on, for all tariffs of a
// block: four at once, two to an accumulator, so that none runs over. Within read.
func (k *kernel) sum(a *almanac, slot, nights int, scales []scale) {
	words := a.priceWords()
	k.rows = k.rows[:0]
	for range nights {
		k.rows = append(k.rows, slot*words)
		slot = a.after(slot)
	}
	for w := range words {
		var even, odd uint64
		for _, row := range k.rows {
			prices := a.couples[row+w].Load()
			even += prices & couplesMask
			odd += prices >> 16 & couplesMask
		}
		four := k.sums[w*perWord:][:perWord]
		four[0], four[1] = int64(even&0xFFFF_FFFF), int64(odd&0xFFFF_FFFF)
		four[2], four[3] = int64(even>>32), int64(odd>>32)
	}
	for i := range scales {
		if s := &scales[i]; set(k.priced, i) {
			k.sums[i] = k.sums[i]*s.unit + s.lowest*int64(nights)
		} else {
			k.sums[i] = noSum
		}
	}
}
