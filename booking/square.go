package booking

import (
	"context"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/ledger"
)

// feeGrace is how long a fee waits before the kept card is charged, so that what
// was recorded by mistake can be undone at no cost.
const feeGrace = time.Hour

// square makes the obligations of a booking follow what a verb did to what it
// owes: money captured beyond it goes back, what is not owed any more is not
// charged, and a fee is charged to the card that was kept. What the desk itself
// receives or pays back it squares by hand.
func (s *Service) square(ctx context.Context, before Booking, change *Change, m moment) error {
	if change.Posting == nil || change.Posting.Kind == "paid" || change.Posting.Kind == "paid_back" || !before.collects() {
		return nil
	}
	books, err := s.store.Payments(ctx, before.PropertyID, before.ID)
	if err != nil {
		return err
	}
	account, err := s.Account(ctx, before)
	if err != nil {
		return err
	}
	for _, e := range change.Posting.Entries {
		if e.Account == ledger.GuestReceivable {
			account.Charged.Minor += e.Amount.Minor
			account.Open.Minor += e.Amount.Minor
		}
	}
	for _, o := range books.Obligations {
		if fitted := fit(o, change.Booking, change.Posting.Kind); fitted != o {
			change.Obligations = append(change.Obligations, fitted)
		}
	}
	s.chargeFee(before, change, account.Open.Minor-books.Coming(), m)
	return s.refund(change, books, account, m.now)
}

// collects tells whether a provider may have to do with the booking: what is paid
// at the property, by whoever, is spared the look at its payments.
func (b Booking) collects() bool {
	return b.Guarantee != "" || slices.ContainsFunc(b.Stays, func(r RoomStay) bool {
		return r.Terms.DueNow != 0 || r.Terms.DueLater() != 0
	})
}

// fit is an obligation that nothing is under way for, after the booking has changed.
func fit(o payment.Obligation, b Booking, kind string) payment.Obligation {
	if o.State != payment.Open {
		return o
	}
	if o.Term == payment.NoShowFee && kind == "undone" {
		o.State = payment.Closed
	}
	if o.Term != payment.Later {
		return o
	}
	i := slices.IndexFunc(b.Stays, func(r RoomStay) bool { return r.ID == o.StayID })
	if i < 0 || b.Stays[i].State.rank() <= NoShow.rank() || b.Stays[i].Terms.DueLater() <= 0 {
		o.State = payment.Closed
		return o
	}
	o.Amount.Minor = min(o.Amount.Minor, b.Stays[i].Terms.DueLater())
	return o
}

// chargeFee makes an obligation of the fees that the verb brought, as far as
// they are not paid for already. It is never more than what was disclosed.
func (s *Service) chargeFee(before Booking, change *Change, open int64, m moment) {
	term, ok := map[string]payment.Term{"cancelled": payment.CancelFee, "no_show": payment.NoShowFee}[change.Posting.Kind]
	if !ok || change.Booking.Guarantee == "" {
		return
	}
	fees := int64(0)
	for _, fee := range newFees(before, change.Booking) {
		fees += fee.Amount.Minor
	}
	if amount := min(fees, open); amount > 0 {
		change.Obligations = append(change.Obligations, payment.Obligation{
			ID: s.ids.ID("owe"), BookingID: before.ID, Term: term, State: payment.Open, DueAt: m.now.Add(feeGrace),
			Amount: money.Of(amount, before.Stays[0].Terms.Currency),
		})
	}
}

// online is what of the charges is paid through a provider: all but what the
// stays pay at the property.
func (b Booking) online(charged money.Amount) (minor int64) {
	minor = charged.Minor
	for _, r := range b.Stays {
		if r.State.rank() > NoShow.rank() {
			minor -= r.Terms.DueAtProperty
		}
	}
	return minor
}

// refund sends back what providers keep beyond what is paid through them.
func (s *Service) refund(change *Change, books payment.Books, account Account, now time.Time) error {
	back := books.Kept() - change.Booking.online(account.Charged)
	for _, o := range books.Obligations {
		minor := min(back, o.Refundable())
		if minor <= 0 {
			continue
		}
		held, ok := books.Authorised(o.ID)
		if !ok {
			continue
		}
		amount := money.Of(minor, o.Amount.Currency)
		refund, err := s.attempt(o, payment.Order{Kind: payment.Refund, Amount: amount, Reference: held.Reference}, now)
		if err != nil {
			return err
		}
		o.Refunded += minor
		back -= minor
		change.Attempts = append(change.Attempts, refund)
		change.owe(o)
	}
	return nil
}

// owe puts an obligation's new state into the change, once.
func (c *Change) owe(o payment.Obligation) {
	if i := slices.IndexFunc(c.Obligations, func(known payment.Obligation) bool { return known.ID == o.ID }); i >= 0 {
		c.Obligations[i] = o
		return
	}
	c.Obligations = append(c.Obligations, o)
}

// charge asks the kept card for an obligation that is due: never for more than
// what is open by now.
func (c *collection) charge(ctx context.Context, o payment.Obligation) error {
	return c.apply(ctx, func() (Change, error) {
		account, err := c.Account(ctx, c.booking)
		if err != nil {
			return Change{}, err
		}
		o, told := c.owed(o.ID), fact{kind: "charging"}
		if o.State != payment.Open {
			return Change{}, nil // somebody else was faster
		}
		coming := c.books.Coming()
		o.Amount.Minor = min(o.Amount.Minor, account.Open.Minor-coming, c.booking.online(account.Charged)-c.books.Kept()-coming)
		switch {
		case o.Amount.Minor <= 0:
			o.Amount, o.State, told.kind = money.Zero(o.Amount.Currency), payment.Closed, "payment_closed"
		case c.booking.Guarantee == "":
			o.State, told.kind = payment.Failed, "payment_failed"
		default:
			o.State = payment.Trying
		}
		change := c.changed(c.booking.next(), told)
		change.Obligations = []payment.Obligation{o}
		if o.State != payment.Trying {
			return change, nil
		}
		order := payment.Order{Kind: payment.Authorise, Amount: o.Amount, About: string(o.Term), Card: c.booking.Guarantee}
		attempt, err := c.attempt(o, order, c.now)
		change.Attempts = []payment.Attempt{attempt}
		return change, err
	})
}
