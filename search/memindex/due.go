package memindex

import "github.com/vacancyhq/vacancy/rate"

// due is what of a compiled product's total is paid at the property, as package
// pricing's terms say: taxes that are levied there, and what the plan leaves for
// then. The product is the one that was priced last; false when only package
// pricing can say.
func (v *visit) due(h *house, p *product, total int64) (minor int64, ok bool) {
	switch h.plans[p.plan].Payment.Kind {
	case rate.PayNow:
		return v.onSite(h.levies)
	case rate.AtProperty, rate.CardGuarantee:
		return total, true
	}
	return 0, false
}

// onSite is the levies that are paid at the property.
func (v *visit) onSite(all []levy) (sum int64, ok bool) {
	for i := range all {
		if !all[i].onSite {
			continue
		}
		amount, ok1 := v.fixed(&all[i])
		part, ok2 := onPrice(all[i:i+1], v.price)
		if !ok1 || !ok2 {
			return 0, false
		}
		sum += amount + part
	}
	return sum, true
}
