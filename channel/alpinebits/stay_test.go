package alpinebits_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/channel/alpinebits"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// The parts of a message, small enough to read in a table.

func rates(kind string, unit int, dated ...string) string {
	return fmt.Sprintf(`<Rates><Rate UnitMultiplier="%d" RateTimeUnit="Day"><BaseByGuestAmts><BaseByGuestAmt Type="%s"/></BaseByGuestAmts></Rate>%s</Rates>`, unit, kind, strings.Join(dated, ""))
}

// dated is a Rate of May 2027; more is attributes, amounts go inside.
func dated(category, more string, amounts ...string) string {
	var base, extra []string
	for _, a := range amounts {
		if strings.HasPrefix(a, "<Base") {
			base = append(base, a)
		} else {
			extra = append(extra, a)
		}
	}
	if more == "" {
		more = `Start="2027-05-01" End="2027-05-31"`
	}
	return fmt.Sprintf(`<Rate InvTypeCode="%s" %s><BaseByGuestAmts>%s</BaseByGuestAmts><AdditionalGuestAmounts>%s</AdditionalGuestAmounts></Rate>`,
		category, more, strings.Join(base, ""), strings.Join(extra, ""))
}

func base(guests int, amount string) string {
	return fmt.Sprintf(`<BaseByGuestAmt NumberOfGuests="%d" AgeQualifyingCode="10" AmountAfterTax="%s"/>`, guests, amount)
}

func adult(amount string) string {
	return fmt.Sprintf(`<AdditionalGuestAmount AgeQualifyingCode="10" Amount="%s"/>`, amount)
}

func child(ages, amount string) string {
	return fmt.Sprintf(`<AdditionalGuestAmount AgeQualifyingCode="8" %s Amount="%s"/>`, ages, amount)
}

func rules(rule ...string) string {
	return "<BookingRules>" + strings.Join(rule, "") + "</BookingRules>"
}

func rule(attributes string, inside ...string) string {
	return "<BookingRule " + attributes + ">" + strings.Join(inside, "") + "</BookingRule>"
}

func los(limits ...string) string { // "SetMinLOS=3"
	var all string
	for _, l := range limits {
		kind, time, _ := strings.Cut(l, "=")
		all += fmt.Sprintf(`<LengthOfStay Time="%s" TimeUnit="Day" MinMaxMessageType="%s"/>`, time, kind)
	}
	return "<LengthsOfStay>" + all + "</LengthsOfStay>"
}

func dow(which, flags string) string {
	return "<DOW_Restrictions><" + which + "DaysOfWeek " + flags + "/></DOW_Restrictions>"
}

const (
	closed = `<RestrictionStatus Restriction="Master" Status="Close"/>`
	family = `<Offers><Offer><OfferRules><OfferRule><Occupancy AgeQualifyingCode="10" MinAge="18"/><Occupancy AgeQualifyingCode="8"/></OfferRule></OfferRules></Offer>%s</Offers>`
)

func offerRule(attributes string, inside ...string) string {
	return "<Offers><Offer><OfferRules><OfferRule " + attributes + ">" + strings.Join(inside, "") + "</OfferRule></OfferRules></Offer></Offers>"
}

func occupancy(code int, attributes string) string {
	return fmt.Sprintf(`<Occupancy AgeQualifyingCode="%d" %s/>`, code, attributes)
}

func families(offers ...string) string { return fmt.Sprintf(family, strings.Join(offers, "")) }

func freeNights(required, discounted int, pattern string) string {
	if pattern != "" {
		pattern = ` DiscountPattern="` + pattern + `"`
	}
	return fmt.Sprintf(`<Offer><Discount Percent="100" NightsRequired="%d" NightsDiscounted="%d"%s/></Offer>`, required, discounted, pattern)
}

func freeKids(maxAge, minCount, last int) string {
	return fmt.Sprintf(`<Offer><Discount Percent="100"/><Guests><Guest AgeQualifyingCode="8" MaxAge="%d" MinCount="%d" FirstQualifyingPosition="1" LastQualifyingPosition="%d"/></Guests></Offer>`, maxAge, minCount, last)
}

func supplements(parts ...string) string {
	return "<Supplements>" + strings.Join(parts, "") + "</Supplements>"
}

