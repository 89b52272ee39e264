package world

import (
	_ "embed" // for the tables
	"strings"
	"sync"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
)

//go:embed countries.txt
var countriesFile string

//go:embed units.txt
var unitsFile string

//go:embed taxes.txt
var taxesFile string

// market is what a country does to a hotel: its money, its language, the level
// of its prices and its taxes.
type market struct {
	country  string
	currency money.Currency
	names    *names
	level    int       // percent of the reference price
	vat      money.Rat // percent
	included bool
	units    money.Rat // of the currency for a euro, in size
}

var markets = sync.OnceValue(func() map[string]market {
	units := make(map[money.Currency]money.Rat)
	for f := range rows(unitsFile) {
		units[money.Currency(f[0])] = decimal(f[1])
	}
	all := make(map[string]market)
	for f := range rows(countriesFile) {
		m := market{
			currency: money.Currency(f[0]), names: languages()[f[1]], level: int(whole(decimal(f[2]))),
			vat: decimal(f[3]), included: f[4] == "in", units: units[money.Currency(f[0])],
		}
		for _, m.country = range f[5:] {
			all[m.country] = m
		}
	}
	return all
})

// rows yields the fields of a table's lines, without comments.
func rows(table string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(table) {
			if fields := strings.Fields(line); len(fields) > 0 && fields[0][0] != '#' && !yield(fields) {
				return
			}
		}
	}
}

// decimal reads a number of our own tables.
func decimal(text string) money.Rat {
	r, err := money.ParseRat(text)
	if err != nil {
		panic("world: bad number in a table: " + text)
	}
	return r
}

func whole(r money.Rat) int64 {
	n, _ := r.Int64()
	return n
}

// CurrencyOf is the currency in which hotels of a country charge; false for an
// unknown country.
func CurrencyOf(country string) (money.Currency, bool) {
	m, ok := markets()[country]
	return m.currency, ok
}

// marketOf is a country's market; a country that nobody knows is priced in dollars.
func marketOf(country string) market {
	if m, ok := markets()[country]; ok {
		return m
	}
	m := markets()["PA"]
	m.names = languages()["en"]
	return m
}

// regions are places that speak another language than most of their country.
var regions = map[string]string{
	"CH/Genève": "fr", "CH/Lausanne": "fr", "CH/Montreux": "fr", "CH/Vevey": "fr", "CH/Verbier": "fr",
	"CH/Lugano": "it", "CH/Locarno": "it", "CH/Ascona": "it",
	"BE/Brugge": "nl", "BE/Antwerpen": "nl", "BE/Gent": "nl", "BE/Ostend": "nl", "BE/Knokke-Heist": "nl", "BE/De Haan": "nl",
	"IT/Merano": "de", "IT/Ortisei": "de", "IT/San Candido": "de", "IT/Corvara in Badia": "de",
	"CA/Montréal": "fr", "CA/Québec": "fr", "CA/Mont-Tremblant": "fr",
}

// marketIn is the market of a country with the language of the place.
func marketIn(country, city string) market {
	m := marketOf(country)
	if language, ok := regions[country+"/"+city]; ok {
		m.names = languages()[language]
	}
	return m
}

// amount turns a reference price in euro cents into minor units that look like
// a price: 189 EUR, 24,500 JPY, 1,850,000 IDR; never zero.
func (m market) amount(cents int64) money.Rat {
	major, err := m.units.Mul(money.RatOf(cents, 100)).Round("XAF") // a currency without minor units: whole numbers
	if err != nil {
		panic("world: " + err.Error())
	}
	step := int64(1)
	for major.Minor/step >= 500 {
		step *= 10
	}
	rounded := max(step, (major.Minor+step/2)/step*step)
	return m.minor(money.RatOf(rounded, 1))
}

// minor is an amount of whole currency units in minor units.
func (m market) minor(major money.Rat) money.Rat {
	for range m.currency.Exponent() {
		major = major.MulInt(10)
	}
	return major
}

// taxes of a house in this market and city.
func (m market) taxes(city string) []property.Tax {
	var all []property.Tax
	if m.vat.Sign() > 0 {
		all = append(all, property.Tax{
			Code: "vat", Name: m.vatName(), Kind: property.TaxPercent, Percent: m.vat, Included: m.included,
		})
	}
	if f := cityTax(m.country, city); f != nil {
		all = append(all, property.Tax{
			Code: "city_tax", Name: "City tax", Kind: property.TaxPerPersonNight, Amount: m.minor(decimal(f[0])),
			OnSite: true, ExemptBelow: int(whole(decimal(f[1]))), MaxNights: int(whole(decimal(f[2]))),
		})
	}
	return all
}

func (m market) vatName() string {
	if m.included {
		return "VAT"
	}
	return "Sales and lodging tax"
}

// cityTax is amount, exemption and longest stay of the city, else of its country.
func cityTax(country, city string) []string {
	var found []string
	for f := range rows(taxesFile) {
		if f[0] == country && (f[1] == city || f[1] == "*" && found == nil) {
			found = f[2:]
		}
	}
	return found
}

// in is the market with another currency, for a house that charges in one.
func (m market) in(c money.Currency) market {
	if c == m.currency {
		return m
	}
	for f := range rows(unitsFile) {
		if f[0] == string(c) {
			m.currency, m.units = c, decimal(f[1])
		}
	}
	return m
}
