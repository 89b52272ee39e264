// Package sandboxpay is a payment provider of our own: the embedded default and
// the developers' sandbox. No money moves. Its tokens force outcomes.
package sandboxpay

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/payment"
)

// Tokens that the sandbox's card field gives out.
const (
	TokenOK       = "sandbox_card_ok"
	TokenDeclined = "sandbox_card_declined"
	TokenDown     = "sandbox_provider_down"
)

// Provider is the sandbox. The zero value is ready.
type Provider struct{}

var _ payment.Gateway = Provider{}

// KeepCard gives the outcome that the token names.
func (Provider) KeepCard(ctx context.Context, purpose, token string) (string, error) {
	switch token {
	case TokenOK:
		sum := sha256.Sum256([]byte(purpose + "\x00" + token))
		return "sandbox_" + ident.Crockford.EncodeToString(sum[:15]), ctx.Err()
	case TokenDeclined:
		return "", payment.ErrDeclined
	case TokenDown:
		return "", payment.ErrUnavailable
	}
	return "", fmt.Errorf("%w: the sandbox takes %s", payment.ErrToken, TokenOK)
}
