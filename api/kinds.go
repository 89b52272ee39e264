package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// Errors that only the door has.
var (
	errNotFound    = errors.New("api: no such thing, or not yours")
	errText        = errors.New("api: a NUL or broken UTF-8 in the path or the query")
	errNoKey       = errors.New("api: no idempotency key")
	errInFlight    = errors.New("api: the first request with this key is still running")
	errTooOften    = errors.New("api: too many requests")
	errNoIfMatch   = errors.New("api: no If-Match")
	errRoute       = errors.New("api: no such route")
	errMethod      = errors.New("api: the route does not take this method")
	errCardNumber  = errors.New("api: a card number in the request")
	errNotSent     = errors.New("api: the payment was not sent")
	errSetupToken  = errors.New("api: not the set-up token")
	errUnavailable = errors.New("api: not ready")
)

// kind is a class of problems: what a client may match on.
type kind struct {
	code   string // after problemPrefix; never changes
	status int
	title  string
	advice string        // what to do
	open   bool          // the error's own text is written for clients and quotes nothing
	retry  time.Duration // when the same request may work
	errs   []error
}

// kinds is the one table from errors to problems. An error that wraps several
// is the first that matches.
var kinds = []kind{
	{
		code: "idempotency-key-missing", status: 400, title: "Idempotency-Key is missing",
		advice: "Send a header Idempotency-Key with a value of your own, new for each thing you want done, of 1 to 255 visible characters; repeat it when you repeat the request.",
		errs:   []error{errNoKey},
	},
	{
		code: "malformed", status: 400, title: "The body is not JSON as we read it", open: true,
		advice: "Send one JSON object in UTF-8, each name once, spelled as documented.",
	},
	{
		code: "body-missing", status: 400, title: "The body is missing",
		advice: "Send a JSON object.", errs: []error{errNoBody},
	},
	{
		code: "not-text", status: 400, title: "A text that is none",
		advice: "Send text in UTF-8 without NUL, also where the path and the query are %-escaped.",
		errs:   []error{errText, outbox.ErrText},
	},
	{
		code: "unauthorized", status: 401, title: "No valid credential",
		advice: "Send Authorization: Bearer with an API key, a session or the checkout_token that came with the offers. A checkout token lives a day.",
		errs:   []error{account.ErrUnauthorized, account.ErrSignature},
	},
	{
		code: "setup-token", status: 401, title: "Not the set-up token",
		advice: "Send Authorization: Bearer with the token that the server printed on its console when it was started on an empty database.",
		errs:   []error{errSetupToken},
	},
	{
		code: "card-declined", status: 402, title: "The card was declined",
		advice: "Ask the guest for another card. With hold_id the rooms are still held: book that hold, with a new Idempotency-Key.",
		errs:   []error{payment.ErrDeclined},
	},
	{
		code: "payment-abandoned", status: 402, title: "The guest did not pay",
		advice: "Nothing was taken. With hold_id the rooms are still held: book that hold, with a new Idempotency-Key. Otherwise ask for offers again.",
		errs:   []error{payment.ErrAbandoned},
	},
	{
		code: "forbidden", status: 403, title: "The credential may not do this",
		advice: "Use a credential that has the scope named in the documentation of the route.", errs: []error{account.ErrForbidden},
	},
	{
		code: "not-found", status: 404, title: "No such thing",
		advice: "Check the id, and that the credential belongs to the tenant that owns it.",
		errs: []error{
			errNotFound, errRoute, booking.ErrNotFound, property.ErrNotFound, rate.ErrNotFound, account.ErrNotFound,
			guest.ErrNotFound, inventory.ErrRoomType, booking.ErrNoStay, review.ErrNotFound,
		},
	},
	{
		code: "method-not-allowed", status: 405, title: "The route does not take this method",
		advice: "See the Allow header and /docs.", errs: []error{errMethod},
	},
	{
		code: "request-in-flight", status: 409, title: "The first request with this key is still running",
		advice: "Wait a second and send the same request with the same key: you will get its answer.",
		retry:  time.Second, errs: []error{errInFlight},
	},
	{
		code: "offer-expired", status: 409, title: "The offer has expired",
		advice: "Show the guest the new price in offers, and book with its token.", errs: []error{booking.ErrOfferExpired},
	},
	{
		code: "hold-expired", status: 409, title: "The hold has expired",
		advice: "Ask for offers again and hold or book them.", errs: []error{booking.ErrHoldExpired},
	},
	{
		code: "sold-out", status: 409, title: "Sold out",
		advice: "Nothing was booked. Offer the guest what is in offers, or other dates.", errs: []error{inventory.ErrSoldOut, inventory.ErrNotOnSale},
	},
	{
		code: "change-refused", status: 409, title: "The house's rules do not allow the change",
		advice: "Nothing was changed. See errors for each rule; ask for other dates, another room or another party.",
		errs:   []error{booking.ErrRefused},
	},
	{
		code: "terms-changed", status: 409, title: "The house's current terms must be accepted",
		advice: "Show the guest the terms of the property and send their version as terms_version.", errs: []error{booking.ErrTerms},
	},
	{
		code: "state", status: 409, title: "Not possible in its present state",
		advice: "Read it again and see its state.", open: true,
		errs: []error{
			booking.ErrState, booking.ErrExtendedOften, booking.ErrDay, booking.ErrUnchanged, booking.ErrTooMuch,
			review.ErrState, review.ErrNotStayed, review.ErrTooLate, review.ErrExists,
		},
	},
	{
		code: "below-sold", status: 409, title: "Fewer rooms than are sold",
		advice: "Lower what is sold first, or send force: true to open an overbooking case.", errs: []error{inventory.ErrBelowSold},
	},
	{
		code: "conflict", status: 409, title: "Changed meanwhile, or there already",
		advice: "Read it again. Codes, source ids and e-mail addresses must be new.",
		errs:   []error{booking.ErrConflict, property.ErrConflict, rate.ErrConflict, account.ErrConflict, review.ErrConflict},
	},
	{
		code: "version", status: 412, title: "Not the version that you saw",
		advice: "Read it again, merge your change and send the new ETag in If-Match (or the new version).",
		errs:   []error{booking.ErrStale, property.ErrStale, rate.ErrStale, inventory.ErrConflict, review.ErrStale},
	},
	{
		code: "too-large", status: 413, title: "The body is too large",
		advice: "Send at most 1 MiB; split bulk writes.", errs: []error{errTooLarge},
	},
	{
		code: "media-type", status: 415, title: "Not JSON",
		advice: "Send Content-Type: application/json.", errs: []error{errMediaType},
	},
	{
		code: "idempotency-key-reused", status: 422, title: "The key was used for another request",
		advice: "Use a new Idempotency-Key for a new request; repeat a request unchanged.", errs: []error{outbox.ErrReused},
	},
	{
		code: "card-number", status: 422, title: "A card number has no place here",
		advice: "Never send card numbers. Send the token of the payment provider's own field as card_token.", errs: []error{errCardNumber},
	},
	{
		code: "offer-invalid", status: 422, title: "Not an offer made to you",
		advice: "Send the token of an offer unchanged, with the credential that it was made for.",
		errs:   []error{booking.ErrOfferInvalid},
	},
	{
		code: "past", status: 422, title: "The date has passed at the property",
		advice: "Ask for a stay from today on, in the property's time zone.", errs: []error{booking.ErrPast, inventory.ErrPast},
	},
	{
		code: "beyond-horizon", status: 422, title: "After the last night on sale", open: true,
		advice: "Ask for earlier dates.", errs: []error{booking.ErrBeyondHorizon, inventory.ErrBeyondHorizon},
	},
	{
		code: "card-needed", status: 422, title: "The offer needs a card guarantee",
		advice: "Send card_token from the payment provider's own field.", errs: []error{booking.ErrPaymentTerm, payment.ErrToken},
	},
	{
		code: "invalid", status: 422, title: "The request is not valid", open: true,
		advice: "See errors for each place that is wrong and what must hold there.",
		errs: []error{
			guest.ErrInvalid, stay.ErrDate, stay.ErrStay, stay.ErrLong, stay.ErrParty, stay.ErrZone,
			booking.ErrMixed, booking.ErrTooMany, booking.ErrContract, booking.ErrNote, booking.ErrReceipt, property.ErrInvalid, rate.ErrInvalid, rate.ErrLoop, account.ErrInvalid,
			inventory.ErrInvalid, search.ErrQuery, pricing.ErrInput, review.ErrInvalid,
		},
	},
	{
		code: "invalid-money", status: 422, title: "Not an amount of money",
		advice: "Send a decimal number as text, with at most the digits that the currency has, and a currency of ISO 4217.",
		errs:   []error{money.ErrCurrency, money.ErrSyntax, money.ErrOverflow, money.ErrMismatch},
	},
	{
		code: "version-needed", status: 428, title: "If-Match is missing",
		advice: "Read it first and send its ETag in If-Match, so that you do not undo another's change.", errs: []error{errNoIfMatch},
	},
	{
		code: "too-many-requests", status: 429, title: "Too many requests",
		advice: "Wait for the seconds in Retry-After.", errs: []error{errTooOften},
	},
	{
		code: "internal", status: 500, title: "Our mistake",
		advice: "Repeat the request with the same Idempotency-Key: it will not be done twice. Quote request_id when asking for help.",
	},
	{
		code: "provider-unavailable", status: 503, title: "The payment provider does not answer", retry: 5 * time.Second,
		advice: "Nothing was booked. Repeat the request with the same Idempotency-Key.", errs: []error{payment.ErrUnavailable},
	},
	{
		code: "payment-not-sent", status: 503, title: "The payment provider could not be reached", retry: 5 * time.Second,
		advice: "Nothing was taken, and the rooms are still held: book hold_id, with a new Idempotency-Key.", errs: []error{errNotSent},
	},
	{
		code: "unavailable", status: 503, title: "Not possible right now", retry: time.Second,
		advice: "Repeat the request with the same Idempotency-Key: it will not be done twice.",
		errs: []error{
			outbox.ErrBusy, outbox.ErrUnknownOutcome, search.ErrStarting, search.ErrUnavailable, errUnavailable,
			context.DeadlineExceeded, context.Canceled,
		},
	},
}

func (k kind) matches(err error) bool {
	var syntax *syntaxError
	if k.code == "malformed" && errors.As(err, &syntax) {
		return true
	}
	return slices.ContainsFunc(k.errs, func(target error) bool { return errors.Is(err, target) })
}

func (k kind) problem() *Problem {
	return &Problem{Type: problemPrefix + k.code, Title: k.title, Status: k.status, Detail: k.advice, retry: k.retry}
}

// kindOf is the kind with this code, which must be in the table.
func kindOf(code string) kind {
	for _, k := range kinds {
		if k.code == code {
			return k
		}
	}
	panic("api: no problem " + http.StatusText(http.StatusInternalServerError) + ": " + code)
}
