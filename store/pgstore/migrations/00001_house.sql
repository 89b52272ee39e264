-- +goose Up

-- Ids and codes are collated "C" throughout, so that the database's order of
-- keys is the byte order in which Go sorts them: rows are locked in that order.
-- Every table of a property leads its key with property_id.

create table property (
    property_id text collate "C" primary key,
    tenant_id   text collate "C" not null,
    source_id   text collate "C" not null,
    version     bigint not null,
    doc         jsonb not null
);
create index property_tenant on property (tenant_id, property_id);
create unique index property_source on property (tenant_id, source_id) where source_id <> '';

create table room_type (
    property_id text collate "C" not null references property,
    id          text collate "C" not null,
    code        text collate "C" not null,
    version     bigint not null,
    doc         jsonb not null,
    primary key (property_id, id)
);
create unique index room_type_code on room_type (property_id, code) where code <> '';

create table rate_plan (
    property_id text collate "C" not null references property,
    id          text collate "C" not null,
    version     bigint not null,
    doc         jsonb not null,
    primary key (property_id, id)
);

create table rate_calendar (
    property_id  text collate "C" not null,
    plan_id      text collate "C" not null,
    room_type_id text collate "C" not null, -- '': the plan's rules for every room type
    version      bigint not null,
    doc          jsonb not null,
    primary key (property_id, plan_id, room_type_id),
    foreign key (property_id, plan_id) references rate_plan
);

-- The counters that decide. Whatever the program does, the checks keep promise
-- 1: no night is sold beyond its cap except by a declared oversale. (least()
-- because each check is read again by each statement that writes a night.)
create table night (
    property_id  text collate "C" not null,
    room_type_id text collate "C" not null,
    night        date not null,
    stock        integer not null,
    out_of_order integer not null,
    cap          integer not null,
    sold         integer not null,
    held         integer not null,
    blocked      integer not null,
    oversold     integer not null,
    version      bigint not null,
    primary key (property_id, room_type_id, night),
    foreign key (property_id, room_type_id) references room_type,
    constraint night_counts check (least(stock, out_of_order, cap, sold, held, blocked, oversold) >= 0),
    constraint night_within_cap check (sold + held + blocked <= cap + oversold)
);

create table overbooking (
    property_id  text collate "C" not null,
    id           text collate "C" not null,
    room_type_id text collate "C" not null,
    night        date not null,
    oversold     integer not null,
    by           text not null,
    opened_at    timestamptz not null,
    primary key (property_id, id)
);

-- Rows below here are written with every booking. They carry no foreign keys:
-- one transaction writes them all from one change, and a key would be looked up
-- and locked again for each.
create table guest (
    property_id text collate "C" not null,
    id          text collate "C" not null,
    name        text not null,
    email       text not null,
    phone       text not null,
    country     text not null,
    language    text not null,
    primary key (property_id, id)
);

create table booking (
    property_id      text collate "C" not null,
    id               text collate "C" not null,
    version          bigint not null,
    state            text collate "C" not null, -- derived from the stays
    code             text collate "C" not null, -- '' until confirmed
    caller           text collate "C" not null,
    channel          text not null,
    guest_id         text collate "C" not null,
    held_until       timestamptz,
    extensions       integer not null,
    accepted_version text not null,
    accepted_at      timestamptz,
    guarantee        text not null,
    requests         text not null,
    created_at       timestamptz not null,
    cancelled_at     timestamptz,
    primary key (property_id, id)
);
create unique index booking_id on booking (id);
create unique index booking_code on booking (code) where code <> '';
create index booking_held on booking (held_until) where state = 'held';

create table room_stay (
    property_id  text collate "C" not null,
    booking_id   text collate "C" not null,
    position     integer not null, -- within the booking
    id           text collate "C" not null,
    state        text collate "C" not null,
    room_type_id text collate "C" not null,
    plan_id      text collate "C" not null,
    arrival      date not null,
    departure    date not null check (departure > arrival),
    currency     text collate "C" not null,
    total        bigint not null, -- minor units
    fee          bigint not null, -- minor units
    terms        jsonb not null,
    primary key (property_id, booking_id, position)
);

