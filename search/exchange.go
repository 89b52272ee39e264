package search

import (
	"math"
	"math/bits"

	"github.com/vacancyhq/vacancy/money"
)

// Exchange is Rates.Worth for the amounts of one currency, prepared for many.
type Exchange struct {
	rates    Rates
	currency money.Currency
	num, den uint64 // of Worth for one minor unit; den 0: not in machine words
}

// Exchange prepares a currency.
func (r Rates) Exchange(c money.Currency) Exchange {
	e := Exchange{rates: r, currency: c}
	exact := scale(c)
	if per, ok := r.PerEUR[c]; ok && per.Sign() > 0 {
		exact = exact.Mul(inverse(per))
	}
	if b := exact.Big(); b.Sign() > 0 && b.Num().IsInt64() && b.Denom().IsInt64() {
		e.num, e.den = b.Num().Uint64(), b.Denom().Uint64()
	}
	return e
}

// Worth is Rates.Worth of so many minor units.
func (e *Exchange) Worth(minor int64) int64 {
	hi, lo := bits.Mul64(uint64(minor), e.num)
	if e.den == 1 && hi == 0 && lo <= math.MaxInt64 && minor >= 0 {
		return int64(lo)
	}
	if minor < 0 || hi >= e.den {
		return e.rates.Worth(money.Of(minor, e.currency))
	}
	worth, rest := bits.Div64(hi, lo, e.den)
	if rest >= e.den-rest {
		worth++
	}
	return int64(min(worth, math.MaxInt64))
}

// Of is the currency.
func (e *Exchange) Of() money.Currency { return e.currency }
