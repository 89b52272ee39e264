package replay

import (
	"testing"
)

// What the checks compare is changed by one here and there; each must notice.
func TestChecksCanFail(t *testing.T) {
	cell := Cell{"H", "A", 18_000}
	plain := Plain{Peaks: map[Cell]int{cell: 2}, Refused: []int64{7, 5}}
	refused := []Refusal{{ID: 5}, {ID: 7}}
	if r := comparePlain(plain, map[Cell]int{cell: 2}, refused); !r.PeaksEqual || !r.RefusalsEqual || len(r.DifferingCells) > 0 {
		t.Errorf("equal counts differ: %+v", r)
	}
	for name, peaks := range map[string]map[Cell]int{
		"one more": {cell: 3}, "one less": {cell: 1}, "missing": {}, "one too many": {cell: 2, {"H", "B", 18_000}: 1},
	} {
		if r := comparePlain(plain, peaks, refused); r.PeaksEqual || len(r.DifferingCells) != 1 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := comparePlain(plain, plain.Peaks, refused[:1]); r.RefusalsEqual {
		t.Error("a refusal too few went unnoticed")
	}
}

func TestSumsAreComparedInEachPart(t *testing.T) {
	g := group{"H", "2020-03", CheckedOut}
	file, refused := sums{g: {3, 6, 300}}, sums{g: {1, 2, 100}}
	if _, equal := compare(file, sums{g: {2, 4, 200}}, refused); !equal {
		t.Error("2 of 3 accepted and 1 refused is not the file")
	}
	for _, stored := range []sums{
		{g: {3, 4, 200}}, {g: {2, 3, 200}}, {g: {2, 4, 201}}, {}, {g: {2, 4, 200}, {"H", "2020-03", NoShow}: {1, 0, 0}},
	} {
		if rows, equal := compare(file, stored, refused); equal {
			t.Errorf("%v passed: %+v", stored, rows)
		}
	}
}

func TestJudgeNamesWhatDoesNotHold(t *testing.T) {
	good := Report{Capacity: CapacityFile, SumsEqual: true, Plain: PlainReport{PeaksEqual: true, RefusalsEqual: true}}
	if good.judge(); len(good.Failures) > 0 {
		t.Errorf("%q", good.Failures)
	}
	for i, spoil := range []func(*Report){
		func(r *Report) { r.Refused = []Refusal{{}} },
		func(r *Report) { r.OversoldNights = 1 },
		func(r *Report) { r.SumsEqual = false },
		func(r *Report) { r.Plain.PeaksEqual = false },
		func(r *Report) { r.Plain.RefusalsEqual = false },
		func(r *Report) { r.Breaks = 1 },
	} {
		r := good
		spoil(&r)
		if r.judge(); len(r.Failures) != 1 {
			t.Errorf("%d: %q", i, r.Failures)
		}
	}
}

func TestRoomsAreShared(t *testing.T) {
	for _, c := range []struct {
		rooms       int
		wanted      []int
		stock, over []int
	}{
		{10, []int{3, 4}, []int{3, 4}, []int{0, 0}},
		{10, []int{15, 5}, []int{8, 2}, []int{7, 3}},
		{3, []int{0, 7, 1}, []int{0, 3, 0}, []int{0, 4, 1}},
		{0, []int{2}, []int{0}, []int{2}},
	} {
		stock, over := share(c.rooms, c.wanted)
		sum := 0
		for i := range stock {
			sum += stock[i]
			if stock[i] != c.stock[i] || over[i] != c.over[i] || stock[i]+over[i] != c.wanted[i] {
				t.Errorf("%d rooms for %v: %v and %v beyond", c.rooms, c.wanted, stock, over)
				break
			}
		}
		if sum > c.rooms {
			t.Errorf("%d rooms for %v: %v is more than there are", c.rooms, c.wanted, stock)
		}
	}
}
