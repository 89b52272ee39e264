package booking

import (
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment/ledger"
)

// Owes is what the ledger holds for the stay in its present state, payments
// aside: the sum of all postings of a booking is the sum of what its stays owe.
func (r RoomStay) Owes() []ledger.Entry {
	amount := func(minor int64) money.Amount { return money.Of(minor, r.Terms.Currency) }
	switch r.State {
	case Confirmed, InHouse, CheckedOut:
		return slices.Concat(
			ledger.Charge(r.ID, r.Terms.Price(), amount(r.Terms.Tax)),
			ledger.Adjust(r.ID, amount(r.Terms.Adjustment)),
			ledger.Fee(ledger.CancellationFee, r.ID, amount(r.Terms.Removed)))
	case Cancelled:
		return ledger.Fee(ledger.CancellationFee, r.ID, amount(r.Fee+r.Terms.Removed))
	case NoShow:
		return slices.Concat(
			ledger.Fee(ledger.NoShowFee, r.ID, amount(r.Fee)),
			ledger.Fee(ledger.CancellationFee, r.ID, amount(r.Terms.Removed)))
	}
	return nil
}

// settle takes back what the stays owed before and books what they owe now. A
// stay that owes the same has no entries, so that the ledger tells what changed.
func settle(before, after []RoomStay) []ledger.Entry {
	var entries []ledger.Entry
	for _, r := range before {
		i := slices.IndexFunc(after, func(a RoomStay) bool { return a.ID == r.ID })
		if i < 0 || !slices.Equal(r.Owes(), after[i].Owes()) {
			entries = append(entries, ledger.Reverse(r.Owes())...)
		}
	}
	for _, r := range after {
		i := slices.IndexFunc(before, func(b RoomStay) bool { return b.ID == r.ID })
		if i < 0 || !slices.Equal(r.Owes(), before[i].Owes()) {
			entries = append(entries, r.Owes()...)
		}
	}
	return entries
}

// altered is the change from one state of a booking to another: the stock, the
// money and the fact follow from the two.
func (s *Service) altered(before, after Booking, told fact, now time.Time) (Change, error) {
	change := Change{
		Record:     outbox.Record{Events: []outbox.Event{after.tell(told)}},
		PropertyID: before.PropertyID, Booking: after, Expect: before.Version,
		Nights: deltas(before.Stays, after.Stays),
	}
	entries := settle(before.Stays, after.Stays)
	if len(entries) == 0 {
		return change, nil
	}
	change.Posting = &ledger.Posting{
		ID: s.ids.ID("post"), BookingID: after.ID, Kind: told.kind, Reason: told.reason, At: now, Entries: entries,
	}
	return change, change.Posting.Check()
}
