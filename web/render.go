package web

import (
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/web/words"
)

//go:embed templates static
var files embed.FS

// layout is what every page has around its own View.
type layout struct {
	Title         string
	Head          *head // what search engines read; nil: the page is not for them
	Style, Script string
	Icon          string
	Account       bool // guests can sign in
	Banner        string
	Attributions  []Attribution
	Here          string // the page's own address, to come back to
	Languages     []choice
	Tongues       []tongue
	Currency      money.Currency
	Currencies    []choice
	RatesDay      string
	View          any
}

// tongue is the page in another language.
type tongue struct {
	choice
	URL string
}

// speaking are the functions of templates in one language.
func speaking(l *words.Language) template.FuncMap {
	return template.FuncMap{
		"t": l.Say, "money": l.Money, "round": l.Round, "short": l.Short, "tiny": l.Tiny, "weekday": l.Weekday,
		"country": l.Country, "score": l.Score,
		"scoreWord": func(tenths int) string { return l.Say(scoreKey(tenths)) },
		"lang":      func() string { return l.Code },
		"language":  func() string { return l.Name },
		"dir":       func() string { return l.Dir },
		"code":      codeWords, "icon": icon,
		"inc": func(n int) int { return n + 1 },
		"of":  func(minor int64, c money.Currency) money.Amount { return money.Of(minor, c) },
		"day": func(d stay.Date) string { return l.Day(d) },
	}
}

func (s *site) load() (err error) {
	if err := s.loadAssets(); err != nil {
		return err
	}
	tongues, err := words.Load()
	if err != nil {
		return err
	}
	s.tongues = words.NewChooser(tongues)
	s.pages, s.selects = map[string]page{}, map[string]*partySelects{}
	for _, l := range tongues {
		s.selects[l.Code] = newPartySelects(l)
		pages, err := pagesIn(l)
		if err != nil {
			return err
		}
		for name, parsed := range pages {
			s.pages[l.Code+"/"+name] = parsed
		}
	}
	return nil
}

// render writes a whole page or nothing: a template that fails half way must
// not leave half a page behind.
func (s *site) render(w http.ResponseWriter, r *http.Request, status int, name, title string, view any) error {
	return s.renderPublic(w, r, status, name, title, nil, view)
}

// renderPublic is render for a page that search engines may show.
func (s *site) renderPublic(w http.ResponseWriter, r *http.Request, status int, name, title string, meta *head, view any) error {
	v := s.voice(r)
	out := borrow()
	defer pageBuffers.Put(out)
	if err := s.pages[v.Code+"/"+name].Execute(out, s.around(r, v, title, meta, view)); err != nil {
		return fmt.Errorf("web: render %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.Code)
	h.Add("Vary", "Accept-Language, Cookie")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache, private")
	}
	send(w, r, status, out.Bytes())
	return nil
}

func (s *site) around(r *http.Request, v voice, title string, meta *head, view any) layout {
	around := layout{
		Title: title, Head: meta, View: view, Banner: s.Banner, Attributions: s.Attributions,
		Style: s.style.path, Script: s.script.path, Icon: s.icon.path, Currency: v.currency, Here: "/", Account: s.accounts(),
	}
	if s.Demonstration {
		around.Banner = v.Say("layout.demo")
	}
	if r.Method == http.MethodGet {
		around.Here = r.URL.RequestURI()
	}
	if s.Rates.On != 0 {
		around.RatesDay = v.Full(s.Rates.On)
	}
	for _, l := range s.tongues.All() {
		option := choice{Value: l.Code, Label: l.Name, Chosen: l.Code == v.Code}
		around.Languages = append(around.Languages, option)
		around.Tongues = append(around.Tongues, tongue{option, inLanguage(around.Here, l.Code)})
	}
	for _, c := range s.currencies {
		around.Currencies = append(around.Currencies, choice{Value: string(c), Label: string(c), Chosen: c == v.currency})
	}
	return around
}

// inLanguage is an address with the choice of a language.
func inLanguage(address, code string) string {
	if strings.Contains(address, "?") {
		return address + "&" + languageField + "=" + code
	}
	return address + "?" + languageField + "=" + code
}

// countries are the choices of the country field.
func (s *site) countries(v voice, chosen string) []choice {
	all := make([]choice, 0, len(s.countryCodes))
	for _, code := range s.countryCodes {
		all = append(all, choice{Value: code, Label: v.Country(code), Chosen: code == chosen})
	}
	slices.SortFunc(all, func(a, b choice) int { return strings.Compare(sortKey(a.Label), sortKey(b.Label)) })
	return all
}
