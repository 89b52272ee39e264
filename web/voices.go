package web

// voices are what guests said.
func (m *markup) voices(all []reviewView) *markup {
	for i := range all {
		m.said(&all[i])
	}
	return m
}

func (m *markup) said(r *reviewView) *markup {
	m.raw(`<article class="said"><header><p class="score"><strong>`).text(m.Score(r.Tenths)).raw(`</strong> <span>`).text(r.Author)
	m.raw(`<small>`).text(r.About).raw(`</small></span></p></header>`)
	m.spoken(r, `<h3`, "", r.Title, `</h3>`)
	m.spoken(r, `<p class="plus"`, "review.good", r.Good, `</p>`)
	m.spoken(r, `<p class="minus"`, "review.bad", r.Bad, `</p>`)
	if r.Answer != nil {
		m.raw(`<blockquote><p>`).text(r.Answer.Text).raw(`</p><footer>`).say("review.answer").raw(`</footer></blockquote>`)
	}
	return m.raw(`</article>`)
}

// spoken is a text of a review, in the language that it was written in.
func (m *markup) spoken(r *reviewView, open, label, text, end string) {
	if text == "" {
		return
	}
	m.raw(open).item(` lang="`, r.Language, `"`).raw(`>`)
	if label != "" {
		m.raw(`<span class="hidden">`).say(label).raw(`: </span>`)
	}
	m.text(text).raw(end)
}

// parts are the mean scores of what a stay is made of.
func (m *markup) parts(all []partView) *markup {
	for _, p := range all {
		m.raw(`<div><dt>`).text(p.Label).raw(`</dt><dd><svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">`)
		m.raw(`<rect width="100" height="6" rx="3"/><rect class="in" width="`).number(p.Tenths).raw(`" height="6" rx="3"/></svg>`)
		m.text(m.Score(p.Tenths)).raw(`</dd></div>`)
	}
	return m
}
