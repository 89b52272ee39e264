package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/web/words"
)

// voice is how one visitor is spoken to: their language, and the currency in
// which prices are shown beside the property's own.
type voice struct {
	*words.Language
	currency money.Currency
	site     *site
}

const (
	languageCookie = "vacancy_language"
	currencyCookie = "vacancy_currency"
	preferenceLife = 365 * 24 * time.Hour
	languageField  = "lang"
)

// fallbackCurrency is shown to who comes from a country whose money the table lacks.
const fallbackCurrency money.Currency = "USD"

type voiceKey struct{}

// heard finds out how to speak to who sent a request, and takes the choice of
// language out of its address: handlers see what is wished for, nothing else.
func (s *site) heard(w http.ResponseWriter, r *http.Request) *http.Request {
	v := voice{site: s}
	if q := r.URL.Query(); q.Has(languageField) {
		if v.Language = s.tongues.Named(q.Get(languageField)); v.Language != nil {
			s.remember(w, r, languageCookie, v.Code)
		}
		q.Del(languageField)
		address := *r.URL
		address.RawQuery = q.Encode()
		r.URL = &address
	}
	if v.Language == nil {
		v.Language = s.tongues.Named(cookieOf(r, languageCookie))
	}
	accepted := r.Header.Get("Accept-Language")
	if v.Language == nil {
		v.Language = s.tongues.Accepted(accepted)
	}
	v.currency = money.Currency(cookieOf(r, currencyCookie))
	if !s.Rates.Has(v.currency) {
		v.currency = words.CurrencyOf(accepted)
	}
	if !s.Rates.Has(v.currency) {
		v.currency = fallbackCurrency
	}
	return r.WithContext(context.WithValue(r.Context(), voiceKey{}, v))
}

func (s *site) voice(r *http.Request) voice {
	if v, ok := r.Context().Value(voiceKey{}).(voice); ok {
		return v
	}
	return voice{Language: s.tongues.All()[0], currency: fallbackCurrency, site: s}
}

func cookieOf(r *http.Request, name string) string {
	cookie, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (s *site) remember(w http.ResponseWriter, r *http.Request, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(preferenceLife.Seconds()),
		HttpOnly: true, Secure: s.secure(r), SameSite: http.SameSiteLaxMode,
	})
}

// about is what an amount is in the visitor's currency, or nil where that is
// the amount's own or the table cannot say.
func (v voice) about(a money.Amount) *money.Amount {
	if a.Currency == v.currency || a.IsZero() {
		return nil
	}
	there, ok := v.site.Rates.Convert(a, v.currency)
	if !ok {
		return nil
	}
	return &there
}

// preferences keeps a visitor's language and currency.
func (s *site) preferences(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errForm
	}
	if l := s.tongues.Named(r.PostForm.Get("lang")); l != nil {
		s.remember(w, r, languageCookie, l.Code)
	}
	if c := money.Currency(r.PostForm.Get("currency")); s.Rates.Has(c) {
		s.remember(w, r, currencyCookie, string(c))
	}
	return seeOther(w, r, local(r.PostForm.Get("back")))
}

// local is an address on this site, or the front page.
func local(back string) string {
	to, err := url.Parse(back)
	if err != nil || to.IsAbs() || to.Host != "" || !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n\t") {
		return "/"
	}
	return to.RequestURI()
}
