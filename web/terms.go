package web

import (
	"cmp"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
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
	About          *money.Amount
	Nights         []nightView
	Lines          []pricing.Line
	Unfolded       bool // the steps of the price are in sight
}

type nightView struct {
	Date   stay.Date
	Amount money.Amount
}

func (v voice) terms(t booking.Terms, house property.Property, now time.Time) (termsView, error) {
	zone, err := stay.Zone(house.Zone)
	if err != nil {
		return termsView{}, err
	}
	view := termsView{
		RoomType: t.RoomTypeName, Plan: t.PlanName, Board: v.board(t.Board),
		Party: v.Party(t.Party), Dates: v.Stay(t.Stay), Lines: v.lines(t),
		Total: t.Price(), About: v.about(t.Price()), Pay: v.pay(t), OnSite: v.onSite(t.Price(), money.Of(t.DueAtProperty, t.Currency)),
	}
	if t.DueAtProperty == t.Total {
		view.OnSite = "" // Pay says it
	}
	for i, minor := range t.Nights {
		view.Nights = append(view.Nights, nightView{Date: t.Stay.Arrival.Add(i), Amount: money.Of(minor, t.Currency)})
	}
	stages, err := t.Cancelling(zone).Stages(t.Cancellation)
	if err != nil {
		return termsView{}, err
	}
	view.Cancel, view.Free = v.cancelling(stages, t.Price(), zone, now)
	return view, nil
}

// lines are the steps of the price. Names of taxes and extras are the house's
// own words; what the platform says of the room is in the guest's language.
func (v voice) lines(t booking.Terms) []pricing.Line {
	rooms := 0
	for _, l := range t.Lines {
		if l.Kind == pricing.LineRoom {
			rooms++
		}
	}
	var all []pricing.Line
	for _, l := range t.Lines {
		switch {
		case l.Kind != pricing.LineRoom:
		case t.Contract:
			l.Text = v.Say("price.agreed")
		case rooms == 1:
			l.Text = v.Say("price.room", "nights", v.Nights(t.Stay.Nights()), "party", t.Party)
		case strings.HasSuffix(l.Text, "as booked"):
			l.Text = v.Say("price.room_kept")
		default:
			l.Text = v.Say("price.room_new")
		}
		all = append(all, l)
	}
	return all
}

// cancelling says what leaving costs and from when; a step whose time has come
// before now is the one that the words begin with.
func (v voice) cancelling(stages []rate.Stage, total money.Amount, zone *time.Location, now time.Time) (words []string, free bool) {
	current := -1
	for i, s := range stages {
		if !s.Since.After(now) {
			current = i
		}
	}
	later := stages[current+1:]
	if free = current < 0 || stages[current].Fee.IsZero(); free {
		if len(later) == 0 {
			return []string{v.Say("cancel.always_free")}, true
		}
		words = append(words, v.Say("cancel.free_until", "moment", v.Moment(later[0].Since, zone)))
	} else {
		fee := stages[current].Fee
		if fee == total && len(later) == 0 {
			return []string{v.Say("cancel.never")}, false
		}
		words = append(words, v.Say("cancel.costs", "fee", v.fee(fee, total)))
	}
	for i, s := range later {
		if i == 0 && free {
			words = append(words, v.Say("cancel.after", "fee", v.fee(s.Fee, total)))
			continue
		}
		words = append(words, v.Say("cancel.from", "moment", v.Moment(s.Since, zone), "fee", v.fee(s.Fee, total)))
	}
	return words, free
}

func (v voice) fee(fee, total money.Amount) string {
	switch {
	case fee.IsZero():
		return v.Say("cancel.nothing")
	case fee == total:
		return v.Say("cancel.whole", "amount", fee)
	}
	return v.Money(fee)
}

func (v voice) board(b rate.Board) string {
	return v.Say("board." + cmp.Or(string(b), string(rate.RoomOnly)))
}

// pay says when money moves.
func (v voice) pay(t booking.Terms) string {
	due := money.Of(t.DueNow, t.Currency)
	switch t.Payment.Kind {
	case rate.CardGuarantee:
		return v.Say("pay.guarantee")
	case rate.PayNow:
		return v.Say("pay.now", "amount", due)
	case rate.Deposit:
		return v.Say("pay.deposit", "amount", due)
	}
	return v.Say("pay.property")
}

// onSite says what of the total is due at the property, when it is a part.
func (v voice) onSite(total, atProperty money.Amount) string {
	switch {
	case atProperty.Minor <= 0:
		return ""
	case atProperty == total:
		return v.Say("pay.on_site_all")
	}
	return v.Say("pay.on_site", "amount", atProperty)
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

// sum adds amounts of one booking, which are of one currency.
func sum(amounts ...money.Amount) (money.Amount, error) {
	total := amounts[0]
	for _, a := range amounts[1:] {
		var err error
		if total, err = total.Add(a); err != nil {
			return total, err
		}
	}
	return total, nil
}

// plainWords reads a code as words: "free_wifi" is "Free wifi".
func plainWords(code string) string {
	text := strings.TrimSpace(strings.ReplaceAll(code, "_", " "))
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// scoreKey is the word for a score in tenths of a point.
func scoreKey(tenths int) string {
	switch {
	case tenths >= 90:
		return "score.superb"
	case tenths >= 80:
		return "score.very_good"
	case tenths >= 70:
		return "score.good"
	}
	return "score.fair"
}

// sortKey is a name as lists are ordered by.
func sortKey(name string) string { return search.Fold(name) }
