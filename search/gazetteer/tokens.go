package gazetteer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTokens bounds what is kept of a name and of what was typed; the words of a
// query are bits of a number.
const maxTokens = 60

// tokens cuts folded text into what is looked up: words, and pairs of
// neighbouring characters where the script writes no spaces between words.
func tokens(folded string) []string {
	var all []string
	for word := range strings.SplitSeq(folded, " ") {
		for word != "" && len(all) < maxTokens {
			end := strings.IndexFunc(word, unspaced)
			if end == 0 {
				end = strings.IndexFunc(word, func(r rune) bool { return !unspaced(r) })
				all = appendPairs(all, word[:upTo(end, word)])
			} else {
				all = append(all, word[:upTo(end, word)])
			}
			word = word[upTo(end, word):]
		}
	}
	return all[:min(len(all), maxTokens)]
}

func upTo(end int, word string) int {
	if end < 0 {
		return len(word)
	}
	return end
}

// appendPairs adds "東京", "京都" for 東京都.
func appendPairs(all []string, run string) []string {
	_, first := utf8.DecodeRuneInString(run)
	if first == len(run) {
		return append(all, run)
	}
	for rest := run; first < len(rest); {
		_, second := utf8.DecodeRuneInString(rest[first:])
		all = append(all, rest[:first+second])
		rest, first = rest[first:], second
	}
	return all
}

func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
