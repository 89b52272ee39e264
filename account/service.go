package account

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/ident"
)

// Prefixes of the credentials, so that a secret that leaks into a log or a
// repository is recognised by scanners, and by us without a look-up.
const (
	KeyPrefix      = "vk_live_"
	SessionPrefix  = "vs_"
	CheckoutPrefix = "vct_"
)

// secretBytes is the strength of keys and sessions: 256 bits, so that their
// stored hash needs no salt and no slow function.
const secretBytes = 32

// maxName bounds the names of tenants, keys and staff, in characters.
const maxName = 200

// usedEvery is how exact "last used" is: one write a minute for a busy key.
const usedEvery = time.Minute

// Service is the rules of accounts: who may come in, and who may let others in.
type Service struct {
	store Store
	keys  *Keyring
	ids   *ident.Source
	now   func() time.Time
	hash  hasher
	noted sync.Map // key id -> time.Time; as many as there are keys
}

// NewService wires the rules to a store and to the keys that sign checkout tokens.
func NewService(store Store, keys *Keyring, ids *ident.Source, now func() time.Time) *Service {
	return &Service{store: store, keys: keys, ids: ids, now: now, hash: newHasher()}
}

// First is what the set-up of an empty platform asks for.
type First struct {
	TenantName string
	Name       string // of the administrator
	Email      string
	Password   string
}

// Setup makes the first tenant with its administrator and a key that may do
// everything; the key's secret is shown this once. It works only while there is
// no tenant: ErrConflict afterwards.
func (s *Service) Setup(ctx context.Context, first First) (Tenant, Staff, string, error) {
	now := s.now()
	tenant := Tenant{ID: s.ids.ID("ten"), Name: first.TenantName, CreatedAt: now}
	if err := checkName("tenant name", first.TenantName); err != nil {
		return Tenant{}, Staff{}, "", err
	}
	staff, err := s.newStaff(tenant.ID, NewStaff{
		Email: first.Email, Name: first.Name, Password: first.Password, Scopes: Scopes,
	})
	if err != nil {
		return Tenant{}, Staff{}, "", err
	}
	key, secret := s.newKey(tenant.ID, NewKey{Name: "first administrator", Scopes: Scopes})
	err = s.store.ApplyAccount(ctx, Change{
		Tenants: []Tenant{tenant}, Staff: []Staff{staff}, Keys: []Key{key}, FirstOnly: true,
		Audit: []AuditEntry{s.act(staff.ID, "tenant.created", tenant.ID), s.act(staff.ID, "key.created", key.ID)},
	})
	if err != nil {
		return Tenant{}, Staff{}, "", fmt.Errorf("account: set up: %w", err)
	}
	return tenant, staff, secret, nil
}

// Empty tells whether nobody has set the platform up yet.
func (s *Service) Empty(ctx context.Context) (bool, error) {
	tenants, err := s.store.Tenants(ctx)
	return len(tenants) == 0, err
}

// Authenticate is who an API key or a session belongs to: ErrUnauthorized when
// it is none of ours, revoked or ended. Every call reads the store, so that a
// revoked key or a role taken away is refused on the next request (Property 68).
func (s *Service) Authenticate(ctx context.Context, secret string) (Principal, error) {
	switch {
	case strings.HasPrefix(secret, KeyPrefix):
		return s.byKey(ctx, secret)
	case strings.HasPrefix(secret, SessionPrefix):
		return s.bySession(ctx, secret)
	}
	return Principal{}, ErrUnauthorized
}

func (s *Service) byKey(ctx context.Context, secret string) (Principal, error) {
	key, err := s.store.KeyByHash(ctx, sha256.Sum256([]byte(secret)))
	if errors.Is(err, ErrNotFound) {
		return Principal{}, ErrUnauthorized
	}
	if err != nil {
		return Principal{}, fmt.Errorf("account: read a key: %w", err)
	}
	now := s.now()
	if !key.valid(now) {
		return Principal{}, ErrUnauthorized
	}
	s.used(ctx, key, now)
	return Principal{Caller: key.ID, TenantID: key.TenantID, Scopes: key.Scopes, PropertyIDs: key.PropertyIDs}, nil
}

// used notes that the key was used, unless that was noted within the minute by
// any process, or tried by this one: a store that cannot is not asked each time.
func (s *Service) used(ctx context.Context, key Key, now time.Time) {
	last, tried := s.noted.Load(key.ID)
	if now.Sub(key.LastUsedAt) < usedEvery || tried && now.Sub(last.(time.Time)) < usedEvery {
		return
	}
	s.noted.Store(key.ID, now)
	// Information only: failing to write it down must not lock anybody out.
	_ = s.store.ApplyAccount(ctx, Change{Used: []KeyUse{{ID: key.ID, At: now}}})
}

// valid tells whether the key may be used; a rotated one is for a while longer.
func (k Key) valid(now time.Time) bool { return k.RevokedAt.IsZero() || now.Before(k.RevokedAt) }

func (s *Service) act(actor, action, object string) AuditEntry {
	return AuditEntry{At: s.now(), Actor: actor, Action: action, Object: object}
}

// checkName reports which name is wrong, never the name.
func checkName(what, name string) error {
	if strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > maxName ||
		!utf8.ValidString(name) || strings.IndexFunc(name, unicode.IsControl) >= 0 {
		return fmt.Errorf("%w: %s must be 1 to %d printable characters", ErrInvalid, what, maxName)
	}
	return nil
}
