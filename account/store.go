package account

import (
	"context"
	"time"
)

// Store is what account needs of persistence.
type Store interface {
	Now(ctx context.Context) (time.Time, error)

	// ApplyAccount writes all of the change or nothing: ErrConflict when an id, e-mail
	// or hash exists already with Insert, ErrNotFound when what it updates does not.
	ApplyAccount(ctx context.Context, change Change) error

	Tenants(ctx context.Context) ([]Tenant, error)
	KeyByHash(ctx context.Context, hash [32]byte) (Key, error)
	Keys(ctx context.Context, tenantID string) ([]Key, error)
	StaffByEmail(ctx context.Context, email string) (Staff, error)
	Staff(ctx context.Context, id string) (Staff, error)
	SessionByHash(ctx context.Context, hash [32]byte) (Session, error)
	SigningKeys(ctx context.Context) ([]SigningKey, error)
}

// KeyUse is a key and when it was used.
type KeyUse struct {
	ID string
	At time.Time
}

// Change is a write to accounts, with its audit entries, in one transaction.
type Change struct {
	Tenants     []Tenant   // new
	Keys        []Key      // new, or the new state of an id that exists
	Staff       []Staff    // new, or the new state
	Sessions    []Session  // new
	EndSessions [][32]byte // hashes to delete
	// Used moves LastUsedAt of keys and nothing else, so that noting a use never
	// undoes a revocation that came between; a key that is gone is left out.
	Used        []KeyUse
	SigningKeys []SigningKey // new, or the new state
	// FirstOnly makes the change fail with ErrConflict when any tenant exists
	// (first-admin set-up) or, for SigningKeys, when a key that may sign exists.
	FirstOnly bool
	Audit     []AuditEntry
}
