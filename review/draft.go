package review

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what is written, in characters.
const (
	MaxTitle  = 120
	MaxText   = 2000
	MaxReason = 500
)

// Draft is what a guest writes.
type Draft struct {
	Scores    Scores
	Title     string
	Good, Bad string
	Language  string // BCP 47; "": that of the booking
	Anonymous bool   // without the first name
}

// Check reports ErrInvalid with what is wrong, never with the text. Words are
// not needed: scores alone are a review.
func (d Draft) Check() error {
	for i, score := range d.Scores {
		if score < 1 || score > MaxScore {
			return fmt.Errorf("%w: the score of %s must be 1 to %d", ErrInvalid, Parts[i], MaxScore)
		}
	}
	if err := checkText("title", d.Title, 0, MaxTitle); err != nil {
		return err
	}
	if err := checkText("good", d.Good, 0, MaxText); err != nil {
		return err
	}
	return checkText("bad", d.Bad, 0, MaxText)
}

func checkText(what, text string, least, most int) error {
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	length := utf8.RuneCountInString(strings.TrimSpace(text))
	if length < least || length > most || !utf8.ValidString(text) || strings.ContainsFunc(text, odd) {
		return fmt.Errorf("%w: %s must be %d to %d printable characters", ErrInvalid, what, least, most)
	}
	return nil
}

// review is the draft as the stay's guest publishes it.
func (d Draft) review(of Stayed) Review {
	r := Review{
		PropertyID: of.PropertyID, BookingID: of.BookingID, Scores: d.Scores,
		Title: strings.TrimSpace(d.Title), Good: strings.TrimSpace(d.Good), Bad: strings.TrimSpace(d.Bad), Language: d.Language,
		Author: of.Author, Country: of.Country, Company: of.Company, Month: of.Month,
	}
	if r.Language == "" {
		r.Language = of.Language
	}
	if d.Anonymous {
		r.Author = ""
	}
	return r
}

// FirstName is the part of a name that a review shows. Where the family name
// comes first, or nothing looks like a name, it is "".
func FirstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	for _, r := range first {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			return ""
		}
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '-' && r != '\'' && r != '’' {
			return ""
		}
	}
	if utf8.RuneCountInString(first) > 30 {
		return ""
	}
	return first
}
