package sandboxpay

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/vacancyhq/vacancy/money"
)

// Path is where the hosted page is mounted.
const Path = "/sandboxpay/"

//go:embed page.html
var pageText string

var pageForm = template.Must(template.New("page").Parse(pageText))

// cards are the choices on the hosted page.
var cards = []struct{ Value, Label string }{
	{cardOK, "A card that pays"},
	{cardPoor, "A card without enough money on it"},
	{cardLost, "A card that was reported stolen"},
	{cardLater, "A card that pays now and not again later"},
}

func (b *bank) page(id string) string {
	return strings.TrimSuffix(b.options.BaseURL, "/") + Path + "pay/" + id
}

// Page serves the hosted page: what a guest of a real provider would see, on the
// provider's own site.
func (p *Provider) Page() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path+"pay/{id}", p.show)
	mux.HandleFunc("POST "+Path+"pay/{id}", p.choose)
	return http.NewCrossOriginProtection().Handler(mux)
}

func (p *Provider) show(w http.ResponseWriter, r *http.Request) {
	p.bank.mu.Lock()
	known := p.bank.payments[r.PathValue("id")]
	var shown Payment
	if known != nil {
		shown = *known
	}
	p.bank.mu.Unlock()
	if known == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	amount := money.Of(shown.Minor, money.Currency(shown.Currency))
	_ = pageForm.Execute(w, map[string]any{ // a guest who left is nobody's error
		"Payment": shown, "Amount": amount.Decimal() + " " + shown.Currency, "Cards": cards,
		"Open": shown.Status == StatusOpen, "Action": r.URL.Path, "Back": hostOf(shown.ReturnURL),
	})
}

// choose takes the guest's form. What is decided once stands.
func (p *Provider) choose(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<12)
	if r.ParseForm() != nil {
		http.Error(w, "not a form of ours", http.StatusBadRequest)
		return
	}
	back, known, err := p.bank.decide(r.PathValue("id"), r.PostForm.Get("do"), r.PostForm.Get("card"))
	switch {
	case !known:
		http.NotFound(w, r)
	case err != nil:
		http.Error(w, "the sandbox cannot write its journal", http.StatusServiceUnavailable)
	case back == "":
		http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
	default:
		http.Redirect(w, r, back, http.StatusSeeOther)
	}
}

func (b *bank) decide(id, do, card string) (back string, known bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.payments[id]
	if p == nil {
		return "", false, nil
	}
	if p.Status == StatusOpen {
		if do == "pay" && (card == cardOK || declines[card]) {
			p.pay(card, false)
		} else {
			p.Status = StatusAbandoned
		}
		err = b.journal.write(entry{Payment: p})
	}
	return p.ReturnURL, true, err
}

// Decide is the guest's choice on the hosted page, for tests without a browser:
// the page's address, and a token of the card or "" to leave without paying.
func (p *Provider) Decide(page, token string) error {
	do := "leave"
	if token != "" {
		do = "pay"
	}
	_, _, err := p.bank.decide(page[strings.LastIndex(page, "/")+1:], do, tokens[token].card)
	return err
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
