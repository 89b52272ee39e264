package pgstore

// The audits of money that moved; see audit.go.
const (
	auditObligations = `
		select o.property_id, o.booking_id || ' ' || o.id,
			format('captured %s, refunded %s', coalesce(a.captured, 0), coalesce(a.refunded, 0)),
			format('captured %s, refunded %s', o.captured, o.refunded)
		from obligation o left join (
			select property_id, obligation_id,
				coalesce(sum(amount) filter (where kind = 'capture' and outcome = 'yes'), 0) as captured,
				coalesce(sum(amount) filter (where kind = 'refund' and outcome <> 'no'), 0) as refunded
			from attempt group by property_id, obligation_id
		) a on a.property_id = o.property_id and a.obligation_id = o.id
		where o.captured <> coalesce(a.captured, 0) or o.refunded <> coalesce(a.refunded, 0)
		limit $1`

	auditPayments = `
		with moved (property_id, booking_id, currency, want, got) as (
			select property_id, booking_id, currency, case kind when 'capture' then amount else -amount end, 0
			from attempt where outcome = 'yes' and kind in ('capture', 'refund')
			union all
			select p.property_id, p.booking_id, e.currency, 0, e.amount
			from posting p join ledger_entry e on e.property_id = p.property_id and e.posting_id = p.id
			where e.account = 'online'
		)
		select property_id, booking_id || ' ' || currency, sum(want)::text, sum(got)::text
		from moved group by property_id, booking_id, currency having sum(want) <> sum(got)
		limit $1`

	auditReceipts = `
		with moved (property_id, booking_id, account, want, got) as (
			select property_id, data ->> 'booking_id',
				case data #>> '{paid,method}' when 'card' then 'card_terminal' when 'transfer' then 'bank_transfer'
					else data #>> '{paid,method}' end,
				(data #>> '{paid,amount_minor}')::bigint, 0
			from event where type in ('booking.paid', 'booking.paid_back')
			union all
			select p.property_id, p.booking_id, e.account, 0, e.amount
			from posting p join ledger_entry e on e.property_id = p.property_id and e.posting_id = p.id
			where e.account in ('cash', 'card_terminal', 'bank_transfer', 'online')
		)
		select property_id, booking_id || ' ' || account, sum(want)::text, sum(got)::text
		from moved group by property_id, booking_id, account having sum(want) <> sum(got)
		limit $1`
)
