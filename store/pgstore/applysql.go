package pgstore

import "github.com/vacancyhq/vacancy/booking"

// The statement that applies changes to bookings, all of them or none, when
// something stands against them or may: at first they are written in hope, with
// the parts of this statement as short ones of their own (applyhope.go). It takes
// one round trip, and locks are held no longer than that. A lone change commits
// with it; a batch (applybatch.go) runs it in a transaction, drops the changes
// that something stands against, and runs it again for the rest.
//
// It looks before it writes: stale and short lock what the changes depend on and
// name what stands against them; only when nothing does, the rest runs. So a
// refusal writes nothing at all, and needs no rollback. The order of the locks
// is that of the subqueries which each step waits for: bookings by key, nights by
// key, then the request.
//
// In READ COMMITTED, "for no key update" waits for other writers and then reads
// what they left; the update that follows judges and changes the same row
// version, which nobody else can touch any more.
//
// The answer has a row for each problem; none: applied. Each part costs the server
// some 20 µs to set up whether it has rows or not, so the two ordinary changes
// go without those that they cannot need.
//
// "lateral ... offset 0" and the conditions that only repeat (= any) are for the
// planner: they make it look the rows up, where a plan made for a table of few
// rows would read all of it, and be kept when it has many.
const (
	applyNew = applyInput + applyNoOld + applyJudge + applyOnce + applyCount + applyInsert + applyStays + applyRest + applyAnswer
	applyOld = applyInput + applyLockOld + applyJudge + applyOnce + applyCount + applyReplace + applyStays + replaceStays + applyRest + applyAnswer
	applyAny = applyInput + applyLockOld + applyJudge + applyOnce + applyCount + applyCases + applyInsert + applyReplace +
		applyStays + replaceStays + applyRest + applyAnswer

	batchNew = applyInput + batchSeen + applyJudge + applyCount + applyInsert + applyStays + applyRest + applyAnswer
	batchOld = applyInput + batchLockOld + applyJudge + applyCount + applyReplace + applyStays + replaceStays + applyRest + applyAnswer
	batchAny = applyInput + batchLockOld + applyJudge + applyCount + applyInsert + applyReplace + applyStays + replaceStays + applyRest + applyAnswer
)

// batchFor is the smallest statement that can apply the changes of a batch, of
// which none is forced.
func batchFor(changes []booking.Change) string {
	switch applyFor(changes) {
	case applyNew:
		return batchNew
	case applyOld:
		return batchOld
	}
	return batchAny
}

// applyFor is the smallest statement that can apply the changes.
func applyFor(changes []booking.Change) string {
	inserts, replaces := false, false
	for _, c := range changes {
		inserts = inserts || c.Expect == 0
		replaces = replaces || c.Expect != 0
		for _, d := range c.Nights {
			if d.Forced {
				return applyAny
			}
		}
	}
	switch {
	case !replaces:
		return applyNew
	case !inserts:
		return applyOld
	}
	return applyAny
}

// applyInput is the changes as rows; night_in has each night once.
const applyInput = `
with booking_in as materialized (` + bookingRows + `), night_in as materialized (` + nightRows

const bookingRows = `
	select * from unnest($2::text[], $3::text[], $4::bigint[], $5::integer[], $6::bigint[], $7::text[], $8::text[],
		$9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::integer[], $14::text[], $15::timestamptz[],
		$16::text[], $17::text[], $18::timestamptz[], $19::timestamptz[], $70::text[]) with ordinality
		as b (property_id, id, expect, guard, version, state, code, caller, channel, guest_id, held_until, extensions,
			accepted_version, accepted_at, guarantee, requests, created_at, cancelled_at, notes, n)
`

const nightRows = `
	select * from unnest($20::text[], $21::text[], $22::date[], $23::integer[], $24::integer[], $25::integer[],
		$26::boolean[], $27::text[])
		as d (property_id, room_type_id, night, sold, held, blocked, forced, by)
`

// applyNoOld stands for applyLockOld where every booking is new.
const applyNoOld = `), stale as (
	select null::bigint as n, ''::text as why where false
`

// seenRequests lists the requests that were applied before. It locks nothing: a
// key that another process is writing now is met by the insert below.
const seenRequests = `
	select r.n, 'seen' as why
	from unnest($28::text[], $29::text[], $30::text[], $78::bigint[]) as r (property_id, caller, key, n)
	cross join lateral (
		select from request q where q.property_id = r.property_id and q.caller = r.caller and q.key = r.key offset 0) q
`