func static(code, charge, more, inside string) string {
	return fmt.Sprintf(`<Supplement InvType="EXTRA" InvCode="%s" AddToBasicRateIndicator="true" MandatoryIndicator="true" ChargeTypeCode="%s" %s>%s</Supplement>`, code, charge, more, inside)
}

func costs(code, amount, dates, inside string) string {
	return fmt.Sprintf(`<Supplement InvType="EXTRA" InvCode="%s" Amount="%s" %s>%s</Supplement>`, code, amount, dates, inside)
}

func need(kind, code string) string {
	return fmt.Sprintf(`<PrerequisiteInventory InvType="%s" InvCode="%s"/>`, kind, code)
}

// per room: 80 for one, 100 for two; an extra adult 30, a child below 6 nothing, below 14 20.50
var perRoom = rates("25", 1, dated("double", "", base(1, "80"), base(2, "100"), adult("30"), child(`MaxAge="6"`, "0.00"), child(`MinAge="6" MaxAge="14"`, "20.5")))

// per person: 60 for one, 50 each of two
var perPerson = rates("7", 1, dated("double", "", base(1, "60"), base(2, "50"), adult("30"), child(`MaxAge="14"`, "20")))

// wanted is a stay in May 2027 (the 3rd is a Monday) and what README's section "Price of a stay" makes of it.
type wanted struct {
	sentence string
	message  string
	arrive   int // day of May
	nights   int
	adults   int
	children []int
	room     property.RoomType // zero: min 1, std 2, max 4
	booked   int               // days before arrival
	total    string            // of category double; "" refused
	skipped  string            // codes, joined by spaces
}

func (w wanted) check(t *testing.T) {
	t.Helper()
	m, err := alpinebits.ReadRatePlans(strings.NewReader(w.message))
	if err != nil {
		t.Errorf("%s: %v", w.sentence, err)
		return
	}
	room := w.room
	if room.MaxGuests == 0 {
		room = property.RoomType{MinGuests: 1, Standard: 2, MaxGuests: 4}
	}
	room.ID = "double"
	arrival := stay.DateOf(2027, 5, w.arrive)
	answer, err := m.Price(map[string]property.RoomType{"double": room}, pricing.Request{
		Stay:  stay.Stay{Arrival: arrival, Departure: arrival.Add(w.nights)},
		Party: stay.Party{Adults: w.adults, ChildAges: w.children}, BookedOn: arrival.Add(-w.booked),
	})
	if err != nil {
		t.Errorf("%s: %v", w.sentence, err)
		return
	}
	got := ""
	if total, ok := answer.Totals["double"]; ok {
		got = total.Decimal()
	}
	if got != w.total || !slices.Equal(strings.Fields(w.skipped), answer.Skipped) {
		t.Errorf("%s:\n got %q %q, want %q %q", w.sentence, got, answer.Skipped, w.total, w.skipped)
	}
}

func withMax(n int) *int { return &n }

