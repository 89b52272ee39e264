package ledger_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment/ledger"
)

// Property 37.
func TestPostingsBalanceInEveryCurrency(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]money.Currency{"EUR", "JPY", "KWD"}).Draw(t, "currency")
		total := rapid.Int64Range(0, 1<<40).Draw(t, "total")
		tax := rapid.Int64Range(0, total).Draw(t, "tax")
		fee := rapid.Int64Range(0, total).Draw(t, "fee")
		at := func(minor int64) money.Amount { return money.Of(minor, currency) }

		charged := ledger.Posting{Entries: ledger.Charge("stay_1", at(total), at(tax))}
		reversed := ledger.Posting{Entries: append(ledger.Reverse(charged.Entries), ledger.Fee(ledger.CancellationFee, "stay_1", at(fee))...)}
		for _, p := range []ledger.Posting{charged, reversed} {
			if err := p.Check(); err != nil {
				t.Fatal(err)
			}
		}
		owed := int64(0)
		for _, e := range append(charged.Entries, reversed.Entries...) {
			if e.Account == ledger.GuestReceivable {
				owed += e.Amount.Minor
			}
		}
		if owed != fee {
			t.Fatalf("after the cancellation the guest owes %d, want the fee of %d", owed, fee)
		}
	})
}

func TestUnbalancedPostingIsRefused(t *testing.T) {
	p := ledger.Posting{Entries: []ledger.Entry{
		{Account: ledger.GuestReceivable, Amount: money.Of(100, "EUR")},
		{Account: ledger.RoomRevenue, Amount: money.Of(-100, "USD")},
	}}
	if err := p.Check(); !errors.Is(err, ledger.ErrUnbalanced) {
		t.Errorf("got %v, want ErrUnbalanced", err)
	}
}