const batchSeen = `), stale as materialized (` + seenRequests

// applyLockOld locks the bookings to be replaced and compares version and guard.
const (
	applyLockOld = applyOldRows + applyStale
	batchLockOld = applyOldRows + applyStale + `union all` + seenRequests
)

const applyOldRows = `), old as materialized (
	select i.n, i.expect, i.guard, b.property_id, b.id, b.version, b.held_until
	from (select * from booking_in where expect > 0 order by property_id, id) i
	cross join lateral (
		select b.property_id, b.id, b.version, b.held_until from booking b
		where b.property_id = i.property_id and b.id = i.id
		for no key update) b
`

const applyStale = `), stale as materialized (
	select n, case
			when version <> expect then 'version'
			when guard = 1 then 'dead'
			else 'alive' end as why
	from old
	where version <> expect
		or guard <> 0 and (guard = 1) <> coalesce(held_until > clock_timestamp() + $1::interval, false)
	union all
	select i.n, 'missing'
	from booking_in i
	where i.expect > 0 and (select count(*) from old) < (select count(*) from booking_in where expect > 0)
		and not exists (select from old o where o.n = i.n)
`

// applyJudge locks the nights, records the request and, when all agree, counts.
const applyJudge = applyLock + applyRequests + `	where not exists (select from stale) and not exists (select from short)
`

const applyLock = `), locked as materialized (
	select n.property_id, n.room_type_id, n.night, n.cap, n.sold + n.held + n.blocked as taken, n.held, n.oversold,
		d.sold + d.held + d.blocked as takes, d.forced
	from night_in d join night n on n.property_id = d.property_id and n.room_type_id = d.room_type_id and n.night = d.night
	where not exists (select from stale)
	order by n.property_id, n.room_type_id, n.night
	for no key update of n
), short as materialized (
	select property_id, room_type_id, night, 'full' as why, cap - taken as free, held
	from locked
	where not forced and takes > 0 and taken + takes > cap
	union all
	select d.property_id, d.room_type_id, d.night, 'closed', 0, 0
	from night_in d
	where not exists (select from stale) and (select count(*) from locked) < (select count(*) from night_in)
		and not exists (select from locked l
			where l.property_id = d.property_id and l.room_type_id = d.room_type_id and l.night = d.night)
`

const applyRequests = `), request_new as (
	insert into request (property_id, caller, key, fingerprint, status, answer, created_at)
	select r.property_id, r.caller, r.key, r.fingerprint, r.status, r.answer, clock_timestamp() + $1::interval
	from unnest($28::text[], $29::text[], $30::text[], $31::bytea[], $32::integer[], $33::bytea[])
		as r (property_id, caller, key, fingerprint, status, answer)
`

// applyOnce meets a key that exists. A batch goes without it: it has looked, and
// a key that comes between its look and its insert breaks the whole statement.
const applyOnce = `	on conflict do nothing
`

const applyCount = `	returning key
), agreed as materialized (
	select where not exists (select from stale) and not exists (select from short)
		and (select count(*) from request_new) = cardinality($30::text[])
), place as materialized (
	select event_place() as xact where exists (select from agreed)
), night_new as (` + countNights + `		and exists (select from agreed)
` + nightsCounted

const countNights = `
	update night n set
		sold = n.sold + d.sold, held = n.held + d.held, blocked = n.blocked + d.blocked,
		oversold = greatest(0, n.sold + n.held + n.blocked + d.sold + d.held + d.blocked - n.cap),
		version = n.version + 1
	from night_in d
	where n.property_id = d.property_id and n.room_type_id = d.room_type_id and n.night = d.night
`

const nightsCounted = `	returning n.property_id, n.room_type_id, n.night, n.stock, n.out_of_order, n.cap, n.sold, n.held, n.blocked,
		n.oversold, n.version, d.by
`

// applyCases opens a case for each night whose oversold rises.
const applyCases = `), case_new as (
	insert into overbooking (property_id, id, room_type_id, night, oversold, by, opened_at)
	select n.property_id, 'case_' || n.room_type_id || to_char(n.night, '_YYYYMMDD_') || n.version,
		n.room_type_id, n.night, n.oversold, n.by, clock_timestamp() + $1::interval
	from night_new n join locked l
		on l.property_id = n.property_id and l.room_type_id = n.room_type_id and l.night = n.night
	where n.oversold > l.oversold
`

