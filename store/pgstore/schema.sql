-- What the migrations lead to. Written by: go test ./store/pgstore -run SchemaFile -update

CREATE OR REPLACE FUNCTION public.event_place()
 RETURNS xid8
 LANGUAGE plpgsql
AS $function$
begin
    return greatest((pg_current_xact_id()::text::bigint + 1)::text::xid8, pg_snapshot_xmax(pg_current_snapshot()));
end $function$
;

CREATE OR REPLACE FUNCTION public.refuse(why text, which text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
    raise exception using errcode = 'VC001', message = why, detail = which;
end $function$
;

create table api_key (
    id text collate "C" not null,
    tenant_id text collate "C" not null,
    name text not null,
    hash bytea not null,
    scopes text[] not null,
    property_ids text[] not null,
    created_at timestamp with time zone not null,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    constraint api_key_pkey PRIMARY KEY (id),
    constraint api_key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id)
);
CREATE UNIQUE INDEX api_key_hash ON api_key USING btree (hash);
CREATE INDEX api_key_tenant ON api_key USING btree (tenant_id, id);

create table attempt (
    property_id text collate "C" not null,
    id text collate "C" not null,
    booking_id text collate "C" not null,
    obligation_id text collate "C" not null,
    kind text not null,
    provider text collate "C" not null,
    key text collate "C" not null,
    body bytea not null,
    currency text collate "C" not null,
    amount bigint not null,
    created_at timestamp with time zone not null,
    outcome text not null,
    reason text not null,
    reference text not null,
    page text not null,
    tries integer not null,
    next_at timestamp with time zone not null,
    constraint attempt_pkey PRIMARY KEY (property_id, id)
);
CREATE INDEX attempt_booking ON attempt USING btree (property_id, booking_id);
CREATE UNIQUE INDEX attempt_captured ON attempt USING btree (property_id, obligation_id) WHERE ((kind = 'capture'::text) AND (outcome <> 'no'::text));
CREATE INDEX attempt_due ON attempt USING btree (next_at) WHERE (outcome = ANY (ARRAY['unknown'::text, 'waiting'::text]));
CREATE UNIQUE INDEX attempt_key ON attempt USING btree (provider, key);

create table audit (
    id bigint not null generated always as identity,
    at timestamp with time zone not null,
    actor text not null,
    action text not null,
    object text not null,
    constraint audit_pkey PRIMARY KEY (id)
);

create table booking (
    property_id text collate "C" not null,
    id text collate "C" not null,
    version bigint not null,
    state text collate "C" not null,
    code text collate "C" not null,
    caller text collate "C" not null,
    channel text not null,
    guest_id text collate "C" not null,
    held_until timestamp with time zone,
    extensions integer not null,
    accepted_version text not null,
    accepted_at timestamp with time zone,
    guarantee text not null,
    requests text not null,
    created_at timestamp with time zone not null,
    cancelled_at timestamp with time zone,
    notes jsonb not null,
    constraint booking_pkey PRIMARY KEY (property_id, id)
);
CREATE UNIQUE INDEX booking_code ON booking USING btree (code) WHERE (code <> ''::text);
CREATE INDEX booking_held ON booking USING btree (held_until) WHERE (state = 'held'::text);
CREATE UNIQUE INDEX booking_id ON booking USING btree (id);

create table event (
    xact xid8 not null,
    id bigint not null generated always as identity,
    at timestamp with time zone not null,
    property_id text collate "C" not null,
    type text collate "C" not null,
    version integer not null,
    data json not null,
    constraint event_pkey PRIMARY KEY (xact, id)
);
CREATE INDEX event_booking ON event USING btree (((data ->> 'booking_id'::text))) WHERE ((type >= 'booking.'::text) AND (type < 'booking/'::text));

create table guest (
    property_id text collate "C" not null,
    id text collate "C" not null,
    name text not null,
    email text not null,
    phone text not null,
    country text not null,
    language text not null,
    constraint guest_pkey PRIMARY KEY (property_id, id)
);

