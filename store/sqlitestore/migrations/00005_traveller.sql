-- +goose Up

-- Guest accounts: links that sign in, sessions, and the bookings of an address.
-- person is the SHA-256 of an address in its normal form.
CREATE TABLE sign_in (
    id         TEXT NOT NULL PRIMARY KEY,
    email      TEXT NOT NULL,
    language   TEXT NOT NULL,
    hash       BLOB,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sign_in_hash ON sign_in (hash) WHERE hash IS NOT NULL;
CREATE INDEX sign_in_expires ON sign_in (expires_at);

CREATE TABLE traveller_session (
    hash       BLOB NOT NULL PRIMARY KEY,
    person     BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX traveller_session_person ON traveller_session (person);
CREATE INDEX traveller_session_expires ON traveller_session (expires_at);

CREATE TABLE traveller_booking (
    person      BLOB NOT NULL,
    booking_id  TEXT NOT NULL,
    property_id TEXT NOT NULL,
    PRIMARY KEY (person, booking_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX traveller_booking_id ON traveller_booking (booking_id);