create table posting (
    property_id text collate "C" not null,
    id          text collate "C" not null,
    booking_id  text collate "C" not null,
    kind        text not null,
    at          timestamptz not null,
    primary key (property_id, booking_id, id)
);

create table ledger_entry (
    property_id text collate "C" not null,
    posting_id  text collate "C" not null,
    position    integer not null, -- within the posting
    account     text collate "C" not null,
    stay_id     text collate "C" not null,
    currency    text collate "C" not null,
    amount      bigint not null, -- minor units; positive: debit
    primary key (property_id, posting_id, position)
);

create table request (
    property_id text collate "C" not null,
    caller      text collate "C" not null,
    key         text collate "C" not null,
    fingerprint bytea not null,
    status      integer not null,
    answer      bytea not null,
    created_at  timestamptz not null,
    primary key (property_id, caller, key)
);
-- Rows arrive in the order of created_at, so a few bytes per range of pages
-- find the old ones; a tree would cost every booking an insert.
create index request_created on request using brin (created_at);

-- The place of an event in the log: a transaction number that is above the
-- writer's own, and not below that of any transaction whose work it can see.
--
-- Above its own: while a writer runs, no snapshot's xmin passes its number, so a
-- reader that stops at xmin never passes an event that is still to come. Not
-- below what it sees: two writers of one night are listed in the order in which
-- they had it, which their own numbers would not promise (a transaction gets its
-- number with its first lock and may then wait for the next one).
--
-- Call it when all locks are held. It is plpgsql and volatile so that it sees
-- commits that came after the statement began.
-- +goose StatementBegin
create function event_place() returns xid8 language plpgsql volatile as $$
begin
    return greatest((pg_current_xact_id()::text::bigint + 1)::text::xid8, pg_snapshot_xmax(pg_current_snapshot()));
end $$;
-- +goose StatementEnd

-- The log of a database, not of a property: readers follow it as one.
create table event (
    xact        xid8 not null, -- event_place()
    id          bigint generated always as identity,
    at          timestamptz not null,
    property_id text collate "C" not null,
    type        text collate "C" not null,
    version     integer not null,
    data        json not null, -- not jsonb: readers get the bytes that the noun wrote
    primary key (xact, id)
);

create table tailer (
    name  text collate "C" primary key,
    major xid8 not null,
    minor bigint not null
);

create table tenant (
    id         text collate "C" primary key,
    name       text not null,
    created_at timestamptz not null
);

create table api_key (
    id           text collate "C" primary key,
    tenant_id    text collate "C" not null references tenant,
    name         text not null,
    hash         bytea not null,
    scopes       text[] not null,
    property_ids text[] not null,
    created_at   timestamptz not null,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
create unique index api_key_hash on api_key (hash);
create index api_key_tenant on api_key (tenant_id, id);

create table staff (
    id            text collate "C" primary key,
    tenant_id     text collate "C" not null references tenant,
    email         text not null,
    email_normal  text collate "C" not null, -- guest.NormalEmail: the form that is compared
    name          text not null,
    password_hash text not null,
    scopes        text[] not null,
    property_ids  text[] not null,
    disabled_at   timestamptz,
    created_at    timestamptz not null
);
create unique index staff_email on staff (email_normal);

create table session (
    hash       bytea primary key,
    staff_id   text collate "C" not null references staff,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

create table signing_key (
    id         text collate "C" primary key,
    secret     bytea not null,
    created_at timestamptz not null,
    retired_at timestamptz
);

create table audit (
    id     bigint generated always as identity primary key,
    at     timestamptz not null,
    actor  text not null,
    action text not null,
    object text not null
);
