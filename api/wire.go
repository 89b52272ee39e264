package api

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Money is an amount on the wire: the decimal number for people, the minor
// units for programs.
type Money struct {
	Amount   string `json:"amount" doc:"Decimal number with the currency's digits" example:"123.45"`
	Currency string `json:"currency" doc:"ISO 4217" example:"EUR"`
	Minor    int64  `json:"minor" doc:"The same in the currency's smallest unit" example:"12345"`
}

func moneyOf(a money.Amount) Money {
	return Money{Amount: a.Decimal(), Currency: string(a.Currency), Minor: a.Minor}
}

// Party is who stays in one room.
type Party struct {
	Adults    int   `json:"adults" minimum:"0" maximum:"20"`
	ChildAges []int `json:"child_ages,omitempty" maxItems:"10" doc:"Age in years of each child at arrival" nullable:"false"`
}

func partyOf(p stay.Party) Party { return Party{Adults: p.Adults, ChildAges: p.ChildAges} }

// parseDate reads a date parameter or field and says which one is wrong.
func parseDate(location, text string) (stay.Date, error) {
	d, err := stay.ParseDate(text)
	if err != nil {
		return 0, fault(location, "must be a date such as 2027-05-15, from 1900 on")
	}
	return d, nil
}

// parseStay reads the dates of a stay.
func parseStay(arrival, departure string) (stay.Stay, error) {
	from, err := parseDate("query.arrival", arrival)
	if err != nil {
		return stay.Stay{}, err
	}
	to, err := parseDate("query.departure", departure)
	if err != nil {
		return stay.Stay{}, err
	}
	s, err := stay.New(from, to)
	if err != nil {
		return stay.Stay{}, fault("query.departure", fmt.Sprintf("must be 1 to %d nights after arrival", stay.MaxNights))
	}
	return s, nil
}

// maxPartyText bounds one party parameter before it is read.
const maxPartyText = 100

// parseParties reads one party for each room: "2" is two adults, "2:5,9" two
// adults with children of 5 and 9. No party is two adults.
func parseParties(texts []string, most int) ([]stay.Party, error) {
	if len(texts) == 0 {
		return []stay.Party{{Adults: 2}}, nil
	}
	if len(texts) > most {
		return nil, fault("query.party", fmt.Sprintf("must be at most %d rooms", most))
	}
	parties := make([]stay.Party, len(texts))
	for i, text := range texts {
		var err error
		if parties[i], err = parseParty(text); err != nil {
			return nil, err
		}
	}
	return parties, nil
}

func parseParty(text string) (stay.Party, error) {
	form := fault("query.party", "must be adults, or adults:ages of the children, such as 2 or 2:5,9")
	if len(text) > maxPartyText {
		return stay.Party{}, form
	}
	adults, ages, withChildren := strings.Cut(text, ":")
	var p stay.Party
	var ok bool
	if p.Adults, ok = count(adults); !ok {
		return stay.Party{}, form
	}
	if withChildren {
		for age := range strings.SplitSeq(ages, ",") {
			n, ok := count(age)
			if !ok {
				return stay.Party{}, form
			}
			p.ChildAges = append(p.ChildAges, n)
		}
	}
	if p.Check() != nil {
		return stay.Party{}, fault("query.party", fmt.Sprintf(
			"must be somebody: at most %d adults and %d children of 0 to %d years in a room", stay.MaxAdults, stay.MaxChildren, stay.MaxChildAge))
	}
	return p, nil
}

// count reads a small number without sign.
func count(text string) (int, bool) {
	if text == "" || len(text) > 3 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// minorOf reads a decimal number as an exact count of c's minor units.
func minorOf(location, decimal string, c money.Currency) (money.Rat, error) {
	exact, err := money.ParseRat(decimal)
	if err != nil || exact.Sign() < 0 {
		return money.Rat{}, fault(location, "must be a decimal number of 0 or more, such as 120.00")
	}
	return exact.Mul(scale(c)), nil
}

// signedMinorOf is minorOf for what may be a reduction.
func signedMinorOf(location, decimal string, c money.Currency) (money.Rat, error) {
	exact, err := money.ParseRat(decimal)
	if err != nil {
		return money.Rat{}, fault(location, "must be a decimal number, such as -5.00")
	}
	return exact.Mul(scale(c)), nil
}

// decimalOf writes an exact count of minor units as a decimal number, with the
// currency's digits or as many more as it takes.
func decimalOf(r money.Rat, c money.Currency) string {
	return plainDecimal(r.Mul(money.RatOf(1, pow10(c.Exponent()))), c.Exponent())
}

// plainDecimal writes an exact number; one that no decimal ends is cut off at
// twelve digits.
func plainDecimal(r money.Rat, least int) string {
	digits, exact := r.Big().FloatPrec()
	if !exact {
		digits = 12
	}
	return r.Big().FloatString(max(digits, least))
}

// percentOf reads a percentage.
func percentOf(location, decimal string) (money.Rat, error) {
	if decimal == "" {
		return money.Rat{}, nil
	}
	r, err := money.ParseRat(decimal)
	if err != nil || r.Sign() < 0 || r.Cmp(money.RatOf(100, 1)) > 0 {
		return money.Rat{}, fault(location, "must be a decimal number of 0 to 100")
	}
	return r, nil
}

func scale(c money.Currency) money.Rat { return money.RatOf(pow10(c.Exponent()), 1) }

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// Moment is an instant as people at the property read it.
type Moment struct {
	At   string `json:"at" doc:"RFC 3339 with the property's offset" example:"2027-05-13T18:00:00+02:00"`
	Zone string `json:"zone" doc:"The property's time zone" example:"Europe/Rome"`
}

func momentOf(t time.Time, zone *time.Location) *Moment {
	if t.IsZero() {
		return nil
	}
	return &Moment{At: t.In(zone).Format(time.RFC3339), Zone: zone.String()}
}

// stamp writes an instant for programs.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

var weekdayNames = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// parseDays reads weekdays; none named means every day.
func parseDays(location string, names []string) (stay.Weekdays, error) {
	if len(names) == 0 {
		return stay.EveryDay, nil
	}
	var days stay.Weekdays
	for _, name := range names {
		day, ok := weekday(name)
		if !ok {
			return 0, fault(location, "must be some of "+strings.Join(weekdayNames, ", "))
		}
		days |= stay.DaysOf(day)
	}
	return days, nil
}

func weekday(name string) (time.Weekday, bool) {
	for i, n := range weekdayNames {
		if n == name {
			return time.Weekday((i + 1) % 7), true
		}
	}
	return 0, false
}

// daysOf names the weekdays, Monday first.
func daysOf(days stay.Weekdays) []string {
	names := []string{}
	for i, n := range weekdayNames {
		if days.Has(time.Weekday((i + 1) % 7)) {
			names = append(names, n)
		}
	}
	return names
}
