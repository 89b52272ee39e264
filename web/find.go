package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
)

type findView struct {
	Code, Email string
	Key         string
	Failed      bool
}

// maxCode bounds a typed confirmation code, in bytes.
const maxCode = 40

func (s *site) findPage(w http.ResponseWriter, r *http.Request) error {
	private(w)
	return s.render(w, r, http.StatusOK, "find", s.voice(r).Say("find.title"), findView{Key: s.formKey()})
}

// find opens a booking by its code and e-mail. A wrong code and a wrong e-mail
// are one answer, so that nobody learns which codes exist.
func (s *site) find(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	private(w)
	view := findView{
		Code: clip(strings.TrimSpace(r.PostForm.Get("code")), maxCode), Email: clip(strings.TrimSpace(r.PostForm.Get("email")), 254),
		Key: s.formKey(), Failed: true,
	}
	found, wait := s.Lookups.Try(s.client(r), ident.NormalCode(view.Code))
	if wait > 0 {
		return errLookups
	}
	b, err := s.Bookings.Find(r.Context(), view.Code, view.Email)
	if errors.Is(err, booking.ErrNotFound) {
		return s.render(w, r, http.StatusNotFound, "find", s.voice(r).Say("find.title"), view)
	}
	if err != nil {
		return err
	}
	found()
	return seeOther(w, r, s.bookingURL(b.ID))
}
