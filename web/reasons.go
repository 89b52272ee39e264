package web

import (
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/pricing"
)

// closedView is what cannot be booked, with each reason as a sentence.
type closedView struct {
	Room    string
	Plans   string // those that share the reasons; "": all of the room's
	Reasons []string

	plans []string
}

// closed lists what is not available. Plans of a room type that are closed for
// the same reasons are said together.
func (v voice) closed(reasons booking.Reasons) []closedView {
	var all []closedView
	for _, p := range reasons.Products {
		if len(p.Refusals) == 0 {
			continue
		}
		one := closedView{Room: p.RoomType.Name}
		for _, refusal := range p.Refusals {
			if say := v.refusal(refusal, p.RoomType.Name); !slices.Contains(one.Reasons, say) {
				one.Reasons = append(one.Reasons, say)
			}
		}
		i := slices.IndexFunc(all, func(c closedView) bool { return c.Room == one.Room && slices.Equal(c.Reasons, one.Reasons) })
		if i < 0 {
			i, all = len(all), append(all, one)
		}
		if !slices.Contains(all[i].plans, p.Plan.Name) {
			all[i].plans = append(all[i].plans, p.Plan.Name)
		}
	}
	for i, c := range all {
		if len(c.plans) < plansOf(reasons, c.Room) {
			all[i].Plans = v.And(c.plans...)
		}
	}
	return all
}

// refusal is a rule's sentence in the guest's language.
func (v voice) refusal(x pricing.Refusal, room string) string {
	key := "why." + strings.TrimSuffix(x.Code, "_dow")
	if !v.Has(key) {
		key = "why.other"
	}
	facts := []any{"n", x.Limit, "room", room, "date", ""}
	if x.Date != 0 {
		facts[5] = v.Full(x.Date)
	}
	return v.Say(key, facts...)
}

// plansOf counts the plans under which a room type is sold.
func plansOf(reasons booking.Reasons, room string) int {
	names := map[string]bool{}
	for _, p := range reasons.Products {
		if p.RoomType.Name == room {
			names[p.Plan.Name] = true
		}
	}
	return len(names)
}
