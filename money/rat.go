package money

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// Rat is an exact rational number: a price before it is rounded, a percentage,
// an exchange rate. The zero value is 0. Small numbers (nearly all) are kept in
// two machine words and take no allocation; larger ones go to math/big, so that
// nothing overflows and nothing is approximated.
type Rat struct {
	num, den int64 // den 0 reads as 1; lowest terms, den > 0
	big      *big.Rat
}

// RatOf is num/den. It panics when den is 0, as integer division does: a
// denominator is a constant of the program, never input.
func RatOf(num, den int64) Rat {
	if den == 0 {
		panic("money: zero denominator")
	}
	if den == 1 && num != math.MinInt64 {
		return Rat{num: num, den: 1}
	}
	if num == math.MinInt64 || den == math.MinInt64 {
		return fromBig(new(big.Rat).SetFrac(big.NewInt(num), big.NewInt(den)))
	}
	if den < 0 {
		num, den = -num, -den
	}
	g := gcd(abs(num), den)
	return Rat{num: num / g, den: den / g}
}

// Rat is the amount in minor units, as an exact number.
func (a Amount) Rat() Rat { return RatOf(a.Minor, 1) }

const maxDecimalLength = 40

// ParseRat reads a decimal number: optional sign, digits, at most one point.
// Exponents, spaces and anything longer than 40 characters are refused.
func ParseRat(decimal string) (Rat, error) {
	bare := strings.TrimPrefix(strings.TrimPrefix(decimal, "-"), "+")
	whole, frac, hasPoint := strings.Cut(bare, ".")
	ok := len(decimal) <= maxDecimalLength && len(decimal)-len(bare) <= 1 && digitsOnly(whole) &&
		(!hasPoint || (digitsOnly(frac) && frac != "")) && whole != ""
	if !ok {
		return Rat{}, fmt.Errorf("%w: want digits with at most one point", ErrSyntax)
	}
	num, ok := new(big.Int).SetString(whole+frac, 10)
	if !ok {
		return Rat{}, ErrSyntax
	}
	if strings.HasPrefix(decimal, "-") {
		num.Neg(num)
	}
	den := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(frac))), nil)
	return fromBig(new(big.Rat).SetFrac(num, den)), nil
}

