package money_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/money"
)

// number draws a rational beside its math/big model; half of them sit at the
// limits of a machine word, where the fast paths must give way.
func number(t *rapid.T, name string) (money.Rat, *big.Rat) {
	whole := rapid.OneOf(
		rapid.Int64Range(-1_000_000, 1_000_000),
		rapid.Int64(),
		rapid.SampledFrom([]int64{0, 1, -1, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, 1 << 32, -1 << 62}),
	)
	num, den := whole.Draw(t, name+" numerator"), whole.Draw(t, name+" denominator")
	if den == 0 {
		den = 1
	}
	model := new(big.Rat).SetFrac(big.NewInt(num), big.NewInt(den))
	return money.RatOf(num, den), model
}

func same(t *rapid.T, what string, got money.Rat, want *big.Rat) {
	t.Helper()
	if got.Big().Cmp(want) != 0 {
		t.Fatalf("%s = %s, want %s", what, got, want.RatString())
	}
	if got.Sign() != want.Sign() {
		t.Fatalf("sign of %s is %d", got, got.Sign())
	}
}

func TestRatIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, modelA := number(t, "a")
		b, modelB := number(t, "b")
		same(t, "a", a, modelA)
		same(t, "a+b", a.Add(b), new(big.Rat).Add(modelA, modelB))
		same(t, "a-b", a.Sub(b), new(big.Rat).Sub(modelA, modelB))
		same(t, "a*b", a.Mul(b), new(big.Rat).Mul(modelA, modelB))
		same(t, "(a+b)*a", a.Add(b).Mul(a), new(big.Rat).Mul(new(big.Rat).Add(modelA, modelB), modelA))
		if got := a.Cmp(b); got != modelA.Cmp(modelB) {
			t.Fatalf("compare %s with %s: %d", a, b, got)
		}
		n := rapid.IntRange(1, 1000).Draw(t, "n")
		same(t, "a*n", a.MulInt(n), new(big.Rat).Mul(modelA, big.NewRat(int64(n), 1)))
		if b.Sign() != 0 {
			same(t, "a/b", a.Div(b), new(big.Rat).Quo(modelA, modelB))
		}
		same(t, "a/n", a.DivInt(n), new(big.Rat).Mul(modelA, big.NewRat(1, int64(n))))
	})
}

func TestRatReadsItselfBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, _ := number(t, "a")
		b, _ := number(t, "b")
		want := a.Mul(b)
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got money.Rat
		if err := json.Unmarshal(text, &got); err != nil || !got.Equal(want) {
			t.Fatalf("%s read back as %s: %v", text, got, err)
		}
	})
}

// halfUp is the rounding rule written in the plainest way: floor(|r| + 1/2) with r's sign.
func halfUp(r *big.Rat) *big.Int {
	up := new(big.Rat).Add(new(big.Rat).Abs(r), big.NewRat(1, 2))
	q := new(big.Int).Quo(up.Num(), up.Denom())
	if r.Sign() < 0 {
		q.Neg(q)
	}
	return q
}

func TestRoundIsHalfUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, model := number(t, "r")
		if rapid.Bool().Draw(t, "a half") {
			r = r.Add(money.RatOf(1, 2))
			model = new(big.Rat).Add(model, big.NewRat(1, 2))
		}
		want := halfUp(model)
		got, err := r.Round("EUR")
		if !want.IsInt64() || want.Int64() == math.MinInt64 {
			if err == nil && got.Minor != want.Int64() {
				t.Fatalf("%s rounded to %d", r, got.Minor)
			}
			return
		}
		if err != nil || got.Minor != want.Int64() {
			t.Fatalf("%s rounded to %d (%v), want %s", r, got.Minor, err, want)
		}
	})
}

func TestParseRat(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "007": "7", "+3": "3", "83.20": "416/5", "-0.005": "-1/200",
		"9223372036854775807": "9223372036854775807", "9223372036854775808": "9223372036854775808",
		"0.1234567890123456789": "1234567890123456789/10000000000000000000",
	} {
		got, err := money.ParseRat(text)
		if err != nil || got.String() != want {
			t.Errorf("%q = %s (%v), want %s", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", ".", ".5", "5.", "-", "+-1", "--1", "1e3", "0x10", "1_000", " 1", "1,5", "1.2.3", "１", "Inf", "1/2",
		"00000000000000000000000000000000000000001",
	} {
		if got, err := money.ParseRat(text); !errors.Is(err, money.ErrSyntax) {
			t.Errorf("%q read as %s, %v", text, got, err)
		}
	}
}

func TestRatTextIsDecimal(t *testing.T) {
	var r money.Rat
	if err := r.UnmarshalText([]byte("010/030")); err != nil || r.String() != "1/3" {
		t.Errorf("010/030 = %s, %v: leading zeros are not octal", r, err)
	}
	for _, text := range []string{"1/0", "/2", "2/", "1/-2", "0x1/2", "1.5/2", "1/2/3", "+1/2", "1_0/2"} {
		if err := r.UnmarshalText([]byte(text)); !errors.Is(err, money.ErrSyntax) {
			t.Errorf("%q read as %s, %v", text, r, err)
		}
	}
}

func TestZeroRatIsNothing(t *testing.T) {
	var zero money.Rat
	if zero.Sign() != 0 || zero.String() != "0" || !zero.Equal(money.RatOf(0, 7)) || !zero.Add(money.RatOf(1, 2)).Equal(money.RatOf(1, 2)) {
		t.Error("the zero value is not 0")
	}
}

func TestSmallNumbersTakeNoMemory(t *testing.T) {
	a, b := money.RatOf(1234, 100), money.RatOf(9000, 10000)
	allocs := testing.AllocsPerRun(100, func() {
		if _, err := a.Mul(b).Add(a).DivInt(3).Round("EUR"); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func FuzzParseRat(f *testing.F) {
	for _, seed := range []string{"0", "-12.50", "+1", "1e9", ".5", "0x1", "1234567890123456789012345678901234567890"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := money.ParseRat(text)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(text)
		if !ok || got.Big().Cmp(want) != 0 {
			t.Fatalf("%q = %s", text, got)
		}
	})
}

func FuzzRatText(f *testing.F) {
	f.Add("1/3")
	f.Add("-7")
	f.Fuzz(func(t *testing.T, text string) {
		var r, again money.Rat
		if r.UnmarshalText([]byte(text)) != nil {
			return
		}
		written, _ := r.MarshalText()
		if err := again.UnmarshalText(written); err != nil || !again.Equal(r) {
			t.Fatalf("%q written as %q, read as %s: %v", text, written, again, err)
		}
	})
}
