package payment

import (
	"context"
	"time"

	"github.com/vacancyhq/vacancy/money"
)

// Gateway is a payment provider. It answers in outcomes and never with an error:
// what it cannot tell is UNKNOWN. payment/paymenttest is its contract.
type Gateway interface {
	// Name is how attempts name the provider, for ever.
	Name() string

	// KeepCard turns a one-time token from the provider's hosted field into a
	// reference that stays chargeable under the booking's policy. The purpose
	// names what it is kept for and is the provider's idempotency key: the same
	// purpose and token twice is the same reference.
	KeepCard(ctx context.Context, purpose, token string) (reference string, err error)

	// Compose writes an order as the bytes to be sent. It sends nothing.
	Compose(Order) ([]byte, error)

	// Send delivers the attempt's bytes under its key. The same key and bytes
	// again are the same payment.
	Send(ctx context.Context, a Attempt) Result

	// LookUp asks what became of an attempt, by our reference. Missing says that
	// the provider does not know of it, which an order under way may still change.
	LookUp(ctx context.Context, a Attempt) Result
}

// Order is what an attempt asks for.
type Order struct {
	Kind      Kind
	Attempt   string // our reference
	Amount    money.Amount
	About     string // what the guest pays for, on the provider's page and the statement
	Token     string // Authorise: from the hosted field
	Card      string // Authorise: a kept card instead
	Keep      bool   // Session, Authorise: keep the card for what is due later
	ReturnURL string // Session: where the guest goes after it
	Reference string // Capture, Void, Refund: the provider's payment
}

// Result is what a provider said, or that it said nothing.
type Result struct {
	Outcome   Outcome
	Reason    Reason
	Reference string        // of the payment at the provider
	Page      string        // Waiting: where the guest pays
	Card      string        // reference of the kept card
	After     time.Duration // the provider asked not to be called again before
}
