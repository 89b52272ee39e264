package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// ErrContract is a contract that cannot be entered as it is.
var ErrContract = errors.New("booking: invalid contract")

// Limits of what staff may enter by hand. A party is not bound by what a room
// takes: a desk books a ballroom's worth of guests under one name.
const (
	MaxReason         = 500 // bytes
	MaxContractGuests = 200
	MaxContractMinor  = 1_000_000_000_000
)

// Contract is one room stay at a price that was agreed with the staff: by
// phone, at the desk, or elsewhere before it was imported. No restriction of a
// rate plan applies to it, only the stock does.
type Contract struct {
	PropertyID   string
	RoomTypeID   string
	PlanID       string // whose name, board and cancellation terms it takes; "" for none
	Stay         stay.Stay
	Party        stay.Party
	Currency     money.Currency
	Nights       []int64 // agreed price of each night in minor units, taxes included; of day use none or one
	Reason       string  // why this price
	DayUse       bool    // arrives and leaves on one day, and takes nothing from the stock
	Forced       bool    // sold by a channel already: it is taken even beyond the cap, and opens a case then
	Adjustment   int64   // beside the price, posted on its own: below zero a rebate
	Cancellation []rate.CancellationStep
}

// BookContract books stays at agreed prices, paid at the property. Staff may
// leave out the guest, the acceptance of terms and the card; a guest may be a
// name alone. A stay may begin the night before today, which a walk-in after
// midnight takes.
func (s *Service) BookContract(ctx context.Context, cmd Command, stays []Contract, p Purchase) (Answer, error) {
	if err := checkContracts(stays, p); err != nil {
		return Answer{}, err
	}
	if stays[0].Forced { // a hold past its time must not make an overbooking of it
		if _, err := s.Sweep(ctx, sweepForced); err != nil {
			return Answer{}, err
		}
	}
	return s.run(ctx, cmd, stays[0].PropertyID, func(ctx context.Context, now time.Time) (Change, Result, error) {
		after, err := s.contracted(ctx, cmd, stays, p, now)
		if err != nil {
			return Change{}, Result{}, err
		}
		nights := deltas(nil, after.Stays)
		for i := range nights {
			nights[i].Forced = stays[0].Forced
		}
		return s.sell(Change{Nights: nights}, after, p, fact{by: cmd.Caller, reason: stays[0].Reason}, now)
	})
}

// sweepForced is how many dead holds are ended before a forced sale.
const sweepForced = 100

// contracted is the new booking with a stay for each contract.
func (s *Service) contracted(ctx context.Context, cmd Command, stays []Contract, p Purchase, now time.Time) (Booking, error) {
	m, err := s.moment(ctx, stays[0].PropertyID, now)
	if err != nil {
		return Booking{}, err
	}
	types, err := s.store.RoomTypes(ctx, m.house.ID)
	if err != nil {
		return Booking{}, err
	}
	plans, err := s.store.Plans(ctx, m.house.ID)
	if err != nil {
		return Booking{}, err
	}
	b := Booking{
		ID: s.ids.ID("bkg"), PropertyID: m.house.ID, Version: 1,
		Caller: cmd.Caller, Channel: cmd.Channel, CreatedAt: now,
	}
	for _, c := range stays {
		if c.Currency != m.house.Currency {
			return Booking{}, fmt.Errorf("%w: the property's currency is %s", ErrContract, m.house.Currency)
		}
		if c.Stay.Arrival < m.today-1 {
			return Booking{}, ErrPast
		}
		terms, err := c.terms(types, plans)
		if err != nil {
			return Booking{}, err
		}
		b.Stays = append(b.Stays, RoomStay{ID: s.ids.ID("stay"), State: Confirmed, Terms: terms, Uses: whole(c.Stay)})
	}
	if p.TermsVersion != "" {
		b.Accepted = Acceptance{Version: p.TermsVersion, At: now}
	}
	if p.CardToken != "" {
		if b.Guarantee, err = s.gateway.KeepCard(ctx, cmd.purpose(b.PropertyID), p.CardToken); err != nil {
			return Booking{}, fmt.Errorf("booking: keep the card: %w", err)
		}
	}
	return b, nil
}

