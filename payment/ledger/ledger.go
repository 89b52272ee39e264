// Package ledger is double entry for bookings: what guests owe, what was earned
// and which tax is due. The entries of one posting sum to zero in each currency;
// nothing is ever changed or deleted, a mistake is a new posting.
package ledger

import (
	"errors"
	"fmt"
	"time"

	"github.com/vacancyhq/vacancy/money"
)

// ErrUnbalanced is a posting whose entries do not sum to zero in a currency.
var ErrUnbalanced = errors.New("ledger: posting does not sum to zero")

// Account is a ledger account of a property.
type Account string

// Accounts. A positive entry is a debit.
const (
	GuestReceivable Account = "guest_receivable"
	RoomRevenue     Account = "room_revenue"
	TaxPayable      Account = "tax_payable"
	CancellationFee Account = "cancellation_fee_revenue"
	NoShowFee       Account = "no_show_fee_revenue"
	Cash            Account = "cash"
	CardTerminal    Account = "card_terminal"
	BankTransfer    Account = "bank_transfer"
	Online          Account = "online"     // at payment providers, captured and not refunded
	Adjustment      Account = "adjustment" // agreed beside the price: a rebate is a debit here
)

// Money are the accounts in which what guests paid is kept.
var Money = []Account{Cash, CardTerminal, BankTransfer, Online}

// Entry is one line of a posting.
type Entry struct {
	Account Account
	StayID  string // the room stay that it belongs to
	Amount  money.Amount
}

// Posting is entries that belong together, for one booking.
type Posting struct {
	ID        string // post_...
	BookingID string
	Kind      string // "confirmed", "cancelled"
	Reason    string // as the staff gave it; "" when nobody was asked for one
	At        time.Time
	Entries   []Entry
}

// Check reports ErrUnbalanced.
func (p Posting) Check() error {
	sums := make(map[money.Currency]money.Amount)
	for _, e := range p.Entries {
		sum, ok := sums[e.Amount.Currency]
		if !ok {
			sum = money.Zero(e.Amount.Currency)
		}
		var err error
		if sum, err = sum.Add(e.Amount); err != nil {
			return err
		}
		sums[e.Amount.Currency] = sum
	}
	for currency, sum := range sums {
		if !sum.IsZero() {
			return fmt.Errorf("%w: off by %s %s", ErrUnbalanced, sum.Decimal(), currency)
		}
	}
	return nil
}

// Charge is the debt that a confirmed stay makes: the total against revenue and tax.
func Charge(stayID string, total, tax money.Amount) []Entry {
	revenue := money.Of(total.Minor-tax.Minor, total.Currency)
	return compact([]Entry{
		{GuestReceivable, stayID, total},
		{RoomRevenue, stayID, revenue.Neg()},
		{TaxPayable, stayID, tax.Neg()},
	})
}

// Fee is what the guest owes for leaving, earned in the account.
func Fee(account Account, stayID string, fee money.Amount) []Entry {
	return compact([]Entry{
		{GuestReceivable, stayID, fee},
		{account, stayID, fee.Neg()},
	})
}

// Adjust is what was agreed beside the price: below zero a rebate for the guest.
func Adjust(stayID string, amount money.Amount) []Entry {
	return compact([]Entry{
		{GuestReceivable, stayID, amount},
		{Adjustment, stayID, amount.Neg()},
	})
}

// Pay is money that the house received in an account for what guests owe; below
// zero it went back.
func Pay(account Account, amount money.Amount) []Entry {
	return compact([]Entry{
		{account, "", amount},
		{GuestReceivable, "", amount.Neg()},
	})
}

// Reverse undoes entries.
func Reverse(entries []Entry) []Entry {
	reversed := make([]Entry, len(entries))
	for i, e := range entries {
		e.Amount = e.Amount.Neg()
		reversed[i] = e
	}
	return reversed
}

func compact(entries []Entry) []Entry {
	kept := entries[:0]
	for _, e := range entries {
		if !e.Amount.IsZero() {
			kept = append(kept, e)
		}
	}
	return kept
}
