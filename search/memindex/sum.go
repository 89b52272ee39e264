package memindex

// couplesMask is what two adults pay, without the bit that tells rows apart.
const couplesMask = 0x0000_7FFF_0000_7FFF

// sum makes of the almanac's numbers what two adults pay for the stay, for all
// tariffs of a block: four at once, two to an accumulator, so that none runs over.
func (k *kernel) sum(nights int, f *facts) {
	words, length := k.words, int64(nights)
	for w := range words {
		var even, odd uint64
		for at := w; at < len(k.prices); at += words {
			prices := k.prices[at]
			even += prices >> 1 & couplesMask
			odd += prices >> 17 & couplesMask
		}
		of, sums := (*[perWord]scale)(f.scales[w*perWord:]), (*[perWord]int64)(k.sums[w*perWord:])
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
	for _, lane := range f.tabled {
		k.sums[lane] = unknownSum
	}
}
