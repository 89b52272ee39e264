package web

// types are the room types that a group may choose from.
func (m *markup) types(v *hotelView, g *groupView) *markup {
	for i := range g.Types {
		t := &g.Types[i]
		m.raw(`<section class="roomtype"><div class="roomhead"><img src="`).text(t.Scene).raw(`" alt="" width="320" height="240" loading="lazy"><div><h3 id="`)
		m.text(t.ID).raw(`-`).number(g.Index).raw(`">`).text(t.Name).raw(`</h3>`).item(`<p>`, t.Description, `</p>`).raw(`<p class="sub">`)
		if t.Sleeps > 0 {
			m.raw(string(icon("guests"))).say("hotel.sleeps", "n", t.Sleeps)
		}
		if t.Free <= fewLeft {
			m.raw(` <span class="few">`).say("count.left", "n", t.Free).raw(`</span>`)
		}
		m.raw(`</p></div></div><table class="rates" aria-labelledby="`).text(t.ID).raw(`-`).number(g.Index).raw(`"><thead><tr>`)
		m.raw(`<th scope="col">`).say("rate.get").raw(`</th><th scope="col">`).say("rate.change").raw(`</th><th scope="col">`).say("rate.price")
		if m.raw(`</th><th scope="col">`); v.Single {
			m.raw(`<span class="hidden">`).say("rate.choose").raw(`</span>`)
		} else {
			m.say("rate.many")
		}
		m.raw(`</th></tr></thead><tbody>`).rates(v, g, t).raw("</tbody></table></section>\n")
	}
	return m
}

// rates are the rows of a room type's table, from which a guest reserves.
func (m *markup) rates(v *hotelView, g *groupView, t *roomTypeView) *markup {
	for i := range t.Offers {
		o := &t.Offers[i]
		m.raw(`<tr><th scope="row"><strong>`).text(o.Board).raw(`</strong><small>`).text(o.Plan)
		m.raw(`</small></th><td><ul class="facts">`).cancelling(&o.termsView).raw(`<li class="icon-card">`).text(o.Pay)
		m.raw(`</li></ul></td><td class="amount"><strong>`).money(o.Total).raw(`</strong>`).about(o.About, `<small>`, `</small>`)
		m.raw(`<small>`).say("rate.for", "party", o.Party).raw(`</small>`).item(`<small>`, o.OnSite, `</small>`)
		m.raw(`<details class="unfold"><summary>`).say("price.how").raw(`</summary>`).breakdown(&o.termsView)
		m.raw(`</details></td><td class="choose">`)
		if v.Single {
			m.reserve(v, t, o)
		} else {
			m.take(g, t, o)
		}
		m.raw("</td></tr>\n")
	}
	return m
}

// cancelling is what leaving costs, of which the first may be nothing.
func (m *markup) cancelling(t *termsView) *markup {
	for i, words := range t.Cancel {
		class := `<li class="note">`
		if i == 0 && t.Free {
			class = `<li class="yes">`
		}
		m.raw(class).text(words).raw(`</li>`)
	}
	return m
}

// reserve is the button of a rate for who wants one room.
func (m *markup) reserve(v *hotelView, t *roomTypeView, o *offerView) {
	m.raw(`<form method="post" action="`).text(v.Action).raw(`">`).hidden("key", v.Key).hidden("offer", o.Token).hidden("n", "1").draft(&v.Draft)
	m.raw(`<button class="main">`).say("rate.reserve").raw(`<span class="hidden"> `).text(t.Name).raw(", ").text(o.Board).raw(", ").money(o.Total)
	m.raw(`</span></button></form>`)
}

// take is how many rooms at a rate, for who wants several.
func (m *markup) take(g *groupView, t *roomTypeView, o *offerView) {
	m.hidden("offer", o.Token).raw(`<select name="n" aria-label="`).say("rate.many").raw(": ").text(t.Name).raw(", ").text(o.Board).raw(", ").text(g.Party)
	m.raw(`">`).options(o.Counts).raw(`</select>`)
}

func (m *markup) hidden(name, value string) *markup {
	return m.raw(`<input type="hidden" name="`).raw(name).raw(`" value="`).text(value).raw(`">`)
}

// draft is what a guest typed before they lost a room, and nothing for most.
func (m *markup) draft(d *draft) *markup {
	for _, field := range []struct{ name, value string }{
		{"name", d.Name}, {"email", d.Email}, {"phone", d.Phone}, {"country", d.Country}, {"requests", d.Requests},
	} {
		if field.value != "" {
			m.hidden(field.name, field.value)
		}
	}
	return m
}

// breakdown is a price by its steps and by its nights.
func (m *markup) breakdown(t *termsView) *markup {
	m.raw(`<table class="lines"><caption class="hidden">`).say("price.how").raw(`</caption><thead class="hidden"><tr><th scope="col">`)
	m.say("price.for").raw(`</th><th scope="col">`).say("price.amount").raw(`</th></tr></thead><tbody>`)
	for _, l := range t.Lines {
		m.raw(`<tr><th scope="row">`).text(l.Text)
		if l.OnSite {
			m.raw(` <small>`).say("price.on_site").raw(`</small>`)
		}
		m.raw(`</th><td>`).money(l.Amount).raw(`</td></tr>`)
	}
	m.raw(`</tbody><tfoot><tr><th scope="row">`).say("price.total").raw(`</th><td>`).money(t.Total).raw(`</td></tr></tfoot></table>`)
	if len(t.Nights) > 1 {
		m.raw(`<p class="nights">`).say("price.by_night").raw(" ")
		for i, n := range t.Nights {
			if i > 0 {
				m.raw(", ")
			}
			m.raw(`<span>`).text(m.Short(n.Date)).raw(" ").money(n.Amount).raw(`</span>`)
		}
		m.raw(`</p>`)
	}
	return m
}
