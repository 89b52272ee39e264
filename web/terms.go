package web

import (
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// termsView is what one room stay promises, in words.
type termsView struct {
	RoomType, Plan string
	Board          string
	Party, Dates   string
	Cancel         []string // in the order of time
	Free           bool     // cancelling is free now
	Pay            string
	OnSite         string // "" or what is added at the property
	Total          money.Amount
	PerNight       money.Amount
	Nights         []nightView
	Lines          []pricing.Line
	Unfolded       bool // the steps of the price are in sight
}

type nightView struct {
	Date   stay.Date
	Amount money.Amount
}

func viewTerms(t booking.Terms, house property.Property, now time.Time) (termsView, error) {
	zone, err := stay.Zone(house.Zone)
	if err != nil {
		return termsView{}, err
	}
	v := termsView{
		RoomType: t.RoomTypeName, Plan: t.PlanName, Board: boardWords(t.Board),
		Party: partyWords(t.Party), Dates: stayWords(t.Stay), Lines: t.Lines,
		Total: t.Price(), Pay: payWords(t), OnSite: onSite(t.Price(), money.Of(t.DueAtProperty, t.Currency)),
		PerNight: money.Of(t.Total/int64(t.Stay.Nights()), t.Currency),
	}
	if t.DueAtProperty == t.Total {
		v.OnSite = "" // Pay says it
	}
	for i, minor := range t.Nights {
		v.Nights = append(v.Nights, nightView{Date: t.Stay.Arrival.Add(i), Amount: money.Of(minor, t.Currency)})
	}
	stages, err := t.Cancelling(zone).Stages(t.Cancellation)
	if err != nil {
		return termsView{}, err
	}
	v.Cancel, v.Free = cancelWords(stages, t.Price(), zone, now)
	return v, nil
}

// cancelWords says what leaving costs and from when; a step whose time has come
// before now is the one that the words begin with.
func cancelWords(stages []rate.Stage, total money.Amount, zone *time.Location, now time.Time) (words []string, free bool) {
	current := -1
	for i, s := range stages {
		if !s.Since.After(now) {
			current = i
		}
	}
	later := stages[current+1:]
	if free = current < 0 || stages[current].Fee.IsZero(); free {
		if len(later) == 0 {
			return []string{"Free cancellation until you arrive"}, true
		}
		words = append(words, "Free cancellation until "+instantWords(later[0].Since, zone))
	} else {
		fee := stages[current].Fee
		if fee == total && len(later) == 0 {
			return []string{"Not refundable: cancelling costs the whole price"}, false
		}
		words = append(words, "Cancelling now costs "+feeWords(fee, total))
	}
	for i, s := range later {
		from := "After that"
		if i > 0 || !free {
			from = "From " + instantWords(s.Since, zone)
		}
		words = append(words, from+" it costs "+feeWords(s.Fee, total))
	}
	return words, free
}

func feeWords(fee, total money.Amount) string {
	switch {
	case fee.IsZero():
		return "nothing"
	case fee == total:
		return "the whole price, " + amountWords(fee)
	}
	return amountWords(fee)
}

func boardWords(b rate.Board) string {
	switch b {
	case rate.BedAndBreakfast:
		return "Breakfast included"
	case rate.HalfBoard:
		return "Breakfast and dinner included"
	case rate.FullBoard:
		return "All meals included"
	case rate.AllInclusive:
		return "All inclusive: meals and drinks"
	}
	return "Without meals"
}

// payWords says when money moves.
func payWords(t booking.Terms) string {
	switch t.Payment.Kind {
	case rate.CardGuarantee:
		return "Pay at the property; a card guarantees the booking"
	case rate.PayNow:
		return "You pay " + amountWords(money.Of(t.DueNow, t.Currency)) + " now"
	case rate.Deposit:
		return "You pay a deposit of " + amountWords(money.Of(t.DueNow, t.Currency)) + " now, the rest later"
	}
	return "Pay at the property; no card needed"
}

// onSite says what of the total is due at the property, when it is a part.
func onSite(total, atProperty money.Amount) string {
	switch {
	case atProperty.Minor <= 0:
		return ""
	case atProperty == total:
		return "Paid at the property"
	}
	return amountWords(atProperty) + " of it is paid at the property"
}

// needsCard tells whether a hold has a rate that a card must guarantee.
func needsCard(b booking.Booking) bool {
	for _, r := range b.Stays {
		if r.Terms.Payment.Kind == rate.CardGuarantee {
			return true
		}
	}
	return false
}
