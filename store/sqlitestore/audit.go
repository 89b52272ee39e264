package sqlitestore

import (
	"context"
	"fmt"
	"time"

	"github.com/vacancyhq/vacancy/booking"
)

// auditTimeout bounds the one read that may be long. The write-ahead log is not
// trimmed meanwhile, so it grows by what is written beside the audit.
const auditTimeout = 10 * time.Minute

// Each query gives property, key, what should be and what is, for each break.
const (
	auditNights = `WITH RECURSIVE used (property_id, room_type_id, night, last, sold, held) AS (
			SELECT property_id, room_type_id, coalesce(uses_from, arrival), coalesce(uses_until, departure) - 1,
				state IN ('confirmed', 'in_house', 'checked_out', 'no_show'), state IN ('held', 'pending')
			FROM room_stay
			WHERE state IN ('held', 'pending', 'confirmed', 'in_house', 'checked_out', 'no_show')
				AND coalesce(uses_from, arrival) < coalesce(uses_until, departure)
			UNION ALL
			SELECT property_id, room_type_id, night + 1, last, sold, held FROM used WHERE night < last
		), counted (property_id, room_type_id, night, sold_want, held_want, sold_got, held_got) AS (
			SELECT property_id, room_type_id, night, sold, held, 0, 0 FROM used
			UNION ALL
			SELECT property_id, room_type_id, night, 0, 0, sold, held FROM night
		)
		SELECT property_id, room_type_id || ' ' || date(night * 86400, 'unixepoch'),
			format('sold %d, held %d', sum(sold_want), sum(held_want)), format('sold %d, held %d', sum(sold_got), sum(held_got))
		FROM counted
		GROUP BY property_id, room_type_id, night
		HAVING sum(sold_want) <> sum(sold_got) OR sum(held_want) <> sum(held_got)
		LIMIT ?`

	auditOversold = `SELECT property_id, room_type_id || ' ' || date(night * 86400, 'unixepoch'),
			max(0, sold + held + blocked - cap), oversold
		FROM night WHERE oversold <> max(0, sold + held + blocked - cap)
		LIMIT ?`

	auditPostings = `SELECT property_id, posting_id, '0 ' || currency, sum(amount) || ' ' || currency
		FROM posting_entry GROUP BY property_id, posting_id, currency HAVING sum(amount) <> 0
		LIMIT ?`

	// What guests have paid is between the receivable and the accounts of money;
	// what was earned is in these, and follows from the stays alone.
	auditLedger = `WITH stay AS (
			SELECT property_id, booking_id, id, state, total, fee,
				coalesce(json_extract(terms, '$.Tax'), 0) AS tax, coalesce(json_extract(terms, '$.Adjustment'), 0) AS adjustment,
				coalesce(json_extract(terms, '$.Removed'), 0) AS removed,
				state IN ('confirmed', 'in_house', 'checked_out') AS sold
			FROM room_stay
		), entry (property_id, booking_id, stay_id, account, want, got) AS (
			SELECT property_id, booking_id, id, 'room_revenue', tax - total, 0 FROM stay WHERE sold
			UNION ALL SELECT property_id, booking_id, id, 'tax_payable', -tax, 0 FROM stay WHERE sold
			UNION ALL SELECT property_id, booking_id, id, 'adjustment', -adjustment, 0 FROM stay WHERE sold
			UNION ALL SELECT property_id, booking_id, id, 'cancellation_fee_revenue', -removed, 0 FROM stay WHERE sold OR state = 'no_show'
			UNION ALL SELECT property_id, booking_id, id, 'cancellation_fee_revenue', -fee - removed, 0 FROM stay WHERE state = 'cancelled'
			UNION ALL SELECT property_id, booking_id, id, 'no_show_fee_revenue', -fee, 0 FROM stay WHERE state = 'no_show'
			UNION ALL
			SELECT p.property_id, p.booking_id, e.stay_id, e.account, 0, e.amount
			FROM posting p JOIN posting_entry e ON e.property_id = p.property_id AND e.posting_id = p.id
			WHERE e.account IN ('room_revenue', 'tax_payable', 'adjustment', 'cancellation_fee_revenue', 'no_show_fee_revenue')
		)
		SELECT property_id, booking_id || ' ' || stay_id || ' ' || account, sum(want), sum(got)
		FROM entry GROUP BY property_id, booking_id, stay_id, account HAVING sum(want) <> sum(got)
		LIMIT ?`

	// So many different versions, of which the highest is that number, are all of them.
	auditBookingEvents = `WITH record (property_id, booking_id, version, told) AS (
			SELECT property_id, id, version, NULL FROM booking
			UNION ALL
			SELECT property_id, json_extract(CAST(data AS TEXT), '$.booking_id'), NULL,
				json_extract(CAST(data AS TEXT), '$.booking_version')
			FROM event WHERE type >= 'booking.' AND type < 'booking/'
		)
		SELECT property_id, coalesce(booking_id, '?'), format('versions 1 to %d', coalesce(max(version), 0)),
			format('%d events of %d versions up to %d', count(told), count(DISTINCT told), coalesce(max(told), 0))
		FROM record GROUP BY property_id, booking_id
		HAVING count(told) <> coalesce(max(version), 0) OR count(DISTINCT told) <> count(told)
			OR coalesce(max(told), 0) <> coalesce(max(version), 0)
		LIMIT ?`

	// SQLite takes the value from the row that has the highest id. A night that an
	// import opened has no event until something changes it.
	auditNightEvents = `WITH last AS (
			SELECT e.property_id, json_extract(n.value, '$.room_type_id') AS room_type_id,
				json_extract(n.value, '$.night') AS night, n.value AS value, max(e.id)
			FROM event e, json_each(CAST(e.data AS TEXT)) n
			WHERE e.type = 'inventory.changed'
			GROUP BY 1, 2, 3
		), told (property_id, room_type_id, night, counts) AS (
			SELECT property_id, room_type_id, night, format('version %d: stock %d, out of order %d, cap %d, sold %d, held %d, blocked %d, oversold %d',
				value ->> 'version', value ->> 'stock', value ->> 'out_of_order', value ->> 'cap',
				value ->> 'sold', value ->> 'held', value ->> 'blocked', value ->> 'oversold')
			FROM last
		), kept (property_id, room_type_id, night, version, counts) AS (
			SELECT property_id, room_type_id, date(night * 86400, 'unixepoch'), version,
				format('version %d: stock %d, out of order %d, cap %d, sold %d, held %d, blocked %d, oversold %d',
					version, stock, out_of_order, cap, sold, held, blocked, oversold)
			FROM night
		)
		SELECT coalesce(k.property_id, t.property_id), coalesce(k.room_type_id, t.room_type_id) || ' ' || coalesce(k.night, t.night),
			coalesce(k.counts, 'no row'), coalesce(t.counts, 'no event')
		FROM kept k FULL JOIN told t USING (property_id, room_type_id, night)
		WHERE k.counts IS NOT t.counts AND NOT (t.counts IS NULL AND k.version = 1)
		LIMIT ?`

	auditReviewTallies = `WITH counted AS (
			SELECT property_id, count(*) AS n, sum((SELECT sum(value) FROM json_each(document, '$.Scores'))) AS points
			FROM review WHERE hidden = 0 GROUP BY property_id
		), kept AS (
			SELECT property_id, json_extract(document, '$.count') AS n,
				(SELECT sum(value) FROM json_each(document, '$.sums')) AS points
			FROM review_tally
		), both_sides AS (
			SELECT property_id, coalesce(c.n, 0) || ' reviews, ' || coalesce(c.points, 0) || ' points' AS want,
				coalesce(k.n, 0) || ' reviews, ' || coalesce(k.points, 0) || ' points' AS got
			FROM counted c FULL JOIN kept k USING (property_id)
		)
		SELECT property_id, 'reviews', want, got FROM both_sides WHERE want <> got
		LIMIT ?`
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

// auditCounts is how many rows the audit goes through.
const auditCounts = `SELECT (SELECT count(*) FROM night), (SELECT count(*) FROM booking),
	(SELECT count(*) FROM posting), (SELECT count(*) FROM event)`

// Audit recounts the whole file in one snapshot.
func (s *Store) Audit(ctx context.Context) (a booking.Audit, err error) {
	ctx, cancel := context.WithTimeout(ctx, auditTimeout)
	defer cancel()
	err = s.readBounded(ctx, func(ctx context.Context, c *conn) error {
		defer func() { _, _ = c.exec(context.WithoutCancel(ctx), `ROLLBACK`) }() // nothing was written
		if _, err := c.exec(ctx, `BEGIN`); err != nil {
			return err
		}
		if err := c.get(ctx, auditCounts, nil, &a.Nights, &a.Bookings, &a.Postings, &a.Events); err != nil {
			return err
		}
		for _, audit := range audits {
			breaks, err := list(ctx, c, scanBreak, audit.query, booking.MaxBreaks)
			if err != nil {
				return fmt.Errorf("%s: %w", audit.kind, err)
			}
			for _, b := range breaks {
				b.Kind = audit.kind
				a.Breaks = append(a.Breaks, b)
			}
		}
		return nil
	})
	return a, wrap("audit", err)
}

func scanBreak(row scanner) (b booking.Break, err error) {
	err = row.Scan(&b.PropertyID, &b.Key, &b.Want, &b.Got)
	return b, err
}
