package memindex

import "github.com/vacancyhq/vacancy/stay"

// couplesMask is what two adults pay, without the bit that tells rows apart.
const couplesMask = 0x0000_7FFF_0000_7FFF

// couples adds up what two adults pay for the stay, for all tariffs of a block:
// four at once, two to an accumulator, so that none runs over.
func (k *kernel) couples(length int, f *facts) {
	words, nights := k.words, uint64(length)
	k.even, k.odd = resized(k.even, words), resized(k.odd, words)
	fold(k.prices, k.even, k.odd)
	for w := range words {
		even, odd := k.even[w], k.odd[w]
		of, sums := (*[perWord]scale)(f.scales[w*perWord:]), (*[perWord]int64)(k.sums[w*perWord:])
		sums[0] = of[0].minor(even&0xFFFF_FFFF, nights)
		sums[1] = of[1].minor(odd&0xFFFF_FFFF, nights)
		sums[2] = of[2].minor(even>>32, nights)
		sums[3] = of[3].minor(odd>>32, nights)
	}
	for w, priced := range k.priced {
		each(^(priced & f.paired[w]), func(bit int) {
			if lane := w*64 + bit; lane < len(k.sums) {
				k.sums[lane] = noSum
			}
		})
	}
	for _, lane := range f.tabled {
		k.sums[lane] = k.add(f.tariffs[lane], int(lane), length, &stay.Party{Adults: 2})
	}
}

// foldFrom is fold for the words from one on.
func foldFrom(from int, prices, even, odd []uint64) {
	words := len(even)
	clear(even[from:])
	clear(odd[from:])
	for ; len(prices) > 0; prices = prices[words:] {
		row, first, second := prices[from:words], even[from:words], odd[from:words]
		for w, four := range row {
			first[w] += four >> 1 & couplesMask
			second[w] += four >> 17 & couplesMask
		}
	}
}

func (s *scale) minor(sum, nights uint64) int64 {
	return int64((sum + uint64(s.lowest)*nights) * uint64(s.unit))
}

// others adds up what any party pays, for the tariffs of some houses.
func (k *kernel) others(nights int, f *facts, among uint64, party *stay.Party) {
	each(among, func(house int) {
		for lane := f.first[house].tariffs; lane < f.first[house+1].tariffs; lane++ {
			k.sums[lane] = k.add(f.tariffs[lane], lane, nights, party)
		}
	})
}

// add is what a party pays under one tariff; children as they are.
func (k *kernel) add(t *tariff, lane, nights int, party *stay.Party) (minor int64) {
	var c columns
	if t == nil || !set(k.priced, lane) || !c.of(t, party.Adults, party.Adults+len(party.ChildAges), party.ChildAges) {
		return noSum
	}
	sum := int64(0)
	for night := range nights {
		units, ok := c.on(t, t.row(k.price(night, lane)))
		if !ok {
			return noSum
		}
		sum += units
	}
	return sum * t.unit
}