create table ledger_entry (
    property_id text collate "C" not null,
    posting_id text collate "C" not null,
    position integer not null,
    account text collate "C" not null,
    stay_id text collate "C" not null,
    currency text collate "C" not null,
    amount bigint not null,
    constraint ledger_entry_pkey PRIMARY KEY (property_id, posting_id, "position")
);

create table night (
    property_id text collate "C" not null,
    room_type_id text collate "C" not null,
    night date not null,
    stock integer not null,
    out_of_order integer not null,
    cap integer not null,
    sold integer not null,
    held integer not null,
    blocked integer not null,
    oversold integer not null,
    version bigint not null,
    constraint night_pkey PRIMARY KEY (property_id, room_type_id, night),
    constraint night_counts CHECK ((LEAST(stock, out_of_order, cap, sold, held, blocked, oversold) >= 0)),
    constraint night_within_cap CHECK ((((sold + held) + blocked) <= (cap + oversold))),
    constraint night_property_id_room_type_id_fkey FOREIGN KEY (property_id, room_type_id) REFERENCES room_type(property_id, id)
);

create table obligation (
    property_id text collate "C" not null,
    id text collate "C" not null,
    booking_id text collate "C" not null,
    stay_id text collate "C" not null,
    term text not null,
    currency text collate "C" not null,
    amount bigint not null,
    due_at timestamp with time zone not null,
    state text not null,
    tries integer not null,
    captured bigint not null,
    refunded bigint not null,
    constraint obligation_pkey PRIMARY KEY (property_id, id),
    constraint obligation_captured CHECK (((captured >= 0) AND (captured <= amount))),
    constraint obligation_refunded CHECK (((refunded >= 0) AND (refunded <= captured)))
);
CREATE INDEX obligation_booking ON obligation USING btree (property_id, booking_id);
CREATE INDEX obligation_due ON obligation USING btree (due_at) WHERE (state = 'open'::text);

create table overbooking (
    property_id text collate "C" not null,
    id text collate "C" not null,
    room_type_id text collate "C" not null,
    night date not null,
    oversold integer not null,
    by text not null,
    opened_at timestamp with time zone not null,
    constraint overbooking_pkey PRIMARY KEY (property_id, id)
);

create table posting (
    property_id text collate "C" not null,
    id text collate "C" not null,
    booking_id text collate "C" not null,
    kind text not null,
    at timestamp with time zone not null,
    reason text not null,
    constraint posting_pkey PRIMARY KEY (property_id, booking_id, id)
);

create table property (
    property_id text collate "C" not null,
    tenant_id text collate "C" not null,
    source_id text collate "C" not null,
    version bigint not null,
    doc jsonb not null,
    constraint property_pkey PRIMARY KEY (property_id)
);
CREATE UNIQUE INDEX property_source ON property USING btree (tenant_id, source_id) WHERE (source_id <> ''::text);
CREATE INDEX property_tenant ON property USING btree (tenant_id, property_id);

create table rate_calendar (
    property_id text collate "C" not null,
    plan_id text collate "C" not null,
    room_type_id text collate "C" not null,
    version bigint not null,
    doc jsonb not null,
    constraint rate_calendar_pkey PRIMARY KEY (property_id, plan_id, room_type_id),
    constraint rate_calendar_property_id_plan_id_fkey FOREIGN KEY (property_id, plan_id) REFERENCES rate_plan(property_id, id)
);

create table rate_plan (
    property_id text collate "C" not null,
    id text collate "C" not null,
    version bigint not null,
    doc jsonb not null,
    constraint rate_plan_pkey PRIMARY KEY (property_id, id),
    constraint rate_plan_property_id_fkey FOREIGN KEY (property_id) REFERENCES property(property_id)
);

create table request (
    property_id text collate "C" not null,
    caller text collate "C" not null,
    key text collate "C" not null,
    fingerprint bytea not null,
    status integer not null,
    answer bytea not null,
    created_at timestamp with time zone not null,
    constraint request_pkey PRIMARY KEY (property_id, caller, key)
);
CREATE INDEX request_created ON request USING brin (created_at);

