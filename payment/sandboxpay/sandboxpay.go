// Package sandboxpay is a payment provider of our own: the embedded default, the
// developers' sandbox and the tests' provider. No money moves.
//
// It has two sides with a wire between them that only carries bytes. Provider is
// ours: it composes orders and judges replies as one judges a real provider's.
// The bank behind it keeps its own truth, remembers keys, and misbehaves on
// demand: its tokens force outcomes, and Script plays faults in order.
package sandboxpay

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/payment"
)

// Name is what attempts call the sandbox.
const Name = "sandboxpay"

// Tokens that the sandbox's card field gives out.
const (
	TokenOK            = "sandbox_card_ok"
	TokenDeclined      = "sandbox_card_declined"       // for good: lost or stolen
	TokenInsufficient  = "sandbox_card_insufficient"   // softly: another day it may work
	TokenLaterDeclined = "sandbox_card_later_declined" // pays once; as a kept card it is declined softly
	TokenDown          = "sandbox_provider_down"       // the connection is refused
	TokenReplyLost     = "sandbox_reply_lost"          // done, but the first reply never arrives
	TokenStoredError   = "sandbox_stored_error"        // answers 500 under this key for ever, and charges later
	TokenBusy          = "sandbox_busy"                // the key is in use at the first try
)

// tokens are the card of each token and what happens to the first call that brings it.
var tokens = map[string]struct {
	card  string
	fault Fault
}{
	TokenOK: {cardOK, NoFault}, TokenDeclined: {cardLost, NoFault}, TokenInsufficient: {cardPoor, NoFault},
	TokenLaterDeclined: {cardLater, NoFault}, TokenDown: {cardOK, Refuse}, TokenReplyLost: {cardOK, LoseReply},
	TokenStoredError: {cardOK, StoreError}, TokenBusy: {cardOK, Busy},
}

// Options are for Open; the zero value is ready.
type Options struct {
	// File keeps the bank's truth over a restart; "": it is in memory.
	File string
	// BaseURL begins the addresses of the hosted page; "": they begin with Path.
	BaseURL string
	// Now is the bank's clock; nil: one that stands still.
	Now func() time.Time
	// Random makes the secret in the address of a hosted page; nil: crypto/rand.
	Random func() string
}

// Provider is the sandbox as a payment.Gateway.
type Provider struct{ bank *bank }

var _ payment.Gateway = (*Provider)(nil)

// New is a sandbox in memory, by a clock; nil: one that stands still.
func New(now func() time.Time) *Provider {
	return &Provider{bank: newBank(Options{Now: now})}
}

// Open opens the sandbox with what its file remembers.
func Open(o Options) (*Provider, error) {
	b, err := openBank(o)
	if err != nil {
		return nil, err
	}
	return &Provider{bank: b}, nil
}

// Close ends the file's use.
func (p *Provider) Close() error { return p.bank.journal.close() }

// Name is Name.
func (*Provider) Name() string { return Name }

// KeepCard gives the outcome that the token names.
func (*Provider) KeepCard(ctx context.Context, purpose, token string) (string, error) {
	known, ok := tokens[token]
	switch {
	case !ok:
		return "", fmt.Errorf("%w: the sandbox takes %s", payment.ErrToken, TokenOK)
	case known.fault == Refuse:
		return "", payment.ErrUnavailable
	case declines[known.card] && known.card != cardLater:
		return "", payment.ErrDeclined
	}
	return keptCard(known.card, purpose), ctx.Err()
}

// keptCard is a reference that tells the bank, and nobody else, which card it is.
func keptCard(card, purpose string) string {
	sum := sha256.Sum256([]byte(purpose + "\x00" + card))
	return "sandbox_" + card + "_" + ident.Crockford.EncodeToString(sum[:15])
}

// order is the body of every call.
type order struct {
	Kind      payment.Kind `json:"kind"`
	Attempt   string       `json:"our_reference"`
	Minor     int64        `json:"amount_minor"`
	Currency  string       `json:"currency"`
	About     string       `json:"about,omitempty"`
	Token     string       `json:"token,omitempty"`
	Card      string       `json:"card,omitempty"`
	Keep      bool         `json:"keep,omitempty"`
	ReturnURL string       `json:"return_url,omitempty"`
	Payment   string       `json:"payment,omitempty"`
}

