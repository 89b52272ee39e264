package words

import "strings"

// sentence is a text cut where facts belong: after each part comes its fact.
type sentence struct {
	parts []part
	end   string
}

type part struct{ text, fact string }

// cut reads "{n} of {total}".
func cut(text string) (s sentence) {
	for {
		before, rest, found := strings.Cut(text, "{")
		if !found {
			s.end = text
			return s
		}
		name, after, _ := strings.Cut(rest, "}")
		s.parts = append(s.parts, part{before, name})
		text = after
	}
}

// told is what a sentence is told, where that is a text.
type told struct{ name, text string }

// with is the sentence with facts that are texts: amounts and days, of which a
// page has hundreds.
func (s sentence) with(facts ...told) string {
	var room [128]byte
	text := room[:0]
	for _, p := range s.parts {
		text = append(text, p.text...)
		for _, f := range facts {
			if f.name == p.fact {
				text = append(text, f.text...)
			}
		}
	}
	return string(append(text, s.end...))
}
