-- +goose Up

-- What is owed for a booking through a payment provider, and every attempt at
-- it. Bookings that are paid at the property have no rows here.
CREATE TABLE obligation (
    property_id TEXT NOT NULL,
    id          TEXT NOT NULL,
    booking_id  TEXT NOT NULL,
    stay_id     TEXT NOT NULL,
    term        TEXT NOT NULL,
    currency    TEXT NOT NULL,
    amount      INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    state       TEXT NOT NULL,
    tries       INTEGER NOT NULL,
    captured    INTEGER NOT NULL,
    refunded    INTEGER NOT NULL,
    PRIMARY KEY (property_id, id),
    CHECK (captured BETWEEN 0 AND amount),
    CHECK (refunded BETWEEN 0 AND captured)
) STRICT, WITHOUT ROWID;

CREATE INDEX obligation_booking ON obligation (property_id, booking_id);
CREATE INDEX obligation_due ON obligation (due_at) WHERE state = 'open';

CREATE TABLE attempt (
    property_id   TEXT NOT NULL,
    id            TEXT NOT NULL,
    booking_id    TEXT NOT NULL,
    obligation_id TEXT NOT NULL,
    kind          TEXT NOT NULL,
    provider      TEXT NOT NULL,
    key           TEXT NOT NULL,
    body          BLOB NOT NULL, -- the exact bytes, fixed before anything is sent
    currency      TEXT NOT NULL,
    amount        INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    outcome       TEXT NOT NULL,
    reason        TEXT NOT NULL,
    reference     TEXT NOT NULL,
    page          TEXT NOT NULL,
    tries         INTEGER NOT NULL,
    next_at       INTEGER NOT NULL,
    PRIMARY KEY (property_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX attempt_booking ON attempt (property_id, booking_id);
CREATE INDEX attempt_due ON attempt (next_at) WHERE outcome IN ('unknown', 'waiting');
CREATE UNIQUE INDEX attempt_key ON attempt (provider, key);

-- An obligation is captured once, whatever a program believes.
CREATE UNIQUE INDEX attempt_captured ON attempt (property_id, obligation_id) WHERE kind = 'capture' AND outcome <> 'no';
