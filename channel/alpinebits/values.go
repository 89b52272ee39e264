package alpinebits

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// reader turns attributes into values and keeps the first fault that it meets;
// after it every value is the zero value.
type reader struct{ err error }

func (r *reader) fail(e *element, attribute, want string) {
	if r.err != nil {
		return
	}
	where := e.name
	if attribute != "" {
		where += "/@" + attribute
	}
	r.err = &MessageError{Line: e.line, Where: where, Want: want}
}

func has(e *element, attribute string) bool { _, ok := e.attribute(attribute); return ok }

// text is an attribute that may be missing: "" then.
func (r *reader) text(e *element, attribute string) string {
	value, _ := e.attribute(attribute)
	return value
}

// required is an attribute that must be there and not empty.
func (r *reader) required(e *element, attribute string) string {
	value, _ := e.attribute(attribute)
	if value == "" {
		r.fail(e, attribute, "given")
	}
	return value
}

// oneOf is an attribute that, when given, has one of these values.
func (r *reader) oneOf(e *element, attribute string, values ...string) string {
	value, ok := e.attribute(attribute)
	if ok && !slices.Contains(values, value) {
		r.fail(e, attribute, "one of "+strings.Join(values, ", "))
	}
	return value
}

const maxInteger = 100_000 // more than any count, age or number of days means anything

// integer is nil when the attribute is missing.
func (r *reader) integer(e *element, attribute string) *int {
	value, ok := e.attribute(attribute)
	if !ok {
		return nil
	}
	n, err := strconv.ParseUint(value, 10, 31)
	if err != nil || n > maxInteger {
		r.fail(e, attribute, "a whole number from 0 to 100000")
		return nil
	}
	return ptr(int(n))
}

// count is an integer that must be given and at least low.
func (r *reader) count(e *element, attribute string, low int) int {
	n := r.integer(e, attribute)
	if n == nil || *n < low {
		r.fail(e, attribute, "a whole number, at least "+strconv.Itoa(low))
		return 0
	}
	return *n
}

// decimal reads xs:decimal without a sign, "5." and ".5" included.
func decimal(text string) (money.Rat, bool) {
	if strings.HasPrefix(text, ".") {
		text = "0" + text
	}
	text, point := strings.CutSuffix(text, ".")
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") || (point && strings.Contains(text, ".")) {
		return money.Rat{}, false
	}
	value, err := money.ParseRat(text)
	return value, err == nil
}

// amount is a required sum of money in exact minor units of c.
func (r *reader) amount(e *element, attribute string, c money.Currency) money.Rat {
	value, ok := decimal(r.required(e, attribute))
	if !ok {
		r.fail(e, attribute, "a decimal number, 0 or more")
	}
	for range c.Exponent() {
		value = value.MulInt(10)
	}
	return value
}

func (r *reader) flag(e *element, attribute string) bool {
	switch value, ok := e.attribute(attribute); {
	case value == "1" || value == "true":
		return true
	case ok && value != "0" && value != "false":
		r.fail(e, attribute, "1, true, 0 or false")
	}
	return false
}

// span reads Start, End and the weekdays of an element; what is missing
// restricts nothing.
func (r *reader) span(e *element) rate.Span {
	s := rate.Span{From: stay.FirstDate, Through: stay.LastDate, Days: r.days(e)}
	r.date(e, "Start", &s.From)
	r.date(e, "End", &s.Through)
	if s.From > s.Through {
		r.fail(e, "End", "not before Start")
	}
	return s
}

// date leaves to as it is when the attribute is missing.
func (r *reader) date(e *element, attribute string, to *stay.Date) {
	value, ok := e.attribute(attribute)
	if !ok {
		return
	}
	d, err := stay.ParseDate(value)
	if err != nil {
		r.fail(e, attribute, "a date of the form 2027-05-15")
		return
	}
	*to = d
}

var weekdayNames = []struct {
	attribute string
	day       time.Weekday
}{
	{"Mon", time.Monday},
	{"Tue", time.Tuesday},
	{"Weds", time.Wednesday},
	{"Thur", time.Thursday},
	{"Fri", time.Friday},
	{"Sat", time.Saturday},
	{"Sun", time.Sunday},
}

// days is every weekday that the element does not switch off.
func (r *reader) days(e *element) stay.Weekdays {
	days := stay.EveryDay
	for _, w := range weekdayNames {
		if _, given := e.attribute(w.attribute); given && !r.flag(e, w.attribute) {
			days &^= stay.DaysOf(w.day)
		}
	}
	return days
}

// ends reads the DOW_Restrictions of a rule: on which weekdays a stay may begin and end.
func (r *reader) ends(e *element) (arrival, departure *stay.Weekdays) {
	restrictions := e.first("DOW_Restrictions")
	return r.someDays(restrictions.first("ArrivalDaysOfWeek")), r.someDays(restrictions.first("DepartureDaysOfWeek"))
}

func (r *reader) someDays(e *element) *stay.Weekdays {
	if e == nil {
		return nil
	}
	days := r.days(e)
	if days == stay.EveryDay {
		return nil
	}
	return &days
}

// lengths reads the LengthsOfStay of a rule by their MinMaxMessageType, in
// nights. Of several of one type the strictest counts, because all bind.
func (r *reader) lengths(e *element) map[string]*int {
	limits := map[string]*int{}
	for _, l := range e.below("LengthsOfStay", "LengthOfStay") {
		r.oneOf(l, "TimeUnit", "Day")
		kind := r.oneOf(l, "MinMaxMessageType", "SetMinLOS", "SetMaxLOS", "SetForwardMinStay", "SetForwardMaxStay", "")
		isMin := strings.Contains(kind, "Min")
		nights := r.nights(l, isMin)
		if old := limits[kind]; old == nil || (isMin && nights > *old) || (!isMin && nights < *old) {
			limits[kind] = &nights
		}
	}
	return limits
}

// nights reads Time, which may be a decimal: a stay of at least 2.5 nights has
// 3, one of at most 2.5 has 2.
func (r *reader) nights(e *element, up bool) int {
	value, ok := decimal(r.required(e, "Time"))
	if !ok || value.Cmp(money.RatOf(maxInteger, 1)) > 0 {
		r.fail(e, "Time", "a number of days from 0 to 100000")
		return 0
	}
	whole, rest := new(big.Int).QuoRem(value.Big().Num(), value.Big().Denom(), new(big.Int))
	if up && rest.Sign() > 0 {
		return int(whole.Int64()) + 1
	}
	return int(whole.Int64())
}

// advance reads a booking offset of the form P14D.
func (r *reader) advance(e *element, attribute string) *int {
	value, ok := e.attribute(attribute)
	if !ok {
		return nil
	}
	digits, isDays := strings.CutSuffix(value, "D")
	digits, isPeriod := strings.CutPrefix(digits, "P")
	n, err := strconv.ParseUint(digits, 10, 31)
	if !isDays || !isPeriod || err != nil || n > maxInteger {
		r.fail(e, attribute, "a number of days of the form P14D")
		return nil
	}
	return ptr(int(n))
}

// title is the plain text of the Description named title, English if there is one.
func title(e *element) string {
	for _, d := range e.children {
		if name, _ := d.attribute("Name"); d.name != "Description" || name != "title" {
			continue
		}
		found := ""
		for _, t := range d.children {
			language, _ := t.attribute("Language")
			if t.name == "Text" && (found == "" || language == "en") {
				found = strings.TrimSpace(t.text)
			}
		}
		return found
	}
	return ""
}

func ptr[T any](v T) *T { return &v }
