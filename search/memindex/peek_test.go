package memindex

import (
	"testing"

	"github.com/vacancyhq/vacancy/search/searchtest"
)

func TestPeek(t *testing.T) {
	source := searchtest.Generated(t, 2, 600, atNoon)
	x := openAt(t, source, atNoon)
	var houses, quick, odd, kids, dense, rules, groups, tariffs, rooms, products, rows, judged int
	for _, b := range x.blocks {
		f := b.facts.Load()
		for i, h := range f.houses {
			if h == nil {
				continue
			}
			houses++
			fr := f.fronts[i]
			if fr.quick {
				quick++
			}
			if fr.odd {
				odd++
			}
			if fr.kids {
				kids++
			}
			if fr.dense {
				dense++
			}
			rules += len(h.rules)
			groups += len(h.deals.groups)
			tariffs += len(h.tariffs)
			rooms += len(h.rooms)
			for _, g := range h.deals.groups {
				if g.judged {
					judged++
				}
			}
			for _, tt := range h.tariffs {
				if tt != nil {
					rows += tt.count
				}
			}
			for _, r := range h.rooms {
				products += len(r.products)
			}
		}
	}
	t.Log("houses", houses, "quick", quick, "odd", odd, "kids", kids, "dense", dense, "rules", rules, "groups", groups, "judged", judged, "tariffs", tariffs, "rooms", rooms, "products", products, "rows", rows)
}
