package booking

import (
	"context"
	"fmt"

	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Codes of the refusals that pricing knows nothing of.
const (
	RefusalSoldOut   = "sold_out"    // a night of the stay has no free room
	RefusalNotOnSale = "not_on_sale" // a night of the stay is not open for sale
	RefusalCurrency  = "currency"    // the plan is not in the property's currency, which alone is charged
	RefusalNoPrice   = "no_price"    // the plan's figures make no price, such as one beyond all amounts
)

// Explained is one product for one party: why it can be had for its price, or
// every rule that says no.
type Explained struct {
	RoomType property.RoomType
	Plan     rate.Plan
	Party    stay.Party
	Free     int // rooms left on every night
	pricing.Explanation
}

// Reasons is the explanation of every product of a property at one moment.
type Reasons struct {
	Property property.Property
	Products []Explained
}

// Explain says of every room type and plan, for every party, what Offers would
// answer and why: stock, restrictions, and each step of the price.
func (s *Service) Explain(ctx context.Context, q Query) (Reasons, error) {
	sellable, err := s.sellable(ctx, q)
	if err != nil {
		return Reasons{}, err
	}
	return sellable.reasons(sellable.products(), q, func(int, pricing.Product) bool { return false })
}

// reasons explains the products that are not offered.
func (s Sellable) reasons(products []pricing.Product, q Query, offered func(room int, p pricing.Product) bool) (Reasons, error) {
	today, err := s.today()
	if err != nil {
		return Reasons{}, err
	}
	reasons := Reasons{Property: s.Property}
	for room, party := range q.Parties {
		for _, p := range products {
			one := Explained{RoomType: p.RoomType, Plan: p.Plan, Party: party, Free: s.free(p.RoomType.ID, q.Stay)}
			if !offered(room, p) {
				one.Explanation = s.explanation(p, q, party, today)
			}
			reasons.Products = append(reasons.Products, one)
		}
	}
	return reasons, nil
}

func (s Sellable) explanation(p pricing.Product, q Query, party stay.Party, today stay.Date) pricing.Explanation {
	explanation, err := pricing.Explain(p, q.request(party, today))
	if err != nil {
		explanation = pricing.Explanation{Refusals: []pricing.Refusal{{
			Code: RefusalNoPrice, Text: "This rate makes no price: the house has to correct it.",
		}}}
	}
	explanation.Refusals = append(explanation.Refusals, s.refusals(p, q.Stay)...)
	if len(explanation.Refusals) > 0 {
		explanation.Quote = nil
	}
	return explanation
}

// refusals are the reasons that lie outside of the price: stock, night by
// night, and the payment term.
func (s Sellable) refusals(p pricing.Product, nights stay.Stay) []pricing.Refusal {
	var all []pricing.Refusal
	rows := make(map[stay.Date]int)
	for _, n := range s.Nights {
		if n.RoomTypeID == p.RoomType.ID {
			rows[n.Night] = n.Free()
		}
	}
	for night := nights.Arrival; night < nights.Departure; night++ {
		switch free, open := rows[night]; {
		case !open:
			all = append(all, pricing.Refusal{
				Code: RefusalNotOnSale, Date: night, Text: fmt.Sprintf("%s is not open for sale on %s.", p.RoomType.Name, night),
			})
		case free == 0:
			all = append(all, pricing.Refusal{
				Code: RefusalSoldOut, Date: night, Text: fmt.Sprintf("%s is sold out on %s.", p.RoomType.Name, night),
			})
		}
	}
	if p.Plan.Currency != s.Property.Currency {
		all = append(all, pricing.Refusal{
			Code: RefusalCurrency, Text: fmt.Sprintf("This rate is in %s; the house charges %s.", p.Plan.Currency, s.Property.Currency),
		})
	}
	return all
}