// terms are what the contract promises.
func (c Contract) terms(types []property.RoomType, plans []rate.Plan) (Terms, error) {
	room := slices.IndexFunc(types, func(t property.RoomType) bool { return t.ID == c.RoomTypeID })
	if room < 0 {
		return Terms{}, inventory.ErrRoomType
	}
	t := Terms{
		PropertyID: c.PropertyID, RoomTypeID: c.RoomTypeID, RoomTypeName: types[room].Name, Board: rate.RoomOnly,
		Stay: c.Stay, Party: c.Party, Currency: c.Currency, Nights: c.Nights, Cancellation: c.Cancellation,
		Payment:  rate.PaymentTerm{Kind: rate.AtProperty},
		Contract: true, Reason: c.Reason, Adjustment: c.Adjustment,
	}
	for _, minor := range c.Nights {
		t.Total += minor
	}
	t.DueAtProperty = t.Total
	t.Lines = []pricing.Line{{Kind: pricing.LineRoom, Text: "Agreed price", Amount: t.Price()}}
	if c.PlanID == "" {
		return t, nil
	}
	plan := slices.IndexFunc(plans, func(p rate.Plan) bool { return p.ID == c.PlanID })
	if plan < 0 {
		return Terms{}, rate.ErrNotFound
	}
	t.PlanID, t.PlanName, t.Board = c.PlanID, plans[plan].Name, plans[plan].Board
	if c.Cancellation == nil {
		t.Cancellation = plans[plan].Cancellation
	}
	return t, nil
}

func checkContracts(stays []Contract, p Purchase) error {
	switch {
	case len(stays) == 0:
		return fmt.Errorf("%w: at least one stay is needed", ErrContract)
	case len(stays) > MaxRooms:
		return fmt.Errorf("%w: at most %d", ErrTooMany, MaxRooms)
	}
	if err := p.checkRequests(); err != nil {
		return err
	}
	for _, c := range stays {
		if c.PropertyID != stays[0].PropertyID || c.Currency != stays[0].Currency || c.Forced != stays[0].Forced {
			return ErrMixed
		}
		if err := c.Check(); err != nil {
			return err
		}
	}
	if p.Guest == (guest.Guest{}) {
		return nil
	}
	return p.Guest.CheckAtDesk()
}

// Check reports ErrContract, or what is wrong with the dates.
func (c Contract) Check() error {
	nights := len(c.Nights) == c.Stay.Nights()
	if c.DayUse {
		nights = c.Stay.Nights() == 0 && len(c.Nights) <= 1
	} else if err := c.Stay.Check(); err != nil {
		return err
	}
	switch {
	case !nights:
		return fmt.Errorf("%w: one price is needed for each night, and for day use at most one", ErrContract)
	case c.Party.Adults < 0 || c.Party.Size() < 1 || c.Party.Size() > MaxContractGuests:
		return fmt.Errorf("%w: 1 to %d guests", ErrContract, MaxContractGuests)
	case strings.TrimSpace(c.Reason) == "" || len(c.Reason) > MaxReason || !readable(c.Reason):
		return fmt.Errorf("%w: a reason of at most %d bytes of text is needed", ErrContract, MaxReason)
	case !within(c.Adjustment):
		return fmt.Errorf("%w: the adjustment is out of range", ErrContract)
	}
	for _, minor := range c.Nights {
		if minor < 0 || !within(minor) {
			return fmt.Errorf("%w: a night costs 0 or more; what is taken off is an adjustment", ErrContract)
		}
	}
	return nil
}

func within(minor int64) bool { return minor >= -MaxContractMinor && minor <= MaxContractMinor }
