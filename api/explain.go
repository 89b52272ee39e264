package api

import (
	"context"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
)

// Explanation says why a product can or cannot be booked.
type Explanation struct {
	RoomTypeID string    `json:"room_type_id"`
	RoomType   string    `json:"room_type"`
	PlanID     string    `json:"rate_plan_id"`
	Plan       string    `json:"rate_plan"`
	Party      Party     `json:"party"`
	Bookable   bool      `json:"bookable"`
	Free       int       `json:"free" doc:"Rooms left on the fullest night"`
	Refusals   []Refusal `json:"refusals" doc:"Every rule that says no" nullable:"false"`
	Steps      []Step    `json:"steps" doc:"Each step of the price; they sum to total. Empty when a night has no price" nullable:"false"`
	Total      *Money    `json:"total,omitempty"`
	Text       string    `json:"text" doc:"The same as sentences, one a line"`
}

// Refusal is one rule that says no.
type Refusal struct {
	Code string `json:"code" example:"los_below_min"`
	Text string `json:"text"`
	Date string `json:"date,omitempty" doc:"The day that it was judged on; absent for the stay as a whole"`
}

// Step is one step of a price.
type Step struct {
	Kind   string `json:"kind" example:"base"`
	Date   string `json:"date,omitempty"`
	Code   string `json:"code,omitempty"`
	Amount string `json:"amount" doc:"Exact decimal number in the property's currency, before rounding"`
	Text   string `json:"text"`
}

// Explanations is the answer of explain.
type Explanations struct {
	Property PropertySummary `json:"property"`
	Products []Explanation   `json:"products" nullable:"false"`
}

func (d *door) explain(ctx context.Context, c *call, in *stayInput) (Explanations, error) {
	q, err := in.query(c.Caller)
	if err != nil {
		return Explanations{}, err
	}
	reasons, err := d.Bookings.Explain(ctx, q)
	if err != nil {
		return Explanations{}, err
	}
	out := Explanations{Property: summaryOf(reasons.Property), Products: []Explanation{}}
	for _, e := range reasons.Products {
		out.Products = append(out.Products, explanationOf(e, reasons.Property.Currency))
	}
	return out, nil
}

func explanationOf(e booking.Explained, currency money.Currency) Explanation {
	wire := Explanation{
		RoomTypeID: e.RoomType.ID, RoomType: e.RoomType.Name, PlanID: e.Plan.ID, Plan: e.Plan.Name,
		Party: partyOf(e.Party), Bookable: len(e.Refusals) == 0, Free: e.Free,
		Refusals: []Refusal{}, Steps: []Step{}, Text: e.Text(),
	}
	for _, r := range e.Refusals {
		refusal := Refusal{Code: r.Code, Text: r.Text}
		if r.Date != 0 {
			refusal.Date = r.Date.String()
		}
		wire.Refusals = append(wire.Refusals, refusal)
	}
	for _, s := range e.Steps {
		step := Step{Kind: string(s.Kind), Code: s.Code, Amount: decimalOf(s.Amount, currency), Text: s.Text}
		if s.Date != 0 {
			step.Date = s.Date.String()
		}
		wire.Steps = append(wire.Steps, step)
	}
	if len(e.Steps) > 0 {
		total := moneyOf(e.Total)
		wire.Total = &total
	}
	return wire
}
