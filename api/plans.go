package api

import (
	"context"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/rate"
)

// PlanContent is everything about a rate plan that does not depend on the night.
type PlanContent struct {
	Code      string `json:"code" minLength:"1" maxLength:"200" example:"BAR"`
	Name      string `json:"name" minLength:"1" maxLength:"200" pattern:"^[^<>]*$" example:"Best available rate"`
	Currency  string `json:"currency" minLength:"3" maxLength:"3" doc:"That of the property"`
	Closed    bool   `json:"closed,omitempty" doc:"Not sold at all"`
	PromoCode string `json:"promo_code,omitempty" maxLength:"100" doc:"Sold only with this code"`
	Board     string `json:"board" enum:"room_only,bed_and_breakfast,half_board,full_board,all_inclusive"`

	Basis       string `json:"basis" enum:"per_room,per_person" doc:"Whom a base amount is for"`
	UnitNights  int    `json:"unit_nights,omitempty" minimum:"0" maximum:"90" doc:"Nights that an amount is for; 0 reads as 1"`
	NextHigher  bool   `json:"next_higher,omitempty" doc:"An occupancy without a price takes the next higher one"`
	FillWithKid bool   `json:"children_fill_standard,omitempty" doc:"Children pay in full, oldest first, until the standard occupancy is reached"`
	RoundNights bool   `json:"round_nights,omitempty" doc:"Round each night instead of each charge line"`

	Ages         *Ages        `json:"ages,omitempty"`
	Guests       *GuestLimits `json:"guests,omitempty"`
	Conditions   *Conditions  `json:"conditions,omitempty"`
	Derivation   *Derivation  `json:"derivation,omitempty"`
	Offers       []PlanOffer  `json:"offers,omitempty" maxItems:"50" nullable:"false"`
	Supplements  []Supplement `json:"supplements,omitempty" maxItems:"100" nullable:"false"`
	Cancellation []CancelStep `json:"cancellation,omitempty" maxItems:"20" doc:"Absent: free until the end" nullable:"false"`
	Payment      PaymentTerm  `json:"payment"`
}

// Ages says which guests are adults and which children are taken.
type Ages struct {
	AdultFrom  *int `json:"adult_from,omitempty" minimum:"0" maximum:"200"`
	ChildFrom  *int `json:"child_from,omitempty" minimum:"0" maximum:"200"`
	ChildBelow *int `json:"child_below,omitempty" minimum:"0" maximum:"200"`
	NoChildren bool `json:"no_children,omitempty"`
}

// GuestLimits bounds the party; absent restricts nothing.
type GuestLimits struct {
	MinAdults   *int `json:"min_adults,omitempty" minimum:"0" maximum:"30"`
	MaxAdults   *int `json:"max_adults,omitempty" minimum:"0" maximum:"30"`
	MinChildren *int `json:"min_children,omitempty" minimum:"0" maximum:"30"`
	MaxChildren *int `json:"max_children,omitempty" minimum:"0" maximum:"30"`
}

// Conditions bind the stay as a whole.
type Conditions struct {
	MinStay       *int     `json:"min_stay,omitempty" minimum:"0" maximum:"3660"`
	MaxStay       *int     `json:"max_stay,omitempty" minimum:"0" maximum:"3660"`
	ArrivalDays   []string `json:"arrival_days,omitempty" maxItems:"7" nullable:"false"`
	DepartureDays []string `json:"departure_days,omitempty" maxItems:"7" nullable:"false"`
	MinAdvance    *int     `json:"min_advance,omitempty" minimum:"0" maximum:"3660"`
	MaxAdvance    *int     `json:"max_advance,omitempty" minimum:"0" maximum:"3660"`
}

// Derivation computes night prices from the parent's: parent × factor / 10,000 + amount.
type Derivation struct {
	ParentID string `json:"parent_id" minLength:"1" maxLength:"64"`
	Factor   int64  `json:"factor" minimum:"0" maximum:"1000000" doc:"Ten-thousandths: 9000 is 10 % off"`
	Amount   string `json:"amount,omitempty" maxLength:"40" doc:"Added to each night, may be negative" example:"-5.00"`
}

// PlanOffer is a discount with its conditions.
type PlanOffer struct {
	Kind           string `json:"kind" enum:"free_nights,family,percent"`
	Code           string `json:"code,omitempty" maxLength:"200"`
	Name           string `json:"name,omitempty" maxLength:"200"`
	NightsRequired int    `json:"nights_required,omitempty" minimum:"0" maximum:"3660"`
	NightsFree     int    `json:"nights_free,omitempty" minimum:"0" maximum:"3660"`
	Repeating      bool   `json:"repeating,omitempty"`
	ChildBelow     int    `json:"child_below,omitempty" minimum:"0" maximum:"200"`
	MinChildren    int    `json:"min_children,omitempty" minimum:"0" maximum:"30"`
	MaxFree        int    `json:"max_free,omitempty" minimum:"0" maximum:"30"`
	OffPercent     string `json:"off_percent,omitempty" maxLength:"40" example:"10"`
	MinStay        *int   `json:"min_stay,omitempty" minimum:"0" maximum:"3660"`
	MaxStay        *int   `json:"max_stay,omitempty" minimum:"0" maximum:"3660"`
	MinAdvance     *int   `json:"min_advance,omitempty" minimum:"0" maximum:"3660"`
	MaxAdvance     *int   `json:"max_advance,omitempty" minimum:"0" maximum:"3660"`
	PromoCode      string `json:"promo_code,omitempty" maxLength:"100"`
	From           string `json:"from,omitempty" maxLength:"10"`
	Through        string `json:"through,omitempty" maxLength:"10"`
}

