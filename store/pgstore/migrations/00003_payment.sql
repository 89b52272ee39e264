-- +goose Up

-- What is owed for a booking through a payment provider, and every attempt at
-- it. Bookings that are paid at the property have no rows here.
create table obligation (
    property_id text collate "C" not null,
    id          text collate "C" not null,
    booking_id  text collate "C" not null,
    stay_id     text collate "C" not null,
    term        text not null,
    currency    text collate "C" not null,
    amount      bigint not null, -- minor units, as the others
    due_at      timestamptz not null,
    state       text not null,
    tries       integer not null,
    captured    bigint not null,
    refunded    bigint not null,
    primary key (property_id, id),
    constraint obligation_captured check (captured between 0 and amount),
    constraint obligation_refunded check (refunded between 0 and captured)
);

create index obligation_booking on obligation (property_id, booking_id);
create index obligation_due on obligation (due_at) where state = 'open';

create table attempt (
    property_id   text collate "C" not null,
    id            text collate "C" not null,
    booking_id    text collate "C" not null,
    obligation_id text collate "C" not null,
    kind          text not null,
    provider      text collate "C" not null,
    key           text collate "C" not null,
    body          bytea not null, -- the exact bytes, fixed before anything is sent
    currency      text collate "C" not null,
    amount        bigint not null,
    created_at    timestamptz not null,
    outcome       text not null,
    reason        text not null,
    reference     text not null,
    page          text not null,
    tries         integer not null,
    next_at       timestamptz not null,
    primary key (property_id, id)
);

create index attempt_booking on attempt (property_id, booking_id);
create index attempt_due on attempt (next_at) where outcome in ('unknown', 'waiting');
create unique index attempt_key on attempt (provider, key);

-- An obligation is captured once, whatever a program believes.
create unique index attempt_captured on attempt (property_id, obligation_id) where kind = 'capture' and outcome <> 'no';
