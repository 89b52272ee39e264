package combine

import "sync/atomic"

// Stats counts since the start, for metrics.
type Stats struct {
	Transactions int64 // that carried several bookings
	Together     int64 // bookings in them
	// Broken counts bookings whose transaction failed as a whole, so that each was
	// tried again alone. They are answered, only slowly: anything but a rare one
	// means that combining does not work.
	Broken int64
}

type stats struct{ transactions, together, broken atomic.Int64 }

// Stats gives the present counts.
func (s *Store) Stats() Stats {
	return Stats{
		Transactions: s.stats.transactions.Load(),
		Together:     s.stats.together.Load(),
		Broken:       s.stats.broken.Load(),
	}
}
