package alpinebits

import (
	"fmt"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
)

// Answer is what a stay costs under the plans of a message.
type Answer struct {
	Totals  map[string]money.Amount // of each category that can be booked, its cheapest plan
	Skipped []string                // distinct codes of those that cannot, as the categories first appear
}

// Price prices the request in every category that has a dated Rate. rooms are
// the categories of the inventory, by code. Where a message holds several
// plans, a category costs what its cheapest one does, and is skipped when none
// sells it, with the code of the first plan that lists it. Plans that the
// message removes are passed over; an Overlay cannot be priced by itself.
func (m RatePlans) Price(rooms map[string]property.RoomType, request pricing.Request) (Answer, error) {
	answer := Answer{Totals: map[string]money.Amount{}}
	var categories []string
	refused := map[string]string{}
	for _, plan := range m.Plans {
		if plan.Notif == Remove {
			continue
		}
		if plan.Notif == Overlay {
			return Answer{}, fmt.Errorf("%w: plan %q is an overlay, which has no price of its own", ErrMessage, plan.Plan.Code)
		}
		for _, category := range plan.Categories {
			room, ok := rooms[category]
			if !ok {
				return Answer{}, fmt.Errorf("%w: category %q is not in the inventory", ErrMessage, category)
			}
			total, code, err := plan.price(room, request)
			if err != nil {
				return Answer{}, err
			}
			if !slices.Contains(categories, category) {
				categories = append(categories, category)
				refused[category] = code
			}
			if best, sold := answer.Totals[category]; code == "" && (!sold || total.Minor < best.Minor) {
				answer.Totals[category] = total
			}
		}
	}
	for _, category := range categories {
		_, sold := answer.Totals[category]
		if code := skipCode(refused[category]); !sold && code != "" && !slices.Contains(answer.Skipped, code) {
			answer.Skipped = append(answer.Skipped, code)
		}
	}
	return answer, nil
}

func (p RatePlan) price(room property.RoomType, request pricing.Request) (money.Amount, string, error) {
	product := pricing.Product{RoomType: room, Plan: p.Plan, Calendar: p.Calendars[room.ID], House: p.House}
	return pricing.Total(&product, &request)
}

// codes names refusals as the alliance's calculator does, where it does so
// otherwise than we; "" where it refuses without a word.
var codes = map[string]string{
	"min_stay_through": "booking_rule", "max_stay_through": "booking_rule",
	"advance_too_short": "", "advance_too_long": "",
	"adults_below_min": "", "adults_above_max": "", "children_below_min": "", "children_over_limit": "",
}

func skipCode(refusal string) string {
	if code, other := codes[refusal]; other {
		return code
	}
	return refusal
}
