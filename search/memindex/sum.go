package memindex

const couplesMask = 0x0000_FFFF_0000_FFFF

// sum adds the prices of so many nights from a slot on, for all tariffs of a
// block: four at once, two to an accumulator, so that none runs over. Within read.
func (k *kernel) sum(a *almanac, slot, nights int, scales []scale) {
	words := a.couples.words
	k.rows = k.rows[:0]
	for range nights {
		k.rows = append(k.rows, slot*words)
		slot = a.after(slot)
	}
	length := int64(nights)
	for w := range words {
		var even, odd uint64
		for _, row := range k.rows {
			prices := a.couples.all[row+w].Load()
			even += prices & couplesMask
			odd += prices >> 16 & couplesMask
		}
		of, sums := (*[perWord]scale)(scales[w*perWord:]), (*[perWord]int64)(k.sums[w*perWord:])
		sums[0] = int64(even&0xFFFF_FFFF)*of[0].unit + of[0].lowest*length
		sums[1] = int64(odd&0xFFFF_FFFF)*of[1].unit + of[1].lowest*length
		sums[2] = int64(even>>32)*of[2].unit + of[2].lowest*length
		sums[3] = int64(odd>>32)*of[3].unit + of[3].lowest*length
	}
	for w, priced := range k.priced {
		each(^priced, func(bit int) {
			if lane := w*64 + bit; lane < len(k.sums) {
				k.sums[lane] = noSum
			}
		})
	}
}
