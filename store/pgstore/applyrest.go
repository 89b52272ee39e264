package pgstore

// applyRest writes what else hangs on the bookings, then the events.
const applyRest = applyGuests + applyPostings + applyEntries + applyEvents + `)
`

const applyGuests = `), guest_put as (
	insert into guest (property_id, id, name, email, phone, country, language)
	select g.property_id, g.id, g.name, g.email, g.phone, g.country, g.language
	from unnest($47::text[], $48::text[], $49::text[], $50::text[], $51::text[], $52::text[], $53::text[])
		as g (property_id, id, name, email, phone, country, language)
	where exists (select from agreed)
	on conflict (property_id, id) do update set
		name = excluded.name, email = excluded.email, phone = excluded.phone, country = excluded.country,
		language = excluded.language
`

const applyPostings = `), posting_new as (
	insert into posting (property_id, id, booking_id, kind, reason, at)
	select p.property_id, p.id, p.booking_id, p.kind, p.reason, p.at
	from unnest($54::text[], $55::text[], $56::text[], $57::text[], $58::timestamptz[], $76::text[])
		as p (property_id, id, booking_id, kind, at, reason)
	where exists (select from agreed)
`

const applyEntries = `), entry_new as (
	insert into ledger_entry (property_id, posting_id, position, account, stay_id, currency, amount)
	select e.property_id, e.posting_id, e.position, e.account, e.stay_id, e.currency, e.amount
	from unnest($59::text[], $60::text[], $61::integer[], $62::text[], $63::text[], $64::text[], $65::bigint[])
		as e (property_id, posting_id, position, account, stay_id, currency, amount)
	where exists (select from agreed)
`

const applyEvents = `), event_new as (
	insert into event (xact, at, property_id, type, version, data)
	select (select xact from place), clock_timestamp() + $1::interval, e.property_id, e.type, e.version, e.data
	from (
		select e.property_id, e.type, e.version, e.data::json, e.n
		from unnest($66::text[], $67::text[], $68::integer[], $69::text[]) with ordinality
			as e (property_id, type, version, data, n)
		where exists (select from agreed)
		union all
		select n.property_id, 'inventory.changed', 1, ('[' || string_agg(concat(
				'{"room_type_id":', to_json(n.room_type_id), ',"night":"', to_char(n.night, 'YYYY-MM-DD'),
				'","cap":', n.cap, ',"sold":', n.sold, ',"held":', n.held, ',"blocked":', n.blocked,
				',"free":', greatest(0, n.cap - n.sold - n.held - n.blocked),
				',"stock":', n.stock, ',"out_of_order":', n.out_of_order, ',"oversold":', n.oversold,
				',"version":', n.version, '}'), ',' order by n.room_type_id, n.night) || ']')::json, null
		from night_new n
		group by n.property_id
	) e
	order by e.n nulls last
`
