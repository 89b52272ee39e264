package pgstore

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/guest"
)

// ApplyAccount writes row by row: such changes are rare and small.
func (s *Store) ApplyAccount(ctx context.Context, change account.Change) error {
	return s.write(ctx, "apply account", func(ctx context.Context, tx pgx.Tx) error {
		if change.FirstOnly {
			if err := first(ctx, tx, change); err != nil {
				return err
			}
		}
		batch := new(pgx.Batch)
		queueAccounts(batch, change)
		queueSessions(batch, change)
		err := tx.SendBatch(ctx, batch).Close()
		switch {
		case violates(err, codeUnique):
			return answer{fmt.Errorf("%w: its id, e-mail or secret", account.ErrConflict)}
		case violates(err, codeForeignKey):
			return answer{fmt.Errorf("%w: what it belongs to", account.ErrNotFound)}
		}
		return err
	})
}

// first holds off everybody else who wants to be first until the transaction
// ends; who comes second then sees a row.
func first(ctx context.Context, tx pgx.Tx, change account.Change) error {
	lock, others := `lock table tenant in share row exclusive mode`, `select exists (select from tenant)`
	if len(change.SigningKeys) > 0 {
		lock = `lock table signing_key in share row exclusive mode`
		others = `select exists (select from signing_key where retired_at is null)`
	}
	if _, err := tx.Exec(ctx, lock); err != nil {
		return err
	}
	var exists bool
	if err := tx.QueryRow(ctx, others).Scan(&exists); err != nil || !exists {
		return err
	}
	return answer{fmt.Errorf("%w: another one is the first", account.ErrConflict)}
}

func queueAccounts(batch *pgx.Batch, change account.Change) {
	for _, t := range change.Tenants {
		batch.Queue(`insert into tenant (id, name, created_at) values ($1, $2, $3)`, t.ID, t.Name, t.CreatedAt)
	}
	for _, k := range change.Keys {
		batch.Queue(`
			insert into api_key (id, tenant_id, name, hash, scopes, property_ids, created_at, last_used_at, revoked_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			on conflict (id) do update set tenant_id = excluded.tenant_id, name = excluded.name, hash = excluded.hash,
				scopes = excluded.scopes, property_ids = excluded.property_ids, created_at = excluded.created_at,
				last_used_at = excluded.last_used_at, revoked_at = excluded.revoked_at`,
			k.ID, k.TenantID, k.Name, k.Hash[:], texts(k.Scopes), texts(k.PropertyIDs), k.CreatedAt,
			instant(k.LastUsedAt), instant(k.RevokedAt))
	}
	for _, p := range change.Staff {
		batch.Queue(`
			insert into staff (id, tenant_id, email, email_normal, name, password_hash, scopes, property_ids, disabled_at, created_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			on conflict (id) do update set tenant_id = excluded.tenant_id, email = excluded.email,
				email_normal = excluded.email_normal, name = excluded.name, password_hash = excluded.password_hash,
				scopes = excluded.scopes, property_ids = excluded.property_ids, disabled_at = excluded.disabled_at,
				created_at = excluded.created_at`,
			p.ID, p.TenantID, p.Email, guest.NormalEmail(p.Email), p.Name, p.PasswordHash, texts(p.Scopes),
			texts(p.PropertyIDs), instant(p.DisabledAt), p.CreatedAt)
	}
	for _, u := range change.Used {
		batch.Queue(`update api_key set last_used_at = $2 where id = $1`, u.ID, u.At)
	}
}

func queueSessions(batch *pgx.Batch, change account.Change) {
	for _, s := range change.Sessions {
		batch.Queue(`insert into session (hash, staff_id, created_at, expires_at) values ($1, $2, $3, $4)`,
			s.Hash[:], s.StaffID, s.CreatedAt, s.ExpiresAt)
	}
	for _, hash := range change.EndSessions {
		batch.Queue(`delete from session where hash = $1`, hash[:])
	}
	for _, k := range change.SigningKeys {
		batch.Queue(`
			insert into signing_key (id, secret, created_at, retired_at) values ($1, $2, $3, $4)
			on conflict (id) do update set secret = excluded.secret, created_at = excluded.created_at,
				retired_at = excluded.retired_at`, k.ID, k.Secret, k.CreatedAt, instant(k.RetiredAt))
	}
	for _, a := range change.Audit {
		batch.Queue(`insert into audit (at, actor, action, object) values ($1, $2, $3, $4)`, a.At, a.Actor, a.Action, a.Object)
	}
}

