package search

import (
	"cmp"
	"math"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Rates compare amounts of different currencies in order and filters; nothing
// is ever charged by them. A currency that the table lacks (all of them, in the
// zero value) counts by its nominal major units, as if it were the euro.
type Rates struct {
	On     stay.Date                    // the day of the rates
	PerEUR map[money.Currency]money.Rat // units of the currency for one euro
}

// worthDigits keeps amounts that differ by the smallest unit apart in nearly
// every currency; where it does not, Compare looks at the units themselves.
const worthDigits = 6

// Worth is the amount in millionths of a euro, saturating.
func (r Rates) Worth(a money.Amount) int64 {
	exact := a.Rat().Mul(scale(a.Currency))
	if per, ok := r.PerEUR[a.Currency]; ok && per.Sign() > 0 {
		exact = money.RatOf(1, 1).Mul(exact).Mul(inverse(per))
	}
	worth, err := exact.Round("EUR")
	switch {
	case err == nil:
		return worth.Minor
	case a.Minor < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

// Compare orders amounts: by units within a currency, by worth between two.
func (r Rates) Compare(a, b money.Amount) int {
	if a.Currency == b.Currency {
		return cmp.Compare(a.Minor, b.Minor)
	}
	return cmp.Compare(r.Worth(a), r.Worth(b))
}

// scale turns minor units of c into millionths of a major unit.
func scale(c money.Currency) money.Rat {
	factor := money.RatOf(1, 1)
	for range worthDigits - c.Exponent() {
		factor = factor.MulInt(10)
	}
	return factor
}

func inverse(r money.Rat) money.Rat {
	big := r.Big()
	if big.Num().IsInt64() && big.Denom().IsInt64() {
		return money.RatOf(big.Denom().Int64(), big.Num().Int64())
	}
	return money.Rat{} // no exchange rate has so many digits
}
