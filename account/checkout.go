package account

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/ident"
)

// CheckoutLife is how long a guest's checkout token is honoured: longer than
// any hold, shorter than it takes to forget an open laptop.
const CheckoutLife = 24 * time.Hour

// checkoutRandom is the random bytes of a checkout token: 128 bits, so that two
// guests never share the scope of their idempotency keys.
const checkoutRandom = 16

// IssueCheckout makes the token that stands for a guest who has no account: what
// they hold and book with it is theirs. Nothing is stored.
func (s *Service) IssueCheckout() (string, Principal) {
	payload := binary.BigEndian.AppendUint64(nil, uint64(s.now().Unix()))
	payload = append(payload, s.ids.Secret(checkoutRandom)...)
	return CheckoutPrefix + s.keys.Sign(CheckoutToken, payload), checkout(payload)
}

// Checkout is the guest of a checkout token that we made and that still lives.
func (s *Service) Checkout(ctx context.Context, token string) (Principal, error) {
	signed, ours := strings.CutPrefix(token, CheckoutPrefix)
	if !ours {
		return Principal{}, ErrUnauthorized
	}
	payload, err := s.keys.Open(ctx, CheckoutToken, signed)
	if err != nil || len(payload) < 8+checkoutRandom {
		return Principal{}, ErrUnauthorized
	}
	issued := time.Unix(int64(binary.BigEndian.Uint64(payload)), 0)
	if s.now().Sub(issued) > CheckoutLife {
		return Principal{}, ErrUnauthorized
	}
	return checkout(payload), nil
}

// checkout names the guest by a hash, because the caller of a request is stored
// and must not open anything.
func checkout(payload []byte) Principal {
	sum := sha256.Sum256(payload)
	return Principal{Caller: "checkout:" + ident.Crockford.EncodeToString(sum[:20])}
}
