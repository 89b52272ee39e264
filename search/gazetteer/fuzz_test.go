package gazetteer

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/search"
)

// Whatever is typed is answered, with entries that are there, and tokens are
// whole characters.
func FuzzSuggest(f *testing.F) {
	g, _ := little(f, 9)
	for _, seed := range []string{"", "a", "paris texas", "東京都", "ﾎﾃﾙ東京inn", "Łódź", "\xff\xfe", "!!!", "กรุงเทพ", "a\u0301\u0301", strings.Repeat("ho ", 100), strings.Repeat("京", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, token := range tokens(search.Fold(text)) {
			if token == "" || !utf8.ValidString(token) || strings.Contains(token, " ") {
				t.Fatalf("%q has the token %q", text, token)
			}
		}
		for _, m := range g.Suggest(text, 5) {
			if _, ok := g.Entry(m.ID); !ok {
				t.Fatalf("%q finds %q, which is not there", text, m.ID)
			}
		}
		g.Resolve(text)
	})
}

// Folding what is folded changes nothing.
func FuzzFold(f *testing.F) {
	for _, seed := range []string{"Straße", "ΑΘΉΝΑΙ", "İ", "ǆ", "Å", "ガ", "각", "a b  c", "№1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := search.Fold(text)
		if twice := search.Fold(once); twice != once {
			t.Fatalf("%q folds to %q and then to %q", text, once, twice)
		}
	})
}

// The walk through the tree finds what comparing with every term finds.
func FuzzTypos(f *testing.F) {
	f.Add("barclona", "barcelona berlin bern barca 東京 tokyo toyko")
	f.Add("abcdefgh", "abcdefgh abdcefhg bacdefgh xbcdefg abcd")
	f.Fuzz(func(t *testing.T, typed, text string) {
		words := tokens(search.Fold(typed))
		if len(words) == 0 {
			return
		}
		table := tableOf([][]string{{search.Fold(text)}})
		for _, alone := range []bool{true, false} {
			similar := union(table.trie.resembling(words[0], alone))
			resumed := union(table.trie.resumed(words[0]))
			for i, term := range table.terms {
				scripted := !unspaced([]rune(term)[0])
				if want := scripted && mistyped([]rune(words[0]), []rune(term), alone); contains(similar, uint32(i)) != want {
					t.Errorf("%q resembles %q: %v", words[0], term, !want)
				}
				if want := scripted && resumes([]rune(words[0]), []rune(term)); contains(resumed, uint32(i)) != want {
					t.Errorf("%q goes on as %q: %v", words[0], term, !want)
				}
			}
		}
	})
}

func TestPeaks(t *testing.T) {
	_, random := little(t, 5)
	values := make([]uint32, 5_000)
	for i := range values {
		values[i] = random.Uint32N(1_000)
	}
	p := peaksOf(values)
	for range 2_000 {
		lo := random.IntN(len(values))
		hi := lo + 1 + random.IntN(len(values)-lo)
		if got, want := values[p.top(lo, hi)], slices.Max(values[lo:hi]); got != want {
			t.Fatalf("the largest of [%d, %d) is %d, not %d", lo, hi, want, got)
		}
	}
	var walked []uint32
	p.walk([]span{{10, 300}, {280, 280}, {1000, 1500}}, func(_ int, value uint32) bool {
		walked = append(walked, value)
		return true
	})
	want := append(slices.Clone(values[10:300]), values[1000:1500]...)
	slices.SortFunc(want, func(a, b uint32) int { return int(b) - int(a) })
	if !slices.Equal(walked, want) {
		t.Error("the walk is out of order")
	}
}