func TestStepsOneToFour(t *testing.T) {
	six := property.RoomType{MinGuests: 2, Standard: 3, MaxGuests: 5, MaxChildren: withMax(3)}
	anyone := families()
	for _, w := range []wanted{
		{sentence: "1: below min", message: message(perRoom, anyone), arrive: 3, nights: 2, adults: 1, room: property.RoomType{MinGuests: 2, Standard: 2, MaxGuests: 4}, skipped: "guests_below_min"},
		{sentence: "1: above max counts children", message: message(perRoom, anyone), arrive: 3, nights: 2, adults: 3, children: []int{1, 2}, skipped: "guests_above_max"},
		{sentence: "1 comes before 2", message: message(perRoom), arrive: 3, nights: 2, adults: 3, children: []int{1, 2}, skipped: "guests_above_max"},
		{sentence: "2: no adult MinAge", message: message(perRoom, adultsOnly), arrive: 3, nights: 2, adults: 2, children: []int{3}, skipped: "children_not_accepted"},
		{sentence: "2: no offer at all", message: message(perRoom), arrive: 3, nights: 2, adults: 2, children: []int{3}, skipped: "children_not_accepted"},
		{sentence: "2: no offer, adults alone", message: message(perRoom), arrive: 3, nights: 2, adults: 2, total: "200.00"},
		{sentence: "2: a child of adult age is refused, before any other age", message: message(perRoom, offerRule("", occupancy(10, `MinAge="16"`), occupancy(8, `MinAge="3"`))), arrive: 3, nights: 2, adults: 2, children: []int{1, 16}, skipped: "child_counts_as_adult"},
		{sentence: "2: children as given, the first that fails", message: message(perRoom, offerRule("", occupancy(10, `MinAge="18"`), occupancy(8, `MinAge="3" MaxAge="12"`))), arrive: 3, nights: 2, adults: 2, children: []int{12, 2}, skipped: "child_too_old"},
		{sentence: "2: MinAge is inclusive", message: message(perRoom, offerRule("", occupancy(10, `MinAge="18"`), occupancy(8, `MinAge="3"`))), arrive: 3, nights: 2, adults: 2, children: []int{3}, total: "200.00"},
		{sentence: "2: too young", message: message(perRoom, offerRule("", occupancy(10, `MinAge="18"`), occupancy(8, `MinAge="3"`))), arrive: 3, nights: 2, adults: 2, children: []int{2}, skipped: "child_too_young"},
		{sentence: "2: MinOccupancy has no code", message: message(perRoom, offerRule("", occupancy(10, `MinOccupancy="2"`))), arrive: 3, nights: 2, adults: 1},
		{sentence: "2: MaxOccupancy of children is inclusive", message: message(perRoom, offerRule("", occupancy(10, `MinAge="18"`), occupancy(8, `MaxOccupancy="1"`))), arrive: 3, nights: 2, adults: 2, children: []int{5}, total: "200.00"},
		{sentence: "2: MaxOccupancy of children", message: message(perRoom, offerRule("", occupancy(10, `MinAge="18"`), occupancy(8, `MaxOccupancy="1"`))), arrive: 3, nights: 2, adults: 2, children: []int{5, 5}},
		{sentence: "2: occupancy before length", message: message(perRoom, offerRule("", los("SetMinLOS=9"), occupancy(10, `MaxOccupancy="1"`))), arrive: 3, nights: 2, adults: 2},
		{sentence: "2: SetMinLOS", message: message(perRoom, offerRule("", los("SetMinLOS=3"), occupancy(10, ""))), arrive: 3, nights: 2, adults: 2, skipped: "offer_rule_stay"},
		{sentence: "2: SetMaxLOS", message: message(perRoom, offerRule("", los("SetMaxLOS=1"), occupancy(10, ""))), arrive: 3, nights: 2, adults: 2, skipped: "offer_rule_stay"},
		{sentence: "2: arrival weekday", message: message(perRoom, offerRule("", dow("Arrival", `Mon="0"`), occupancy(10, ""))), arrive: 3, nights: 2, adults: 2, skipped: "offer_rule_stay"},
		{sentence: "2: departure weekday", message: message(perRoom, offerRule("", dow("Departure", `Weds="false"`), occupancy(10, ""))), arrive: 3, nights: 2, adults: 2, skipped: "offer_rule_stay"},
		{sentence: "2: other weekdays", message: message(perRoom, offerRule("", dow("Departure", `Mon="0" Tue="1" Weds="true"`), occupancy(10, ""))), arrive: 3, nights: 2, adults: 2, total: "200.00"},
		{sentence: "2: advance, equal is allowed", message: message(perRoom, offerRule(`MinAdvancedBookingOffset="P14D" MaxAdvancedBookingOffset="P14D"`, occupancy(10, ""))), arrive: 3, nights: 2, adults: 2, booked: 14, total: "200.00"},
		{sentence: "2: too late has no code", message: message(perRoom, offerRule(`MinAdvancedBookingOffset="P14D"`, occupancy(10, ""))), arrive: 3, nights: 2, adults: 2, booked: 13},
		{sentence: "2: too early has no code", message: message(perRoom, offerRule(`MaxAdvancedBookingOffset="P14D"`, occupancy(10, ""))), arrive: 3, nights: 2, adults: 2, booked: 15},
		{sentence: "3: the oldest child becomes an adult", message: message(perRoom, anyone), arrive: 3, nights: 1, adults: 1, children: []int{5, 13}, total: "100.00"},
		{sentence: "3: max - mch full payers are enough", message: message(rates("25", 1, dated("double", "", base(1, "70"), base(2, "90"), child("", "10")))), arrive: 3, nights: 1, adults: 2, room: six, total: "90.00"},
		{sentence: "3: with mch 3 of 5 two must pay in full", message: message(rates("25", 1, dated("double", "", base(2, "90"), base(3, "120"), child("", "10"))), anyone), arrive: 3, nights: 1, adults: 1, children: []int{4, 9, 12}, room: six, total: "110.00"},
		{sentence: "3: without mch the standard counts", message: message(rates("25", 1, dated("double", "", base(2, "90"), base(3, "120"), child("", "10"))), anyone), arrive: 3, nights: 1, adults: 1, children: []int{4, 9, 12}, room: property.RoomType{MinGuests: 2, Standard: 3, MaxGuests: 5}, total: "130.00"},
		{sentence: "4: the youngest stay free", message: message(perRoom, families(freeKids(14, 1, 1))), arrive: 3, nights: 1, adults: 2, children: []int{13, 7}, total: "120.50"},
		{sentence: "4: MaxAge is exclusive", message: message(perRoom, families(freeKids(7, 1, 1))), arrive: 3, nights: 1, adults: 2, children: []int{7}, total: "120.50"},
		{sentence: "4: fewer than MinCount: ignored", message: message(perRoom, families(freeKids(14, 2, 2))), arrive: 3, nights: 1, adults: 2, children: []int{7}, total: "120.50"},
		{sentence: "4: MinCount 0 with a child", message: message(perRoom, families(freeKids(14, 0, 2))), arrive: 3, nights: 1, adults: 2, children: []int{7}, total: "100.00"},
		{sentence: "4: converted children are not free", message: message(perRoom, families(freeKids(18, 1, 2))), arrive: 3, nights: 1, adults: 1, children: []int{5, 13}, total: "100.00"},
	} {
		w.check(t)
	}
}

