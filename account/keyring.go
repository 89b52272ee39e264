package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/ident"
)

// ErrSignature is a token that this keyring did not sign, or no longer honours.
var ErrSignature = errors.New("account: not signed by us")

// Purpose separates the uses of the signing keys: a token made for one is
// nothing for another.
type Purpose string

// Purposes of signed tokens.
const (
	OfferToken    Purpose = "offer"
	CheckoutToken Purpose = "checkout"
	ManageToken   Purpose = "manage"
	ChangeToken   Purpose = "change"
)

// honoured is how long a key still verifies after it stopped signing. A manage
// link lives as long as a stay can be ahead and disputed.
var honoured = map[Purpose]time.Duration{
	OfferToken:    24 * time.Hour,
	CheckoutToken: 24 * time.Hour,
	ChangeToken:   24 * time.Hour,
	ManageToken:   3 * 365 * 24 * time.Hour,
}

const reload = 30 * time.Second

// Keyring signs and verifies with the keys in the store. Several processes
// share them; each looks again when it meets a key that it does not know.
type Keyring struct {
	store Store
	ids   *ident.Source

	mu       sync.Mutex
	keys     map[string]SigningKey
	signer   SigningKey
	loadedAt time.Time
	now      func() time.Time
}

// OpenKeyring loads the keys and makes the first one where there is none.
func OpenKeyring(ctx context.Context, store Store, ids *ident.Source, now func() time.Time) (*Keyring, error) {
	k := &Keyring{store: store, ids: ids, now: now}
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	if k.signer.ID != "" {
		return k, nil
	}
	first := SigningKey{ID: ids.ID("sgn"), Secret: []byte(ids.Secret(32)), CreatedAt: now()}
	err := store.ApplyAccount(ctx, Change{SigningKeys: []SigningKey{first}, FirstOnly: true})
	if err != nil && !errors.Is(err, ErrConflict) { // another process was first: its key is as good
		return nil, fmt.Errorf("account: make the first signing key: %w", err)
	}
	return k, k.load(ctx)
}

// Rotate makes a new signing key; the old one only verifies from now on.
func (k *Keyring) Rotate(ctx context.Context) error {
	k.mu.Lock()
	old := k.signer
	k.mu.Unlock()
	old.RetiredAt = k.now()
	fresh := SigningKey{ID: k.ids.ID("sgn"), Secret: []byte(k.ids.Secret(32)), CreatedAt: k.now()}
	if err := k.store.ApplyAccount(ctx, Change{SigningKeys: []SigningKey{old, fresh}}); err != nil {
		return fmt.Errorf("account: rotate the signing key: %w", err)
	}
	return k.load(ctx)
}

func (k *Keyring) load(ctx context.Context) error {
	all, err := k.store.SigningKeys(ctx)
	if err != nil {
		return fmt.Errorf("account: load the signing keys: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys, k.signer, k.loadedAt = make(map[string]SigningKey), SigningKey{}, k.now()
	for _, key := range all {
		k.keys[key.ID] = key
		if key.RetiredAt.IsZero() && key.ID > k.signer.ID {
			k.signer = key
		}
	}
	return nil
}

// Sign makes a token that carries the payload in the open: "key.payload.mac".
func (k *Keyring) Sign(purpose Purpose, payload []byte) string {
	k.mu.Lock()
	key := k.signer
	k.mu.Unlock()
	body := key.ID + "." + base64.RawURLEncoding.EncodeToString(payload)
	return body + "." + base64.RawURLEncoding.EncodeToString(mac(key, purpose, body))
}

// Open is the payload of a token that this keyring signed for the purpose.
func (k *Keyring) Open(ctx context.Context, purpose Purpose, token string) ([]byte, error) {
	keyID, rest, ok1 := strings.Cut(token, ".")
	payload, sum, ok2 := strings.Cut(rest, ".")
	if !ok1 || !ok2 {
		return nil, ErrSignature
	}
	key, ok := k.find(ctx, keyID)
	if !ok || (!key.RetiredAt.IsZero() && k.now().After(key.RetiredAt.Add(honoured[purpose]))) {
		return nil, ErrSignature
	}
	got, err := base64.RawURLEncoding.Strict().DecodeString(sum)
	if err != nil || !hmac.Equal(got, mac(key, purpose, keyID+"."+payload)) {
		return nil, ErrSignature
	}
	opened, err := base64.RawURLEncoding.Strict().DecodeString(payload)
	if err != nil {
		return nil, ErrSignature
	}
	return opened, nil
}

// find looks an unknown key up in the store, at most twice a minute, so that
// forged key ids cost nothing.
func (k *Keyring) find(ctx context.Context, id string) (SigningKey, bool) {
	k.mu.Lock()
	key, ok := k.keys[id]
	stale := k.now().Sub(k.loadedAt) > reload
	k.mu.Unlock()
	if !ok && stale && k.load(ctx) == nil {
		k.mu.Lock()
		key, ok = k.keys[id]
		k.mu.Unlock()
	}
	return key, ok
}

func mac(key SigningKey, purpose Purpose, body string) []byte {
	h := hmac.New(sha256.New, key.Secret)
	h.Write([]byte(string(purpose) + "\x00" + body))
	return h.Sum(nil)
}