// texts is never NULL, as its column.
func texts[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

// parsed is the opposite of texts; none is nil.
func parsed[T ~string](values []string) []T {
	var all []T
	for _, v := range values {
		all = append(all, T(v))
	}
	return all
}

// Tenants lists all by id.
func (s *Store) Tenants(ctx context.Context) ([]account.Tenant, error) {
	return accounts(ctx, s, "tenants", func(row pgx.CollectableRow) (t account.Tenant, err error) {
		err = row.Scan(&t.ID, &t.Name, &t.CreatedAt)
		t.CreatedAt = t.CreatedAt.UTC()
		return t, err
	}, `select id, name, created_at from tenant order by id`)
}

const selectKeys = `select id, tenant_id, name, hash, scopes, property_ids, created_at, last_used_at, revoked_at from api_key `

// KeyByHash finds the key of a secret.
func (s *Store) KeyByHash(ctx context.Context, hash [32]byte) (account.Key, error) {
	return only(accounts(ctx, s, "key", scanKey, selectKeys+`where hash = $1`, hash[:]))
}

// Keys lists a tenant's keys by id.
func (s *Store) Keys(ctx context.Context, tenantID string) ([]account.Key, error) {
	return accounts(ctx, s, "keys", scanKey, selectKeys+`where tenant_id = $1 order by id`, tenantID)
}

func scanKey(row pgx.CollectableRow) (k account.Key, err error) {
	var hash []byte
	var scopes, properties []string
	var lastUsed, revoked *time.Time
	err = row.Scan(&k.ID, &k.TenantID, &k.Name, &hash, &scopes, &properties, &k.CreatedAt, &lastUsed, &revoked)
	copy(k.Hash[:], hash)
	k.Scopes, k.PropertyIDs = parsed[account.Scope](scopes), parsed[string](properties)
	k.CreatedAt, k.LastUsedAt, k.RevokedAt = k.CreatedAt.UTC(), moment(lastUsed), moment(revoked)
	return k, err
}

const selectStaff = `select id, tenant_id, email, name, password_hash, scopes, property_ids, disabled_at, created_at from staff `

// StaffByEmail finds a person by the address in any spelling.
func (s *Store) StaffByEmail(ctx context.Context, email string) (account.Staff, error) {
	return only(accounts(ctx, s, "staff", scanStaff, selectStaff+`where email_normal = $1`, guest.NormalEmail(email)))
}

// Staff finds a person.
func (s *Store) Staff(ctx context.Context, id string) (account.Staff, error) {
	return only(accounts(ctx, s, "staff", scanStaff, selectStaff+`where id = $1`, id))
}

func scanStaff(row pgx.CollectableRow) (p account.Staff, err error) {
	var scopes, properties []string
	var disabled *time.Time
	err = row.Scan(&p.ID, &p.TenantID, &p.Email, &p.Name, &p.PasswordHash, &scopes, &properties, &disabled, &p.CreatedAt)
	p.Scopes, p.PropertyIDs = parsed[account.Scope](scopes), parsed[string](properties)
	p.DisabledAt, p.CreatedAt = moment(disabled), p.CreatedAt.UTC()
	return p, err
}

// SessionByHash finds the session of a cookie.
func (s *Store) SessionByHash(ctx context.Context, hash [32]byte) (account.Session, error) {
	return only(accounts(ctx, s, "session", func(row pgx.CollectableRow) (account.Session, error) {
		session := account.Session{Hash: hash}
		err := row.Scan(&session.StaffID, &session.CreatedAt, &session.ExpiresAt)
		session.CreatedAt, session.ExpiresAt = session.CreatedAt.UTC(), session.ExpiresAt.UTC()
		return session, err
	}, `select staff_id, created_at, expires_at from session where hash = $1`, hash[:]))
}

// SigningKeys lists all by id.
func (s *Store) SigningKeys(ctx context.Context) ([]account.SigningKey, error) {
	return accounts(ctx, s, "signing keys", func(row pgx.CollectableRow) (k account.SigningKey, err error) {
		var retired *time.Time
		err = row.Scan(&k.ID, &k.Secret, &k.CreatedAt, &retired)
		k.CreatedAt, k.RetiredAt = k.CreatedAt.UTC(), moment(retired)
		return k, err
	}, `select id, secret, created_at, retired_at from signing_key order by id`)
}

func accounts[T any](ctx context.Context, s *Store, operation string, scan pgx.RowToFunc[T], query string, args ...any) ([]T, error) {
	rows, err := s.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, failed(operation, err)
	}
	all, err := pgx.CollectRows(rows, scan)
	return all, sought(operation, err)
}

func only[T any](all []T, err error) (T, error) {
	if err == nil && len(all) == 0 {
		err = account.ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
}
