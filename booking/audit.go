package booking

import "context"

// Kinds of breaks.
const (
	BreakNight        = "night"         // a night's counters are not the sum of the stays that use it
	BreakOversold     = "oversold"      // a night's oversold is not how far it is above its cap
	BreakPosting      = "posting"       // a posting does not sum to zero in a currency
	BreakLedger       = "ledger"        // what a stay owes by its state is not what the ledger earned with it
	BreakBookingEvent = "booking_event" // a booking's versions are not told once each
	BreakNightEvent   = "night_event"   // the last event of a night is not its row
	BreakObligation   = "obligation"    // what an obligation has captured or paid back is not what its attempts did
	BreakPayment      = "payment"       // what attempts moved at providers is not what the ledger holds there
	BreakReceipt      = "receipt"       // the events of payments, at desks and providers, are not what the ledger holds
	BreakReviewTally  = "review_tally"  // a property's tally is not the sum of the reviews that are shown
)

// MaxBreaks is how many breaks of a kind are listed: more are one disaster.
const MaxBreaks = 1_000

// Break is a place where two records of one fact disagree.
type Break struct {
	Kind       string
	PropertyID string
	Key        string // within the property: "room_... 2027-05-15", "bkg_... stay_... room_revenue"
	Want, Got  string // what the other records say, and what stands there
}

// Audit is what a reconciliation looked at and found.
type Audit struct {
	Nights   int64 // rows
	Bookings int64
	Postings int64
	Events   int64
	Breaks   []Break
}

// Auditor recounts a store against itself: each fact is kept in two records
// that no single mistake changes alike. It reads one snapshot, so that it may
// run beside writers, and repeats in its own words the rules that it audits.
type Auditor interface {
	Audit(ctx context.Context) (Audit, error)
}
