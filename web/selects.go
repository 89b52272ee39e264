package web

import (
	"html/template"
	"strconv"

	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/web/words"
)

// These bound the selects of the search form, not what can be booked.
const (
	maxAdultChoice   = 8
	maxChildrenBoxes = 3
)

// partySelects are the choices of the search form's party in a language, once
// for each that can be chosen: the form has sixteen selects on three kinds of
// pages, and nothing about them changes.
type partySelects struct {
	first, more [stay.MaxAdults + 1]template.HTML   // by adults: the first room, and those that may be left out
	ages        [stay.MaxChildAge + 2]template.HTML // by age + 1; 0: no child
}

func newPartySelects(l *words.Language) *partySelects {
	all := &partySelects{}
	for n := range all.first {
		some := adults(l, n)
		all.first[n] = selectOf(l, some)
		all.more[n] = selectOf(l, append([]choice{{Label: l.Say("form.no_room"), Chosen: n == 0}}, some...))
	}
	for i := range all.ages {
		all.ages[i] = selectOf(l, ages(l, i-1))
	}
	return all
}

func adults(l *words.Language, chosen int) []choice {
	var all []choice
	for n := 1; n <= max(maxAdultChoice, chosen); n++ {
		all = append(all, choice{Value: strconv.Itoa(n), Label: l.Say("count.adults", "n", n), Chosen: n == chosen})
	}
	return all
}

func ages(l *words.Language, chosen int) []choice {
	all := []choice{{Value: "", Label: l.Say("form.no_child"), Chosen: chosen < 0}}
	for age := range stay.MaxChildAge + 1 {
		label := l.Say("count.years", "n", age)
		if age == 0 {
			label = l.Say("form.under_one")
		}
		all = append(all, choice{Value: strconv.Itoa(age), Label: label, Chosen: age == chosen})
	}
	return all
}

func selectOf(l *words.Language, all []choice) template.HTML {
	return markupOf(l, 48*len(all)).options(all).done()
}
