package account

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"
)

// Limits of a key.
const (
	maxPropertyList = 1000
	// RotationOverlap is how long the old secret works beside the new one unless
	// the caller says otherwise: time to deploy.
	RotationOverlap = 24 * time.Hour
	// MaxOverlap bounds it.
	MaxOverlap = 7 * 24 * time.Hour
)

// NewKey is what an administrator decides about a key.
type NewKey struct {
	Name        string
	Scopes      []Scope
	PropertyIDs []string // empty: all of the tenant's
}

// CreateKey makes a key of the actor's tenant; the secret is shown this once.
func (s *Service) CreateKey(ctx context.Context, actor Principal, wanted NewKey) (Key, string, error) {
	if err := wanted.check(actor); err != nil {
		return Key{}, "", err
	}
	key, secret := s.newKey(actor.TenantID, wanted)
	err := s.store.ApplyAccount(ctx, Change{Keys: []Key{key}, Audit: []AuditEntry{s.act(actor.Caller, "key.created", key.ID)}})
	if err != nil {
		return Key{}, "", fmt.Errorf("account: create a key: %w", err)
	}
	return key, secret, nil
}

// Keys lists the keys of the actor's tenant, revoked ones too.
func (s *Service) Keys(ctx context.Context, actor Principal) ([]Key, error) {
	if err := administers(actor); err != nil {
		return nil, err
	}
	return s.store.Keys(ctx, actor.TenantID)
}

// RevokeKey ends a key at once. Revoking it again changes nothing.
func (s *Service) RevokeKey(ctx context.Context, actor Principal, id string) error {
	key, err := s.ownKey(ctx, actor, id)
	if err != nil || !key.valid(s.now()) {
		return err
	}
	key.RevokedAt = s.now()
	return s.store.ApplyAccount(ctx, Change{Keys: []Key{key}, Audit: []AuditEntry{s.act(actor.Caller, "key.revoked", id)}})
}

// RotateKey makes a key with the same rights; the old one works for the overlap.
func (s *Service) RotateKey(ctx context.Context, actor Principal, id string, overlap time.Duration) (Key, string, error) {
	old, err := s.ownKey(ctx, actor, id)
	switch {
	case err != nil:
		return Key{}, "", err
	case !old.valid(s.now()):
		return Key{}, "", fmt.Errorf("%w: the key was revoked; create another", ErrConflict)
	case overlap < 0 || overlap > MaxOverlap:
		return Key{}, "", fmt.Errorf("%w: the overlap is 0 to %d hours", ErrInvalid, int(MaxOverlap.Hours()))
	}
	fresh, secret := s.newKey(actor.TenantID, NewKey{Name: old.Name, Scopes: old.Scopes, PropertyIDs: old.PropertyIDs})
	if end := s.now().Add(overlap); old.RevokedAt.IsZero() || end.Before(old.RevokedAt) {
		old.RevokedAt = end
	}
	err = s.store.ApplyAccount(ctx, Change{
		Keys:  []Key{old, fresh},
		Audit: []AuditEntry{s.act(actor.Caller, "key.rotated", old.ID), s.act(actor.Caller, "key.created", fresh.ID)},
	})
	if err != nil {
		return Key{}, "", fmt.Errorf("account: rotate a key: %w", err)
	}
	return fresh, secret, nil
}

func (s *Service) newKey(tenantID string, wanted NewKey) (Key, string) {
	secret := KeyPrefix + s.ids.Secret(secretBytes)
	return Key{
		ID: s.ids.ID("key"), TenantID: tenantID, Name: wanted.Name, Hash: sha256.Sum256([]byte(secret)),
		Scopes: wanted.Scopes, PropertyIDs: wanted.PropertyIDs, CreatedAt: s.now(),
	}, secret
}

// ownKey is the key if it belongs to the actor's tenant; any other does not
// exist for them. A key that reaches further than the actor is out of their
// hands: its successor's secret would be theirs.
func (s *Service) ownKey(ctx context.Context, actor Principal, id string) (Key, error) {
	all, err := s.Keys(ctx, actor)
	if err != nil {
		return Key{}, err
	}
	at := slices.IndexFunc(all, func(k Key) bool { return k.ID == id })
	if at < 0 {
		return Key{}, ErrNotFound
	}
	return all[at], checkReach(actor, all[at].PropertyIDs)
}

func (w NewKey) check(actor Principal) error {
	if err := administers(actor); err != nil {
		return err
	}
	if err := checkName("key name", w.Name); err != nil {
		return err
	}
	return checkRights(actor, w.Scopes, w.PropertyIDs)
}

// administers tells whether the actor may manage its tenant's credentials.
func administers(actor Principal) error {
	if actor.TenantID == "" || !actor.May(Admin) {
		return ErrForbidden
	}
	return nil
}

// checkRights refuses scopes that do not exist, and a view wider than the actor's own.
func checkRights(actor Principal, scopes []Scope, properties []string) error {
	if len(scopes) == 0 {
		return fmt.Errorf("%w: at least one scope is needed", ErrInvalid)
	}
	for i, scope := range scopes {
		if !slices.Contains(Scopes, scope) || slices.Contains(scopes[:i], scope) {
			return fmt.Errorf("%w: scopes must be different ones of %v", ErrInvalid, Scopes)
		}
	}
	if len(properties) > maxPropertyList {
		return fmt.Errorf("%w: at most %d properties", ErrInvalid, maxPropertyList)
	}
	return checkReach(actor, properties)
}

// checkReach refuses a view wider than the actor's own.
func checkReach(actor Principal, properties []string) error {
	if len(actor.PropertyIDs) == 0 {
		return nil
	}
	wider := len(properties) == 0 || slices.ContainsFunc(properties, func(id string) bool {
		return !slices.Contains(actor.PropertyIDs, id)
	})
	if wider {
		return fmt.Errorf("%w: properties must be among those of your own credential", ErrForbidden)
	}
	return nil
}
