package world

import (
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// plans is under which terms the house sells: one plan with prices of its own
// and others derived from it, with the calendars of the first.
func (h *house) plans() ([]rate.Plan, []rate.Calendar) {
	root := h.rootPlan()
	all := []rate.Plan{root}
	derive := func(code, name string, factor int64, change func(*rate.Plan)) {
		p := root
		p.ID, p.Code, p.Name = h.planID(code), code, name
		p.Derivation = &rate.Derivation{ParentID: root.ID, Factor: factor}
		p.Offers = nil // an offer is not given on top of a reduced price
		change(&p)
		all = append(all, p)
	}
	if h.property.Kind != "hostel" || h.dice.chance(40) {
		derive("NRF", "Non-Refundable", int64(8_500+h.dice.between(0, 10)*50), nonRefundable)
	}
	h.boardPlans(root, derive)
	if h.dice.chance(25) {
		days := h.dice.between(2, 4) * 15
		derive("EARLY", "Early Bird", 9_000, func(p *rate.Plan) {
			p.Conditions.MinAdvance = new(days)
			p.Cancellation = steps(14, 0)
		})
	}
	if h.isResort() && h.dice.chance(45) {
		derive("WEEK", "Week: 7 = 6", 10_000, func(p *rate.Plan) {
			p.Conditions.MinStay = new(7)
			p.Offers = []rate.Offer{{Kind: rate.FreeNights, Name: "Stay 7, pay 6", NightsRequired: 7, NightsFree: 1}}
			p.Cancellation = steps(7, 0)
		})
	}
	if h.hints.Prepaid {
		derive("PREPAID", "Pay Now", 9_200, func(p *rate.Plan) { p.Payment = rate.PaymentTerm{Kind: rate.PayNow} })
		derive("DEPOSIT", "With a Deposit", 9_600, func(p *rate.Plan) {
			p.Payment = rate.PaymentTerm{Kind: rate.Deposit, DepositPercent: money.RatOf(30, 1), RestDaysBefore: new(7)}
		})
	}
	return all, h.calendars(root)
}

func nonRefundable(p *rate.Plan) {
	p.Cancellation = []rate.CancellationStep{{Always: true, Percent: money.RatOf(100, 1)}}
	p.Payment = rate.PaymentTerm{Kind: rate.CardGuarantee}
}

// boardPlans adds what there is to eat beside what the root plan includes.
func (h *house) boardPlans(root rate.Plan, derive func(string, string, int64, func(*rate.Plan))) {
	switch {
	case root.Board == rate.HalfBoard:
		derive("BB", "Bed & Breakfast", 8_300, func(p *rate.Plan) { p.Board = rate.BedAndBreakfast })
	case root.Board == rate.RoomOnly && h.property.Kind == "hotel":
		derive("BB", "With Breakfast", 10_000, func(p *rate.Plan) {
			p.Board = rate.BedAndBreakfast
			p.Supplements = append(h.meal("breakfast", "Breakfast buffet", 1_400, true), h.extras(false)...)
		})
	case h.isResort() && h.has("restaurant") && h.dice.chance(60):
		derive("HB", "Half Board", 10_000, func(p *rate.Plan) {
			p.Board = rate.HalfBoard
			p.Supplements = append(h.meal("half_board", "Dinner", 2_600, true), h.extras(false)...)
		})
	}
}

func (h *house) isResort() bool {
	return h.style == Sea || h.style == Ski || h.style == Lake || h.style == Country
}

// rootCode is of the plan from which the others are derived.
const rootCode = "FLEX"

// rootPlan is the flexible plan.
func (h *house) rootPlan() rate.Plan {
	board := h.rootBoard()
	p := rate.Plan{
		ID: h.planID(rootCode), PropertyID: h.property.ID, Code: rootCode, Name: "Flexible", Currency: h.property.Currency,
		Board: board, Basis: rate.PerRoom, UnitNights: 1,
		Offers:       h.offers(),
		Supplements:  h.extras(board == rate.RoomOnly),
		Cancellation: h.terms(),
		Payment:      rate.PaymentTerm{Kind: rate.AtProperty},
	}
	if h.perPerson {
		p.Basis, p.Name = rate.PerPerson, "Half Board"
	}
	if h.property.Kind == "hostel" {
		p.Ages.NoKids = h.dice.chance(30)
	}
	if h.tier >= 3 && h.dice.chance(60) {
		p.Payment.Kind = rate.CardGuarantee
	}
	return p
}

func (h *house) rootBoard() rate.Board {
	switch {
	case h.perPerson:
		return rate.HalfBoard
	case h.property.Country == "MV" && h.tier == 5 && h.dice.chance(40):
		return rate.AllInclusive
	case h.property.Kind == "apartment" || h.property.Kind == "motel":
		return rate.RoomOnly
	case h.property.Kind == "hostel" && h.dice.chance(75), h.dice.chance(40):
		return rate.RoomOnly
	default:
		return rate.BedAndBreakfast
	}
}

func (h *house) planID(code string) string {
	return id("plan", h.hints.Region, h.property.ID, code)
}

// terms is how long cancelling is free, and what it costs after that.
func (h *house) terms() []rate.CancellationStep {
	days := []int{0, 1, 1, 2, 3}[h.dice.IntN(5)]
	if h.isResort() {
		days = []int{3, 7, 14, 14, 21}[h.dice.IntN(5)]
	}
	return steps(days, h.dice.IntN(3))
}

var evening = stay.Clock(18 * 60)

// steps are terms that begin at six in the evening so many days ahead: the
// first night, half of the total, or half and later all of it.
func steps(days, shape int) []rate.CancellationStep {
	first := rate.CancellationStep{DaysBefore: days, Until: evening}
	switch {
	case shape == 0 || days < 2:
		first.Nights = 1
		return []rate.CancellationStep{first}
	case shape == 1:
		first.Percent = money.RatOf(50, 1)
		return []rate.CancellationStep{first}
	}
	first.Percent = money.RatOf(50, 1)
	last := rate.CancellationStep{DaysBefore: 1, Until: evening, Percent: money.RatOf(90, 1)}
	return []rate.CancellationStep{first, last}
}

// offers of the flexible plan.
func (h *house) offers() []rate.Offer {
	var all []rate.Offer
	if h.isResort() && h.dice.chance(40) && h.property.Kind != "hostel" {
		all = append(all, rate.Offer{
			Kind: rate.Family, Name: "One child stays free", ChildBelow: h.dice.between(3, 8), MinChildren: 1, MaxFree: 1,
		})
	}
	if h.dice.chance(30) {
		all = append(all, rate.Offer{
			Kind: rate.Percent, Name: "Last minute", OffPercent: money.RatOf(int64(h.dice.between(5, 12)), 1), MaxAdvance: new(3),
		})
	}
	if h.dice.chance(25) {
		all = append(all, rate.Offer{
			Kind: rate.Percent, Name: "Long stay", OffPercent: money.RatOf(8, 1), MinStay: new(h.dice.between(5, 10)),
		})
	}
	return all
}

// extras are what a guest may add; breakfast where the price has none.
func (h *house) extras(breakfast bool) []rate.Supplement {
	var all []rate.Supplement
	if breakfast && h.property.Kind == "hotel" {
		all = append(all, h.meal("breakfast", "Breakfast buffet", 1_400, false)...)
	}
	if h.has("parking") {
		all = append(all, h.supplement("parking", "Parking space", rate.EachNight, 1_200, false))
	}
	if h.has("pets") {
		all = append(all, h.supplement("pet", "Dog", rate.EachNight, 1_500, false))
	}
	if h.has("airport_shuttle") {
		all = append(all, h.supplement("transfer", "Airport transfer", rate.Once, 3_500, false))
	}
	return all
}

func (h *house) meal(code, name string, cents int64, mandatory bool) []rate.Supplement {
	return []rate.Supplement{h.supplement(code, name, rate.EachPersonNight, cents*int64(2+h.tier)/5, mandatory)}
}

func (h *house) supplement(code, name string, rhythm rate.Rhythm, cents int64, mandatory bool) rate.Supplement {
	return rate.Supplement{
		Code: code, Name: name, Mandatory: mandatory, Rhythm: rhythm, Days: stay.EveryDay,
		Amounts: []rate.SupplementAmount{{
			From: h.hints.Today.Add(-1), Through: h.hints.Today.Add(inventory.Horizon),
			Amount: h.market.amount(cents * int64(h.market.level) / 100),
		}},
	}
}

var saturday = stay.DaysOf(time.Saturday)
