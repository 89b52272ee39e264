package pgstore

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/booking"
)

// Each query gives property, key, what should be and what is, for each break.
const (
	auditNights = `
		with used as (
			select s.property_id, s.room_type_id, d.night::date as night,
				(s.state in ('confirmed', 'in_house', 'checked_out', 'no_show'))::integer as sold,
				(s.state in ('held', 'pending'))::integer as held
			from room_stay s cross join lateral generate_series(coalesce(s.uses_from, s.arrival)::timestamp,
				coalesce(s.uses_until, s.departure)::timestamp - interval '1 day', interval '1 day') as d (night)
			where s.state in ('held', 'pending', 'confirmed', 'in_house', 'checked_out', 'no_show')
		), counted (property_id, room_type_id, night, sold_want, held_want, sold_got, held_got) as (
			select property_id, room_type_id, night, sold, held, 0, 0 from used
			union all
			select property_id, room_type_id, night, 0, 0, sold, held from night
		)
		select property_id, room_type_id || to_char(night, ' YYYY-MM-DD'),
			format('sold %s, held %s', sum(sold_want), sum(held_want)), format('sold %s, held %s', sum(sold_got), sum(held_got))
		from counted
		group by property_id, room_type_id, night
		having sum(sold_want) <> sum(sold_got) or sum(held_want) <> sum(held_got)
		limit $1`

	auditOversold = `
		select property_id, room_type_id || to_char(night, ' YYYY-MM-DD'),
			greatest(0, sold + held + blocked - cap)::text, oversold::text
		from night where oversold <> greatest(0, sold + held + blocked - cap)
		limit $1`

	auditPostings = `
		select property_id, posting_id, '0 ' || currency, sum(amount) || ' ' || currency
		from ledger_entry group by property_id, posting_id, currency having sum(amount) <> 0
		limit $1`

	// What guests have paid is between the receivable and the accounts of money;
	// what was earned is in these, and follows from the stays alone.
	auditLedger = `
		with stay as (
			select property_id, booking_id, id, state, total, fee,
				coalesce((terms ->> 'Tax')::bigint, 0) as tax, coalesce((terms ->> 'Adjustment')::bigint, 0) as adjustment,
				coalesce((terms ->> 'Removed')::bigint, 0) as removed,
				state in ('confirmed', 'in_house', 'checked_out') as sold
			from room_stay
		), entry (property_id, booking_id, stay_id, account, want, got) as (
			select property_id, booking_id, id, 'room_revenue', tax - total, 0 from stay where sold
			union all select property_id, booking_id, id, 'tax_payable', -tax, 0 from stay where sold
			union all select property_id, booking_id, id, 'adjustment', -adjustment, 0 from stay where sold
			union all select property_id, booking_id, id, 'cancellation_fee_revenue', -removed, 0 from stay where sold or state = 'no_show'
			union all select property_id, booking_id, id, 'cancellation_fee_revenue', -fee - removed, 0 from stay where state = 'cancelled'
			union all select property_id, booking_id, id, 'no_show_fee_revenue', -fee, 0 from stay where state = 'no_show'
			union all
			select p.property_id, p.booking_id, e.stay_id, e.account, 0, e.amount
			from posting p join ledger_entry e on e.property_id = p.property_id and e.posting_id = p.id
			where e.account in ('room_revenue', 'tax_payable', 'adjustment', 'cancellation_fee_revenue', 'no_show_fee_revenue')
		)
		select property_id, booking_id || ' ' || stay_id || ' ' || account, sum(want)::text, sum(got)::text
		from entry group by property_id, booking_id, stay_id, account having sum(want) <> sum(got)
		limit $1`

	// So many different versions, of which the highest is that number, are all of them.
	auditBookingEvents = `
		with record (property_id, booking_id, version, told) as (
			select property_id, id, version, null::bigint from booking
			union all
			select property_id, data ->> 'booking_id', null, (data ->> 'booking_version')::bigint
			from event where type >= 'booking.' and type < 'booking/'
		)
		select property_id, coalesce(booking_id, '?'), format('versions 1 to %s', coalesce(max(version), 0)),
			format('%s events of %s versions up to %s', count(told), count(distinct told), coalesce(max(told), 0))
		from record group by property_id, booking_id
		having count(told) <> coalesce(max(version), 0) or count(distinct told) <> count(told)
			or coalesce(max(told), 0) <> coalesce(max(version), 0)
		limit $1`

	// A night that an import opened has no event until something changes it.
	auditNightEvents = `
		with told as (
			select distinct on (e.property_id, n ->> 'room_type_id', n ->> 'night')
				e.property_id, (n ->> 'room_type_id') collate "C" as room_type_id, (n ->> 'night')::date as night,
				format('version %s: stock %s, out of order %s, cap %s, sold %s, held %s, blocked %s, oversold %s',
					n ->> 'version', n ->> 'stock', n ->> 'out_of_order', n ->> 'cap',
					n ->> 'sold', n ->> 'held', n ->> 'blocked', n ->> 'oversold') as counts
			from event e cross join lateral json_array_elements(e.data) as n
			where e.type = 'inventory.changed'
			order by e.property_id, n ->> 'room_type_id', n ->> 'night', e.xact desc, e.id desc
		), kept as (
			select property_id, room_type_id, night, version,
				format('version %s: stock %s, out of order %s, cap %s, sold %s, held %s, blocked %s, oversold %s',
					version, stock, out_of_order, cap, sold, held, blocked, oversold) as counts
			from night
		)
		select property_id, room_type_id || to_char(night, ' YYYY-MM-DD'),
			coalesce(k.counts, 'no row'), coalesce(t.counts, 'no event')
		from kept k full join told t using (property_id, room_type_id, night)
		where k.counts is distinct from t.counts and not (t.counts is null and k.version = 1)
		limit $1`

	auditReviewTallies = `
		with counted as (
			select property_id, count(*) as n, sum((select sum(x::integer) from jsonb_array_elements_text(doc -> 'Scores') x)) as points
			from review where not hidden group by property_id
		), kept as (
			select property_id, (doc ->> 'count')::bigint as n,
				(select sum(x::integer) from jsonb_array_elements_text(doc -> 'sums') x) as points
			from review_tally
		), both_sides as (
			select property_id, format('%s reviews, %s points', coalesce(c.n, 0), coalesce(c.points, 0)) as want,
				format('%s reviews, %s points', coalesce(k.n, 0), coalesce(k.points, 0)) as got
			from counted c full join kept k using (property_id)
		)
		select property_id, 'reviews', want, got from both_sides where want <> got
		limit $1`
)

