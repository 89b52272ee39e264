package booking

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// ErrUnchanged is a change that changes nothing.
var ErrUnchanged = errors.New("booking: nothing would change")

// ErrRefused is a change that the house's rules do not allow (*Refused).
var ErrRefused = errors.New("booking: the house's rules do not allow the change")

// Refused is a change that the house's rules do not allow, with each rule.
type Refused struct{ Refusals []pricing.Refusal }

// Error is the first rule's sentence.
func (r *Refused) Error() string { return "booking: " + r.Refusals[0].Text }

// Unwrap is ErrRefused.
func (r *Refused) Unwrap() error { return ErrRefused }

// Alteration is what one stay shall become; what is left empty stays as it is.
type Alteration struct {
	StayID     string
	Stay       stay.Stay
	Party      stay.Party
	RoomTypeID string
	PlanID     string
	Agreed     []int64 // by the staff: price of each night of the new stay, instead of what the plan says
	Reason     string  // why it was agreed
}

// Altered is a stay before and after a change.
type Altered struct {
	StayID string
	Before Terms
	After  Terms
	Fee    int64 // for nights that go, in minor units; within After.Removed
}

// proposal is what a change is decided with.
type proposal struct {
	moment
	sellable Sellable
}

// propose prices the alterations of a booking at a moment.
func (s *Service) propose(ctx context.Context, m moment, b Booking, wanted []Alteration) ([]Altered, error) {
	var changes []Altered
	for _, w := range wanted {
		i := slices.IndexFunc(b.Stays, func(r RoomStay) bool { return r.ID == w.StayID })
		if i < 0 || slices.ContainsFunc(changes, func(a Altered) bool { return a.StayID == w.StayID }) {
			return nil, ErrNoStay
		}
		r := b.Stays[i]
		if _, err := r.State.next("change"); err != nil {
			return nil, err
		}
		w = w.over(r.Terms)
		if err := m.mayMove(r, w.Stay); err != nil {
			return nil, err
		}
		all, err := s.store.Sellable(ctx, b.PropertyID, w.Stay)
		if err != nil {
			return nil, err
		}
		change, err := proposal{m, all}.alter(r, w)
		if err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	if len(changes) == 0 {
		return nil, ErrUnchanged
	}
	return changes, nil
}

// over fills in what the alteration leaves as it is.
func (w Alteration) over(t Terms) Alteration {
	w.RoomTypeID, w.PlanID = cmp.Or(w.RoomTypeID, t.RoomTypeID), cmp.Or(w.PlanID, t.PlanID)
	if w.Party.Size() == 0 {
		w.Party = t.Party
	}
	if w.Stay == (stay.Stay{}) {
		w.Stay = t.Stay
	}
	return w
}

// mayMove checks dates: what has passed at the property cannot be changed.
func (m moment) mayMove(r RoomStay, to stay.Stay) error {
	from := r.Terms.Stay
	if err := to.Check(); err != nil {
		return err
	}
	switch {
	case to.Arrival != from.Arrival && (r.State == InHouse || from.Arrival < m.today || to.Arrival < m.today):
		return fmt.Errorf("%w: the arrival has passed and cannot be moved", ErrDay)
	case to.Departure < m.today:
		return fmt.Errorf("%w: nights that have passed cannot be taken off", ErrDay)
	case to.Departure > m.today.Add(inventory.Horizon):
		return fmt.Errorf("%w: %s", ErrBeyondHorizon, m.today.Add(inventory.Horizon-1))
	}
	return nil
}

// alter is the stay's terms after the alteration, with the fee for nights that go.
func (p proposal) alter(r RoomStay, w Alteration) (Altered, error) {
	was := r.Terms
	if w.Agreed == nil && w.Stay == was.Stay && w.Party.Equal(was.Party) && w.RoomTypeID == was.RoomTypeID && w.PlanID == was.PlanID {
		return Altered{}, ErrUnchanged
	}
	after, err := p.priced(was, w)
	if err != nil {
		return Altered{}, err
	}
	if err := p.room(r, w); err != nil {
		return Altered{}, err
	}
	fee, err := removedFee(was, w.Stay, p.zone, p.now)
	if err != nil {
		return Altered{}, err
	}
	after.Removed, after.Adjustment = was.Removed+fee.Minor, was.Adjustment
	if w.PlanID == was.PlanID {
		after.Cancellation, after.Payment = was.Cancellation, was.Payment
	}
	after.keepDue(was)
	return Altered{StayID: r.ID, Before: was, After: after, Fee: fee.Minor}, nil
}

// keepDue lets nothing more be paid at booking or before arrival than before: a
// change takes no payment, so what it adds is paid at the property. What was paid
// already stays so when the stay goes over to a plan that asks for nothing.
func (t *Terms) keepDue(was Terms) {
	now, later := t.DueNow, t.DueLater()
	if t.PlanID != was.PlanID || t.Contract {
		now, later = t.Total, 0
		for _, l := range t.Lines {
			if l.OnSite {
				now -= l.Amount.Minor
			}
		}
	}
	t.DueNow = min(now, was.DueNow)
	t.DueAtProperty = t.Total - t.DueNow - max(0, min(later, was.DueLater()))
}

func (p proposal) priced(was Terms, w Alteration) (Terms, error) {
	switch {
	case w.Agreed != nil:
		c := Contract{
			PropertyID: was.PropertyID, RoomTypeID: w.RoomTypeID, PlanID: w.PlanID, Stay: w.Stay, Party: w.Party,
			Currency: was.Currency, Nights: w.Agreed, Reason: w.Reason, Cancellation: was.Cancellation,
		}
		if err := c.Check(); err != nil {
			return Terms{}, err
		}
		return c.terms(p.sellable.RoomTypes, p.sellable.Plans)
	case was.Contract:
		return was.cut(w)
	}
	all := p.sellable
	product, ok := pricing.ProductOf(w.RoomTypeID, w.PlanID, all.RoomTypes, all.Plans, all.Calendars, all.Property.Taxes)
	if !ok || w.PlanID != was.PlanID && product.Plan.Payment.Prepaid() {
		return Terms{}, rate.ErrNotFound // a change takes no payment: such a plan is booked on its own
	}
	q := Query{PropertyID: was.PropertyID, Stay: w.Stay, PromoCode: was.PromoCode, Extras: was.Extras}
	quote, refusals, err := pricing.Reprice(product, q.request(w.Party, p.today), pricing.Kept{
		Stay: was.Stay, Nights: was.Nights, Party: was.Party,
		SameRoom: w.RoomTypeID == was.RoomTypeID && w.PlanID == was.PlanID,
	})
	if err != nil {
		return Terms{}, err
	}
	if len(refusals) > 0 {
		return Terms{}, &Refused{refusals}
	}
	return terms(product, q, w.Party, quote), nil
}

// cut is what a contract becomes when nights are taken off: nobody but the
// staff can say what more nights, or another room, would cost.
func (t Terms) cut(w Alteration) (Terms, error) {
	to := w.Stay
	if to.Arrival < t.Stay.Arrival || to.Departure > t.Stay.Departure || w.RoomTypeID != t.RoomTypeID || w.PlanID != t.PlanID {
		return Terms{}, fmt.Errorf("%w: the price was agreed, and a new one must be", ErrContract)
	}
	t.Nights = slices.Clone(t.Nights[to.Arrival-t.Stay.Arrival : to.Departure-t.Stay.Arrival])
	t.Stay, t.Party, t.Total = to, w.Party, 0
	for _, minor := range t.Nights {
		t.Total += minor
	}
	t.DueAtProperty = t.Total
	t.Lines = []pricing.Line{{Kind: pricing.LineRoom, Text: "Agreed price", Amount: t.Price()}}
	return t, nil
}

// room tells whether the nights that the change would take are free; the store
// decides when it is made.
func (p proposal) room(r RoomStay, w Alteration) error {
	for night := w.Stay.Arrival; night < w.Stay.Departure; night++ {
		if w.RoomTypeID == r.Terms.RoomTypeID && r.Uses.Has(night) {
			continue
		}
		key := inventory.Key{RoomTypeID: w.RoomTypeID, Night: night}
		i := slices.IndexFunc(p.sellable.Nights, func(n inventory.Night) bool { return n.RoomTypeID == key.RoomTypeID && n.Night == night })
		switch {
		case i < 0:
			return &inventory.NightError{Key: key, Err: inventory.ErrNotOnSale}
		case p.sellable.Nights[i].Free() == 0:
			return &inventory.NightError{Key: key, Err: inventory.ErrSoldOut}
		}
	}
	return nil
}

// removedFee is what the nights that go cost: the step of the terms that is in
// force, on those nights alone and without the taxes added to them, which nobody owes.
func removedFee(t Terms, to stay.Stay, zone *time.Location, now time.Time) (money.Amount, error) {
	gone := rate.Cancelling{Arrival: t.Stay.Arrival, Zone: zone, Total: money.Zero(t.Currency)}
	for i, minor := range t.Nights {
		if !to.Has(t.Stay.Arrival.Add(i)) {
			gone.Nights = append(gone.Nights, money.Of(minor, t.Currency))
			gone.Total.Minor += minor
		}
	}
	return gone.Fee(t.Cancellation, now)
}
