package web

import (
	"errors"
	"net/http"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// Errors of the door itself.
var (
	errNoPage  = errors.New("web: no such page")
	errForeign = errors.New("web: a form of another site")
	errForm    = errors.New("web: not a form of ours")
	errCookie  = errors.New("web: no checkout cookie")
	errLookups = errors.New("web: too many look-ups")
	errLetters = errors.New("web: too many mails asked for")
	errHolds   = errors.New("web: too many rooms held")
	errVisits  = errors.New("web: too many requests")
)

// trouble is an error that has a page, which says what happened and what to do:
// the messages "trouble.<name>.title" and "trouble.<name>.text".
type trouble struct {
	Err    error
	Status int
	Name   string
}

// troubles is the one table from errors to pages; the first that fits is shown.
// What is not here is our fault.
var troubles = []trouble{
	{errNoPage, 404, "no_page"},
	{property.ErrNotFound, 404, "no_property"},
	{booking.ErrNotFound, 404, "no_booking"},
	{errForeign, 403, "foreign"},
	{errCookie, 403, "cookie"},
	{booking.ErrOfferInvalid, 403, "offer"},
	{errForm, 400, "form"},
	{outbox.ErrText, 400, "text"},
	{booking.ErrMixed, 400, "mixed"},
	{booking.ErrTooMany, 400, "too_many"},
	{stay.ErrParty, 422, "party"},
	{stay.ErrStay, 422, "stay"},
	{errVisits, 429, "visits"},
	{errHolds, 429, "holds"},
	{errLookups, 429, "lookups"},
	{errLetters, 429, "letters"},
	{review.ErrNotStayed, 409, "not_stayed"},
	{review.ErrTooLate, 409, "too_late"},
	{booking.ErrStale, 409, "stale"},
	{booking.ErrState, 409, "state"},
	{booking.ErrConflict, 409, "stale"},
	{booking.ErrHoldExpired, 409, "expired"},
	{booking.ErrExtendedOften, 409, "extended"},
	{outbox.ErrReused, 409, "reused"},
	{inventory.ErrSoldOut, 409, "sold_out"},
	{inventory.ErrNotOnSale, 409, "not_on_sale"},
	{search.ErrStarting, 503, "starting"},
	{search.ErrUnavailable, 503, "starting"},
	{outbox.ErrBusy, 503, "busy"},
	{outbox.ErrUnknownOutcome, 503, "unknown"},
}

type troubleView struct {
	Status      int
	Title, Text string
}

var unexpected = trouble{nil, 500, "unexpected"}

// fail shows the page for an error. The log gets the route and the error, never
// the address or the form, which may open a booking.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	shown := unexpected
	for _, t := range troubles {
		if errors.Is(err, t.Err) {
			shown = t
			break
		}
	}
	if shown.Status >= 500 && r.Context().Err() == nil {
		s.Logger.ErrorContext(r.Context(), "a page failed", "route", r.Pattern, "method", r.Method, "request_id", w.Header().Get("X-Request-Id"), "error", err)
	}
	private(w)
	if shown.Status == http.StatusTooManyRequests || shown.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "30")
	}
	v := s.voice(r)
	view := troubleView{
		Status: shown.Status, Title: v.Say("trouble." + shown.Name + ".title"),
		Text: v.Say("trouble."+shown.Name+".text", "n", booking.MaxRooms),
	}
	if err := s.render(w, r, shown.Status, "trouble", view.Title, view); err != nil {
		s.Logger.ErrorContext(r.Context(), "the error page failed", "error", err)
		http.Error(w, view.Title, shown.Status)
	}
}
