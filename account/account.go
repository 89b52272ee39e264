// Package account is who may do what: tenants with their API keys, staff and
// sessions, and the keys that sign offers and links. Secrets are kept hashed
// and shown once.
package account

import (
	"errors"
	"slices"
	"time"
)

// Errors of the noun.
var (
	ErrNotFound     = errors.New("account: not found")
	ErrUnauthorized = errors.New("account: no valid credential")
	ErrForbidden    = errors.New("account: the credential lacks the scope")
	ErrConflict     = errors.New("account: exists already")
	ErrInvalid      = errors.New("account: invalid")
)

// Tenant is a customer of the platform: one house, a chain or an agency.
type Tenant struct {
	ID        string // ten_...
	Name      string
	CreatedAt time.Time
}

// Scope is a right that a credential carries.
type Scope string

// Scopes.
const (
	ReadProperties  Scope = "properties:read"
	WriteProperties Scope = "properties:write"
	WriteRates      Scope = "ari:write" // availability, rates, inventory
	ReadBookings    Scope = "bookings:read"
	WriteBookings   Scope = "bookings:write"
	ReadEvents      Scope = "events:read"
	Admin           Scope = "admin" // tenants, keys and staff; implies no other scope
)

// Scopes lists all, for checks and documentation.
var Scopes = []Scope{ReadProperties, WriteProperties, WriteRates, ReadBookings, WriteBookings, ReadEvents, Admin}

// Key is an API key. The secret itself is never stored: Hash is its SHA-256 (a
// 256-bit random secret needs no slow hash).
type Key struct {
	ID          string // key_...
	TenantID    string
	Name        string
	Hash        [32]byte
	Scopes      []Scope
	PropertyIDs []string // empty: all of the tenant's
	CreatedAt   time.Time
	LastUsedAt  time.Time
	RevokedAt   time.Time
}

// Staff is a person who works for a tenant.
type Staff struct {
	ID           string // stf_...
	TenantID     string
	Email        string
	Name         string
	PasswordHash string // argon2id in PHC form
	Scopes       []Scope
	PropertyIDs  []string // empty: all of the tenant's
	DisabledAt   time.Time
	CreatedAt    time.Time
}

// Session is a signed-in staff member; Hash is the SHA-256 of the cookie's secret.
type Session struct {
	Hash      [32]byte
	StaffID   string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// SigningKey signs offers, checkout tokens and manage links (HMAC-SHA256). Two
// are valid while they rotate.
type SigningKey struct {
	ID        string // sgn_...
	Secret    []byte // 32 bytes
	CreatedAt time.Time
	RetiredAt time.Time // when it stops signing; zero: not foreseen. It verifies for a while longer
}

// Principal is who is behind a request, with what it may do.
type Principal struct {
	Caller      string // scope of idempotency keys: "key_...", "stf_...", "checkout:..."
	TenantID    string // "" for a guest
	Scopes      []Scope
	PropertyIDs []string // empty: all of the tenant's
}

// May tells whether the principal has the scope.
func (p Principal) May(scope Scope) bool { return slices.Contains(p.Scopes, scope) }

// Reaches tells whether the property of a tenant is within the principal's view.
func (p Principal) Reaches(tenantID, propertyID string) bool {
	return p.TenantID != "" && p.TenantID == tenantID &&
		(len(p.PropertyIDs) == 0 || slices.Contains(p.PropertyIDs, propertyID))
}

// AuditEntry is one administrative act.
type AuditEntry struct {
	At     time.Time
	Actor  string
	Action string // "key.created"
	Object string // its id
}
