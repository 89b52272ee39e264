-- +goose Up

-- Guest accounts: links that sign in, sessions, and the bookings of an address.
-- person is the SHA-256 of an address in its normal form.
create table sign_in (
    id         text collate "C" primary key,
    email      text not null,
    language   text not null,
    hash       bytea,
    expires_at timestamptz not null
);
create unique index sign_in_hash on sign_in (hash) where hash is not null;
create index sign_in_expires on sign_in (expires_at);

create table traveller_session (
    hash       bytea primary key,
    person     bytea not null,
    expires_at timestamptz not null
);
create index traveller_session_person on traveller_session (person);
create index traveller_session_expires on traveller_session (expires_at);

create table traveller_booking (
    person      bytea not null,
    booking_id  text collate "C" not null,
    property_id text collate "C" not null,
    primary key (person, booking_id)
);
create index traveller_booking_id on traveller_booking (booking_id);
