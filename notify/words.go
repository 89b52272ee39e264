package notify

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

//go:embed messages/*.json
var messageFiles embed.FS

// words is how one language says what mails say: a message file.
type words struct {
	tag      language.Tag
	Dir      string          `json:"dir"`  // ltr or rtl
	Date     string          `json:"date"` // pattern of a day
	Instant  string          `json:"instant"`
	Weekdays [7]string       `json:"weekdays"` // from Sunday
	Months   [12]string      `json:"months"`
	Money    moneyWords      `json:"money"`
	List     string          `json:"list"` // between the items of a list
	Texts    map[string]text `json:"texts"`
}

type moneyWords struct {
	Decimal     string `json:"decimal"`
	Group       string `json:"group"`
	Pattern     string `json:"pattern"`      // with a sign: "€"
	CodePattern string `json:"code_pattern"` // with a code: "CHF"
}

// text is one message, with a form for each plural category that the language has.
type text struct {
	plain string
	forms map[string]string
}

// UnmarshalJSON reads a string, or an object of plural forms.
func (t *text) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &t.plain) == nil {
		return nil
	}
	return json.Unmarshal(data, &t.forms)
}

// catalogue is every language that mail is written in, English first: it is what
// others fall back to.
var catalogue, matcher = readCatalogue("en", "de", "fr", "es", "ja", "ar")

func readCatalogue(names ...string) (all []*words, match language.Matcher) {
	tags := make([]language.Tag, len(names))
	for i, name := range names {
		data, err := messageFiles.ReadFile(path.Join("messages", name+".json"))
		w := &words{tag: language.MustParse(name)}
		if err == nil {
			err = json.Unmarshal(data, w)
		}
		if err != nil {
			panic("notify: messages of " + name + ": " + err.Error()) // they are part of the program
		}
		all, tags[i] = append(all, w), w.tag
	}
	return all, language.NewMatcher(tags)
}

// wordsFor is the best language for a guest's BCP 47 tag.
func wordsFor(wanted string) *words {
	_, at, _ := matcher.Match(language.Make(wanted))
	return catalogue[at]
}

// say is a message with its arguments put in: name, value, name, value ...
func (w *words) say(key string, args ...string) string {
	return w.fill(w.Texts[key].plain, args...)
}

// count is the form of a message for n things; {n} is the number.
func (w *words) count(key string, n int, args ...string) string {
	forms := w.Texts[key].forms
	form, ok := forms[pluralNames[plural.Cardinal.MatchPlural(w.tag, n, 0, 0, 0, 0)]]
	if !ok {
		form = forms["other"]
	}
	return w.fill(form, append(args, "n", strconv.Itoa(n))...)
}

var pluralNames = map[plural.Form]string{
	plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
}

// Isolates keep a name in another script from mixing up the line that it stands in.
const isolate, endIsolate = "\u2068", "\u2069"

func (w *words) fill(pattern string, args ...string) string {
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		value := args[i+1]
		if w.Dir == "rtl" {
			value = isolate + value + endIsolate
		}
		pairs = append(pairs, "{"+args[i]+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(pattern)
}

// day is a date in words.
func (w *words) day(d stay.Date) string { return w.when(w.Date, d, "", "") }

// instant is a moment in the property's zone, which is named.
func (w *words) instant(at time.Time, zone *time.Location) string {
	return w.when(w.Instant, stay.On(at, zone), at.In(zone).Format("15:04"), zone.String())
}

func (w *words) when(pattern string, d stay.Date, clock, zone string) string {
	year, month, day := d.Civil()
	return strings.NewReplacer(
		"{weekday}", w.Weekdays[d.Weekday()], "{day}", strconv.Itoa(day), "{month}", w.Months[month-1],
		"{m}", strconv.Itoa(int(month)), "{year}", strconv.Itoa(year), "{time}", clock, "{zone}", zone,
	).Replace(pattern)
}

// signs are those that readers know without doubt; any other currency is written
// by its code.
var signs = map[money.Currency]string{
	"EUR": "€", "GBP": "£", "USD": "US$", "JPY": "¥", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$",
	"SGD": "S$", "HKD": "HK$", "INR": "₹", "KRW": "₩", "ILS": "₪", "VND": "₫", "BRL": "R$", "MXN": "MX$",
}

// amount writes money as the language does: "€1,234.50", "1.234,50 €".
func (w *words) amount(a money.Amount) string {
	digits, minus := strings.CutPrefix(a.Decimal(), "-")
	whole, fraction, split := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + w.Money.Group + whole[i:]
	}
	if split {
		whole += w.Money.Decimal + fraction
	}
	pattern, sign := w.Money.Pattern, signs[a.Currency]
	if sign == "" {
		pattern, sign = w.Money.CodePattern, string(a.Currency)
	}
	text := strings.NewReplacer("{amount}", whole, "{symbol}", sign).Replace(pattern)
	if minus {
		text = "−" + text
	}
	return text
}

// party is who stays in a room: "2 adults, 1 child (5)".
func (w *words) party(p stay.Party) string {
	var parts []string
	if p.Adults > 0 {
		parts = append(parts, w.count("adults", p.Adults))
	}
	if len(p.ChildAges) > 0 {
		ages := make([]string, len(p.ChildAges))
		for i, age := range p.ChildAges {
			ages[i] = fmt.Sprint(age)
		}
		parts = append(parts, w.count("children", len(ages), "ages", strings.Join(ages, w.List)))
	}
	return strings.Join(parts, w.List)
}