create table review (
    property_id text collate "C" not null,
    id text collate "C" not null,
    booking_id text collate "C" not null,
    posted_at timestamp with time zone not null,
    hidden boolean not null,
    version bigint not null,
    doc jsonb not null,
    constraint review_pkey PRIMARY KEY (property_id, id),
    constraint review_property_id_fkey FOREIGN KEY (property_id) REFERENCES property(property_id)
);
CREATE UNIQUE INDEX review_booking ON review USING btree (property_id, booking_id) WHERE (booking_id <> ''::text);
CREATE INDEX review_newest ON review USING btree (property_id, posted_at DESC, id DESC);

create table review_tally (
    property_id text collate "C" not null,
    version bigint not null,
    doc jsonb not null,
    constraint review_tally_pkey PRIMARY KEY (property_id),
    constraint review_tally_property_id_fkey FOREIGN KEY (property_id) REFERENCES property(property_id)
);

create table room_stay (
    property_id text collate "C" not null,
    booking_id text collate "C" not null,
    position integer not null,
    id text collate "C" not null,
    state text collate "C" not null,
    room_type_id text collate "C" not null,
    plan_id text collate "C" not null,
    arrival date not null,
    departure date not null,
    currency text collate "C" not null,
    total bigint not null,
    fee bigint not null,
    terms json not null,
    uses_from date,
    uses_until date,
    moved_to text collate "C" not null,
    checked_in_at timestamp with time zone,
    ended_at timestamp with time zone,
    constraint room_stay_pkey PRIMARY KEY (property_id, booking_id, "position"),
    constraint room_stay_dates CHECK ((departure >= arrival)) NOT VALID
);

create table room_type (
    property_id text collate "C" not null,
    id text collate "C" not null,
    code text collate "C" not null,
    version bigint not null,
    doc jsonb not null,
    constraint room_type_pkey PRIMARY KEY (property_id, id),
    constraint room_type_property_id_fkey FOREIGN KEY (property_id) REFERENCES property(property_id)
);
CREATE UNIQUE INDEX room_type_code ON room_type USING btree (property_id, code) WHERE (code <> ''::text);

create table session (
    hash bytea not null,
    staff_id text collate "C" not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    constraint session_pkey PRIMARY KEY (hash),
    constraint session_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id)
);

create table sign_in (
    id text collate "C" not null,
    email text not null,
    language text not null,
    hash bytea,
    expires_at timestamp with time zone not null,
    constraint sign_in_pkey PRIMARY KEY (id)
);
CREATE INDEX sign_in_expires ON sign_in USING btree (expires_at);
CREATE UNIQUE INDEX sign_in_hash ON sign_in USING btree (hash) WHERE (hash IS NOT NULL);

create table signing_key (
    id text collate "C" not null,
    secret bytea not null,
    created_at timestamp with time zone not null,
    retired_at timestamp with time zone,
    constraint signing_key_pkey PRIMARY KEY (id)
);

create table staff (
    id text collate "C" not null,
    tenant_id text collate "C" not null,
    email text not null,
    email_normal text collate "C" not null,
    name text not null,
    password_hash text not null,
    scopes text[] not null,
    property_ids text[] not null,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone not null,
    constraint staff_pkey PRIMARY KEY (id),
    constraint staff_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id)
);
CREATE UNIQUE INDEX staff_email ON staff USING btree (email_normal);

create table tailer (
    name text collate "C" not null,
    major xid8 not null,
    minor bigint not null,
    constraint tailer_pkey PRIMARY KEY (name)
);

create table tenant (
    id text collate "C" not null,
    name text not null,
    created_at timestamp with time zone not null,
    constraint tenant_pkey PRIMARY KEY (id)
);

create table traveller_booking (
    person bytea not null,
    booking_id text collate "C" not null,
    property_id text collate "C" not null,
    constraint traveller_booking_pkey PRIMARY KEY (person, booking_id)
);
CREATE INDEX traveller_booking_id ON traveller_booking USING btree (booking_id);

create table traveller_session (
    hash bytea not null,
    person bytea not null,
    expires_at timestamp with time zone not null,
    constraint traveller_session_pkey PRIMARY KEY (hash)
);
CREATE INDEX traveller_session_expires ON traveller_session USING btree (expires_at);
CREATE INDEX traveller_session_person ON traveller_session USING btree (person);
