package web

// languages are the choices of the menu, each in its own words.
func (m *markup) languages(all []choice) *markup {
	for _, l := range all {
		m.raw(`<option value="`).text(l.Value).raw(`" lang="`).text(l.Value).raw(`"`)
		if l.Chosen {
			m.raw(` selected`)
		}
		m.raw(`>`).text(l.Label).raw(`</option>`)
	}
	return m
}

// tongues are the links to the same page in each language.
func (m *markup) tongues(all []tongue) *markup {
	for _, t := range all {
		m.raw(`<a href="`).text(t.URL).raw(`" hreflang="`).text(t.Value).raw(`" lang="`).text(t.Value).raw(`"`)
		if t.Chosen {
			m.raw(` aria-current="true"`)
		}
		m.raw(`>`).text(t.Label).raw(`</a>`)
	}
	return m
}

// alternates are the same links for search engines.
func (m *markup) alternates(all []choice) *markup {
	for _, a := range all {
		m.raw(`<link rel="alternate" hreflang="`).text(a.Value).raw(`" href="`).text(a.Label).raw("\">\n")
	}
	return m
}

// rooms are the fields of the search form's party.
func (m *markup) rooms(all []roomForm) *markup {
	for _, r := range all {
		m.raw(`<fieldset data-room><legend>`).say("form.room", "n", r.Number).raw(`</legend><div class="field"><label for="a`).number(r.Number)
		m.raw(`">`).say("form.adults").raw(`</label><select id="a`).number(r.Number).raw(`" name="a`).number(r.Number).raw(`">`)
		m.raw(string(r.Adults)).raw(`</select></div><div class="kids">`)
		for i, ages := range r.Children {
			m.raw(`<div class="field" data-child><label for="c`).number(r.Number).raw(`-`).number(i).raw(`">`).say("form.child", "n", i+1)
			m.raw(`</label><select id="c`).number(r.Number).raw(`-`).number(i).raw(`" name="c`).number(r.Number).raw(`">`).raw(string(ages)).raw(`</select></div>`)
		}
		m.raw(`</div></fieldset>`)
	}
	return m
}