func TestStepFive(t *testing.T) {
	may := `Start="2027-05-01" End="2027-05-31"`
	for _, w := range []wanted{
		{sentence: "a night that is closed", message: message(rules(rule(`Start="2027-05-04" End="2027-05-04"`, closed)), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "closed"},
		{sentence: "a closed departure day does not matter", message: message(rules(rule(`Start="2027-05-05" End="2027-05-09"`, closed)), perRoom), arrive: 3, nights: 2, adults: 2, total: "200.00"},
		{sentence: "closed for another category", message: message(rules(rule(may+` CodeContext="ROOMTYPE" Code="single"`, closed)), perRoom), arrive: 3, nights: 2, adults: 2, total: "200.00"},
		{sentence: "closed comes before every other rule", message: message(rules(rule(may, los("SetMinLOS=9")), rule(may, closed)), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "closed"},
		{sentence: "rules with the category's Code come first", message: message(rules(rule(may, los("SetMinLOS=9")), rule(may+` CodeContext="ROOMTYPE" Code="double"`, los("SetMaxLOS=1"))), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "los_above_max"},
		{sentence: "and those without it bind as well", message: message(rules(rule(may, los("SetMinLOS=9")), rule(may+` Code="double"`, los("SetMaxLOS=5"))), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "los_below_min"},
		{sentence: "departure weekday before arrival weekday, in one rule", message: message(rules(rule(may, `<DOW_Restrictions><ArrivalDaysOfWeek Mon="0"/><DepartureDaysOfWeek Weds="0"/></DOW_Restrictions>`)), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "departure_dow"},
		{sentence: "but rule by rule", message: message(rules(rule(may, dow("Arrival", `Mon="0"`)), rule(may, dow("Departure", `Weds="0"`))), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "arrival_dow"},
		{sentence: "the departure rule is that of the departure date", message: message(rules(rule(`Start="2027-05-05" End="2027-05-05"`, dow("Departure", `Weds="0"`))), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "departure_dow"},
		{sentence: "length is judged at arrival", message: message(rules(rule(`Start="2027-05-04" End="2027-05-31"`, los("SetMinLOS=9"))), perRoom), arrive: 3, nights: 2, adults: 2, total: "200.00"},
		{sentence: "SetMinLOS equal is allowed", message: message(rules(rule(may, los("SetMinLOS=2", "SetMaxLOS=2"))), perRoom), arrive: 3, nights: 2, adults: 2, total: "200.00"},
		{sentence: "forward limits on every day, the departure day included", message: message(rules(rule(`Start="2027-05-05" End="2027-05-05"`, los("SetForwardMinStay=3"))), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "booking_rule"},
		{sentence: "forward maximum", message: message(rules(rule(`Start="2027-05-04" End="2027-05-04"`, los("SetForwardMaxStay=1"))), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "booking_rule"},
		{sentence: "forward limits elsewhere", message: message(rules(rule(`Start="2027-05-06" End="2027-05-20"`, los("SetForwardMinStay=9"))), perRoom), arrive: 3, nights: 2, adults: 2, total: "200.00"},
		{sentence: "arrival rules come before forward ones", message: message(rules(rule(may, los("SetForwardMinStay=9")), rule(may, los("SetMinLOS=9"))), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "los_below_min"},
		{sentence: "a rule without dates covers every day", message: message(rules(rule("", los("SetMinLOS=9"))), perRoom), arrive: 3, nights: 2, adults: 2, skipped: "los_below_min"},
		{sentence: "rules come before rates", message: message(rules(rule("", los("SetMinLOS=9"))), perRoom), arrive: 30, nights: 5, adults: 2, skipped: "los_below_min"},
	} {
		w.check(t)
	}
}

func TestStepSix(t *testing.T) {
	halves := rates("25", 1, dated("double", `Start="2027-05-01" End="2027-05-03"`, base(2, "100")), dated("double", `Start="2027-05-04" End="2027-05-31"`, base(2, "120")))
	threes := rates("7", 3, dated("double", `Start="2027-05-01" End="2027-05-04"`, base(2, "100"), child("", "40")), dated("double", `Start="2027-05-05" End="2027-05-31"`, base(2, "110"), child("", "40")))
	for _, w := range []wanted{
		{sentence: "Start and End belong to the rate", message: message(halves), arrive: 3, nights: 2, adults: 2, total: "220.00"},
		{sentence: "a night without a rate", message: message(perRoom), arrive: 30, nights: 3, adults: 2, skipped: "no_rate"},
		{sentence: "the departure day needs none", message: message(perRoom), arrive: 30, nights: 2, adults: 2, total: "200.00"},
		{sentence: "only the exact number counts", message: message(rates("25", 1, dated("double", "", base(1, "80"), base(3, "120")))), arrive: 3, nights: 1, adults: 2, skipped: "no_rate"},
		{sentence: "an amount without NumberOfGuests is for no number", message: message(rates("25", 1, dated("double", "", `<BaseByGuestAmt AmountAfterTax="80"/>`))), arrive: 3, nights: 1, adults: 2, skipped: "no_rate"},
		{sentence: "per room, once", message: message(perRoom), arrive: 3, nights: 1, adults: 2, total: "100.00"},
		{sentence: "adults beyond the standard", message: message(perRoom), arrive: 3, nights: 1, adults: 4, total: "160.00"},
		{sentence: "no adult is sold beyond it", message: message(rates("25", 1, dated("double", "", base(2, "100")))), arrive: 3, nights: 1, adults: 3, skipped: "no_rate"},
		{sentence: "per person, each", message: message(perPerson), arrive: 3, nights: 1, adults: 2, total: "100.00"},
		{sentence: "per person, one", message: message(perPerson), arrive: 3, nights: 1, adults: 1, total: "60.00"},
		{sentence: "per person: the price for the party, the free child included", message: message(rates("7", 1, dated("double", "", base(1, "60"), base(2, "50"), base(3, "45"), child("", "20"))), families(freeKids(14, 1, 1))), arrive: 3, nights: 1, adults: 2, children: []int{3}, room: property.RoomType{MinGuests: 1, Standard: 3, MaxGuests: 4, MaxChildren: withMax(2)}, total: "90.00"},
		{sentence: "a child pays even where base places are left", message: message(rates("7", 1, dated("double", "", base(3, "45"), child("", "20"))), families()), arrive: 3, nights: 1, adults: 2, children: []int{3}, room: property.RoomType{MinGuests: 1, Standard: 3, MaxGuests: 4, MaxChildren: withMax(2)}, total: "110.00"},
		{sentence: "no bracket holds the age", message: message(perRoom, families()), arrive: 3, nights: 1, adults: 2, children: []int{14}, skipped: "no_rate"},
		{sentence: "0.00 is a price", message: message(perRoom, families()), arrive: 3, nights: 1, adults: 2, children: []int{5}, total: "100.00"},
		{sentence: "a bracket begins with MinAge", message: message(perRoom, families()), arrive: 3, nights: 1, adults: 2, children: []int{6}, total: "120.50"},
		{sentence: "UnitMultiplier: a whole block", message: message(threes, families()), arrive: 1, nights: 3, adults: 2, total: "200.00"},
		{sentence: "UnitMultiplier: pro rata, at the end of a rate and of the stay", message: message(threes, families()), arrive: 3, nights: 5, adults: 2, children: []int{5}, total: "420.00"}, // 2x200/3 + 3x220/3 + 5x40/3 = 133.33 + 220 + 66.67
		{sentence: "b = 0: nobody need pay in full", message: message(rates("25", 1, dated("double", "", base(1, "80"), child("", "33.335"))), families()), arrive: 3, nights: 1, children: []int{5}, room: property.RoomType{MinGuests: 1, Standard: 2, MaxGuests: 2, MaxChildren: withMax(2)}, total: "33.34"},
		{sentence: "weekdays of a rate", message: message(rates("25", 1, dated("double", `Mon="0"`, base(2, "120")), dated("double", `Start="2027-05-01"`, base(2, "100")))), arrive: 3, nights: 2, adults: 2, total: "220.00"},
	} {
		w.check(t)
	}
}

func TestStepSevenFreeNights(t *testing.T) {
	// Each night has a price of its own: 10 times the day of the month.
	var days []string
	for d := 3; d <= 12; d++ {
		days = append(days, dated("double", fmt.Sprintf(`Start="2027-05-%02d" End="2027-05-%02d"`, d, d), base(2, fmt.Sprint(d*10))))
	}
	each := rates("25", 1, days...)
	for _, w := range []wanted{
		{sentence: "pattern 0011, 7 nights: the 3rd, 4th and 7th", message: message(each, families(freeNights(4, 2, "0011"))), arrive: 3, nights: 7, adults: 2, total: "220.00"}, // 30, 40, 70 and 80 are paid
		{sentence: "without a pattern the last nights, once", message: message(each, families(freeNights(4, 2, ""))), arrive: 3, nights: 7, adults: 2, total: "250.00"},
		{sentence: "a stay that is too short", message: message(each, families(freeNights(4, 2, "0011"))), arrive: 3, nights: 3, adults: 2, total: "120.00"},
		{sentence: "not when amounts are for several nights", message: message(rates("25", 2, dated("double", "", base(2, "100"))), families(freeNights(4, 2, ""))), arrive: 3, nights: 4, adults: 2, total: "200.00"},
		{sentence: "a free night must have a rate", message: message(each, families(freeNights(4, 1, ""))), arrive: 9, nights: 5, adults: 2, skipped: "no_rate"},
	} {
		w.check(t)
	}
}

func TestStepEightSupplements(t *testing.T) {
	may := `Start="2027-05-01" End="2027-05-31"`
	for _, w := range []wanted{
		{sentence: "1: each night", message: message(perRoom, supplements(static("A", "1", "", ""), costs("A", "5", may, ""))), arrive: 3, nights: 3, adults: 2, total: "315.00"},
		{sentence: "19: each night", message: message(perRoom, supplements(static("A", "19", "", ""), costs("A", "5", may, ""))), arrive: 3, nights: 3, adults: 2, total: "315.00"},
		{sentence: "21: each person and night, without free children", message: message(perRoom, supplements(static("A", "21", "", ""), costs("A", "5", may, "")), families(freeKids(6, 1, 1))), arrive: 3, nights: 3, adults: 2, children: []int{3, 7}, total: "406.50"},
		{sentence: "12: a stay, spread", message: message(perRoom, supplements(static("A", "12", "", ""), costs("A", "20", may, ""))), arrive: 3, nights: 3, adults: 2, total: "320.00"},
		{sentence: "18: a stay, only the nights that have an amount", message: message(perRoom, supplements(static("A", "18", "", ""), costs("A", "20", `Start="2027-05-04" End="2027-05-04"`, ""))), arrive: 3, nights: 3, adults: 2, total: "306.67"},
		{sentence: "20: each person, spread", message: message(perRoom, supplements(static("A", "20", "", ""), costs("A", "20", may, ""))), arrive: 3, nights: 3, adults: 2, total: "340.00"},
		{sentence: "24: once, on the first night that has an amount", message: message(perRoom, supplements(static("A", "24", "", ""), costs("A", "7", `Start="2027-05-04" End="2027-05-04"`, ""), costs("A", "9", `Start="2027-05-05" End="2027-05-31"`, ""))), arrive: 3, nights: 3, adults: 2, total: "307.00"},
		{sentence: "amounts that cover the same night add up", message: message(perRoom, supplements(static("A", "1", "", ""), costs("A", "5", may, ""), costs("A", "2.25", `Start="2027-05-04" End="2027-05-04"`, ""))), arrive: 3, nights: 3, adults: 2, total: "317.25"},
		{sentence: "no amount that night", message: message(perRoom, supplements(static("A", "1", "", ""), costs("A", "5", `Start="2027-06-01" End="2027-06-30"`, ""))), arrive: 3, nights: 3, adults: 2, total: "300.00"},
		{sentence: "only mandatory ones count", message: message(perRoom, supplements(strings.Replace(static("A", "1", "", ""), `MandatoryIndicator="true"`, `MandatoryIndicator="false"`, 1), costs("A", "5", may, ""))), arrive: 3, nights: 3, adults: 2, total: "300.00"},
		{sentence: "nor one that does not say so", message: message(perRoom, supplements(strings.Replace(static("A", "1", "", ""), `MandatoryIndicator="true"`, ``, 1), costs("A", "5", may, ""))), arrive: 3, nights: 3, adults: 2, total: "300.00"},
		{sentence: "ALPINEBITSDOW, Monday first", message: message(perRoom, supplements(static("A", "1", "", need("ALPINEBITSDOW", "0100000")), costs("A", "5", may, ""))), arrive: 3, nights: 3, adults: 2, total: "305.00"},
		{sentence: "24 waits for a weekday", message: message(perRoom, supplements(static("A", "24", "", need("ALPINEBITSDOW", "0110000")), costs("A", "5", may, ""))), arrive: 3, nights: 3, adults: 2, total: "305.00"},
		{sentence: "ROOMTYPE of the category", message: message(perRoom, supplements(static("A", "1", "", ""), costs("A", "5", may, need("ROOMTYPE", "double")), costs("A", "1", may, ""))), arrive: 3, nights: 3, adults: 2, total: "318.00"},
		{sentence: "ROOMTYPE of another", message: message(perRoom, supplements(static("A", "1", "", ""), costs("A", "5", may, need("ROOMTYPE", "single")))), arrive: 3, nights: 3, adults: 2, total: "300.00"},
		{sentence: "1 and 21 are waived on free nights", message: message(perRoom, supplements(static("A", "1", "", ""), costs("A", "5", may, ""), static("B", "21", "", ""), costs("B", "1", may, "")), families(freeNights(3, 1, ""))), arrive: 3, nights: 3, adults: 2, total: "214.00"},
		{sentence: "12, 20 and 24 are not", message: message(perRoom, supplements(static("A", "12", "", ""), costs("A", "6", may, ""), static("B", "20", "", ""), costs("B", "3", may, ""), static("C", "24", "", ""), costs("C", "0.5", may, "")), families(freeNights(3, 3, ""))), arrive: 3, nights: 3, adults: 2, total: "12.50"},
		{sentence: "dated before static", message: message(perRoom, supplements(costs("A", "5", may, ""), static("A", "1", "", ""))), arrive: 3, nights: 3, adults: 2, total: "315.00"},
		{sentence: "9: rounded once, half up", message: message(rates("25", 2, dated("double", "", base(2, "100.01"))), supplements(static("A", "1", "", ""), costs("A", "0.0025", may, ""))), arrive: 3, nights: 1, adults: 2, total: "50.01"},
		{sentence: "9: a half cent goes up", message: message(rates("25", 2, dated("double", "", base(2, "100.01")))), arrive: 3, nights: 1, adults: 2, total: "50.01"},
	} {
		w.check(t)
	}
}
