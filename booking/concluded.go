package booking

import (
	"context"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/ledger"
)

// concluded is what a final answer of the provider makes of the booking.
func (c *collection) concluded(ctx context.Context, a payment.Attempt, r payment.Result) (Change, error) {
	owed := c.owed(a.ObligationID)
	waits := owed.Term.AtBooking() && c.booking.State() == Pending
	switch yes := a.Outcome == payment.Yes; {
	case a.Kind.Asks() && yes && waits:
		return c.confirmed(ctx, a, owed, r.Card)
	case a.Kind.Asks() && yes && owed.State == payment.Trying && !owed.Term.AtBooking():
		return c.held(a, owed)
	case a.Kind.Asks() && yes:
		return c.surplus(a, owed)
	case a.Kind.Asks() && waits:
		return c.declined(a, owed)
	case a.Kind == payment.Capture && yes:
		return c.captured(ctx, a, owed)
	case a.Kind == payment.Refund && yes:
		return c.moved("paid_back", owed, a, a.Amount.Neg()), nil
	case a.Kind == payment.Void && yes:
		return c.changed(c.booking.next(), fact{kind: "payment_returned"}, a), nil
	}
	return c.failed(ctx, a, owed)
}

// confirmed sells the rooms for money that is held, and writes its capture down
// with the sale: neither is ever without the other.
func (c *collection) confirmed(ctx context.Context, a payment.Attempt, owed payment.Obligation, card string) (Change, error) {
	m, err := c.moment(ctx, c.booking.PropertyID, c.now)
	if err != nil {
		return Change{}, err
	}
	after := c.booking.next()
	if err := after.every("confirm"); err != nil {
		return Change{}, err
	}
	after.HeldUntil, after.Guarantee = time.Time{}, card
	capture, err := c.capture(a, owed)
	if err != nil {
		return Change{}, err
	}
	change := c.changed(after, fact{})
	change.Attempts = []payment.Attempt{a, capture}
	change.Obligations = c.owedLater(after, m)
	change, _, err = c.sold(change, after, fact{by: after.Caller}, c.now)
	return change, err
}

func (c *collection) capture(a payment.Attempt, owed payment.Obligation) (payment.Attempt, error) {
	return c.attempt(owed, payment.Order{Kind: payment.Capture, Amount: owed.Amount, Reference: a.Reference}, c.now)
}

// held is money of a kept card that is captured at once.
func (c *collection) held(a payment.Attempt, owed payment.Obligation) (Change, error) {
	capture, err := c.capture(a, owed)
	return c.changed(c.booking.next(), fact{kind: "charging"}, a, capture), err
}

// surplus is money that nothing waits for any more: it was paid too late, or
// found too late. It is let go, and never captured.
func (c *collection) surplus(a payment.Attempt, owed payment.Obligation) (Change, error) {
	void, err := c.attempt(owed, payment.Order{Kind: payment.Void, Amount: a.Amount, Reference: a.Reference}, c.now)
	return c.changed(c.booking.next(), fact{kind: "payment_found"}, a, void), err
}

// declined gives the guest the hold back, to try another card, unless they have
// tried as often as allowed or their time has passed meanwhile.
func (c *collection) declined(a payment.Attempt, owed payment.Obligation) (Change, error) {
	after, verb := c.booking.next(), "decline"
	after.HeldUntil = c.now.Add(HoldLife)
	if _, times := c.books.Asked(); times >= MaxPayments || !c.now.Before(c.booking.HeldUntil) {
		verb = "lapse"
	}
	if err := after.every(verb); err != nil {
		return Change{}, err
	}
	owed.State = payment.Closed
	change := c.changed(after, fact{kind: "declined", reason: string(a.Reason)}, a)
	change.Obligations = []payment.Obligation{owed}
	change.forget()
	return change, nil
}

// captured books the money. What it is more than is owed by now goes back.
func (c *collection) captured(ctx context.Context, a payment.Attempt, owed payment.Obligation) (Change, error) {
	account, err := c.Account(ctx, c.booking)
	if err != nil {
		return Change{}, err
	}
	owed.State, owed.Captured = payment.Met, a.Amount.Minor
	change := c.moved("paid", owed, a, a.Amount)
	err = c.refund(&change, c.books.With(owed), account, c.now)
	return change, err
}

// moved is money that a provider moved: above zero it was received.
func (c *collection) moved(kind string, owed payment.Obligation, a payment.Attempt, amount money.Amount) Change {
	change := c.changed(c.booking.next(), fact{kind: kind, paid: &paid{ByProvider, amount.Minor, string(amount.Currency)}}, a)
	change.Obligations = []payment.Obligation{owed}
	change.Posting = &ledger.Posting{
		ID: c.ids.ID("post"), BookingID: c.booking.ID, Kind: kind, At: c.now, Entries: ledger.Pay(ledger.Online, amount),
	}
	return change
}

// failed is a NO that a person may have to see to. A refund that failed is owed
// to the guest again. What never arrived, for sure, is asked for anew.
func (c *collection) failed(ctx context.Context, a payment.Attempt, owed payment.Obligation) (Change, error) {
	change := c.changed(c.booking.next(), fact{kind: "payment_failed", reason: string(a.Reason)}, a)
	missing := a.Reason == payment.Missing
	switch {
	case a.Kind == payment.Refund:
		err := c.unrefunded(ctx, &change, owed, a)
		return change, err
	case a.Kind == payment.Capture && missing, a.Kind == payment.Void && missing:
		held, _ := c.books.Authorised(owed.ID)
		again, err := c.attempt(owed, payment.Order{Kind: a.Kind, Amount: a.Amount, Reference: held.Reference}, c.now)
		change.Attempts = append(change.Attempts, again)
		return change, err
	case a.Kind == payment.Capture:
		owed.State = payment.Failed
	case a.Kind.Asks() && owed.State == payment.Trying:
		owed = owed.Declined(a.Reason, c.now)
	default:
		return change, nil
	}
	change.Obligations = []payment.Obligation{owed}
	return change, nil
}

func (c *collection) unrefunded(ctx context.Context, change *Change, owed payment.Obligation, a payment.Attempt) error {
	owed.Refunded -= a.Amount.Minor
	change.Obligations = []payment.Obligation{owed}
	if a.Reason != payment.Missing {
		return nil
	}
	account, err := c.Account(ctx, c.booking)
	if err != nil {
		return err
	}
	return c.refund(change, c.books.With(owed), account, c.now)
}