// applyInsert writes the bookings that are new.
const applyInsert = `), booking_new as (
	insert into booking (` + bookingColumns + `)
	select ` + bookingValues + `
	from booking_in i
	where i.expect = 0 and exists (select from agreed)
`

const bookingColumns = `property_id, id, version, state, code, caller, channel, guest_id, held_until, extensions,
		accepted_version, accepted_at, guarantee, requests, created_at, cancelled_at, notes`

const bookingValues = `i.property_id, i.id, i.version, i.state, i.code, i.caller, i.channel, i.guest_id, i.held_until, i.extensions,
		i.accepted_version, i.accepted_at, i.guarantee, i.requests, i.created_at, i.cancelled_at,
		i.notes::jsonb`

// applyReplace writes the bookings that were there; a stay beyond their new number goes.
const applyReplace = `), booking_changed as (
	update booking b set` + setBooking + `	from booking_in i
	where b.property_id = i.property_id and b.id = i.id
		and b.property_id = any($2::text[]) and b.id = any($3::text[])
		and i.expect > 0 and exists (select from agreed)
), stay_gone as (
	delete from room_stay s using booking_in i
	where s.property_id = i.property_id and s.booking_id = i.id
		and s.property_id = any($2::text[]) and s.booking_id = any($3::text[])
		and i.expect > 0 and exists (select from agreed)
		and s.position >= (select count(*) from unnest($35::text[]) as k where k = i.id)
`

const setBooking = `
		version = i.version, state = i.state, code = i.code, guest_id = i.guest_id, held_until = i.held_until,
		extensions = i.extensions, accepted_version = i.accepted_version, accepted_at = i.accepted_at,
		guarantee = i.guarantee, requests = i.requests, cancelled_at = i.cancelled_at,
		notes = i.notes::jsonb
`

// applyStays writes the stays; replaceStays, where some may be there.
const applyStays = `), stay_put as (
	insert into room_stay (` + stayColumns + `)
	select ` + stayColumns + ` from (` + stayRows + `) s
	where exists (select from agreed)
`

const stayColumns = `property_id, booking_id, position, id, state, room_type_id, plan_id, arrival, departure,
		currency, total, fee, terms, uses_from, uses_until, moved_to, checked_in_at, ended_at`

// stayRows has of each stay whether its booking is new.
const stayRows = `
	select s.property_id, s.booking_id, s.position, s.id, s.state, s.room_type_id, s.plan_id, s.arrival, s.departure,
		s.currency, s.total, s.fee, s.terms::json as terms, s.uses_from, s.uses_until, s.moved_to, s.checked_in_at, s.ended_at,
		s.fresh
	from unnest($34::text[], $35::text[], $36::integer[], $37::text[], $38::text[], $39::text[], $40::text[],
		$41::date[], $42::date[], $43::text[], $44::bigint[], $45::bigint[], $46::text[],
		$71::date[], $72::date[], $73::text[], $74::timestamptz[], $75::timestamptz[], $77::boolean[])
		as s (property_id, booking_id, position, id, state, room_type_id, plan_id, arrival, departure, currency, total,
			fee, terms, uses_from, uses_until, moved_to, checked_in_at, ended_at, fresh)
`

const replaceStays = `	on conflict (property_id, booking_id, position) do update set` + setStay

const setStay = `
		id = excluded.id, state = excluded.state, room_type_id = excluded.room_type_id, plan_id = excluded.plan_id,
		arrival = excluded.arrival, departure = excluded.departure, currency = excluded.currency,
		total = excluded.total, fee = excluded.fee, terms = excluded.terms, uses_from = excluded.uses_from,
		uses_until = excluded.uses_until, moved_to = excluded.moved_to, checked_in_at = excluded.checked_in_at,
		ended_at = excluded.ended_at
`

// applyAnswer has a row for each problem.
const applyAnswer = `select 'booking' as about, why, n::integer as booking, '' as property_id, '' as room_type_id,
	null::date as night, 0 as free, 0 as held
from stale
union all
select 'night', why, 0, property_id, room_type_id, night, free, held from short
union all
select 'request', 'taken', 0, '', '', null, 0, 0
where not exists (select from stale) and not exists (select from short) and not exists (select from agreed)
order by property_id, room_type_id, night, booking`
