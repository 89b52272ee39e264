package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/guest"
)

const (
	insertTenant  = `INSERT INTO tenant (id, name, created_at) VALUES (?, ?, ?)`
	selectTenants = `SELECT id, name, created_at FROM tenant ORDER BY id`
	countTenants  = `SELECT count(*) FROM tenant`

	keyColumns = `id, tenant_id, name, hash, scopes, property_ids, created_at, last_used_at, revoked_at`
	upsertKey  = `INSERT INTO api_key (` + keyColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET tenant_id = excluded.tenant_id, name = excluded.name, hash = excluded.hash,
			scopes = excluded.scopes, property_ids = excluded.property_ids, created_at = excluded.created_at,
			last_used_at = excluded.last_used_at, revoked_at = excluded.revoked_at`
	useKey          = `UPDATE api_key SET last_used_at = ? WHERE id = ?`
	selectKeyByHash = `SELECT ` + keyColumns + ` FROM api_key WHERE hash = ?`
	selectKeys      = `SELECT ` + keyColumns + ` FROM api_key WHERE tenant_id = ? ORDER BY id`

	staffColumns = `id, tenant_id, email, name, password_hash, scopes, property_ids, disabled_at, created_at`
	upsertStaff  = `INSERT INTO staff (` + staffColumns + `, email_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET tenant_id = excluded.tenant_id, email = excluded.email, email_key = excluded.email_key,
			name = excluded.name, password_hash = excluded.password_hash, scopes = excluded.scopes,
			property_ids = excluded.property_ids, disabled_at = excluded.disabled_at, created_at = excluded.created_at`
	selectStaffByEmail = `SELECT ` + staffColumns + ` FROM staff WHERE email_key = ?`
	selectStaff        = `SELECT ` + staffColumns + ` FROM staff WHERE id = ?`

	insertSession = `INSERT INTO session (hash, staff_id, created_at, expires_at) VALUES (?, ?, ?, ?)`
	deleteSession = `DELETE FROM session WHERE hash = ?`
	selectSession = `SELECT hash, staff_id, created_at, expires_at FROM session WHERE hash = ?`

	upsertSigningKey = `INSERT INTO signing_key (id, secret, created_at, retired_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at, retired_at = excluded.retired_at`
	selectSigningKeys = `SELECT id, secret, created_at, retired_at FROM signing_key ORDER BY created_at, id`
	countMaySign      = `SELECT count(*) FROM signing_key WHERE retired_at IS NULL`

	insertAudit = `INSERT INTO audit (at, actor, action, object) VALUES (?, ?, ?, ?)`
)

// ApplyAccount writes all of the change or nothing.
func (s *Store) ApplyAccount(ctx context.Context, change account.Change) error {
	return s.write(ctx, "apply account", func(ctx context.Context, t *tx) error {
		if change.FirstOnly {
			if err := t.checkFirst(ctx, change); err != nil {
				return err
			}
		}
		err := t.putAccounts(ctx, change)
		return constraint(err, account.ErrConflict, account.ErrNotFound)
	})
}

// checkFirst refuses a set-up when there was one; there is one writer, so
// nobody can set up between this check and the write.
func (t *tx) checkFirst(ctx context.Context, change account.Change) error {
	var n int
	if len(change.SigningKeys) > 0 {
		if err := t.get(ctx, countMaySign, nil, &n); err != nil {
			return err
		}
	}
	if n == 0 && (len(change.SigningKeys) == 0 || len(change.Tenants) > 0) {
		if err := t.get(ctx, countTenants, nil, &n); err != nil {
			return err
		}
	}
	if n > 0 {
		return account.ErrConflict
	}
	return nil
}

func (t *tx) putAccounts(ctx context.Context, change account.Change) error {
	for _, tenant := range change.Tenants {
		if _, err := t.exec(ctx, insertTenant, tenant.ID, tenant.Name, stamp(tenant.CreatedAt)); err != nil {
			return err
		}
	}
	for _, key := range change.Keys {
		if err := t.putKey(ctx, key); err != nil {
			return err
		}
	}
	for _, u := range change.Used {
		if _, err := t.exec(ctx, useKey, stamp(u.At), u.ID); err != nil {
			return err
		}
	}
	for _, staff := range change.Staff {
		if err := t.putStaff(ctx, staff); err != nil {
			return err
		}
	}
	for _, k := range change.SigningKeys {
		if _, err := t.exec(ctx, upsertSigningKey, k.ID, k.Secret, stamp(k.CreatedAt), stamp(k.RetiredAt)); err != nil {
			return err
		}
	}
	if err := t.putSessions(ctx, change); err != nil {
		return err
	}
	for _, a := range change.Audit {
		if _, err := t.exec(ctx, insertAudit, stamp(a.At), a.Actor, a.Action, a.Object); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putSessions(ctx context.Context, change account.Change) error {
	for _, hash := range change.EndSessions {
		if _, err := t.exec(ctx, deleteSession, hash[:]); err != nil {
			return err
		}
	}
	for _, session := range change.Sessions {
		if _, err := t.exec(ctx, insertSession,
			session.Hash[:], session.StaffID, stamp(session.CreatedAt), stamp(session.ExpiresAt)); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putKey(ctx context.Context, k account.Key) error {
	scopes, properties, err := encodeRights(k.Scopes, k.PropertyIDs)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, upsertKey, k.ID, k.TenantID, k.Name, k.Hash[:], scopes, properties,
		stamp(k.CreatedAt), stamp(k.LastUsedAt), stamp(k.RevokedAt))
	return err
}

func (t *tx) putStaff(ctx context.Context, s account.Staff) error {
	scopes, properties, err := encodeRights(s.Scopes, s.PropertyIDs)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, upsertStaff, s.ID, s.TenantID, s.Email, s.Name, s.PasswordHash, scopes, properties,
		stamp(s.DisabledAt), stamp(s.CreatedAt), guest.NormalEmail(s.Email))
	return err
}

func encodeRights(scopes []account.Scope, propertyIDs []string) (s, p string, err error) {
	if s, err = encode(scopes); err != nil {
		return "", "", err
	}
	p, err = encode(propertyIDs)
	return s, p, err
}

// Tenants lists all tenants by id.
func (s *Store) Tenants(ctx context.Context) (tenants []account.Tenant, err error) {
	err = s.read(ctx, "tenants", func(ctx context.Context, c *conn) error {
		tenants, err = list(ctx, c, scanTenant, selectTenants)
		return err
	})
	return tenants, err
}

func scanTenant(row scanner) (t account.Tenant, err error) {
	var created sql.NullInt64
	err = row.Scan(&t.ID, &t.Name, &created)
	t.CreatedAt = moment(created)
	return t, err
}

// KeyByHash is the API key whose secret has this hash.
func (s *Store) KeyByHash(ctx context.Context, hash [32]byte) (key account.Key, err error) {
	err = s.read(ctx, "key by hash", func(ctx context.Context, c *conn) error {
		key, err = one(ctx, c, account.ErrNotFound, scanKey, selectKeyByHash, hash[:])
		return err
	})
	return key, err
}

// Keys lists a tenant's API keys by id.
func (s *Store) Keys(ctx context.Context, tenantID string) (keys []account.Key, err error) {
	err = s.read(ctx, "keys", func(ctx context.Context, c *conn) error {
		keys, err = list(ctx, c, scanKey, selectKeys, tenantID)
		return err
	})
	return keys, err
}

func scanKey(row scanner) (k account.Key, err error) {
	var hash, scopes, properties []byte
	var created, used, revoked sql.NullInt64
	if err := row.Scan(&k.ID, &k.TenantID, &k.Name, &hash, &scopes, &properties, &created, &used, &revoked); err != nil {
		return k, err
	}
	copy(k.Hash[:], hash)
	k.CreatedAt, k.LastUsedAt, k.RevokedAt = moment(created), moment(used), moment(revoked)
	if err := json.Unmarshal(scopes, &k.Scopes); err != nil {
		return k, err
	}
	return k, json.Unmarshal(properties, &k.PropertyIDs)
}

// StaffByEmail is the staff member with this address, however it is written.
func (s *Store) StaffByEmail(ctx context.Context, email string) (staff account.Staff, err error) {
	err = s.read(ctx, "staff by email", func(ctx context.Context, c *conn) error {
		staff, err = one(ctx, c, account.ErrNotFound, scanStaff, selectStaffByEmail, guest.NormalEmail(email))
		return err
	})
	return staff, err
}

// Staff is one staff member.
func (s *Store) Staff(ctx context.Context, id string) (staff account.Staff, err error) {
	err = s.read(ctx, "staff", func(ctx context.Context, c *conn) error {
		staff, err = one(ctx, c, account.ErrNotFound, scanStaff, selectStaff, id)
		return err
	})
	return staff, err
}

func scanStaff(row scanner) (s account.Staff, err error) {
	var scopes, properties []byte
	var disabled, created sql.NullInt64
	if err := row.Scan(&s.ID, &s.TenantID, &s.Email, &s.Name, &s.PasswordHash, &scopes, &properties, &disabled, &created); err != nil {
		return s, err
	}
	s.DisabledAt, s.CreatedAt = moment(disabled), moment(created)
	if err := json.Unmarshal(scopes, &s.Scopes); err != nil {
		return s, err
	}
	return s, json.Unmarshal(properties, &s.PropertyIDs)
}

// SessionByHash is the session whose cookie has this hash.
func (s *Store) SessionByHash(ctx context.Context, hash [32]byte) (session account.Session, err error) {
	err = s.read(ctx, "session", func(ctx context.Context, c *conn) error {
		session, err = one(ctx, c, account.ErrNotFound, scanSession, selectSession, hash[:])
		return err
	})
	return session, err
}

func scanSession(row scanner) (s account.Session, err error) {
	var hash []byte
	var created, expires sql.NullInt64
	err = row.Scan(&hash, &s.StaffID, &created, &expires)
	copy(s.Hash[:], hash)
	s.CreatedAt, s.ExpiresAt = moment(created), moment(expires)
	return s, err
}

// SigningKeys lists the signing keys, oldest first.
func (s *Store) SigningKeys(ctx context.Context) (keys []account.SigningKey, err error) {
	err = s.read(ctx, "signing keys", func(ctx context.Context, c *conn) error {
		keys, err = list(ctx, c, scanSigningKey, selectSigningKeys)
		return err
	})
	return keys, err
}

func scanSigningKey(row scanner) (k account.SigningKey, err error) {
	var created, retired sql.NullInt64
	err = row.Scan(&k.ID, &k.Secret, &created, &retired)
	k.CreatedAt, k.RetiredAt = moment(created), moment(retired)
	return k, err
}
