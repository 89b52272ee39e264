// Package words says things in a guest's language: sentences from message
// files, with plurals, and amounts, days and moments as that language writes
// them. A page names a message and its facts; no page holds a sentence.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

//go:embed messages/*.json
var files embed.FS

// Codes are the languages that there are messages in; the first is the one that
// is spoken to who asks for none of them.
var Codes = []string{"en", "de", "fr", "es", "ja", "ar"}

// Language is everything that is needed to speak one.
type Language struct {
	Code string // BCP 47: "de"
	Name string // in itself: "Deutsch"
	Dir  string // "ltr" or "rtl"

	tag              language.Tag
	messages         map[string]message
	group, point     string   // within numbers
	months, mons     []string // January, Jan
	weekdays, wds    []string // Sunday, Sun
	regions          display.Namer
	regionNames      map[string]string
	groupsFromDigits int // digits from which a number is grouped
	money, moneyCode sentence
}

// message is a sentence by plural form; one without plurals has "other" alone.
type message map[plural.Form]sentence

var forms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// Load reads every language, in the order of Codes.
func Load() ([]*Language, error) {
	var all []*Language
	for _, code := range Codes {
		l, err := read(code)
		if err != nil {
			return nil, fmt.Errorf("words: %s: %w", code, err)
		}
		all = append(all, l)
	}
	return all, nil
}

func read(code string) (*Language, error) {
	data, err := fs.ReadFile(files, "messages/"+code+".json")
	if err != nil {
		return nil, err
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	l := &Language{Code: code, tag: language.MustParse(code), messages: map[string]message{}, regionNames: map[string]string{}}
	for key, value := range raw {
		if l.messages[key], err = parse(value); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	l.Name, l.Dir = l.Say("language.name"), l.Say("language.dir")
	l.group, l.point = l.Say("format.group"), l.Say("format.point")
	l.groupsFromDigits = 4
	if l.Say("format.group_from") == "5" {
		l.groupsFromDigits = 5
	}
	l.money, l.moneyCode = l.pattern("format.money"), l.pattern("format.money_code")
	l.months, l.mons = l.list("format.months"), l.list("format.months_short")
	l.weekdays, l.wds = l.list("format.weekdays"), l.list("format.weekdays_short")
	l.regions = display.Regions(l.tag)
	return l, nil
}

func parse(value json.RawMessage) (message, error) {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return message{plural.Other: cut(text)}, nil
	}
	var byForm map[string]string
	if err := json.Unmarshal(value, &byForm); err != nil {
		return nil, err
	}
	m := message{}
	for name, text := range byForm {
		form, ok := forms[name]
		if !ok {
			return nil, fmt.Errorf("no plural form %q", name)
		}
		m[form] = cut(text)
	}
	if byForm["other"] == "" {
		return nil, fmt.Errorf("no form for other numbers")
	}
	return m, nil
}

// pattern is a message without plurals.
func (l *Language) pattern(key string) sentence { return l.messages[key][plural.Other] }

func (l *Language) list(key string) []string { return strings.Split(l.Say(key), "|") }

// Keys are the names of the messages, sorted.
func (l *Language) Keys() []string { return slices.Sorted(maps.Keys(l.messages)) }

// Has tells whether there is such a message.
func (l *Language) Has(key string) bool { return l.messages[key] != nil }

// Say is a message with its facts, which come as pairs of name and value:
// Say("hits.count", "n", 5). The fact "n" chooses the plural form. Amounts, days
// and numbers are written as the language does; a message that does not exist
// is its own name, which a test finds.
func (l *Language) Say(key string, facts ...any) string {
	m, ok := l.messages[key]
	if !ok {
		return key
	}
	said := m[plural.Other]
	if len(m) > 1 {
		if special, ok := m[l.form(facts)]; ok {
			said = special
		}
	}
	if len(said.parts) == 0 {
		return said.end
	}
	var room [256]byte
	text := room[:0]
	for _, p := range said.parts {
		text = append(append(text, p.text...), l.fact(p.fact, facts)...)
	}
	return string(append(text, said.end...))
}

func (l *Language) form(facts []any) plural.Form {
	for i := 0; i+1 < len(facts); i += 2 {
		if n, ok := facts[i+1].(int); ok && facts[i] == "n" {
			return plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)
		}
	}
	return plural.Other
}

func (l *Language) fact(name string, facts []any) string {
	for i := 0; i+1 < len(facts); i += 2 {
		if facts[i] == name {
			return l.write(facts[i+1])
		}
	}
	return "{" + name + "}"
}

func (l *Language) write(fact any) string {
	switch f := fact.(type) {
	case string:
		return f
	case int:
		return l.Number(f)
	case money.Amount:
		return l.Money(f)
	case stay.Date:
		return l.Short(f)
	case stay.Stay:
		return l.Stay(f)
	case stay.Party:
		return l.Party(f)
	}
	return fmt.Sprint(fact)
}

// Country is the name of an ISO 3166 code, or the code itself.
func (l *Language) Country(code string) string {
	if name, ok := l.regionNames[code]; ok {
		return name
	}
	region, err := language.ParseRegion(code)
	if err != nil || code == "" {
		return code
	}
	if name := l.regions.Name(region); name != "" {
		return name
	}
	return code
}

// Zone is how a deadline names its time zone.
func (l *Language) Zone(zone *time.Location) string {
	return strings.ReplaceAll(zone.String(), "_", " ")
}
