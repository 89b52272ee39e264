package exchange

import (
	"testing"

	"github.com/vacancyhq/vacancy/money"
)

func TestConvert(t *testing.T) {
	table, err := Read("# a table\n2026-10-30\nUSD 1.25\nJPY 160\nKWD 0.34\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, want money.Amount }{
		{money.Of(10000, "EUR"), money.Of(12500, "USD")},
		{money.Of(10000, "EUR"), money.Of(16000, "JPY")},
		{money.Of(16000, "JPY"), money.Of(12500, "USD")},
		{money.Of(12500, "USD"), money.Of(34000, "KWD")},
		{money.Of(-1, "EUR"), money.Of(-1, "USD")},
	} {
		if got, ok := table.Convert(c.from, c.want.Currency); !ok || got != c.want {
			t.Errorf("%v is %v (%v), want %v", c.from, got, ok, c.want)
		}
	}
	if got, ok := table.Convert(money.Of(1, "VND"), "EUR"); ok {
		t.Errorf("a currency that is not in the table is worth %v", got)
	}
}

func TestBundled(t *testing.T) {
	table := Bundled()
	for _, c := range []money.Currency{"EUR", "USD", "JPY", "GBP", "CHF"} {
		if !table.Has(c) {
			t.Errorf("no %s", c)
		}
	}
	if year, _, _ := table.On.Civil(); year < 2026 {
		t.Errorf("a table of %v", table.On)
	}
}

func TestDamagedTables(t *testing.T) {
	for _, text := range []string{"", "USD 1", "2026-13-40\nUSD 1", "2026-10-30\nUSD 0", "2026-10-30\nUSD x", "2026-10-30\nXXQ 2"} {
		if table, err := Read(text); err == nil {
			t.Errorf("%q is %v", text, table)
		}
	}
}
