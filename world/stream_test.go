package world

import (
	"reflect"
	"runtime"
	"testing"
)

// TestStreamIsTheWorld: whatever the number of processors, from any property on.
func TestStreamIsTheWorld(t *testing.T) {
	w := newWorld(t, 80)
	for _, processors := range []int{1, 3, 8} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		next := 5
		for i, b := range w.Bundles(5) {
			if i != next {
				t.Fatalf("property %d after %d", i, next-1)
			}
			if want := w.Bundle(i); !reflect.DeepEqual(b, want) {
				t.Fatalf("property %d streams differently with %d processors", i, processors)
			}
			next++
		}
		if next != w.Len() {
			t.Errorf("the stream ends before property %d of %d", next, w.Len())
		}
	}
}

func TestStreamMayBeLeft(t *testing.T) {
	w := newWorld(t, 1_000_000)
	for i := range w.Bundles(999_990) {
		if i == 999_993 {
			break
		}
	}
}

// TestLargerWorldBeginsAlike: what a world has is in every larger one.
func TestLargerWorldBeginsAlike(t *testing.T) {
	small, large := newWorld(t, 100), newWorld(t, 1_000_000)
	for _, i := range []int{0, 41, 99} {
		if !reflect.DeepEqual(small.Bundle(i), large.Bundle(i)) {
			t.Errorf("property %d depends on how many come after it", i)
		}
	}
}

// TestFewerNights: a shorter calendar is the beginning of the long one in
// everything but the rooms that are left.
func TestFewerNights(t *testing.T) {
	w, err := New(Options{Seed: 7, Today: today, Properties: 3, Nights: 90, TenantID: "ten_demo"})
	if err != nil {
		t.Fatal(err)
	}
	short, long := w.Bundle(1), newWorld(t, 3).Bundle(1)
	if got := len(short.Inventory.Settings); got != 90*len(short.Property.RoomTypes) {
		t.Errorf("%d settings for %d room types", got, len(short.Property.RoomTypes))
	}
	if short.Property.Property.Horizon != 88 {
		t.Errorf("on sale for %d nights of the house's own", short.Property.Property.Horizon)
	}
	short.Property.Property.Horizon = 0
	if !reflect.DeepEqual(short.Property.Property, long.Property.Property) || !reflect.DeepEqual(short.Property.RoomTypes, long.Property.RoomTypes) ||
		!reflect.DeepEqual(short.Rates.Plans, long.Rates.Plans) {
		t.Error("a shorter calendar makes another house")
	}
	for ahead := range 85 {
		short, _ := cheapest(short, today.Add(ahead))
		if long, _ := cheapest(long, today.Add(ahead)); short != long {
			t.Errorf("two nights in %d days cost %v, with a longer calendar %v", ahead, short, long)
		}
	}
	if _, err := New(Options{Properties: 1, Nights: 731, TenantID: "ten_demo"}); err == nil {
		t.Error("stock beyond the horizon is taken")
	}
}
