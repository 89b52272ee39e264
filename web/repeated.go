package web

import (
	"html/template"

	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/web/words"
)

// repeating are the functions by which templates have the parts that repeat.
func repeating(l *words.Language) template.FuncMap {
	return template.FuncMap{
		"options":    func(all []choice) template.HTML { return markupOf(l, 48*len(all)).options(all).done() },
		"stars":      func(n int) template.HTML { return markupOf(l, 100).stars(n).done() },
		"scored":     func(s review.Summary) template.HTML { return markupOf(l, 120).score(s).done() },
		"ticks":      func(g filterGroup) template.HTML { return markupOf(l, 160*len(g.Choices)).ticks(g).done() },
		"days":       func(days []dayView) template.HTML { return markupOf(l, 240*len(days)).days(days).done() },
		"pins":       func(all []pin) template.HTML { return markupOf(l, 300*len(all)).pins(all).done() },
		"hits":       func(all []hitView) template.HTML { return markupOf(l, 1200*len(all)).hits(all).done() },
		"types":      func(v hotelView, g groupView) template.HTML { return markupOf(l, 16<<10).types(&v, &g).done() },
		"gallery":    func(all []picture) template.HTML { return markupOf(l, 300*len(all)).gallery(all).done() },
		"languages":  func(all []choice) template.HTML { return markupOf(l, 400).languages(all).done() },
		"tongues":    func(all []tongue) template.HTML { return markupOf(l, 1200).tongues(all).done() },
		"alternates": func(all []choice) template.HTML { return markupOf(l, 160*len(all)).alternates(all).done() },
		"rooms":      func(all []roomForm) template.HTML { return markupOf(l, 1000).rooms(all).done() },
		"towns":      func(all []label) template.HTML { return markupOf(l, 64*len(all)).towns(all).done() },
		"amenities":  func(all []choice) template.HTML { return markupOf(l, 400*len(all)).amenities(all).done() },
		"voices":     func(all []reviewView) template.HTML { return markupOf(l, 800*len(all)).voices(all).done() },
		"said":       func(r reviewView) template.HTML { return markupOf(l, 800).said(&r).done() },
		"parts":      func(all []partView) template.HTML { return markupOf(l, 250*len(all)).parts(all).done() },
		"breakdown":  func(t termsView) template.HTML { return markupOf(l, 1000).breakdown(&t).done() },
	}
}

func (m *markup) hits(all []hitView) *markup {
	for i := range all {
		m.hit(&all[i])
	}
	return m
}

func (m *markup) hit(h *hitView) {
	m.raw(`<li class="hit" data-id="`).text(h.PropertyID).raw(`"><img src="`).text(h.Scene)
	m.raw(`" alt="" width="320" height="240" loading="lazy"><div class="about"><p class="kind">`).text(h.KindName).raw(" ").stars(h.Stars)
	m.raw(`</p><h3><a href="`).text(h.URL).raw(`">`).text(h.Name).raw(`</a></h3><p class="where">`)
	m.text(h.City).raw(", ").text(m.Country(h.Country)).item(" · ", h.Away, "").raw(`</p>`).score(h.Rating).raw(`<ul class="facts">`)
	for _, name := range h.RoomNames {
		m.item(`<li>`, name, `</li>`)
	}
	if h.FreeCancel {
		m.raw(`<li class="yes">`).say("hit.free").raw(`</li>`)
	}
	if h.Few > 0 {
		m.raw(`<li class="few">`).say("count.left", "n", h.Few).raw(`</li>`)
	}
	m.raw(`</ul></div><div class="price"><strong>`).money(h.Total).raw(`</strong>`).about(h.About, `<span>`, `</span>`)
	m.item(`<span>`, h.For, `</span>`).item(`<span>`, h.OnSite, `</span>`)
	m.raw(`<a class="button main" href="`).text(h.URL).raw(`" tabindex="-1" aria-hidden="true">`).say("hit.see").raw("</a></div></li>\n")
}

// ticks are the choices of a filter.
func (m *markup) ticks(g filterGroup) *markup {
	for _, c := range g.Choices {
		m.raw(`<label class="tick`)
		if c.Empty {
			m.raw(` none`)
		}
		m.raw(`"><input type="`).raw(g.Type).raw(`" name="`).raw(g.Name).raw(`" value="`).text(c.Value).raw(`" form="search"`)
		if c.Chosen {
			m.raw(` checked`)
		}
		m.raw(`> <span>`).text(c.Label).raw(`</span>`)
		if c.Counted {
			m.raw(`<small>`).number(c.Count).raw(`</small>`)
		}
		m.raw(`</label>`)
	}
	return m
}

// days are those of a strip.
func (m *markup) days(all []dayView) *markup {
	for _, d := range all {
		m.raw(`<li`)
		if d.Least {
			m.raw(` class="least"`)
		}
		open, end := `><span class="none"><span>`, `</small></span></li>`
		if d.URL != "" {
			m.raw(`><a href="`).text(d.URL).raw(`"`)
			if d.Chosen {
				m.raw(` aria-current="date"`)
			}
			open, end = `><span>`, `</small></a></li>`
		}
		m.raw(open).text(m.Weekday(d.Date)).raw(`</span><b>`).text(m.Tiny(d.Date)).raw(`</b><small>`)
		switch {
		case d.URL == "":
			m.say("days.full")
		case d.Amount != nil:
			m.text(m.Round(*d.Amount))
		}
		m.raw(end)
	}
	return m
}

// pins are the hits of a map.
func (m *markup) pins(all []pin) *markup {
	for _, p := range all {
		m.raw(`<a href="`).text(p.URL).raw(`" class="pin`)
		if p.Many {
			m.raw(` many`)
		}
		m.raw(`" data-id="`).text(p.ID).raw(`"`)
		if p.ID != "" {
			m.raw(` data-hit`)
		}
		m.raw(`><title>`).text(p.Title).raw(`</title><rect x="`).number(p.X).raw(`" y="`).number(p.Y).raw(`" width="`).number(p.W)
		m.raw(`" height="24" rx="12"/><text x="`).number(p.CX).raw(`" y="`).number(p.CY).raw(`">`).text(p.Text).raw(`</text></a>`)
	}
	return m
}

// towns are the names on a map.
func (m *markup) towns(all []label) *markup {
	for _, t := range all {
		m.raw(`<text class="town" x="`).number(t.X).raw(`" y="`).number(t.Y).raw(`">`).text(t.Text).raw(`</text>`)
	}
	return m
}

func (m *markup) amenities(all []choice) *markup {
	for _, a := range all {
		m.raw(`<li>`).raw(string(icon(a.Value))).text(a.Label).raw(`</li>`)
	}
	return m
}

// gallery are the pictures of a house, the first of which is seen at once.
func (m *markup) gallery(all []picture) *markup {
	for i, p := range all {
		m.raw(`<a href="`).text(p.URL).raw(`" class="g`).number(i + 1).raw(`"><img src="`).text(p.URL).raw(`" alt="`).text(p.Text)
		m.raw(`" width="480" height="360"`)
		if i == 0 {
			m.raw(` fetchpriority="high"></a>`)
		} else {
			m.raw(` loading="lazy"></a>`)
		}
	}
	return m
}
