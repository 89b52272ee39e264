package words

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/feature/plural"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

func speak(t testing.TB) map[string]*Language {
	t.Helper()
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	byCode := map[string]*Language{}
	for _, l := range all {
		byCode[l.Code] = l
	}
	return byCode
}

// Every message is there in each language, with the same facts in it, and in
// every plural form that the language has.
func TestLanguagesAreComplete(t *testing.T) {
	all := speak(t)
	first := all[Codes[0]]
	for _, code := range Codes[1:] {
		l := all[code]
		if extra := slices.DeleteFunc(l.Keys(), first.Has); len(extra) > 0 {
			t.Errorf("%s has messages that English has not: %v", code, extra)
		}
		for _, key := range first.Keys() {
			if !l.Has(key) {
				t.Errorf("%s has no %s", code, key)
				continue
			}
			if want, got := factsOf(first.messages[key]), factsOf(l.messages[key]); !strings.HasPrefix(key, "format.") && !slices.Equal(want, got) {
				t.Errorf("%s: %s has the facts %v, want %v", code, key, got, want)
			}
			if len(l.messages[key]) > 1 { // with one form alone the sentence suits every number
				l.checkForms(t, key)
			}
		}
	}
}

func factsOf(m message) []string {
	found := map[string]bool{}
	for _, said := range m {
		for _, p := range said.parts {
			found[p.fact] = true
		}
	}
	delete(found, "n") // "one child", "eine Nacht"
	return slices.Sorted(maps.Keys(found))
}

func (l *Language) checkForms(t *testing.T, key string) {
	t.Helper()
	for n := range 200 {
		form := plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)
		if _, ok := l.messages[key][form]; !ok {
			t.Errorf("%s: %s has no form for %d", l.Code, key, n)
			return
		}
	}
}

func TestEveryLanguageIsItsOwn(t *testing.T) {
	all := speak(t)
	first := all["en"]
	for _, code := range Codes[1:] {
		same := 0
		for _, key := range first.Keys() {
			if all[code].Say(key) == first.Say(key) && len(first.Say(key)) > 12 {
				same++
			}
		}
		if same > 12 {
			t.Errorf("%s says %d things as English does", code, same)
		}
	}
}

func TestMoney(t *testing.T) {
	all := speak(t)
	for _, c := range []struct {
		code, want string
		amount     money.Amount
	}{
		{"en", "€1,234.50", money.Of(123450, "EUR")},
		{"en", "¥12,000", money.Of(12000, "JPY")},
		{"en", "−€5.00", money.Of(-500, "EUR")},
		{"en", "CHF\u00a0999.00", money.Of(99900, "CHF")},
		{"en", "KWD\u00a01.250", money.Of(1250, "KWD")},
		{"en", "US$1,000,000.00", money.Of(100000000, "USD")},
		{"de", "1.234,50\u00a0€", money.Of(123450, "EUR")},
		{"fr", "1\u202f234,50\u00a0€", money.Of(123450, "EUR")},
		{"es", "1234,50\u00a0€", money.Of(123450, "EUR")},
		{"es", "12.345,00\u00a0€", money.Of(1234500, "EUR")},
		{"ja", "¥12,000", money.Of(12000, "JPY")},
		{"ar", "\u2066€1,234.50\u2069", money.Of(123450, "EUR")},
	} {
		if got := all[c.code].Money(c.amount); got != c.want {
			t.Errorf("%s: %q, want %q", c.code, got, c.want)
		}
	}
	if got := all["en"].Round(money.Of(123450, "EUR")); got != "€1,235" {
		t.Errorf("rounded: %q", got)
	}
}

func TestDays(t *testing.T) {
	all, day := speak(t), stay.DateOf(2026, time.December, 11)
	for code, want := range map[string]string{
		"en": "Friday 11 December 2026", "de": "Freitag, 11. Dezember 2026", "fr": "vendredi 11 décembre 2026",
		"es": "viernes, 11 de diciembre de 2026", "ja": "2026年12月11日(金曜日)", "ar": "الجمعة 11 ديسمبر 2026",
	} {
		if got := all[code].Day(day); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	for code, l := range all {
		if len(l.months) != 12 || len(l.mons) != 12 || len(l.weekdays) != 7 || len(l.wds) != 7 {
			t.Errorf("%s: months or weekdays are missing", code)
		}
	}
}

func TestPlurals(t *testing.T) {
	all := speak(t)
	for _, c := range []struct {
		code, want string
		n          int
	}{
		{"en", "1\u00a0night", 1},
		{"en", "2\u00a0nights", 2},
		{"de", "1\u00a0Nacht", 1},
		{"de", "3\u00a0Nächte", 3},
		{"fr", "0\u00a0nuit", 0},
		{"ja", "2\u00a0泊", 2},
		{"ar", "ليلتان", 2},
		{"ar", "3\u00a0ليالٍ", 3},
		{"ar", "11\u00a0ليلة", 11},
	} {
		if got := all[c.code].Nights(c.n); got != c.want {
			t.Errorf("%s: %q, want %q", c.code, got, c.want)
		}
	}
}

func TestParty(t *testing.T) {
	l := speak(t)["en"]
	for want, p := range map[string]stay.Party{
		"2\u00a0adults":                      {Adults: 2},
		"1\u00a0adult, a child of 7":         {Adults: 1, ChildAges: []int{7}},
		"2\u00a0adults, children of 5 and 9": {Adults: 2, ChildAges: []int{5, 9}},
	} {
		if got := l.Party(p); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestChooser(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	c := NewChooser(all)
	for header, want := range map[string]string{
		"": "en", "de-AT,de;q=0.9,en;q=0.5": "de", "pt-BR": "en", "ar-EG": "ar", "zh,ja;q=0.8": "ja", "nonsense;;q=": "en", "fr-CA": "fr",
	} {
		if got := c.Accepted(header); got.Code != want {
			t.Errorf("%q is answered in %s, want %s", header, got.Code, want)
		}
	}
	for header, want := range map[string]money.Currency{"de-CH,de": "CHF", "en-US": "USD", "ja": "JPY", "": ""} {
		if got := CurrencyOf(header); got != want {
			t.Errorf("%q pays in %s, want %s", header, got, want)
		}
	}
}

func TestBadMessages(t *testing.T) {
	for _, text := range []string{`{"sometimes":"x","other":"y"}`, `{"one":"x"}`, `3`} {
		if m, err := parse(json.RawMessage(text)); err == nil {
			t.Errorf("%s is %v", text, m)
		}
	}
}
