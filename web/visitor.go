package web

import (
	"crypto/sha256"
	"net/http"
	"strings"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
)

// A visitor is known by a checkout token in a cookie: the offers that are shown
// to them, and the holds that they make, are theirs alone.
const (
	cookieName       = "vacancy_checkout"
	secureCookieName = "__Host-vacancy_checkout"
)

// visitor is the caller of this request, or "" for somebody without a token of ours.
func (s *site) visitor(r *http.Request) string {
	cookie, err := r.Cookie(s.cookieName(r))
	if err != nil {
		return ""
	}
	guest, err := s.Accounts.Checkout(r.Context(), cookie.Value)
	if err != nil {
		return ""
	}
	return guest.Caller
}

// welcome is the visitor's caller; who has none gets one with the response.
func (s *site) welcome(w http.ResponseWriter, r *http.Request) string {
	if caller := s.visitor(r); caller != "" {
		return caller
	}
	token, guest := s.Accounts.IssueCheckout()
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(r), Value: token, Path: "/", MaxAge: int(account.CheckoutLife.Seconds()),
		HttpOnly: true, Secure: s.secure(r), SameSite: http.SameSiteLaxMode,
	})
	return guest.Caller
}

func (s *site) secure(r *http.Request) bool { return s.Secure || r.TLS != nil }

func (s *site) cookieName(r *http.Request) string {
	if s.secure(r) {
		return secureCookieName
	}
	return cookieName
}

// formKey is a fresh idempotency key for a form that is being rendered.
func (s *site) formKey() string { return s.IDs.Secret(16) }

// command is the write that a posted form asks for. The same form sent twice
// has one fingerprint; the answer that is kept is the booking's id, from which
// the page to go to is found again, and no link that opens it.
func command(r *http.Request, caller, verb string, facts ...string) booking.Command {
	return booking.Command{
		Caller: caller, Channel: "web",
		Key:         verb + ":" + r.PostForm.Get("key"),
		Fingerprint: sha256.Sum256([]byte(verb + "\x00" + strings.Join(facts, "\x00"))),
		Render: func(done booking.Result) (int, []byte) {
			return http.StatusSeeOther, []byte(done.Booking.ID)
		},
	}
}

// seeOther sends the browser on with a GET, so that reloading repeats nothing.
func seeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}
