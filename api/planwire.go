package api

import (
	"fmt"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// plan reads a plan from the wire.
func (in PlanContent) plan() (rate.Plan, error) {
	currency := money.Currency(in.Currency)
	if !currency.Valid() {
		return rate.Plan{}, fault("body.currency", "must be an ISO 4217 code in use, such as EUR")
	}
	p := rate.Plan{
		Code: in.Code, Name: in.Name, Currency: currency, Closed: in.Closed, PromoCode: in.PromoCode, Board: rate.Board(in.Board),
		Basis: rate.Basis(in.Basis), UnitNights: in.UnitNights, NextHigher: in.NextHigher, FillWithKid: in.FillWithKid, RoundNights: in.RoundNights,
	}
	if a := in.Ages; a != nil {
		p.Ages = rate.Ages{AdultFrom: a.AdultFrom, ChildFrom: a.ChildFrom, ChildBelow: a.ChildBelow, NoKids: a.NoChildren}
	}
	if g := in.Guests; g != nil {
		p.Guests = rate.GuestLimits{MinAdults: g.MinAdults, MaxAdults: g.MaxAdults, MinChildren: g.MinChildren, MaxChildren: g.MaxChildren}
	}
	var err error
	if p.Payment, err = in.Payment.from(); err != nil {
		return rate.Plan{}, err
	}
	if err := in.conditions(&p); err != nil {
		return rate.Plan{}, err
	}
	return p, in.lists(&p)
}

func (in PlanContent) conditions(p *rate.Plan) (err error) {
	if c := in.Conditions; c != nil {
		p.Conditions = rate.Conditions{MinStay: c.MinStay, MaxStay: c.MaxStay, MinAdvance: c.MinAdvance, MaxAdvance: c.MaxAdvance}
		if p.Conditions.ArrivalDays, err = optionalDays("body.conditions.arrival_days", c.ArrivalDays); err != nil {
			return err
		}
		if p.Conditions.DepartureDays, err = optionalDays("body.conditions.departure_days", c.DepartureDays); err != nil {
			return err
		}
	}
	if d := in.Derivation; d != nil {
		p.Derivation = &rate.Derivation{ParentID: d.ParentID, Factor: d.Factor}
		if d.Amount != "" {
			p.Derivation.Amount, err = signedMinorOf("body.derivation.amount", d.Amount, p.Currency)
		}
	}
	return err
}

func (in PlanContent) lists(p *rate.Plan) error {
	for i, o := range in.Offers {
		offer, err := o.from(fmt.Sprintf("body.offers[%d].", i))
		if err != nil {
			return err
		}
		p.Offers = append(p.Offers, offer)
	}
	for i, s := range in.Supplements {
		supplement, err := s.from(fmt.Sprintf("body.supplements[%d].", i), p.Currency)
		if err != nil {
			return err
		}
		p.Supplements = append(p.Supplements, supplement)
	}
	for i, s := range in.Cancellation {
		step, err := s.from(fmt.Sprintf("body.cancellation[%d].", i), p.Currency)
		if err != nil {
			return err
		}
		p.Cancellation = append(p.Cancellation, step)
	}
	return nil
}

func (in PaymentTerm) from() (rate.PaymentTerm, error) {
	percent, err := percentOf("body.payment.deposit_percent", in.DepositPercent)
	return rate.PaymentTerm{Kind: rate.PaymentKind(in.Kind), DepositPercent: percent, RestDaysBefore: in.RestDaysBefore}, err
}

func (in PlanOffer) from(at string) (rate.Offer, error) {
	o := rate.Offer{
		Kind: rate.OfferKind(in.Kind), Code: in.Code, Name: in.Name, NightsRequired: in.NightsRequired, NightsFree: in.NightsFree,
		Repeating: in.Repeating, ChildBelow: in.ChildBelow, MinChildren: in.MinChildren, MaxFree: in.MaxFree,
		MinStay: in.MinStay, MaxStay: in.MaxStay, MinAdvance: in.MinAdvance, MaxAdvance: in.MaxAdvance, PromoCode: in.PromoCode,
	}
	var err error
	if o.OffPercent, err = percentOf(at+"off_percent", in.OffPercent); err != nil {
		return rate.Offer{}, err
	}
	if o.From, err = optionalDate(at+"from", in.From); err != nil {
		return rate.Offer{}, err
	}
	o.Through, err = optionalDate(at+"through", in.Through)
	return o, err
}

func (in Supplement) from(at string, currency money.Currency) (rate.Supplement, error) {
	s := rate.Supplement{Code: in.Code, Name: in.Name, Mandatory: in.Mandatory, Rhythm: rate.Rhythm(in.Rhythm)}
	var err error
	if s.Days, err = parseDays(at+"weekdays", in.Weekdays); err != nil {
		return rate.Supplement{}, err
	}
	for i, a := range in.Amounts {
		at := fmt.Sprintf("%samounts[%d].", at, i)
		amount := rate.SupplementAmount{RoomTypeID: a.RoomTypeID}
		if amount.From, amount.Through, _, err = parseSpan(at, a.From, a.Through, nil); err != nil {
			return rate.Supplement{}, err
		}
		if amount.Amount, err = minorOf(at+"amount", a.Amount, currency); err != nil {
			return rate.Supplement{}, err
		}
		s.Amounts = append(s.Amounts, amount)
	}
	return s, nil
}

func (in CancelStep) from(at string, currency money.Currency) (rate.CancellationStep, error) {
	s := rate.CancellationStep{DaysBefore: in.DaysBefore, Always: in.Always, Nights: in.Nights}
	var err error
	if in.Until != "" {
		if s.Until, err = stay.ParseClock(in.Until); err != nil {
			return rate.CancellationStep{}, fault(at+"until", "must be a time of day such as 18:00")
		}
	}
	if s.Percent, err = percentOf(at+"percent", in.Percent); err != nil {
		return rate.CancellationStep{}, err
	}
	if in.Amount != "" {
		s.Amount, err = minorOf(at+"amount", in.Amount, currency)
	}
	return s, err
}

// planOf writes a plan on the wire.
func planOf(p rate.Plan) Plan {
	wire := Plan{ID: p.ID, Version: p.Version, PlanContent: PlanContent{
		Code: p.Code, Name: p.Name, Currency: string(p.Currency), Closed: p.Closed, PromoCode: p.PromoCode, Board: string(p.Board),
		Basis: string(p.Basis), UnitNights: p.UnitNights, NextHigher: p.NextHigher, FillWithKid: p.FillWithKid, RoundNights: p.RoundNights,
		Payment: PaymentTerm{Kind: string(p.Payment.Kind), RestDaysBefore: p.Payment.RestDaysBefore},
	}}
	if p.Payment.Kind == rate.Deposit {
		wire.Payment.DepositPercent = plainDecimal(p.Payment.DepositPercent, 0)
	}
	if a := p.Ages; a != (rate.Ages{}) {
		wire.Ages = &Ages{AdultFrom: a.AdultFrom, ChildFrom: a.ChildFrom, ChildBelow: a.ChildBelow, NoChildren: a.NoKids}
	}
	if g := p.Guests; g != (rate.GuestLimits{}) {
		wire.Guests = &GuestLimits{MinAdults: g.MinAdults, MaxAdults: g.MaxAdults, MinChildren: g.MinChildren, MaxChildren: g.MaxChildren}
	}
	if c := p.Conditions; c != (rate.Conditions{}) {
		wire.Conditions = &Conditions{
			MinStay: c.MinStay, MaxStay: c.MaxStay, MinAdvance: c.MinAdvance, MaxAdvance: c.MaxAdvance,
			ArrivalDays: optionalDayNames(c.ArrivalDays), DepartureDays: optionalDayNames(c.DepartureDays),
		}
	}
	if d := p.Derivation; d != nil {
		wire.Derivation = &Derivation{ParentID: d.ParentID, Factor: d.Factor, Amount: decimalOf(d.Amount, p.Currency)}
	}
	for _, o := range p.Offers {
		wire.Offers = append(wire.Offers, planOfferOf(o))
	}
	for _, s := range p.Supplements {
		wire.Supplements = append(wire.Supplements, supplementOf(s, p.Currency))
	}
	for _, s := range p.Cancellation {
		wire.Cancellation = append(wire.Cancellation, cancelStepOf(s, p.Currency))
	}
	return wire
}

func optionalDayNames(days *stay.Weekdays) []string {
	if days == nil {
		return nil
	}
	return daysOf(*days)
}

func planOfferOf(o rate.Offer) PlanOffer {
	wire := PlanOffer{
		Kind: string(o.Kind), Code: o.Code, Name: o.Name, NightsRequired: o.NightsRequired, NightsFree: o.NightsFree,
		Repeating: o.Repeating, ChildBelow: o.ChildBelow, MinChildren: o.MinChildren, MaxFree: o.MaxFree,
		MinStay: o.MinStay, MaxStay: o.MaxStay, MinAdvance: o.MinAdvance, MaxAdvance: o.MaxAdvance,
		PromoCode: o.PromoCode, From: dateText(o.From), Through: dateText(o.Through),
	}
	if o.Kind == rate.Percent {
		wire.OffPercent = plainDecimal(o.OffPercent, 0)
	}
	return wire
}

func supplementOf(s rate.Supplement, currency money.Currency) Supplement {
	wire := Supplement{
		Code: s.Code, Name: s.Name, Mandatory: s.Mandatory, Rhythm: string(s.Rhythm), Weekdays: daysOf(s.Days), Amounts: []SupplementAmount{},
	}
	for _, a := range s.Amounts {
		wire.Amounts = append(wire.Amounts, SupplementAmount{
			From: a.From.String(), Through: a.Through.String(), RoomTypeID: a.RoomTypeID, Amount: decimalOf(a.Amount, currency),
		})
	}
	return wire
}

func cancelStepOf(s rate.CancellationStep, currency money.Currency) CancelStep {
	wire := CancelStep{DaysBefore: s.DaysBefore, Until: s.Until.String(), Always: s.Always, Nights: s.Nights}
	if s.Percent.Sign() != 0 {
		wire.Percent = plainDecimal(s.Percent, 0)
	}
	if s.Amount.Sign() != 0 {
		wire.Amount = decimalOf(s.Amount, currency)
	}
	return wire
}
