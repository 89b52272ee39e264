package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Name is text in the form in which names are compared: without case, accents
// and punctuation, and cut into words.
type Name struct {
	folded string
	words  []word
}

type word []rune

// Closeness is how well typed text fits a name; smaller is closer.
type Closeness int

// Degrees of closeness.
const (
	Same    Closeness = iota
	Prefix            // the name begins with the text
	Words             // every typed word begins a word of the name
	Similar           // every typed word does so, but for a few typing errors
	Far
)

// NameOf folds text.
func NameOf(text string) Name {
	folded := Fold(text)
	n := Name{folded: folded}
	for _, w := range strings.Fields(folded) {
		n.words = append(n.words, word(w))
	}
	return n
}

// Empty tells whether nothing is left of the text.
func (n Name) Empty() bool { return len(n.words) == 0 }

// String is the folded text.
func (n Name) String() string { return n.folded }

// letters that no decomposition splits, as people type them without their keyboard.
var letters = map[rune]string{
	'ß': "ss", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ı': "i", 'ħ': "h", 'ς': "σ",
}

// Fold brings text into the form in which names are compared.
func Fold(text string) string {
	if plain, ok := foldPlain(text); ok {
		return plain
	}
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(strings.ToValidUTF8(text, " "))) {
		switch plain, ok := letters[r]; {
		case ok:
			b.WriteString(plain)
		case accent(r):
		case unicode.In(r, unicode.L, unicode.N, unicode.M):
			b.WriteRune(r)
		default:
			b.WriteRune(' ')
		}
	}
	return strings.Join(strings.Fields(norm.NFC.String(b.String())), " ")
}

// foldPlain is Fold for text of ASCII, which most is.
func foldPlain(text string) (string, bool) {
	folded := make([]byte, 0, len(text))
	for i := range len(text) {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			return "", false
		case 'A' <= c && c <= 'Z':
			folded = append(folded, c+'a'-'A')
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			folded = append(folded, c)
		case len(folded) > 0 && folded[len(folded)-1] != ' ':
			folded = append(folded, ' ')
		}
	}
	return strings.TrimSuffix(string(folded), " "), true
}

// accent tells whether a mark may be left out when typing: accents of
// European scripts, points of Hebrew and Arabic. Marks of kana and of Indic and
// Thai vowels are letters to their readers.
func accent(r rune) bool {
	return r >= 0x0300 && r <= 0x036f || r >= 0x0591 && r <= 0x05c7 || r >= 0x064b && r <= 0x065f || r == 0x0670
}

// Find is how close the typed text n comes to a name. Words may also be those
// of the surroundings ("sumisho tokyo"), but one at least is the name's own.
func (n Name) Find(name Name, around ...Name) Closeness {
	switch {
	case n.Empty():
		return Far
	case n.folded == name.folded:
		return Same
	case strings.HasPrefix(name.folded, n.folded):
		return Prefix
	case n.all(begins, name, around):
		return Words
	}
	return Far
}

// Resembles is Find for text with typing errors: Similar or Far.
func (n Name) Resembles(name Name, around ...Name) Closeness {
	if !n.Empty() && (near(word(n.folded), word(name.folded)) || n.all(near, name, around)) {
		return Similar
	}
	return Far
}

func (n Name) all(fits func(typed, word word) bool, name Name, around []Name) bool {
	own := false
	for _, typed := range n.words {
		if slices.ContainsFunc(name.words, func(w word) bool { return fits(typed, w) }) {
			own = true
			continue
		}
		if !slices.ContainsFunc(around, func(a Name) bool {
			return slices.ContainsFunc(a.words, func(w word) bool { return fits(typed, w) })
		}) {
			return false
		}
	}
	return own
}

// begins tells whether w begins with what was typed, or contains it where the
// script writes no spaces.
func begins(typed, w word) bool {
	if len(typed) > len(w) {
		return false
	}
	if slices.Equal(typed, w[:len(typed)]) {
		return true
	}
	return unspaced(typed[0]) && strings.Contains(string(w), string(typed))
}

func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// Longer words may have two typing errors, very short ones none.
const (
	oneErrorFrom  = 4
	twoErrorsFrom = 8
	longestFuzzy  = 40
)

// near tells whether w begins with what was typed, or is it with a typing error or two.
func near(typed, w word) bool {
	if begins(typed, w) {
		return true
	}
	errors := 1
	switch {
	case len(typed) < oneErrorFrom || len(typed) > longestFuzzy || len(w) > longestFuzzy:
		return false
	case len(typed) >= twoErrorsFrom:
		errors = 2
	}
	return max(len(typed), len(w))-min(len(typed), len(w)) <= errors && distance(typed, w) <= errors
}

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour to make b of a (Damerau-Levenshtein, each place edited once).
// Both are at most longestFuzzy long.
func distance(a, b word) int {
	var rows [3][longestFuzzy + 1]int
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		above[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(above[j]+change, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
