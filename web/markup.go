package web

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/web/words"
)

// markup writes what repeats on a page: hits, filters, days, pins, rates. A
// template takes two microseconds for each value, and a page of results has two
// thousand of them; what a page says once stays in its template.
type markup struct {
	*words.Language
	out strings.Builder
}

// markupOf writes a part of a page that has about so many bytes.
func markupOf(l *words.Language, size int) *markup {
	m := &markup{Language: l}
	m.out.Grow(size)
	return m
}

// done is what was written.
func (m *markup) done() template.HTML {
	return template.HTML(m.out.String()) //nolint:gosec // text escapes what is not ours
}

// raw is markup of ours.
func (m *markup) raw(tags string) *markup {
	m.out.WriteString(tags)
	return m
}

// text is what anybody may have written, between tags or in a quoted attribute.
func (m *markup) text(s string) *markup {
	from := 0
	for i := range len(s) {
		if entity := entities[s[i]]; entity != "" {
			m.out.WriteString(s[from:i])
			m.out.WriteString(entity)
			from = i + 1
		}
	}
	m.out.WriteString(s[from:])
	return m
}

// entities are the bytes that mean something to a browser, in text or in quotes.
var entities = [256]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&#34;", '\'': "&#39;", 0: "\uFFFD"}

func (m *markup) number(n int) *markup { return m.raw(strconv.Itoa(n)) }

// say is a message.
func (m *markup) say(key string, facts ...any) *markup { return m.text(m.Say(key, facts...)) }

func (m *markup) money(a money.Amount) *markup { return m.text(m.Money(a)) }

// item is a text within an element; an empty text is left out with it.
func (m *markup) item(open, text, end string) *markup {
	if text == "" {
		return m
	}
	return m.raw(open).text(text).raw(end)
}

// about is an amount in the visitor's currency, where it is another.
func (m *markup) about(a *money.Amount, open, end string) *markup {
	if a == nil {
		return m
	}
	return m.raw(open).raw("≈ ").money(*a).raw(end)
}

func (m *markup) stars(n int) *markup {
	if n <= 0 {
		return m
	}
	m.raw(`<span class="stars" role="img" aria-label="`).say("count.stars", "n", n)
	return m.raw(`">`).raw(strings.Repeat("★", n)).raw(`</span>`)
}

func (m *markup) score(s review.Summary) *markup {
	if s.Count == 0 {
		return m
	}
	m.raw(`<p class="score"><strong>`).text(m.Score(s.Tenths)).raw(`</strong> <span>`).say(scoreKey(s.Tenths))
	return m.raw(`<small>`).say("count.reviews", "n", s.Count).raw(`</small></span></p>`)
}

func (m *markup) options(all []choice) *markup {
	for i := range all {
		m.raw(`<option value="`).text(all[i].Value).raw(`"`)
		if all[i].Chosen {
			m.raw(` selected`)
		}
		m.raw(`>`).text(all[i].Label).raw(`</option>`)
	}
	return m
}
