package booking

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	lean "github.com/go-json-experiment/json"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
)

// maxToken bounds an offer token: 90 nights with their lines stay far below.
const maxToken = 64 << 10

// wireOffer is what an offer token carries. It is readable by its holder, on
// purpose: nothing in it is secret, and the signature keeps it as we wrote it.
type wireOffer struct {
	Version   int
	Caller    string
	ExpiresAt time.Time
	Terms     Terms
}

func (s *Service) sign(o Offer) (string, error) {
	wire := wireOffer{Version: 1, Caller: o.Caller, ExpiresAt: o.ExpiresAt, Terms: o.Terms}
	payload, err := lean.Marshal(wire, lean.OmitZeroStructFields(true)) // a page carries dozens of tokens
	if err != nil {
		return "", fmt.Errorf("booking: encode an offer: %w", err)
	}
	return s.keys.Sign(account.OfferToken, payload), nil
}

// open is the offer that a token carries, expired or not, if we signed it for this caller.
func (s *Service) open(ctx context.Context, caller, token string) (Offer, error) {
	if len(token) > maxToken {
		return Offer{}, ErrOfferInvalid
	}
	payload, err := s.keys.Open(ctx, account.OfferToken, token)
	if err != nil {
		return Offer{}, ErrOfferInvalid
	}
	var wire wireOffer
	if err := json.Unmarshal(payload, &wire); err != nil || wire.Version != 1 || wire.Caller != caller {
		return Offer{}, ErrOfferInvalid
	}
	return Offer{Terms: wire.Terms, Caller: wire.Caller, ExpiresAt: wire.ExpiresAt, Token: token}, nil
}

func (s *Service) openAll(ctx context.Context, caller string, tokens []string) ([]Offer, error) {
	switch {
	case len(tokens) == 0:
		return nil, fmt.Errorf("%w: at least one offer is needed", ErrOfferInvalid)
	case len(tokens) > MaxRooms:
		return nil, fmt.Errorf("%w: at most %d", ErrTooMany, MaxRooms)
	}
	offers := make([]Offer, len(tokens))
	var sum money.Amount
	for i, token := range tokens {
		var err error
		if offers[i], err = s.open(ctx, caller, token); err != nil {
			return nil, err
		}
		if offers[i].PropertyID != offers[0].PropertyID || offers[i].Currency != offers[0].Currency {
			return nil, ErrMixed
		}
		sum.Currency = offers[i].Currency
		if sum, err = sum.Add(offers[i].Price()); err != nil {
			return nil, fmt.Errorf("booking: total of the rooms: %w", err) // so that whoever adds them up again can
		}
	}
	return offers, nil
}

// replayed is the answer of a request that was done before, else the refusal of
// its offers: answers are kept for longer than the key of an offer is honoured,
// and the offers of a request that was done need no signature any more. Of a
// token only the property is taken, to look among the caller's own requests.
func (s *Service) replayed(ctx context.Context, cmd Command, tokens []string, refusal error) (Answer, error) {
	var wire wireOffer
	if len(tokens) == 0 || len(tokens[0]) > maxToken {
		return Answer{}, refusal
	}
	payload, err := account.Claimed(tokens[0])
	if err != nil || json.Unmarshal(payload, &wire) != nil {
		return Answer{}, refusal
	}
	asked := outbox.Request{PropertyID: wire.Terms.PropertyID, Caller: cmd.Caller, Key: cmd.Key, Fingerprint: cmd.Fingerprint}
	return outbox.Run(ctx, s.store, asked, nil, func(context.Context) (outbox.Try, error) { return outbox.Try{}, refusal })
}

// ManageToken is the guest's link to a booking: whoever has it may see, change
// and cancel that booking, so it is signed with 256 bits and never logged.
func (s *Service) ManageToken(bookingID string) string {
	return s.keys.Sign(account.ManageToken, []byte(bookingID))
}

// What a resume token is for: the link in a mail, and the pass of a browser in
// which it was opened in time.
const (
	resumeLink = "link:"
	resumePass = "pass:"
)

// ResumeToken is the guest's link back to a hold, in the mail that says when it ends.
func (s *Service) ResumeToken(holdID string) string {
	return s.keys.Sign(account.ResumeToken, []byte(resumeLink+holdID))
}

// Reopen is the hold that a resume token opens, with a pass for what is made of
// it from there. Once it was booked it is ErrNotFound: the address that the mail
// went to need not be that of the booking.
func (s *Service) Reopen(ctx context.Context, token string) (held Booking, pass string, err error) {
	payload, err := s.keys.Open(ctx, account.ResumeToken, token)
	id, ok := strings.CutPrefix(string(payload), resumeLink)
	if err != nil || !ok {
		return Booking{}, "", ErrNotFound
	}
	held, err = s.store.Booking(ctx, id)
	if err != nil {
		return Booking{}, "", err
	}
	switch held.State() {
	case Held, Expired, Released:
		return held, s.keys.Sign(account.ResumeToken, []byte(resumePass+id)), nil
	}
	return Booking{}, "", ErrNotFound
}

// Passes tells whether a pass is for this booking.
func (s *Service) Passes(ctx context.Context, pass string, b Booking) bool {
	payload, err := s.keys.Open(ctx, account.ResumeToken, pass)
	return err == nil && string(payload) == resumePass+b.ID
}

// Managed is the booking that a manage token opens.
func (s *Service) Managed(ctx context.Context, token string) (Booking, error) {
	id, err := s.keys.Open(ctx, account.ManageToken, token)
	if err != nil {
		return Booking{}, ErrNotFound
	}
	return s.store.Booking(ctx, string(id))
}
