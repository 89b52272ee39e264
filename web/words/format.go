package words

import (
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// symbols are the signs that readers know without doubt; any other currency is
// written by its code.
var symbols = map[money.Currency]string{
	"EUR": "€", "GBP": "£", "USD": "US$", "JPY": "¥", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$",
	"SGD": "S$", "HKD": "HK$", "INR": "₹", "KRW": "₩", "ILS": "₪", "VND": "₫", "BRL": "R$", "MXN": "MX$",
}

// Number is "12,345" or "12.345".
func (l *Language) Number(n int) string {
	if n < 0 {
		return "−" + l.grouped(strconv.Itoa(-n))
	}
	return l.grouped(strconv.Itoa(n))
}

func (l *Language) grouped(whole string) string {
	if len(whole) < l.groupsFromDigits {
		return whole
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + l.group + whole[i:]
	}
	return whole
}

// Money writes an amount to its smallest unit: "€1,234.50", "1.234,50 €".
func (l *Language) Money(a money.Amount) string { return l.amount(a, false) }

// Round writes an amount without its fraction, for labels with little room.
func (l *Language) Round(a money.Amount) string { return l.amount(a, true) }

func (l *Language) amount(a money.Amount, round bool) string {
	sign, digits := "", a.Decimal()
	if a.Minor < 0 {
		sign, digits = "−", digits[1:]
	}
	whole, fraction, split := strings.Cut(digits, ".")
	if split && round && fraction[0] >= '5' {
		if n, err := strconv.Atoi(whole); err == nil {
			whole = strconv.Itoa(n + 1)
		}
	}
	text := l.grouped(whole)
	if split && !round {
		text += l.point + fraction
	}
	symbol, known := symbols[a.Currency]
	pattern := l.money
	if !known {
		symbol, pattern = string(a.Currency), l.moneyCode
	}
	return sign + pattern.with(told{"symbol", symbol}, told{"amount", text})
}

// Score writes tenths of a point: "8.4".
func (l *Language) Score(tenths int) string {
	if tenths >= 100 {
		return "10"
	}
	return strconv.Itoa(tenths/10) + l.point + strconv.Itoa(tenths%10)
}

// Distance writes kilometres: "350 m", "2.4 km", "17 km".
func (l *Language) Distance(km float64) string {
	switch metres := int(km*1000 + .5); {
	case metres < 950:
		return l.Say("format.metres", "distance", l.Number(max(50, (metres+25)/50*50)))
	case km < 10:
		tenths := (metres + 50) / 100
		return l.Say("format.kilometres", "distance", strconv.Itoa(tenths/10)+l.point+strconv.Itoa(tenths%10))
	}
	return l.Say("format.kilometres", "distance", l.Number(int(km+.5)))
}

// Day is "Friday 11 December 2026".
func (l *Language) Day(d stay.Date) string { return l.date("format.day", d) }

// Short is "Fri 11 Dec", which no line breaks.
func (l *Language) Short(d stay.Date) string { return l.date("format.short", d) }

// Month is "December 2026".
func (l *Language) Month(d stay.Date) string { return l.date("format.month", d) }

// Tiny is "11 Dec".
func (l *Language) Tiny(d stay.Date) string { return l.date("format.tiny", d) }

// Weekday is "Fri".
func (l *Language) Weekday(d stay.Date) string { return l.wds[d.Weekday()] }

// Full is "Fri 11 Dec 2026".
func (l *Language) Full(d stay.Date) string { return l.date("format.full", d) }

func (l *Language) date(pattern string, d stay.Date) string {
	year, month, day := d.Civil()
	return l.pattern(pattern).with(
		told{"d", strconv.Itoa(day)}, told{"m", strconv.Itoa(int(month))}, told{"y", strconv.Itoa(year)},
		told{"month", l.months[month-1]}, told{"mon", l.mons[month-1]},
		told{"weekday", l.weekdays[d.Weekday()]}, told{"wd", l.wds[d.Weekday()]},
	)
}

// Stay is "Fri 11 Dec – Sun 13 Dec 2026, 2 nights".
func (l *Language) Stay(s stay.Stay) string {
	return l.Say("format.stay", "from", l.Short(s.Arrival), "to", l.Full(s.Departure), "nights", l.Nights(s.Nights()))
}

// Nights is "2 nights"; the number stays with its noun.
func (l *Language) Nights(n int) string { return l.Say("count.nights", "n", n) }

// Moment is "Wed 9 Dec 2026, 18:00 (Europe/Paris)": in the property's zone,
// with the zone named.
func (l *Language) Moment(t time.Time, zone *time.Location) string {
	local := t.In(zone)
	return l.Say("format.moment", "day", l.Full(stay.On(t, zone)), "time", local.Format("15:04"), "zone", l.Zone(zone))
}

// Clock is "14:32 (Europe/Paris)".
func (l *Language) Clock(t time.Time, zone *time.Location) string {
	return l.Say("format.clock", "time", t.In(zone).Format("15:04"), "zone", l.Zone(zone))
}

// Party is "2 adults, children of 5 and 9".
func (l *Language) Party(p stay.Party) string {
	var parts []string
	if p.Adults > 0 {
		parts = append(parts, l.Say("count.adults", "n", p.Adults))
	}
	var ages []string
	for _, age := range p.ChildAges {
		ages = append(ages, strconv.Itoa(age))
	}
	if len(ages) > 0 {
		parts = append(parts, l.Say("party.children", "n", len(ages), "ages", l.And(ages...)))
	}
	return strings.Join(parts, l.Say("format.comma"))
}

// Parties is what several parties are: "2 adults + 1 adult".
func (l *Language) Parties(all []stay.Party) string {
	var texts []string
	for _, p := range all {
		texts = append(texts, l.Party(p))
	}
	return strings.Join(texts, " + ")
}

// And is "a, b and c".
func (l *Language) And(items ...string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return l.Say("format.and", "first", strings.Join(items[:last], l.Say("format.comma")), "last", items[last])
}