var audits = []struct{ kind, query string }{
	{booking.BreakNight, auditNights},
	{booking.BreakOversold, auditOversold},
	{booking.BreakPosting, auditPostings},
	{booking.BreakLedger, auditLedger},
	{booking.BreakBookingEvent, auditBookingEvents},
	{booking.BreakNightEvent, auditNightEvents},
	{booking.BreakObligation, auditObligations},
	{booking.BreakPayment, auditPayments},
	{booking.BreakReceipt, auditReceipts},
	{booking.BreakReviewTally, auditReviewTallies},
}

// auditSettings undo for one transaction what settle chose for small statements:
// an audit reads everything once.
const auditSettings = `
	select set_config('statement_timeout', '10min', true), set_config('enable_seqscan', 'on', true),
		set_config('work_mem', '64MB', true), set_config('plan_cache_mode', 'force_custom_plan', true)`

// Audit recounts the whole database in one snapshot.
func (s *Store) Audit(ctx context.Context) (a booking.Audit, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, auditSettings); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `select (select count(*) from night), (select count(*) from booking),
			(select count(*) from posting), (select count(*) from event)`).Scan(&a.Nights, &a.Bookings, &a.Postings, &a.Events)
		if err != nil {
			return err
		}
		for _, audit := range audits {
			if err := auditOne(ctx, tx, &a, audit.kind, audit.query); err != nil {
				return fmt.Errorf("%s: %w", audit.kind, err)
			}
		}
		return nil
	})
	return a, failed("audit", err)
}

func auditOne(ctx context.Context, tx pgx.Tx, a *booking.Audit, kind, query string) error {
	rows, err := tx.Query(ctx, query, booking.MaxBreaks)
	if err != nil {
		return err
	}
	breaks, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (booking.Break, error) {
		b := booking.Break{Kind: kind}
		err := row.Scan(&b.PropertyID, &b.Key, &b.Want, &b.Got)
		return b, err
	})
	a.Breaks = append(a.Breaks, breaks...)
	return err
}
