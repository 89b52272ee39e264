package account

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of staff and their sessions.
const (
	SessionLife = 12 * time.Hour
	MinPassword = 12  // characters
	MaxPassword = 128 // characters
	maxEmail    = 254 // RFC 5321
)

// NewStaff is what an administrator decides about a person.
type NewStaff struct {
	Email       string
	Name        string
	Password    string
	Scopes      []Scope
	PropertyIDs []string // empty: all of the tenant's
}

// CreateStaff adds a person to the actor's tenant; ErrConflict when the e-mail has an account.
func (s *Service) CreateStaff(ctx context.Context, actor Principal, wanted NewStaff) (Staff, error) {
	if err := administers(actor); err != nil {
		return Staff{}, err
	}
	if err := checkRights(actor, wanted.Scopes, wanted.PropertyIDs); err != nil {
		return Staff{}, err
	}
	staff, err := s.newStaff(actor.TenantID, wanted)
	if err != nil {
		return Staff{}, err
	}
	err = s.store.ApplyAccount(ctx, Change{
		Staff: []Staff{staff}, Audit: []AuditEntry{s.act(actor.Caller, "staff.created", staff.ID)},
	})
	if err != nil {
		return Staff{}, fmt.Errorf("account: create staff: %w", err)
	}
	return staff, nil
}

// DisableStaff shuts a person out; their sessions are refused from the next request on.
func (s *Service) DisableStaff(ctx context.Context, actor Principal, id string) error {
	if err := administers(actor); err != nil {
		return err
	}
	staff, err := s.store.Staff(ctx, id)
	if err != nil {
		return err
	}
	if staff.TenantID != actor.TenantID {
		return ErrNotFound
	}
	if err := checkReach(actor, staff.PropertyIDs); err != nil || !staff.DisabledAt.IsZero() {
		return err
	}
	staff.DisabledAt = s.now()
	return s.store.ApplyAccount(ctx, Change{
		Staff: []Staff{staff}, Audit: []AuditEntry{s.act(actor.Caller, "staff.disabled", id)},
	})
}

// SignIn opens a session and gives its secret. A wrong password, an unknown
// e-mail and a disabled person are one ErrUnauthorized after one amount of work.
func (s *Service) SignIn(ctx context.Context, email, password string) (Session, string, error) {
	if !utf8.ValidString(email) || strings.ContainsRune(email, 0) {
		email = "" // nobody's, and not every database can look for it
	}
	staff, err := s.store.StaffByEmail(ctx, normalEmail(email))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Session{}, "", fmt.Errorf("account: read staff: %w", err)
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		password = "" // longer than any that was set; hashing it would only cost
	}
	same, err := s.hash.verify(ctx, staff.PasswordHash, password)
	if err != nil {
		return Session{}, "", err
	}
	if !same || staff.ID == "" || !staff.DisabledAt.IsZero() {
		return Session{}, "", ErrUnauthorized
	}
	secret := SessionPrefix + s.ids.Secret(secretBytes)
	session := Session{
		Hash: sha256.Sum256([]byte(secret)), StaffID: staff.ID,
		CreatedAt: s.now(), ExpiresAt: s.now().Add(SessionLife),
	}
	err = s.store.ApplyAccount(ctx, Change{
		Sessions: []Session{session}, Audit: []AuditEntry{s.act(staff.ID, "session.opened", staff.ID)},
	})
	if err != nil {
		return Session{}, "", fmt.Errorf("account: sign in: %w", err)
	}
	return session, secret, nil
}

// SignOut ends the session. A session that is gone already is signed out.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	err := s.store.ApplyAccount(ctx, Change{EndSessions: [][32]byte{sha256.Sum256([]byte(secret))}})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func (s *Service) bySession(ctx context.Context, secret string) (Principal, error) {
	session, err := s.store.SessionByHash(ctx, sha256.Sum256([]byte(secret)))
	if errors.Is(err, ErrNotFound) {
		return Principal{}, ErrUnauthorized
	}
	if err != nil {
		return Principal{}, fmt.Errorf("account: read a session: %w", err)
	}
	if !s.now().Before(session.ExpiresAt) {
		return Principal{}, ErrUnauthorized
	}
	staff, err := s.store.Staff(ctx, session.StaffID)
	switch {
	case errors.Is(err, ErrNotFound):
		return Principal{}, ErrUnauthorized
	case err != nil:
		return Principal{}, fmt.Errorf("account: read staff: %w", err)
	case !staff.DisabledAt.IsZero():
		return Principal{}, ErrUnauthorized
	}
	return Principal{Caller: staff.ID, TenantID: staff.TenantID, Scopes: staff.Scopes, PropertyIDs: staff.PropertyIDs}, nil
}

func (s *Service) newStaff(tenantID string, w NewStaff) (Staff, error) {
	if err := checkName("name", w.Name); err != nil {
		return Staff{}, err
	}
	email := normalEmail(w.Email)
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || len(email) > maxEmail {
		return Staff{}, fmt.Errorf("%w: email must be one plain address", ErrInvalid)
	}
	if n := utf8.RuneCountInString(w.Password); n < MinPassword || n > MaxPassword {
		return Staff{}, fmt.Errorf("%w: password must be %d to %d characters", ErrInvalid, MinPassword, MaxPassword)
	}
	return Staff{
		ID: s.ids.ID("stf"), TenantID: tenantID, Email: email, Name: w.Name,
		PasswordHash: s.hash.make(w.Password, s.ids), Scopes: w.Scopes, PropertyIDs: w.PropertyIDs, CreatedAt: s.now(),
	}, nil
}

// normalEmail is the form in which an address is kept, so that it names one account.
func normalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
