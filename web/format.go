package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// symbols are the signs that readers of English know without doubt; any other
// currency is written by its code.
var symbols = map[money.Currency]string{
	"EUR": "€", "GBP": "£", "USD": "US$", "JPY": "¥", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$",
	"SGD": "S$", "HKD": "HK$", "INR": "₹", "KRW": "₩", "ILS": "₪", "VND": "₫", "BRL": "R$", "MXN": "MX$",
}

// amountWords writes an amount for people: "€1,234.50", "¥12,000", "CHF 99.00", "−€5.00".
func amountWords(a money.Amount) string {
	sign, digits := "", a.Decimal()
	if a.Minor < 0 {
		sign, digits = "−", digits[1:]
	}
	whole, fraction, split := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if split {
		whole += "." + fraction
	}
	if symbol, ok := symbols[a.Currency]; ok {
		return sign + symbol + whole
	}
	return sign + string(a.Currency) + "\u00a0" + whole
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

// dayWords is "Friday 11 December 2026".
func dayWords(d stay.Date) string {
	year, month, day := d.Civil()
	return d.Weekday().String() + " " + strconv.Itoa(day) + " " + month.String() + " " + strconv.Itoa(year)
}

// dayShort is "Fri 11 Dec", which no line breaks.
func dayShort(d stay.Date) string {
	_, month, day := d.Civil()
	return d.Weekday().String()[:3] + "\u00a0" + strconv.Itoa(day) + "\u00a0" + month.String()[:3]
}

// stayWords is "Fri 11 Dec – Sun 13 Dec 2026, 2 nights".
func stayWords(s stay.Stay) string {
	year, _, _ := s.Departure.Civil()
	return dayShort(s.Arrival) + " – " + dayShort(s.Departure) + "\u00a0" + strconv.Itoa(year) + ", " + count(s.Nights(), "night")
}

// instantWords is "Wed 9 Dec 2026, 18:00 (Europe/Paris)": in the property's
// zone, with the zone named (DESIGN 7).
func instantWords(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 Jan 2006, 15:04") + " (" + zone.String() + ")"
}

// clockWords is "14:32 (Europe/Paris)".
func clockWords(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("15:04") + " (" + zone.String() + ")"
}

// partyWords is "2 adults, children of 5 and 9".
func partyWords(p stay.Party) string {
	var parts []string
	if p.Adults > 0 {
		parts = append(parts, count(p.Adults, "adult"))
	}
	var ages []string
	for _, age := range p.ChildAges {
		ages = append(ages, strconv.Itoa(age))
	}
	switch len(ages) {
	case 0:
	case 1:
		parts = append(parts, "a child of "+ages[0])
	default:
		parts = append(parts, "children of "+strings.Join(ages[:len(ages)-1], ", ")+" and "+ages[len(ages)-1])
	}
	return strings.Join(parts, ", ")
}

// count is "1 night", "2 nights"; the number stays with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1\u00a0" + noun
	}
	return strconv.Itoa(n) + "\u00a0" + noun + "s"
}

// plainWords reads a code as words: "free_wifi" is "Free wifi".
func plainWords(code string) string {
	text := strings.TrimSpace(strings.ReplaceAll(code, "_", " "))
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// stars is "★★★★".
func stars(n int) string { return strings.Repeat("★", max(n, 0)) }
