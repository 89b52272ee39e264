package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment/ledger"
)

// Errors of money at the desk.
var (
	ErrReceipt = errors.New("booking: invalid receipt")
	ErrTooMuch = errors.New("booking: more money than that is about")
)

// Method is how money changes hands at the desk.
type Method string

// Methods. Card means the house's own terminal: no card number comes near us.
const (
	Cash     Method = "cash"
	Card     Method = "card"
	Transfer Method = "transfer"
	// ByProvider is money that a payment provider moved; no desk can enter it.
	ByProvider Method = "online"
)

var methods = map[Method]ledger.Account{
	Cash: ledger.Cash, Card: ledger.CardTerminal, Transfer: ledger.BankTransfer,
}

// Receipt is money that changed hands at the desk.
type Receipt struct {
	Method    Method
	Amount    money.Amount
	Reference string // of the till, terminal or bank; it names nobody
}

// Account is what a booking owes and what was paid.
type Account struct {
	Charged  money.Amount // price, fees and adjustments
	Received money.Amount // less what was paid back
	Open     money.Amount // still to be paid; below zero: to be paid back
}

// Account sums what the ledger holds for a booking.
func (s *Service) Account(ctx context.Context, b Booking) (Account, error) {
	postings, err := s.store.Postings(ctx, b.PropertyID, b.ID)
	if err != nil {
		return Account{}, err
	}
	zero := money.Zero(b.Stays[0].Terms.Currency)
	a := Account{Charged: zero, Received: zero, Open: zero}
	for _, p := range postings {
		for _, e := range p.Entries {
			switch {
			case e.Account == ledger.GuestReceivable:
				a.Open.Minor += e.Amount.Minor
			case slices.Contains(ledger.Money, e.Account):
				a.Received.Minor += e.Amount.Minor
			}
		}
	}
	a.Charged.Minor = a.Open.Minor + a.Received.Minor
	return a, nil
}

// Receive books a payment at the desk, at most what is open.
func (s *Service) Receive(ctx context.Context, cmd Command, b Booking, expect int64, r Receipt) (Answer, error) {
	return s.pay(ctx, cmd, b, expect, "paid", r, r.Amount, func(a Account) int64 { return a.Open.Minor })
}

// PayBack books money that the desk gave back, at most what it received.
func (s *Service) PayBack(ctx context.Context, cmd Command, b Booking, expect int64, r Receipt) (Answer, error) {
	return s.pay(ctx, cmd, b, expect, "paid_back", r, r.Amount.Neg(), func(a Account) int64 { return a.Received.Minor })
}

// pay moves an amount, bounded by most. The ledger is read after the booking,
// and every payment makes a new version of it: of two that race, one starts over.
func (s *Service) pay(ctx context.Context, cmd Command, b Booking, expect int64, kind string, r Receipt, moved money.Amount, most func(Account) int64) (Answer, error) {
	if err := r.check(b); err != nil {
		return Answer{}, err
	}
	told := fact{kind: kind, by: cmd.Caller, reason: r.Reference, paid: &paid{r.Method, moved.Minor, string(moved.Currency)}}
	return s.amend(ctx, cmd, b, expect, func(ctx context.Context, m moment, before Booking) (Change, error) {
		account, err := s.Account(ctx, before)
		if err != nil {
			return Change{}, err
		}
		if r.Amount.Minor > most(account) {
			return Change{}, fmt.Errorf("%w: at most %s", ErrTooMuch, money.Of(max(0, most(account)), r.Amount.Currency))
		}
		change, err := s.altered(before, before.next(), told, m.now)
		if err != nil {
			return Change{}, err
		}
		change.Posting = &ledger.Posting{
			ID: s.ids.ID("post"), BookingID: b.ID, Kind: kind, Reason: r.Reference, At: m.now,
			Entries: ledger.Pay(methods[r.Method], moved),
		}
		return change, change.Posting.Check()
	})
}

func (r Receipt) check(b Booking) error {
	switch {
	case methods[r.Method] == "":
		return fmt.Errorf("%w: the method is %s, %s or %s", ErrReceipt, Cash, Card, Transfer)
	case r.Amount.Minor <= 0 || r.Amount.Currency != b.Stays[0].Terms.Currency:
		return fmt.Errorf("%w: an amount above zero in %s", ErrReceipt, b.Stays[0].Terms.Currency)
	case len(r.Reference) > MaxReason || !readable(r.Reference):
		return fmt.Errorf("%w: the reference takes at most %d bytes of text", ErrReceipt, MaxReason)
	}
	return nil
}
