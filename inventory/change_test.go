package inventory_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

func TestMergeKeepsTheSumsAndTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deltas := rapid.SliceOf(rapid.Custom(func(t *rapid.T) inventory.Delta {
			return inventory.Delta{
				Key: inventory.Key{
					RoomTypeID: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "type"),
					Night:      stay.Date(rapid.IntRange(0, 3).Draw(t, "night")),
				},
				Sold: rapid.IntRange(-2, 2).Draw(t, "sold"), Held: rapid.IntRange(-2, 2).Draw(t, "held"),
			}
		})).Draw(t, "deltas")
		sum := func(all []inventory.Delta) map[inventory.Key][2]int {
			sums := make(map[inventory.Key][2]int)
			for _, d := range all {
				s := sums[d.Key]
				if s = [2]int{s[0] + d.Sold, s[1] + d.Held}; s == [2]int{} {
					delete(sums, d.Key)
					continue
				}
				sums[d.Key] = s
			}
			return sums
		}
		merged := inventory.Merge(deltas)
		if diff := cmp.Diff(sum(deltas), sum(merged)); diff != "" {
			t.Fatal(diff)
		}
		strictly := func(a, b inventory.Delta) int {
			if a.Compare(b.Key) < 0 {
				return -1
			}
			return 1
		}
		if !slices.IsSortedFunc(merged, strictly) {
			t.Fatal("keys do not rise strictly")
		}
	})
}

func TestChangedReadsBack(t *testing.T) {
	nights := []inventory.Night{{
		RoomTypeID: "room_1", Night: 20_000, Stock: 10, OutOfOrder: 1, Cap: 11, Sold: 3, Held: 2, Blocked: 1, Oversold: 0, Version: 7,
	}}
	got, err := inventory.ParseChanged(inventory.Changed("prop_1", nights))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(nights, got); diff != "" {
		t.Error(diff)
	}
}
