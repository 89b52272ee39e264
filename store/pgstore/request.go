package pgstore

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vacancyhq/vacancy/outbox"
)

// querier is the pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func isNone(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// Request is the stored answer, or nil.
func (s *Store) Request(ctx context.Context, propertyID, caller, key string) (*outbox.Request, error) {
	stored, err := request(ctx, s.pool, propertyID, caller, key)
	return stored, failed("request", err)
}

func request(ctx context.Context, q querier, propertyID, caller, key string) (*outbox.Request, error) {
	stored := outbox.Request{PropertyID: propertyID, Caller: caller, Key: key}
	var fingerprint []byte
	err := q.QueryRow(ctx, `
		select fingerprint, status, answer, created_at from request
		where property_id = $1 and caller = $2 and key = $3`, propertyID, caller, key).
		Scan(&fingerprint, &stored.Status, &stored.Answer, &stored.CreatedAt)
	if isNone(err) || violates(err, codeNoText) {
		return nil, nil
	}
	copy(stored.Fingerprint[:], fingerprint)
	stored.CreatedAt = stored.CreatedAt.UTC()
	return &stored, err
}

// Requests looks many keys up at once (combine.Engine); nil where there is none.
func (s *Store) Requests(ctx context.Context, asked []outbox.Request) ([]*outbox.Request, error) {
	found, err := requests(ctx, s.pool, asked)
	if err != nil {
		return nil, failed("requests", err)
	}
	all := make([]*outbox.Request, len(asked))
	for i, r := range asked {
		all[i] = found[keyOf(r)]
	}
	return all, nil
}

// requestKey is the identity of a request.
type requestKey struct{ property, caller, key string }

func keyOf(r outbox.Request) requestKey { return requestKey{r.PropertyID, r.Caller, r.Key} }

func requests(ctx context.Context, q querier, asked []outbox.Request) (map[requestKey]*outbox.Request, error) {
	if len(asked) == 0 {
		return nil, nil
	}
	properties, callers, keys := make([]string, len(asked)), make([]string, len(asked)), make([]string, len(asked))
	for i, r := range asked {
		properties[i], callers[i], keys[i] = r.PropertyID, r.Caller, r.Key
	}
	rows, err := q.Query(ctx, `
		select q.property_id, q.caller, q.key, q.fingerprint, q.status, q.answer, q.created_at
		from unnest($1::text[], $2::text[], $3::text[]) as r (property_id, caller, key)
		cross join lateral (
			select * from request q where q.property_id = r.property_id and q.caller = r.caller and q.key = r.key offset 0) q`,
		properties, callers, keys)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make(map[requestKey]*outbox.Request)
	for rows.Next() {
		var r outbox.Request
		var fingerprint []byte
		if err := rows.Scan(&r.PropertyID, &r.Caller, &r.Key, &fingerprint, &r.Status, &r.Answer, &r.CreatedAt); err != nil {
			return nil, err
		}
		copy(r.Fingerprint[:], fingerprint)
		r.CreatedAt = r.CreatedAt.UTC()
		found[keyOf(r)] = &r
	}
	return found, rows.Err()
}

// recordRequest is the first thing that a transaction does: the same request in
// another transaction waits here for this one's end, then is a duplicate.
func (s *Store) recordRequest(ctx context.Context, tx pgx.Tx, r *outbox.Request) error {
	if r == nil {
		return nil
	}
	tag, err := tx.Exec(ctx, `
		insert into request (property_id, caller, key, fingerprint, status, answer, created_at)
		values ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::interval)
		on conflict do nothing`,
		r.PropertyID, r.Caller, r.Key, r.Fingerprint[:], r.Status, bytesOf(r.Answer), s.options.Offset())
	if err != nil || tag.RowsAffected() == 1 {
		return err
	}
	stored, err := request(ctx, tx, r.PropertyID, r.Caller, r.Key)
	if err != nil {
		return err
	}
	if stored == nil { // Pruned between the two statements.
		return errRepeat
	}
	return answer{&outbox.Duplicate{Stored: *stored}}
}

// bytesOf keeps an empty answer from being stored as NULL.
func bytesOf(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// pruneBatch bounds a transaction of Prune.
const pruneBatch = 5_000

// Prune deletes answers past their retention in short transactions.
func (s *Store) Prune(ctx context.Context) (deleted int, err error) {
	for {
		tag, err := s.pool.Exec(ctx, `
			delete from request where (property_id, caller, key) in (
				select property_id, caller, key from request
				where created_at < clock_timestamp() + $1::interval - $2::interval
				limit $3)`, s.options.Offset(), outbox.Retention, pruneBatch)
		if err != nil {
			return deleted, failed("prune", err)
		}
		deleted += int(tag.RowsAffected())
		if tag.RowsAffected() < pruneBatch {
			return deleted, nil
		}
	}
}
