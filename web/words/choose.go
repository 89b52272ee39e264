package words

import (
	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"github.com/vacancyhq/vacancy/money"
)

// Chooser finds a visitor's language.
type Chooser struct {
	all     []*Language
	matcher language.Matcher
}

// NewChooser chooses among the languages; the first is for everybody else.
func NewChooser(all []*Language) *Chooser {
	tags := make([]language.Tag, len(all))
	for i, l := range all {
		tags[i] = l.tag
	}
	return &Chooser{all: all, matcher: language.NewMatcher(tags)}
}

// All lists the languages.
func (c *Chooser) All() []*Language { return c.all }

// Named is the language of a code, or nil.
func (c *Chooser) Named(code string) *Language {
	for _, l := range c.all {
		if l.Code == code {
			return l
		}
	}
	return nil
}

// Accepted is the language that suits an Accept-Language header best.
func (c *Chooser) Accepted(header string) *Language {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(tags) == 0 {
		return c.all[0]
	}
	_, i, _ := c.matcher.Match(tags...)
	return c.all[i]
}

// CurrencyOf is the money of the country that an Accept-Language header begins
// with: "de-CH" is the franc; "" where it names none.
func CurrencyOf(header string) money.Currency {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(tags) == 0 {
		return ""
	}
	region, sure := tags[0].Region()
	if sure == language.No {
		return ""
	}
	unit, ok := currency.FromRegion(region)
	if !ok {
		return ""
	}
	return money.Currency(unit.String())
}
