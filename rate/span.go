package rate

import "github.com/vacancyhq/vacancy/stay"

// present are the weekdays that occur between two dates, both included.
func present(from, through stay.Date) stay.Weekdays {
	if through-from >= 6 {
		return stay.EveryDay
	}
	var days stay.Weekdays
	for d := from; d <= through; d++ {
		days |= 1 << d.Weekday()
	}
	return days
}

// covered are the weekdays of nights that the span really has.
func (s Span) covered() stay.Weekdays { return s.Days & present(s.From, s.Through) }

// tidy writes "every day that there is" as EveryDay; false when no night is left.
func (s Span) tidy() (Span, bool) {
	if s.From > s.Through || s.covered() == 0 {
		return Span{}, false
	}
	if s.covered() == present(s.From, s.Through) {
		s.Days = stay.EveryDay
	}
	return s, true
}

// overlap is the range of dates that both spans touch; its weekdays are those of both.
func (s Span) overlap(t Span) (Span, bool) {
	return Span{From: max(s.From, t.From), Through: min(s.Through, t.Through), Days: s.Days & t.Days}.tidy()
}

// without are the nights of s that t does not cover: before it, after it, and
// the other weekdays beside it. Order is by date.
func (s Span) without(t Span) []Span {
	if _, ok := s.overlap(t); !ok {
		return []Span{s}
	}
	pieces := []Span{
		{From: s.From, Through: min(s.Through, t.From-1), Days: s.Days},
		{From: max(s.From, t.From), Through: min(s.Through, t.Through), Days: s.Days &^ t.Days},
		{From: max(s.From, t.Through+1), Through: s.Through, Days: s.Days},
	}
	var left []Span
	for _, p := range pieces {
		if p, ok := p.tidy(); ok {
			left = append(left, p)
		}
	}
	return left
}

// join is one span with exactly the nights of both, if there is one.
func (s Span) join(t Span) (Span, bool) {
	if t.From < s.From {
		s, t = t, s
	}
	if s.From == t.From && s.Through == t.Through {
		return Span{From: s.From, Through: s.Through, Days: s.Days | t.Days}.tidy()
	}
	if s.Through+1 != t.From {
		return Span{}, false
	}
	for _, days := range []stay.Weekdays{s.Days, t.Days} {
		whole := Span{From: s.From, Through: t.Through, Days: days}
		if days&present(s.From, s.Through) == s.covered() && days&present(t.From, t.Through) == t.covered() {
			return whole.tidy()
		}
	}
	return Span{}, false
}
