package sqlitestore

// The audits of money that moved; see audit.go.
const (
	auditObligations = `SELECT o.property_id, o.booking_id || ' ' || o.id,
			format('captured %d, refunded %d', coalesce(a.captured, 0), coalesce(a.refunded, 0)),
			format('captured %d, refunded %d', o.captured, o.refunded)
		FROM obligation o LEFT JOIN (
			SELECT property_id, obligation_id,
				sum(CASE WHEN kind = 'capture' AND outcome = 'yes' THEN amount ELSE 0 END) AS captured,
				sum(CASE WHEN kind = 'refund' AND outcome <> 'no' THEN amount ELSE 0 END) AS refunded
			FROM attempt GROUP BY property_id, obligation_id
		) a ON a.property_id = o.property_id AND a.obligation_id = o.id
		WHERE o.captured <> coalesce(a.captured, 0) OR o.refunded <> coalesce(a.refunded, 0)
		LIMIT ?`

	auditPayments = `WITH moved (property_id, booking_id, currency, want, got) AS (
			SELECT property_id, booking_id, currency, CASE kind WHEN 'capture' THEN amount ELSE -amount END, 0
			FROM attempt WHERE outcome = 'yes' AND kind IN ('capture', 'refund')
			UNION ALL
			SELECT p.property_id, p.booking_id, e.currency, 0, e.amount
			FROM posting p JOIN posting_entry e ON e.property_id = p.property_id AND e.posting_id = p.id
			WHERE e.account = 'online'
		)
		SELECT property_id, booking_id || ' ' || currency, sum(want), sum(got)
		FROM moved GROUP BY property_id, booking_id, currency HAVING sum(want) <> sum(got)
		LIMIT ?`

	auditReceipts = `WITH told AS (
			SELECT property_id, CAST(data AS TEXT) AS data FROM event WHERE type IN ('booking.paid', 'booking.paid_back')
		), moved (property_id, booking_id, account, want, got) AS (
			SELECT property_id, data ->> '$.booking_id',
				CASE data ->> '$.paid.method' WHEN 'card' THEN 'card_terminal' WHEN 'transfer' THEN 'bank_transfer'
					ELSE data ->> '$.paid.method' END,
				data ->> '$.paid.amount_minor', 0
			FROM told
			UNION ALL
			SELECT p.property_id, p.booking_id, e.account, 0, e.amount
			FROM posting p JOIN posting_entry e ON e.property_id = p.property_id AND e.posting_id = p.id
			WHERE e.account IN ('cash', 'card_terminal', 'bank_transfer', 'online')
		)
		SELECT property_id, booking_id || ' ' || account, sum(want), sum(got)
		FROM moved GROUP BY property_id, booking_id, account HAVING sum(want) <> sum(got)
		LIMIT ?`
)
