package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
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
	ResumeToken   Purpose = "resume"
	ChangeToken   Purpose = "change"
)

// honoured is how long a key still verifies after it stopped signing. A manage
// link lives as long as a stay can be ahead and disputed.
var honoured = map[Purpose]time.Duration{
	OfferToken:    24 * time.Hour,
	CheckoutToken: 24 * time.Hour,
	ChangeToken:   24 * time.Hour,
	ResumeToken:   24 * time.Hour,
	ManageToken:   3 * 365 * 24 * time.Hour,
}

// Several processes share the keys. RefreshEvery is how often each must look at
// them (Refresh); Handover is how long a new key is only known before it signs,
// so that by then every process knows it.
const (
	RefreshEvery = 30 * time.Second
	Handover     = 2*RefreshEvery + 30*time.Second
	lookAgain    = time.Second
)

// Keyring signs and verifies with the keys in the store.
type Keyring struct {
	store Store
	ids   *ident.Source
	now   func() time.Time

	mu       sync.Mutex
	keys     []SigningKey
	loadedAt time.Time
}

// OpenKeyring loads the keys and makes the first one where there is none.
func OpenKeyring(ctx context.Context, store Store, ids *ident.Source, now func() time.Time) (*Keyring, error) {
	k := &Keyring{store: store, ids: ids, now: now}
	if err := k.Refresh(ctx); err != nil {
		return nil, err
	}
	if _, ok := k.signer(); ok {
		return k, nil
	}
	first := SigningKey{ID: ids.ID("sgn"), Secret: []byte(ids.Secret(32)), CreatedAt: now()}
	err := store.ApplyAccount(ctx, Change{SigningKeys: []SigningKey{first}, FirstOnly: true})
	if err != nil && !errors.Is(err, ErrConflict) { // another process was first: its key is as good
		return nil, fmt.Errorf("account: make the first signing key: %w", err)
	}
	return k, k.Refresh(ctx)
}

// Rotate makes a new signing key. The old one signs until every process has
// had the time to learn of the new one (Handover), and only verifies from then
// on. Until then there is nothing to rotate: ErrConflict.
func (k *Keyring) Rotate(ctx context.Context) error {
	old, ok := k.signer()
	fresh := SigningKey{ID: k.ids.ID("sgn"), Secret: []byte(k.ids.Secret(32)), CreatedAt: k.now()}
	change := Change{SigningKeys: []SigningKey{fresh}}
	if ok && !old.RetiredAt.IsZero() {
		return fmt.Errorf("%w: the last rotation is not complete; wait %s", ErrConflict, Handover)
	}
	if ok {
		old.RetiredAt = k.now().Add(Handover)
		change.SigningKeys = append(change.SigningKeys, old)
	}
	if err := k.store.ApplyAccount(ctx, change); err != nil {
		return fmt.Errorf("account: rotate the signing key: %w", err)
	}
	return k.Refresh(ctx)
}

// Refresh reads the keys again; what is known stays when the store fails.
func (k *Keyring) Refresh(ctx context.Context) error {
	all, err := k.store.SigningKeys(ctx)
	if err != nil {
		return fmt.Errorf("account: load the signing keys: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys, k.loadedAt = all, k.now()
	return nil
}

// signer is the oldest key that may still sign.
func (k *Keyring) signer() (SigningKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var oldest SigningKey
	for _, key := range k.keys {
		signs := key.RetiredAt.IsZero() || k.now().Before(key.RetiredAt)
		if signs && (oldest.ID == "" || key.CreatedAt.Before(oldest.CreatedAt)) {
			oldest = key
		}
	}
	return oldest, oldest.ID != ""
}

// Sign makes a token that carries the payload in the open: "key.payload.mac".
func (k *Keyring) Sign(purpose Purpose, payload []byte) string {
	key, _ := k.signer() // there is one: the last is never retired without another
	text := base64.RawURLEncoding
	token := make([]byte, 0, len(key.ID)+1+text.EncodedLen(len(payload))+1+text.EncodedLen(sha256.Size))
	token = text.AppendEncode(append(append(token, key.ID...), '.'), payload)
	return string(text.AppendEncode(append(token, '.'), mac(key, purpose, token)))
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
	if err != nil || !hmac.Equal(got, mac(key, purpose, []byte(keyID+"."+payload))) {
		return nil, ErrSignature
	}
	opened, err := base64.RawURLEncoding.Strict().DecodeString(payload)
	if err != nil {
		return nil, ErrSignature
	}
	return opened, nil
}

// Claimed is the payload of a token, whoever signed it: for looking up what the
// bearer may have for other reasons, and never for believing it.
func Claimed(token string) ([]byte, error) {
	_, rest, _ := strings.Cut(token, ".")
	payload, _, _ := strings.Cut(rest, ".")
	claimed, err := base64.RawURLEncoding.Strict().DecodeString(payload)
	if err != nil {
		return nil, ErrSignature
	}
	return claimed, nil
}

// find looks an unknown key up in the store, at most once a second, so that
// forged key ids cost nothing.
func (k *Keyring) find(ctx context.Context, id string) (SigningKey, bool) {
	key, ok, stale := k.known(id)
	if !ok && stale && k.Refresh(ctx) == nil {
		key, ok, _ = k.known(id)
	}
	return key, ok
}

func (k *Keyring) known(id string) (key SigningKey, ok, stale bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	stale = k.now().Sub(k.loadedAt) > lookAgain
	at := slices.IndexFunc(k.keys, func(key SigningKey) bool { return key.ID == id })
	if at < 0 {
		return SigningKey{}, false, stale
	}
	return k.keys[at], true, stale
}

func mac(key SigningKey, purpose Purpose, body []byte) []byte {
	h := hmac.New(sha256.New, key.Secret)
	h.Write([]byte(string(purpose) + "\x00"))
	h.Write(body)
	return h.Sum(nil)
}
