// Package money is amounts of money: int64 minor units with their currency, and
// the exact rationals that prices are computed in before they are rounded once.
//
// There are no floats here, and no arithmetic that can overflow silently.
package money

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Errors of the noun.
var (
	ErrCurrency = errors.New("money: unknown currency")
	ErrMismatch = errors.New("money: different currencies")
	ErrOverflow = errors.New("money: amount out of range")
	ErrSyntax   = errors.New("money: malformed amount")
)

// Amount is a sum of money: Minor counts the currency's smallest unit (cents
// for EUR, yen for JPY, fils of 1/1000 for KWD).
type Amount struct {
	Minor    int64
	Currency Currency
}

// Of makes an amount of minor units.
func Of(minor int64, c Currency) Amount { return Amount{Minor: minor, Currency: c} }

// Zero is nothing, in c.
func Zero(c Currency) Amount { return Amount{Currency: c} }

// Add returns a + b. It fails on different currencies and on overflow.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrMismatch, a.Currency, b.Currency)
	}
	if (b.Minor > 0 && a.Minor > math.MaxInt64-b.Minor) || (b.Minor < 0 && a.Minor < math.MinInt64-b.Minor) {
		return Amount{}, ErrOverflow
	}
	return Amount{Minor: a.Minor + b.Minor, Currency: a.Currency}, nil
}

// Sub returns a - b. It fails as Add does.
func (a Amount) Sub(b Amount) (Amount, error) {
	if b.Minor == math.MinInt64 {
		return Amount{}, ErrOverflow
	}
	return a.Add(b.Neg())
}

// Neg returns -a. It panics on the one number that has no opposite, which no
// sum of money reaches.
func (a Amount) Neg() Amount {
	if a.Minor == math.MinInt64 {
		panic("money: the smallest int64 cannot be negated")
	}
	return Amount{Minor: -a.Minor, Currency: a.Currency}
}

// IsZero tells whether a is nothing, in any currency.
func (a Amount) IsZero() bool { return a.Minor == 0 }

// Decimal writes the amount as a decimal number with the currency's own number
// of digits: "12.50", "-3", "0.125".
func (a Amount) Decimal() string {
	var room [40]byte
	return string(a.appendDecimal(room[:0]))
}

// appendDecimal is Decimal for who has a buffer: a page of hits has a hundred amounts.
func (a Amount) appendDecimal(to []byte) []byte {
	minor := uint64(a.Minor)
	if a.Minor < 0 {
		to, minor = append(to, '-'), -minor
	}
	digits, first := a.Currency.Exponent(), len(to)
	to = strconv.AppendUint(to, minor, 10)
	for len(to)-first <= digits {
		to = slices.Insert(to, first, '0')
	}
	if digits == 0 {
		return to
	}
	return slices.Insert(to, len(to)-digits, '.')
}

// String writes the amount with its currency: "12.50 EUR".
func (a Amount) String() string { return a.Decimal() + " " + string(a.Currency) }

// Parse reads a decimal number as an amount of c. More digits than the
// currency has are refused, not rounded.
func Parse(decimal string, c Currency) (Amount, error) {
	if !c.Valid() {
		return Amount{}, fmt.Errorf("%w: %q", ErrCurrency, string(c))
	}
	exact, err := ParseRat(decimal)
	if err != nil {
		return Amount{}, err
	}
	scaled := exact.Mul(RatOf(pow10(c.Exponent()), 1))
	minor, whole := scaled.Int64()
	if !whole {
		return Amount{}, fmt.Errorf("%w: %s has %d decimal digits", ErrSyntax, c, c.Exponent())
	}
	return Amount{Minor: minor, Currency: c}, nil
}

// Spread divides a over n parts that differ by at most one minor unit and sum
// to a again; the larger parts come first. It panics when n is not positive.
func (a Amount) Spread(n int) []Amount {
	if n <= 0 {
		panic("money: spread over no parts")
	}
	parts := make([]Amount, n)
	rest := a.Minor
	for i := range parts {
		left := int64(n - i)
		part := rest / left
		if r := rest % left; r > 0 {
			part++
		}
		parts[i] = Amount{Minor: part, Currency: a.Currency}
		rest -= part
	}
	return parts
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// Currency is an ISO 4217 code: "EUR".
type Currency string

// ParseCurrency checks that code is an ISO 4217 currency in use.
func ParseCurrency(code string) (Currency, error) {
	c := Currency(strings.ToUpper(code))
	if !c.Valid() {
		return "", ErrCurrency
	}
	return c, nil
}

// Valid tells whether c is an ISO 4217 currency in use.
func (c Currency) Valid() bool { _, ok := exponents[c]; return ok }

// Exponent is the number of decimal digits of c's minor unit; 2 for an unknown currency.
func (c Currency) Exponent() int {
	if e, ok := exponents[c]; ok {
		return int(e)
	}
	return 2
}
