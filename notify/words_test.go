package notify

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// needed is the plural forms that a language must have.
var needed = map[string][]string{
	"en": {"one", "other"}, "de": {"one", "other"}, "fr": {"one", "other"}, "es": {"one", "other"},
	"ja": {"other"}, "ar": {"zero", "one", "two", "few", "many", "other"},
}

// Every language says everything that English says, with the same arguments.
func TestMessagesAreComplete(t *testing.T) {
	english := catalogue[0]
	for _, w := range catalogue {
		name := w.tag.String()
		for key, want := range english.Texts {
			got, ok := w.Texts[key]
			if !ok || got.plain == "" && len(got.forms) == 0 {
				t.Errorf("%s lacks %s", name, key)
				continue
			}
			if (want.forms == nil) != (got.forms == nil) {
				t.Errorf("%s: %s has other forms", name, key)
			}
			if a, b := arguments(want.plain), arguments(got.plain); !slices.Equal(a, b) {
				t.Errorf("%s: %s has %v, English %v", name, key, b, a)
			}
			for _, form := range needed[name] {
				if got.forms != nil && got.forms[form] == "" {
					t.Errorf("%s: %s lacks the form %q", name, key, form)
				}
			}
		}
		if len(w.Texts) != len(english.Texts) || slices.Contains(w.Weekdays[:], "") || slices.Contains(w.Months[:], "") || w.Date == "" || w.Instant == "" || w.Dir == "" {
			t.Errorf("%s: %d texts, English has %d; or a name is missing", name, len(w.Texts), len(english.Texts))
		}
	}
}

func arguments(pattern string) []string {
	found := placeholder.FindAllString(pattern, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestLanguages(t *testing.T) {
	for wanted, want := range map[string]string{
		"": "en", "de": "de", "de-AT": "de", "fr-CA": "fr", "ja-JP": "ja", "ar-EG": "ar", "pt": "en", "zz-broken-": "en", "es-419": "es", "DE": "de",
	} {
		if got := wordsFor(wanted).tag.String(); got != want {
			t.Errorf("%q is written in %s, want %s", wanted, got, want)
		}
	}
}

func TestHowLanguagesWrite(t *testing.T) {
	zone, err := stay.Zone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 12, 9, 17, 0, 0, 0, time.UTC)
	party := stay.Party{Adults: 2, ChildAges: []int{5, 11}}
	for name, want := range map[string][4]string{
		"en": {"€1,234.50", "CHF\u00a099.00", "Wednesday 9 December 2026, 18:00 (Europe/Paris)", "2 adults, 2 children (5, 11)"},
		"de": {"1.234,50\u00a0€", "99,00\u00a0CHF", "Mittwoch, 9. Dezember 2026, 18:00 Uhr (Europe/Paris)", "2 Erwachsene, 2 Kinder (5, 11)"},
		"fr": {"1\u202f234,50\u00a0€", "99,00\u00a0CHF", "mercredi 9 décembre 2026 à 18:00 (Europe/Paris)", "2 adultes, 2 enfants (5, 11)"},
		"es": {"1.234,50\u00a0€", "99,00\u00a0CHF", "miércoles, 9 de diciembre de 2026, 18:00 (Europe/Paris)", "2 adultos, 2 niños (5, 11)"},
		"ja": {"€1,234.50", "CHF\u00a099.00", "2026年12月9日(水)18:00(Europe/Paris)", "大人2名、お子様2名(5、11歳)"},
		"ar": {"1,234.50\u00a0€", "99.00\u00a0CHF", "الأربعاء، 9 ديسمبر 2026، 18:00 (Europe/Paris)", "بالغان، طفلان (⁨5، 11⁩)"},
	} {
		w := wordsFor(name)
		got := [4]string{w.amount(money.Of(123_450, "EUR")), w.amount(money.Of(9_900, "CHF")), w.instant(at, zone), w.party(party)}
		if got != want {
			t.Errorf("%s:\n%q, want\n%q", name, got, want)
		}
	}
	w := wordsFor("en")
	for amount, want := range map[money.Amount]string{
		money.Of(-500, "EUR"): "−€5.00", money.Of(12_000, "JPY"): "¥12,000", money.Of(100, "GBP"): "£1.00", money.Of(99_999_900, "USD"): "US$999,999.00",
	} {
		if got := w.amount(amount); got != want {
			t.Errorf("%v: %q, want %q", amount, got, want)
		}
	}
}

// What a guest or a house is called stays on its own side of a line from right
// to left, and a name that looks like an argument is none.
func TestNamesInSentences(t *testing.T) {
	if got := wordsFor("ar").say("confirmed.heading", "house", "x"); strings.Contains(got, isolate) {
		t.Errorf("nothing to isolate in %q", got)
	}
	if got := wordsFor("ar").say("confirmed.lead", "house", "Hotel {code}"); !strings.Contains(got, isolate+"Hotel {code}"+endIsolate) {
		t.Errorf("%q", got)
	}
	if got := wordsFor("en").say("why_booking", "code", "{house}"); !strings.Contains(got, "{house}") {
		t.Errorf("%q", got)
	}
}
