// Package payment is the seam to payment providers. Card numbers never reach
// the platform: a provider's own page or field turns a card into an opaque token.
package payment

import (
	"context"
	"errors"
)

// Errors of the noun.
var (
	ErrDeclined    = errors.New("payment: the card was declined")
	ErrToken       = errors.New("payment: not a token of this provider")
	ErrUnavailable = errors.New("payment: the provider does not answer")
)

// Gateway is a payment provider. So far it keeps cards as guarantees; money
// moves through it once plans are prepaid.
type Gateway interface {
	// KeepCard turns a one-time token from the provider's hosted field into a
	// reference that stays chargeable under the booking's policy. The purpose
	// names what it is kept for and is the provider's idempotency key: the same
	// purpose and token twice is the same reference.
	KeepCard(ctx context.Context, purpose, token string) (reference string, err error)
}