// Compose writes an order down.
func (*Provider) Compose(o payment.Order) ([]byte, error) {
	body, err := json.Marshal(order{
		Kind: o.Kind, Attempt: o.Attempt, Minor: o.Amount.Minor, Currency: string(o.Amount.Currency), About: o.About,
		Token: o.Token, Card: o.Card, Keep: o.Keep, ReturnURL: o.ReturnURL, Payment: o.Reference,
	})
	if err != nil {
		return nil, fmt.Errorf("sandboxpay: compose: %w", err)
	}
	return body, nil
}

// Send delivers the attempt over the wire and judges what came back.
func (p *Provider) Send(ctx context.Context, a payment.Attempt) payment.Result {
	if ctx.Err() != nil {
		return payment.Result{Outcome: payment.No, Reason: payment.NotSent}
	}
	return judge(p.bank.wire(ctx, a.Key, a.Body))
}

// LookUp asks for the attempt by our reference.
func (p *Provider) LookUp(ctx context.Context, a payment.Attempt) payment.Result {
	if ctx.Err() != nil {
		return payment.Result{Outcome: payment.Unknown, Reason: payment.Lost}
	}
	return judge(p.bank.ask(a.Kind, a.ID))
}

// reply is what comes back over the wire.
type reply struct {
	Status  int           `json:"status"` // HTTP's
	Code    string        `json:"code,omitempty"`
	Payment string        `json:"payment,omitempty"`
	Page    string        `json:"page,omitempty"`
	Card    string        `json:"card,omitempty"`
	After   time.Duration `json:"after,omitempty"`
}

// Codes of replies.
const (
	codeOpen      = "open"
	codeAbandoned = "abandoned"
	codeTryLater  = "insufficient_funds"
	codeStop      = "stolen_card"
)

// judge is what a reply of this provider means: the body decides about a decline, the
// status about the rest.
func judge(r reply, err error) payment.Result {
	out := payment.Result{Outcome: payment.Unknown, Reason: payment.Lost, Reference: r.Payment, Card: r.Card, After: r.After}
	switch {
	case errors.Is(err, errRefused):
		out.Outcome, out.Reason = payment.No, payment.NotSent
	case err != nil:
	case r.Status == http.StatusOK && r.Code == codeOpen:
		out.Outcome, out.Reason, out.Page = payment.Waiting, "", r.Page
	case r.Status == http.StatusOK:
		out.Outcome, out.Reason = payment.Yes, ""
	case r.Status == http.StatusPaymentRequired:
		out.Outcome, out.Reason = payment.No, declineReasons[r.Code]
	case r.Status == http.StatusNotFound:
		out.Reason = payment.Missing
	case r.Status == http.StatusConflict:
		out.Reason = payment.Busy
	case r.Status == http.StatusTooManyRequests:
		out.Reason = payment.Limited
	case r.Status == http.StatusInternalServerError:
		out.Reason = payment.Sticky
	case r.Status < http.StatusInternalServerError:
		out.Outcome, out.Reason = payment.No, payment.Invalid
	}
	return out
}

var declineReasons = map[string]payment.Reason{
	codeTryLater: payment.TryLater, codeStop: payment.Stop, codeAbandoned: payment.Abandoned,
}

// cards of the bank; a kept card carries its name.
const (
	cardOK    = "ok"
	cardLost  = "lost"
	cardPoor  = "poor"
	cardLater = "later"
)

// declines are the cards that do not pay.
var declines = map[string]bool{cardLost: true, cardPoor: true, cardLater: true}

// cardOf is the card that an order brings, and whether it was kept before.
func (o order) cardOf() (card string, kept, known bool) {
	if o.Card != "" {
		name, _, _ := strings.Cut(strings.TrimPrefix(o.Card, "sandbox_"), "_")
		return name, true, name == cardOK || declines[name]
	}
	t, known := tokens[o.Token]
	return t.card, false, known
}