// Supplement is a mandatory charge or an optional extra.
type Supplement struct {
	Code      string             `json:"code" minLength:"1" maxLength:"200"`
	Name      string             `json:"name" maxLength:"200"`
	Mandatory bool               `json:"mandatory,omitempty"`
	Rhythm    string             `json:"rhythm" enum:"each_night,each_person_night,each_stay,each_person,once"`
	Weekdays  []string           `json:"weekdays,omitempty" maxItems:"7" nullable:"false"`
	Amounts   []SupplementAmount `json:"amounts" maxItems:"1000" nullable:"false"`
}

// SupplementAmount is what a supplement costs on the nights from..through.
type SupplementAmount struct {
	From       string `json:"from" maxLength:"10"`
	Through    string `json:"through" maxLength:"10"`
	RoomTypeID string `json:"room_type_id,omitempty" maxLength:"64"`
	Amount     string `json:"amount" maxLength:"40"`
}

// CancelStep is one step of the cancellation terms: from then on the fee is due.
type CancelStep struct {
	DaysBefore int    `json:"days_before,omitempty" minimum:"-3660" maximum:"3660" doc:"Calendar days before arrival"`
	Until      string `json:"until,omitempty" maxLength:"5" doc:"Wall time at the property" example:"18:00"`
	Always     bool   `json:"always,omitempty" doc:"From the moment of booking: non-refundable"`
	Percent    string `json:"percent,omitempty" maxLength:"40" doc:"Of the total"`
	Nights     int    `json:"nights,omitempty" minimum:"0" maximum:"90" doc:"The price of the first so many nights"`
	Amount     string `json:"amount,omitempty" maxLength:"40"`
}

// PaymentTerm is when the guest pays.
type PaymentTerm struct {
	Kind           string `json:"kind" enum:"pay_now,deposit,at_property,card_guarantee"`
	DepositPercent string `json:"deposit_percent,omitempty" maxLength:"40"`
	RestDaysBefore *int   `json:"rest_days_before,omitempty" minimum:"0" maximum:"3660"`
}

// Plan is a rate plan as it is kept.
type Plan struct {
	ID      string `json:"id"`
	Version int64  `json:"version" doc:"Its ETag"`
	PlanContent
}

// Plans is the plans of a property.
type Plans struct {
	Plans []Plan `json:"rate_plans" nullable:"false"`
}

type planInput struct {
	PropertyPath
	Body PlanContent
}

type planUpdate struct {
	PropertyPath
	PlanID string `path:"rate_plan_id" maxLength:"64"`
	Body   PlanContent
}

func (d *door) planRoutes() {
	write[planInput, Plan](d, route{
		id: "create-rate-plan", method: http.MethodPost, path: "/v1/properties/{property_id}/rate-plans", tag: "Properties",
		status: http.StatusCreated, rule: house(account.WriteProperties), summary: "Add a rate plan; it is sold once it has prices",
	}, d.createPlan)
	read(d, route{
		id: "list-rate-plans", method: http.MethodGet, path: "/v1/properties/{property_id}/rate-plans", tag: "Properties",
		rule: house(account.ReadProperties), summary: "The rate plans of a property",
	}, d.listPlans)
	write[planUpdate, Plan](d, route{
		id: "update-rate-plan", method: http.MethodPut, path: "/v1/properties/{property_id}/rate-plans/{rate_plan_id}",
		tag: "Properties", expects: true, rule: house(account.WriteProperties), summary: "Replace what a rate plan says",
	}, d.updatePlan)
}

func (d *door) createPlan(ctx context.Context, c *call, in *planInput) (answer, error) {
	p, err := in.Body.plan()
	if err != nil {
		return answer{}, err
	}
	if p.Currency != c.property.Currency {
		return answer{}, fault("body.currency", "must be the currency of the property")
	}
	p.PropertyID = in.PropertyID
	cmd := command(c, func(p rate.Plan) (int, []byte) { return http.StatusCreated, encode(planOf(p)) })
	return given(d.Rates.CreatePlan(ctx, cmd, p))
}

func (d *door) updatePlan(ctx context.Context, c *call, in *planUpdate) (answer, error) {
	expect, err := c.mustExpect()
	if err != nil {
		return answer{}, err
	}
	wanted, err := in.Body.plan()
	if err != nil {
		return answer{}, err
	}
	cmd := command(c, func(p rate.Plan) (int, []byte) { return http.StatusOK, encode(planOf(p)) })
	return given(d.Rates.UpdatePlan(ctx, cmd, in.PropertyID, in.PlanID, expect, func(p *rate.Plan) { *p = wanted }))
}

func (d *door) listPlans(ctx context.Context, _ *call, in *PropertyPath) (Plans, error) {
	plans, err := d.Rates.Plans(ctx, in.PropertyID)
	if err != nil {
		return Plans{}, err
	}
	out := Plans{Plans: []Plan{}}
	for _, p := range plans {
		out.Plans = append(out.Plans, planOf(p))
	}
	return out, nil
}
