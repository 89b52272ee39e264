package pgstore

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// hopeNew applies new bookings in the hope that nothing stands against them. It
// does not lock the nights before it counts them: the guard is the update's own
// condition. When a night was short it has written others, so that it runs in a
// transaction which is rolled back then; the batch is judged by batchNew.
//
// The nights are met in the order of the input, which is sorted by key.
const hopeNew = applyInput + batchSeen + `), night_new as (` + countNights + `
		and n.sold + n.held + n.blocked + d.sold + d.held + d.blocked <= n.cap and not exists (select from stale)
` + nightsCounted + `), counted as materialized (
	select where (select count(*) from night_new) = coalesce(cardinality($20::text[]), 0) and not exists (select from stale)
), request_new as (
	insert into request (property_id, caller, key, fingerprint, status, answer, created_at)
	select r.property_id, r.caller, r.key, r.fingerprint, r.status, r.answer, clock_timestamp() + $1::interval
	from unnest($28::text[], $29::text[], $30::text[], $31::bytea[], $32::integer[], $33::bytea[])
		as r (property_id, caller, key, fingerprint, status, answer)
	where exists (select from counted)
	returning key
), agreed as materialized (
	select where exists (select from counted) and (select count(*) from request_new) = cardinality($30::text[])
), place as materialized (
	select event_place() as xact where exists (select from agreed)
` + applyInsert + applyStays + applyRest + `select 'booking' as about, why, n::integer as booking, '' as property_id,
	'' as room_type_id, null::date as night, 0 as free, 0 as held
from stale
union all
select 'night', 'full', 0, '', '', null, 0, 0
where not exists (select from stale) and not exists (select from agreed)`

// applyHoping is applyOnce for a batch: it hopes where it can, in one round trip
// more. The problems that it gives tell only that there are some, but for replays.
func (s *Store) applyHoping(ctx context.Context, sql string, args []any) (found problems, lost string, err error) {
	if sql != batchNew {
		return s.applyOnce(ctx, sql, args)
	}
	conn, err := s.acquire(ctx)
	if err != nil {
		return nil, "", err
	}
	defer conn.Release()
	name := conn.Conn().PgConn().ParameterStatus("application_name")
	found, err = hope(ctx, conn.Conn(), args)
	switch {
	case broke(conn.Conn(), err):
		return nil, "", fmt.Errorf("the connection broke before the commit: %w", errRepeat)
	case err != nil || len(found) > 0:
		_, _ = conn.Exec(ctx, `rollback`) // The pool drops a connection that is still in a transaction.
		return found, "", err
	}
	_, err = conn.Exec(ctx, `commit`)
	if broke(conn.Conn(), err) {
		lost = name
	}
	return nil, lost, err
}

// hope begins a transaction and runs the statement, in one round trip.
func hope(ctx context.Context, conn *pgx.Conn, args []any) (found problems, err error) {
	var both pgx.Batch
	both.Queue(`begin`)
	both.Queue(hopeNew, args...)
	results := conn.SendBatch(ctx, &both)
	if _, err = results.Exec(); err == nil {
		var rows pgx.Rows
		if rows, err = results.Query(); err == nil {
			found, err = collectProblems(rows)
		}
	}
	if closed := results.Close(); err == nil {
		err = closed
	}
	return found, err
}
