package pgstore

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/internal/pgtest"
)

// BenchmarkApplyBooking is durable bookings with everything that belongs to one
// (request, stay, guest, posting, events), 1 to 4 nights in one of 200 hotels.
func BenchmarkApplyBooking(b *testing.B) {
	for _, major := range pgtest.Majors() {
		server := pgtest.Own(b, major, pgtest.Settings{"max_wal_size": "4GB", "shared_buffers": "512MB"})
		for _, clients := range []int{1, 8, 32} {
			b.Run(fmt.Sprintf("postgres%d/clients%d", major, clients), func(b *testing.B) {
				s := open(b, server.Database(b), Options{PoolSize: min(clients, 16)})
				for i := range 200 {
					hotel(b, s, fmt.Sprintf("prop_%03d", i), 1_000)
				}
				b.ResetTimer()
				storm(b, s, clients, b.N)
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "bookings/s")
			})
		}
	}
}

// storm books n stays with so many clients.
func storm(t testing.TB, s *Store, clients, n int) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range clients {
		group.Go(func() {
			for {
				i := int(next.Add(1))
				if i > n {
					return
				}
				change := booked(fmt.Sprintf("prop_%03d", i%200), fmt.Sprintf("b%09d", i), i%300, 1+i%4)
				if err := s.ApplyBooking(t.Context(), change); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkImport(b *testing.B) {
	for _, major := range pgtest.Majors() {
		b.Run(fmt.Sprintf("postgres%d", major), func(b *testing.B) {
			server := pgtest.Own(b, major, pgtest.Settings{"max_wal_size": "4GB", "shared_buffers": "512MB"})
			s := open(b, server.Database(b), Options{})
			for b.Loop() {
				hotel(b, s, fmt.Sprintf("prop_%s_%d", time.Now().Format("150405.000000000"), b.N), 5)
			}
			b.ReportMetric(float64(b.N*hotelNights)/b.Elapsed().Seconds(), "nights/s")
		})
	}
}
