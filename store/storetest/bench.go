package storetest

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/inventory"
)

// BenchmarkImport imports one house of three room types for each iteration, the
// whole horizon on sale, and gives the number of nights written.
func BenchmarkImport(b *testing.B, o Opened) (nights int) {
	n := 0
	for b.Loop() {
		h := sketch(b, o, fmt.Sprintf("prop_eu%026d", n), 10, 20, 30)
		bundle := h.bundle(inventory.Horizon)
		h.must(o.Store.Import(h.ctx, bundle))
		nights += len(bundle.Inventory.Settings)
		n++
	}
	b.ReportMetric(float64(nights)/b.Elapsed().Seconds(), "nights/s")
	return nights
}

// BenchmarkBook applies whole bookings, with request, guest, posting and
// events, from as many goroutines as b.SetParallelism says.
func BenchmarkBook(b *testing.B, o Opened) {
	stock := make([]int, 50)
	for i := range stock {
		stock[i] = inventory.MaxStock
	}
	h := newHouse(b, o, stock...)
	var n atomic.Int64
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := int(n.Add(1))
			change := h.book(h.stay(i%len(stock), i%(openNights-2), 2))
			change.Request = h.request("key_a", change.Booking.ID, `{"id":"bkg"}`)
			change.Guest = &guest.Guest{ID: h.id("gst"), PropertyID: h.property.ID, Name: "Ana", Email: "ana@example.com"}
			change.Booking.GuestID = change.Guest.ID
			if err := h.apply(change); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "bookings/s")
}
