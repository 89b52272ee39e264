package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
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
	errHolds   = errors.New("web: too many rooms held")
	errVisits  = errors.New("web: too many requests")
)

// trouble is a page that says what happened and what to do.
type trouble struct {
	Err         error
	Status      int
	Title, Text string
}

// troubles is the one table from errors to pages; the first that fits is shown.
// What is not here is our fault.
var troubles = []trouble{
	{errNoPage, 404, "This page does not exist", "The address may be mistyped, or the page has moved. You can start again from the search."},
	{property.ErrNotFound, 404, "We do not know this property", "It may have left the platform. Search for another place nearby."},
	{booking.ErrNotFound, 404, "We do not find this booking", "The link may be cut short: open it again from the place where you saved it. You can also find a booking by its code and your e-mail address."},
	{errForeign, 403, "This form came from another site", "For your safety nothing was done. Open the page here and send the form again."},
	{errCookie, 403, "Your browser did not send our cookie", "Prices are made for one visitor and kept by a cookie, the only one we use. Allow cookies for this site, go back, reload the page and choose the room again. Nothing was booked."},
	{booking.ErrOfferInvalid, 403, "These prices were made for another visit", "Go back, reload the page and choose the room again. Nothing was booked."},
	{errForm, 400, "We could not read the form", "Go back, reload the page and send it once more. Nothing was done."},
	{outbox.ErrText, 400, "We could not read the form", "It has a character that cannot be stored. Type the text again without it. Nothing was done."},
	{booking.ErrMixed, 400, "These rooms cannot be booked together", "Choose rooms of one property. Nothing was booked."},
	{booking.ErrTooMany, 400, "That is too many rooms for one booking", "Book up to " + strconv.Itoa(booking.MaxRooms) + " rooms at once, and the others after that."},
	{stay.ErrParty, 422, "We could not read who is coming", "Choose the guests again."},
	{stay.ErrStay, 422, "We could not read the dates", "The departure must be after the arrival."},
	{errVisits, 429, "That was a little fast", "More pages were asked for from your address than we can serve at once. Wait a moment, then reload this page. Nothing was done."},
	{errHolds, 429, "Too many rooms are being kept", "Only so many rooms can be kept for guests at one address at a time. Complete a booking that you have begun, or wait ten minutes and choose the room again. Nothing was booked."},
	{errLookups, 429, "Too many attempts", "Wait a few minutes before you try this code again. The link in your confirmation always works."},
	{booking.ErrStale, 409, "The booking was changed meanwhile", "Open it again to see how it is now. Nothing was done."},
	{booking.ErrState, 409, "That is no longer possible", "The booking has moved on. Open it again to see how it is now. Nothing was done."},
	{booking.ErrConflict, 409, "The booking was changed meanwhile", "Open it again to see how it is now. Nothing was done."},
	{booking.ErrHoldExpired, 409, "The time for this room has passed", "Search again: the room may still be free."},
	{booking.ErrExtendedOften, 409, "The room cannot be kept any longer", "Complete the booking in the time that is left, or search again afterwards."},
	{outbox.ErrReused, 409, "This form was sent before", "Open the page again to see what came of it. Nothing was done twice."},
	{inventory.ErrSoldOut, 409, "The last room was just taken", "Search again for other rooms and dates. Nothing was booked."},
	{inventory.ErrNotOnSale, 409, "These nights are not on sale", "Search again with other dates. Nothing was booked."},
	{search.ErrStarting, 503, "We are just opening", "The list of rooms is being prepared. Reload this page in a moment."},
	{outbox.ErrBusy, 503, "We are busy just now", "Nothing was done. Reload this page to try again."},
	{outbox.ErrUnknownOutcome, 503, "We do not know yet whether that worked", "Reload this page and confirm that the form is sent again: it will not be done twice."},
}

var unexpected = trouble{nil, 500, "Something went wrong on our side", "It is not your fault and we have written it down. Reload this page; a form that is sent again is not done twice."}

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
	if err := s.render(w, r, shown.Status, "trouble", shown.Title, shown); err != nil {
		s.Logger.ErrorContext(r.Context(), "the error page failed", "error", err)
		http.Error(w, shown.Title, shown.Status)
	}
}
