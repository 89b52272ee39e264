// Package exchange is what a euro buys in other currencies, on one day. It
// serves to compare and to show prices; nothing is ever charged by it.
package exchange

import (
	_ "embed" // for the table
	"fmt"
	"strings"
	"sync"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// Table is the rates of one day.
type Table struct {
	On     stay.Date
	PerEUR map[money.Currency]money.Rat // units of the currency for one euro; the euro is in it
}

//go:embed ecb.txt
var bundled string

// Bundled is the table that ships with the binary: reference rates of the
// European Central Bank.
var Bundled = sync.OnceValue(func() Table {
	table, err := Read(bundled)
	if err != nil {
		panic("exchange: the bundled table is damaged: " + err.Error())
	}
	return table
})

// Read reads a table: the day on the first line, then "USD 1.1172" on each.
// Lines that begin with # are comments.
func Read(text string) (Table, error) {
	table := Table{PerEUR: map[money.Currency]money.Rat{"EUR": money.RatOf(1, 1)}}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		code, rate, pair := strings.Cut(line, " ")
		switch {
		case line == "" || line[0] == '#':
		case !pair:
			day, err := stay.ParseDate(line)
			if err != nil {
				return Table{}, fmt.Errorf("exchange: the day: %w", err)
			}
			table.On = day
		default:
			units, err := money.ParseRat(rate)
			if err != nil || units.Sign() <= 0 || !money.Currency(code).Valid() {
				return Table{}, fmt.Errorf("exchange: no rate: %q", line)
			}
			table.PerEUR[money.Currency(code)] = units
		}
	}
	if table.On == 0 {
		return Table{}, fmt.Errorf("exchange: the table names no day")
	}
	return table, nil
}

// Has tells whether amounts can be shown in the currency.
func (t Table) Has(c money.Currency) bool { return t.PerEUR[c].Sign() > 0 }

// Convert is about what an amount is in another currency, rounded half up to
// its smallest unit; false when the table lacks one of the two.
func (t Table) Convert(a money.Amount, to money.Currency) (money.Amount, bool) {
	from, into := t.PerEUR[a.Currency], t.PerEUR[to]
	if from.Sign() <= 0 || into.Sign() <= 0 {
		return money.Amount{}, false
	}
	exact := a.Rat().Mul(into).Div(from)
	for range to.Exponent() {
		exact = exact.MulInt(10)
	}
	for range a.Currency.Exponent() {
		exact = exact.DivInt(10)
	}
	about, err := exact.Round(to)
	return about, err == nil
}