func digitsOnly(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// Add returns r + s.
func (r Rat) Add(s Rat) Rat {
	if r.big == nil && s.big == nil {
		if r.d() == s.d() {
			if sum, ok := addInt(r.num, s.num); ok {
				return RatOf(sum, r.d())
			}
		}
		a, ok1 := mulInt(r.num, s.d())
		b, ok2 := mulInt(s.num, r.d())
		den, ok3 := mulInt(r.d(), s.d())
		if sum, ok4 := addInt(a, b); ok1 && ok2 && ok3 && ok4 {
			return RatOf(sum, den)
		}
	}
	return fromBig(new(big.Rat).Add(r.Big(), s.Big()))
}

// Neg returns -r.
func (r Rat) Neg() Rat {
	if r.big != nil {
		return fromBig(new(big.Rat).Neg(r.big))
	}
	return Rat{num: -r.num, den: r.den}
}

// Sub returns r - s.
func (r Rat) Sub(s Rat) Rat { return r.Add(s.Neg()) }

// Mul returns r × s.
func (r Rat) Mul(s Rat) Rat {
	if r.big == nil && s.big == nil {
		num, ok1 := mulInt(r.num, s.num)
		den, ok2 := mulInt(r.d(), s.d())
		if ok1 && ok2 {
			return RatOf(num, den)
		}
	}
	return fromBig(new(big.Rat).Mul(r.Big(), s.Big()))
}

// MulInt returns r × n.
func (r Rat) MulInt(n int) Rat { return r.Mul(RatOf(int64(n), 1)) }

// DivInt returns r / n. It panics when n is 0.
func (r Rat) DivInt(n int) Rat { return r.Mul(RatOf(1, int64(n))) }

// Div returns r / s. It panics when s is 0.
func (r Rat) Div(s Rat) Rat {
	if s.big == nil {
		return r.Mul(RatOf(s.d(), s.num))
	}
	return fromBig(new(big.Rat).Quo(r.Big(), s.big))
}

// Sign is -1, 0 or 1.
func (r Rat) Sign() int {
	switch {
	case r.big != nil:
		return r.big.Sign()
	case r.num < 0:
		return -1
	case r.num > 0:
		return 1
	}
	return 0
}

// Cmp compares r with s: -1, 0 or 1.
func (r Rat) Cmp(s Rat) int { return r.Sub(s).Sign() }

// Equal tells whether r and s are the same number.
func (r Rat) Equal(s Rat) bool { return r.Cmp(s) == 0 }

// Int64 is r as an integer, and whether r is one that fits.
func (r Rat) Int64() (int64, bool) {
	if r.big != nil {
		return 0, false
	}
	return r.num, r.d() == 1
}

// Round rounds r, read as minor units of c, half away from zero ("half up" for
// what is charged) to an amount. It fails with ErrOverflow.
func (r Rat) Round(c Currency) (Amount, error) {
	minor, ok := r.roundSmall()
	if !ok {
		minor, ok = roundBig(r.Big())
	}
	if !ok {
		return Amount{}, ErrOverflow
	}
	return Amount{Minor: minor, Currency: c}, nil
}

// roundSmall needs no allocation; it knows the numbers of two machine words.
func (r Rat) roundSmall() (int64, bool) {
	if r.big != nil {
		return 0, false
	}
	den := r.d()
	q, rest := r.num/den, abs(r.num%den)
	if rest < den-rest {
		return q, true
	}
	if r.num < 0 {
		return q - 1, true
	}
	return q + 1, true // den is at least 2 here, so that q is far from the limits
}

func roundBig(r *big.Rat) (int64, bool) {
	doubled := new(big.Int).Lsh(new(big.Int).Abs(r.Num()), 1)
	q := doubled.Add(doubled, r.Denom())
	q.Quo(q, new(big.Int).Lsh(r.Denom(), 1))
	if !q.IsInt64() {
		return 0, false
	}
	if r.Sign() < 0 {
		return -q.Int64(), true
	}
	return q.Int64(), true
}

// Big is r as a math/big number; the caller must not change it.
func (r Rat) Big() *big.Rat {
	if r.big != nil {
		return r.big
	}
	return big.NewRat(r.num, r.d())
}

// String writes r as "num/den", or "num" when it is whole.
func (r Rat) String() string { return r.Big().RatString() }

// MarshalText writes r so that ParseText reads it back exactly.
func (r Rat) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// maxRatioLength is for numerator and denominator together.
const maxRatioLength = 200

// UnmarshalText reads "num/den", "num" or a decimal number.
func (r *Rat) UnmarshalText(text []byte) error {
	num, den, isRatio := strings.Cut(string(text), "/")
	if !isRatio && len(text) <= maxDecimalLength {
		parsed, err := ParseRat(num)
		*r = parsed
		return err
	}
	if !isRatio {
		den = "1"
	}
	if len(text) > maxRatioLength || num == "" || den == "" || !digitsOnly(strings.TrimPrefix(num, "-")) || !digitsOnly(den) {
		return fmt.Errorf("%w: want num/den", ErrSyntax)
	}
	n, ok := new(big.Int).SetString(num, 10)
	d, ok2 := new(big.Int).SetString(den, 10)
	if !ok || !ok2 || d.Sign() == 0 {
		return fmt.Errorf("%w: want num/den", ErrSyntax)
	}
	*r = fromBig(new(big.Rat).SetFrac(n, d))
	return nil
}

func (r Rat) d() int64 {
	if r.den == 0 {
		return 1
	}
	return r.den
}

func fromBig(b *big.Rat) Rat {
	if b.Num().IsInt64() && b.Denom().IsInt64() && b.Num().Int64() != math.MinInt64 {
		return Rat{num: b.Num().Int64(), den: b.Denom().Int64()}
	}
	return Rat{big: b}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	if a == 0 {
		return 1
	}
	return a
}

func abs(a int64) int64 {
	if a < 0 {
		return -a
	}
	return a
}

func addInt(a, b int64) (int64, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0) && sum != math.MinInt64
}

func mulInt(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(abs(a)), uint64(abs(b)))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	p := int64(lo)
	if (a < 0) != (b < 0) {
		p = -p
	}
	return p, true
}
