package alpinebits

import (
	"io"
	"strings"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// NotifType says what a rate plan of a message does to the plan of that code
// which the receiver holds.
type NotifType string

// New and Full (its name since 2024-10) hold the whole plan, Overlay replaces
// parts of it, Remove takes it away.
const (
	New     NotifType = "New"
	Full    NotifType = "Full"
	Overlay NotifType = "Overlay"
	Remove  NotifType = "Remove"
)

// RatePlans is an OTA_HotelRatePlanNotifRQ.
type RatePlans struct {
	HotelCode   string
	CompleteSet bool // replaces every plan of the hotel
	Plans       []RatePlan
}

// RatePlan is a plan with the calendars of its room categories.
type RatePlan struct {
	Notif      NotifType
	Plan       rate.Plan                // ID and Code are the RatePlanCode
	Categories []string                 // as they first appear under Rates
	Calendars  map[string]rate.Calendar // by category
	House      rate.Calendar            // rules for every category
}

// ReadRatePlans reads an OTA_HotelRatePlanNotifRQ of version 2018-10, 2020-10,
// 2022-10 or 2024-10. It fails with ErrMessage, for what lies in the message
// with a *MessageError.
//
// Elements that it does not know are skipped. RatePlan's own Start and End,
// MinGuestApplicable and Duration say nothing about a price and are not read.
func ReadRatePlans(from io.Reader) (RatePlans, error) {
	root, err := parse(from)
	if err != nil {
		return RatePlans{}, err
	}
	r := &reader{}
	if root.name != "OTA_HotelRatePlanNotifRQ" {
		r.fail(root, "", "OTA_HotelRatePlanNotifRQ, the rate plans message")
	}
	message := RatePlans{HotelCode: r.text(root.first("RatePlans"), "HotelCode")}
	message.CompleteSet = r.text(root.first("UniqueID"), "Instance") == "CompleteSet"
	for _, e := range root.below("RatePlans", "RatePlan") {
		message.Plans = append(message.Plans, r.ratePlan(e))
		if r.err != nil {
			return RatePlans{}, r.err
		}
	}
	return message, r.err
}

func (r *reader) ratePlan(e *element) RatePlan {
	p := RatePlan{Notif: NotifType(r.oneOf(e, "RatePlanNotifType", string(New), string(Full), string(Overlay), string(Remove)))}
	if p.Notif == "" {
		p.Notif = New
	}
	code := r.text(e, "RatePlanCode")
	p.Plan = rate.Plan{
		ID: code, Code: code, Name: title(e), FillWithKid: true,
		Payment: rate.PaymentTerm{Kind: rate.AtProperty},
	}
	if p.Notif == Remove {
		return p
	}
	p.Plan.Currency = money.Currency(r.required(e, "CurrencyCode"))
	if !p.Plan.Currency.Valid() {
		r.fail(e, "CurrencyCode", "an ISO 4217 currency in use")
	}
	r.rates(e, &p)
	r.bookingRules(e, &p)
	r.supplements(e, &p)
	r.offers(e, &p)
	for category, c := range p.Calendars {
		c.PlanID, c.RoomTypeID = code, category
		p.Calendars[category] = c
	}
	p.House.PlanID = code
	return p
}

// mealPlans are the OTA codes that AlpineBits allows.
var mealPlans = map[string]rate.Board{
	"1": rate.AllInclusive, "3": rate.BedAndBreakfast, "10": rate.FullBoard, "12": rate.HalfBoard, "14": rate.RoomOnly,
}

// rates reads the static Rate, which comes first, and the dated ones.
func (r *reader) rates(e *element, p *RatePlan) {
	p.Calendars = map[string]rate.Calendar{}
	rates := e.below("Rates", "Rate")
	if len(rates) > 0 && r.text(rates[0], "InvTypeCode") == "" {
		r.staticRate(rates[0], p)
		rates = rates[1:]
	} else if len(rates) > 0 && p.Notif != Overlay {
		r.fail(rates[0], "InvTypeCode", "absent: the first Rate is the static one")
	}
	for _, dated := range rates {
		category := r.required(dated, "InvTypeCode")
		c, seen := p.Calendars[category]
		if !seen {
			p.Categories = append(p.Categories, category)
		}
		c.Prices = append(c.Prices, r.price(dated, p.Plan.Currency))
		p.Calendars[category] = c
	}
}

func (r *reader) staticRate(e *element, p *RatePlan) {
	if n := r.integer(e, "UnitMultiplier"); n != nil {
		p.Plan.UnitNights = r.count(e, "UnitMultiplier", 1)
	}
	r.oneOf(e, "RateTimeUnit", "Day")
	base := e.below("BaseByGuestAmts", "BaseByGuestAmt")
	if len(base) == 0 {
		r.fail(e, "", "a static Rate with a BaseByGuestAmt that has a Type")
		return
	}
	switch r.oneOf(base[0], "Type", "7", "25") {
	case "7":
		p.Plan.Basis = rate.PerPerson
	case "25":
		p.Plan.Basis = rate.PerRoom
	default:
		r.fail(base[0], "Type", "7 (per person) or 25 (per room)")
	}
	p.Plan.Board = mealPlans[r.text(e.first("MealsIncluded"), "MealPlanCodes")]
}

func (r *reader) price(e *element, c money.Currency) rate.Price {
	price := rate.Price{Span: r.span(e)}
	for _, b := range e.below("BaseByGuestAmts", "BaseByGuestAmt") {
		if own := r.text(b, "CurrencyCode"); own != "" && own != string(c) {
			r.fail(b, "CurrencyCode", "that of the RatePlan")
		}
		if has(b, "NumberOfGuests") && has(b, "AmountAfterTax") { // else it is a price for no number of guests
			price.Base = append(price.Base, rate.Base{Guests: r.count(b, "NumberOfGuests", 1), Amount: r.amount(b, "AmountAfterTax", c)})
		}
	}
	for _, a := range e.below("AdditionalGuestAmounts", "AdditionalGuestAmount") {
		if !has(a, "Amount") {
			continue
		}
		amount := r.amount(a, "Amount", c)
		switch code := r.text(a, "AgeQualifyingCode"); {
		case code == adults && price.ExtraAdult == nil:
			price.ExtraAdult = &amount
		case code == children:
			from, below := r.ages(a)
			price.Children = append(price.Children, rate.ChildPrice{From: value(from), Below: value(below), Amount: amount})
		}
	}
	return price
}

// AgeQualifyingCodes.
const (
	adults   = "10"
	children = "8"
)

// ages reads a bracket MinAge <= age < MaxAge; nil where an end is missing.
func (r *reader) ages(e *element) (from, below *int) {
	from = r.integer(e, "MinAge")
	if has(e, "MaxAge") {
		below = ptr(r.count(e, "MaxAge", 1))
	}
	return from, below
}

func value(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func (r *reader) bookingRules(e *element, p *RatePlan) {
	for _, b := range e.below("BookingRules", "BookingRule") {
		rule := rate.Rule{Span: r.span(b)}
		limits := r.lengths(b)
		rule.MinStayArrival, rule.MaxStayArrival = limits["SetMinLOS"], limits["SetMaxLOS"]
		rule.MinStayThrough, rule.MaxStayThrough = limits["SetForwardMinStay"], limits["SetForwardMaxStay"]
		rule.ArrivalDays, rule.DepartureDays = r.ends(b)
		for _, s := range b.children {
			if s.name == "RestrictionStatus" && r.oneOf(s, "Status", "Open", "Close") == "Close" {
				rule.Closed = true
			}
		}
		category := r.text(b, "Code")
		if category == "" {
			p.House.Rules = append(p.House.Rules, rule)
			continue
		}
		c := p.Calendars[category]
		c.Rules = append(c.Rules, rule)
		p.Calendars[category] = c
	}
}

// offers reads the rule that comes first, then what is given away.
func (r *reader) offers(e *element, p *RatePlan) {
	p.Plan.Ages.NoKids = true // until an adult MinAge says from when on one is no child
	for i, o := range e.below("Offers", "Offer") {
		discount, guests := o.first("Discount"), o.below("Guests", "Guest")
		if i == 0 {
			if discount != nil || len(guests) > 0 {
				r.fail(o, "", "the one with the OfferRule: it carries no discount")
			}
			for _, rule := range o.below("OfferRules", "OfferRule") {
				r.offerRule(rule, &p.Plan)
			}
			continue
		}
		if _, ok := discount.attribute("NightsRequired"); ok {
			p.Plan.Offers = append(p.Plan.Offers, r.freeNights(discount))
		}
		for _, g := range guests {
			p.Plan.Offers = append(p.Plan.Offers, r.family(g))
		}
	}
}

func (r *reader) offerRule(e *element, p *rate.Plan) {
	seen := map[string]bool{}
	for _, o := range e.children {
		if o.name != "Occupancy" {
			continue
		}
		code := r.oneOf(o, "AgeQualifyingCode", children, adults)
		if code == "" || seen[code] {
			r.fail(o, "AgeQualifyingCode", "8 (child) or 10 (adult), each once")
		}
		seen[code] = true
		from, below := r.ages(o)
		least, most := r.integer(o, "MinOccupancy"), r.integer(o, "MaxOccupancy")
		if code == adults {
			p.Ages.AdultFrom, p.Ages.NoKids = from, from == nil
			p.Guests.MinAdults, p.Guests.MaxAdults = least, most
			continue
		}
		p.Ages.ChildFrom, p.Ages.ChildBelow = from, below
		p.Guests.MinChildren, p.Guests.MaxChildren = least, most
	}
	limits := r.lengths(e)
	p.Conditions.MinStay, p.Conditions.MaxStay = limits["SetMinLOS"], limits["SetMaxLOS"]
	p.Conditions.ArrivalDays, p.Conditions.DepartureDays = r.ends(e)
	p.Conditions.MinAdvance = r.advance(e, "MinAdvancedBookingOffset")
	p.Conditions.MaxAdvance = r.advance(e, "MaxAdvancedBookingOffset")
}

func (r *reader) freeNights(e *element) rate.Offer {
	r.oneOf(e, "Percent", "100")
	o := rate.Offer{Kind: rate.FreeNights, NightsRequired: r.count(e, "NightsRequired", 1), NightsFree: r.count(e, "NightsDiscounted", 1)}
	if o.NightsFree > o.NightsRequired {
		r.fail(e, "NightsDiscounted", "at most NightsRequired")
		return o
	}
	pattern, repeating := e.attribute("DiscountPattern")
	if o.Repeating = repeating; repeating && pattern != strings.Repeat("0", o.NightsRequired-o.NightsFree)+strings.Repeat("1", o.NightsFree) {
		r.fail(e, "DiscountPattern", "a 0 for each night paid, then a 1 for each free night")
	}
	return o
}

func (r *reader) family(e *element) rate.Offer {
	r.oneOf(e, "FirstQualifyingPosition", "1")
	return rate.Offer{
		Kind: rate.Family, ChildBelow: r.count(e, "MaxAge", 1),
		MinChildren: r.count(e, "MinCount", 0), MaxFree: r.count(e, "LastQualifyingPosition", 1),
	}
}

// rhythms are the ChargeTypeCodes: daily, per stay, per person and night, ...
var rhythms = map[string]rate.Rhythm{
	"1": rate.EachNight, "19": rate.EachNight, "21": rate.EachPersonNight,
	"12": rate.EachStay, "18": rate.EachStay, "20": rate.EachPerson, "24": rate.Once,
}

// supplements gathers for each InvCode its static element and its dated ones,
// in whatever order they come. One without a static element is never charged.
func (r *reader) supplements(e *element, p *RatePlan) {
	at := map[string]int{}
	static := map[string]bool{}
	for _, s := range e.below("Supplements", "Supplement") {
		code := r.required(s, "InvCode")
		if _, seen := at[code]; !seen {
			at[code] = len(p.Plan.Supplements)
			p.Plan.Supplements = append(p.Plan.Supplements, rate.Supplement{Code: code, Rhythm: rate.EachNight, Name: code})
		}
		to := &p.Plan.Supplements[at[code]]
		if isDated(s) {
			to.Amounts = append(to.Amounts, r.supplementAmount(s, p.Plan.Currency))
			continue
		}
		if static[code] {
			r.fail(s, "InvCode", "one without another static element (no Amount, no dates)")
		}
		static[code] = true
		r.staticSupplement(s, to)
	}
}

func isDated(e *element) bool { return has(e, "Start") || has(e, "End") || has(e, "Amount") }

func (r *reader) staticSupplement(e *element, to *rate.Supplement) {
	to.Mandatory = r.flag(e, "MandatoryIndicator")
	to.Days = r.prerequisiteDays(e)
	if name := title(e); name != "" {
		to.Name = name
	}
	rhythm, ok := rhythms[r.text(e, "ChargeTypeCode")]
	switch {
	case ok:
		to.Rhythm = rhythm
	case to.Mandatory || has(e, "ChargeTypeCode"):
		r.fail(e, "ChargeTypeCode", "one of 1, 12, 18, 19, 20, 21, 24")
	}
}

// prerequisite is the InvCode of the element's prerequisite of that type; other
// types say nothing.
func (r *reader) prerequisite(e *element, invType string) (*element, string) {
	for _, need := range e.children {
		if need.name == "PrerequisiteInventory" && r.oneOf(need, "InvType", "ALPINEBITSDOW", "ROOMTYPE") == invType {
			return need, r.required(need, "InvCode")
		}
	}
	return nil, ""
}

// prerequisiteDays reads seven digits, Monday first: 0 leaves the night out.
func (r *reader) prerequisiteDays(e *element) stay.Weekdays {
	days := stay.EveryDay
	need, digits := r.prerequisite(e, "ALPINEBITSDOW")
	if need == nil {
		return days
	}
	if len(digits) != 7 || strings.Trim(digits, "01") != "" {
		r.fail(need, "InvCode", "seven digits 0 or 1, Monday first")
		return days
	}
	for i, w := range weekdayNames {
		if digits[i] == '0' {
			days &^= stay.DaysOf(w.day)
		}
	}
	return days
}

func (r *reader) supplementAmount(e *element, c money.Currency) rate.SupplementAmount {
	if has(e, "ChargeTypeCode") || has(e, "MandatoryIndicator") {
		r.fail(e, "", "either static (ChargeTypeCode, no Amount, no dates) or dated")
	}
	s := r.span(e)
	_, category := r.prerequisite(e, "ROOMTYPE")
	return rate.SupplementAmount{From: s.From, Through: s.Through, RoomTypeID: category, Amount: r.amount(e, "Amount", c)}
}
