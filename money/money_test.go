package money_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/money"
)

func TestDecimalUsesTheCurrencysDigits(t *testing.T) {
	for _, c := range []struct {
		minor    int64
		currency money.Currency
		want     string
	}{
		{1250, "EUR", "12.50 EUR"},
		{-5, "EUR", "-0.05 EUR"},
		{1250, "JPY", "1250 JPY"},
		{1250, "KWD", "1.250 KWD"},
		{7, "CLF", "0.0007 CLF"},
		{math.MinInt64, "EUR", "-92233720368547758.08 EUR"},
	} {
		if got := money.Of(c.minor, c.currency).String(); got != c.want {
			t.Errorf("%d %s = %q, want %q", c.minor, c.currency, got, c.want)
		}
	}
}

func TestParseRefusesDigitsThatTheCurrencyLacks(t *testing.T) {
	if got, err := money.Parse("12.5", "EUR"); err != nil || got != money.Of(1250, "EUR") {
		t.Errorf("12.5 EUR = %v, %v", got, err)
	}
	if got, err := money.Parse("12.500", "EUR"); err != nil || got != money.Of(1250, "EUR") {
		t.Errorf("12.500 EUR = %v, %v", got, err)
	}
	for text, currency := range map[string]money.Currency{"12.505": "EUR", "1.5": "JPY", "1.0001": "KWD", "99999999999999999999": "EUR"} {
		if got, err := money.Parse(text, currency); !errors.Is(err, money.ErrSyntax) {
			t.Errorf("%s %s = %v, %v", text, currency, got, err)
		}
	}
	if _, err := money.Parse("1", "XXX"); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("XXX: %v", err)
	}
}

func TestParseReadsWhatDecimalWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]money.Currency{"EUR", "JPY", "KWD", "CLF"}).Draw(t, "currency")
		want := money.Of(rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "minor"), currency)
		if got, err := money.Parse(want.Decimal(), currency); err != nil || got != want {
			t.Fatalf("%s read as %v: %v", want, got, err)
		}
	})
}

func TestAddFailsRatherThanOverflow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		got, err := money.Of(a, "EUR").Add(money.Of(b, "EUR"))
		want, fits := money.RatOf(a, 1).Add(money.RatOf(b, 1)).Int64()
		if errors.Is(err, money.ErrOverflow) {
			if fits {
				t.Fatalf("%d + %d fits", a, b)
			}
			return
		}
		if err != nil || (fits && got.Minor != want) {
			t.Fatalf("%d + %d = %d (%v)", a, b, got.Minor, err)
		}
	})
	if _, err := money.Of(1, "EUR").Add(money.Of(1, "CHF")); !errors.Is(err, money.ErrMismatch) {
		t.Errorf("EUR + CHF: %v", err)
	}
	if _, err := money.Of(0, "EUR").Sub(money.Of(math.MinInt64, "EUR")); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("minus the smallest: %v", err)
	}
}

func TestSpreadLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := money.Of(rapid.Int64().Draw(t, "minor"), "EUR")
		parts := whole.Spread(rapid.IntRange(1, 90).Draw(t, "n"))
		sum := money.Zero("EUR")
		for i, p := range parts {
			var err error
			if sum, err = sum.Add(p); err != nil {
				t.Fatal(err)
			}
			if off := parts[0].Minor - p.Minor; off != 0 && off != 1 {
				t.Fatalf("part %d is %d, part 0 is %d", i, p.Minor, parts[0].Minor)
			}
		}
		if sum != whole {
			t.Fatalf("parts sum to %v", sum)
		}
	})
}
