package web

import (
	"html"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/search"
)

// Whatever a house or a guest wrote stays text, between tags and in quotes.
func TestMarkupEscapes(t *testing.T) {
	l := english(t).Language
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{`"><script>alert(1)</script>`, `' onload='x`, "a\x00b", "&amp;", "東京 <b>"})).Draw(t, "said")
		written := string(markupOf(l, 0).text(said).done())
		if strings.ContainsAny(written, "<>\"'\x00") {
			t.Fatalf("%q is written %q", said, written)
		}
		if got := html.UnescapeString(written); got != strings.ReplaceAll(said, "\x00", "\uFFFD") {
			t.Fatalf("%q is read back as %q", said, got)
		}
	})
}

func TestRepeatedPartsEscape(t *testing.T) {
	l := english(t).Language
	const hostile = `x"'><script>`
	h := hitView{Hit: search.Hit{PropertyID: hostile, Name: hostile, City: hostile, Country: hostile}, URL: hostile, Scene: hostile, KindName: hostile, Away: hostile, OnSite: hostile, For: hostile, RoomNames: []string{hostile}}
	o := offerView{termsView: termsView{Plan: hostile, Board: hostile, Party: hostile, Cancel: []string{hostile}, Pay: hostile, OnSite: hostile}, Token: hostile, Counts: []choice{{hostile, hostile, true}}}
	g := groupView{Party: hostile, Types: []roomTypeView{{ID: hostile, Name: hostile, Description: hostile, Scene: hostile, Offers: []offerView{o}}}}
	m := markupOf(l, 0)
	m.hits([]hitView{h}).ticks(filterGroup{Choices: []filterChoice{{choice: choice{Value: hostile, Label: hostile}}}})
	m.pins([]pin{{URL: hostile, Text: hostile, Title: hostile, ID: hostile}}).towns([]label{{Text: hostile}}).amenities([]choice{{Value: hostile, Label: hostile}})
	m.days([]dayView{{URL: hostile}}).gallery([]picture{{URL: hostile, Text: hostile}}).parts([]partView{{Label: hostile}})
	m.languages([]choice{{Value: hostile, Label: hostile}}).tongues([]tongue{{choice{Value: hostile, Label: hostile}, hostile}}).alternates([]choice{{Value: hostile, Label: hostile}})
	said := reviewView{Author: hostile, About: hostile}
	said.Title, said.Good, said.Bad, said.Language = hostile, hostile, hostile, hostile
	m.voices([]reviewView{said})
	for _, single := range []bool{true, false} {
		m.types(&hotelView{Single: single, Action: hostile, Key: hostile, Draft: draft{Name: hostile, Requests: hostile}}, &g)
	}
	written := string(m.done())
	if strings.Contains(written, "<script>") || strings.Contains(written, `x"`) || strings.Contains(written, "x'") {
		t.Errorf("a hostile text came through: %s", written)
	}
	if n := strings.Count(written, html.EscapeString(hostile)); n < 50 {
		t.Errorf("only %d of the texts are there", n)
	}
}
