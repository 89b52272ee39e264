-- What the migrations lead to. Written by: go test ./store/sqlitestore -run TestSchema -update

CREATE TABLE api_key (
    id           TEXT NOT NULL PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenant,
    name         TEXT NOT NULL,
    hash         BLOB NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,
    property_ids TEXT NOT NULL,
    created_at   INTEGER,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX api_key_tenant ON api_key (tenant_id, id);

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

CREATE UNIQUE INDEX attempt_captured ON attempt (property_id, obligation_id) WHERE kind = 'capture' AND outcome <> 'no';

CREATE INDEX attempt_due ON attempt (next_at) WHERE outcome IN ('unknown', 'waiting');

CREATE UNIQUE INDEX attempt_key ON attempt (provider, key);

CREATE TABLE audit (
    id     INTEGER NOT NULL PRIMARY KEY,
    at     INTEGER,
    actor  TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL
) STRICT;

CREATE TABLE booking (
    property_id   TEXT NOT NULL REFERENCES property,
    id            TEXT NOT NULL,
    version       INTEGER NOT NULL,
    state         TEXT NOT NULL,
    code          TEXT NOT NULL,
    caller        TEXT NOT NULL,
    channel       TEXT NOT NULL,
    guest_id      TEXT NOT NULL,
    held_until    INTEGER,
    extensions    INTEGER NOT NULL,
    terms_version TEXT NOT NULL,
    accepted_at   INTEGER,
    guarantee     TEXT NOT NULL,
    requests      TEXT NOT NULL,
    created_at    INTEGER,
    cancelled_at  INTEGER, notes TEXT NOT NULL DEFAULT 'null',
    PRIMARY KEY (property_id, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX booking_code ON booking (code) WHERE code <> '';

CREATE INDEX booking_held ON booking (held_until) WHERE state = 'held';

CREATE UNIQUE INDEX booking_id ON booking (id);

CREATE TABLE event (
    id          INTEGER NOT NULL PRIMARY KEY,
    at          INTEGER NOT NULL,
    property_id TEXT NOT NULL,
    type        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    data        BLOB NOT NULL
) STRICT;

CREATE INDEX event_booking ON event (json_extract(CAST(data AS TEXT), '$.booking_id'))
    WHERE type >= 'booking.' AND type < 'booking/';

CREATE TABLE event_cursor (
    name  TEXT NOT NULL PRIMARY KEY,
    major INTEGER NOT NULL,
    minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE guest (
    property_id TEXT NOT NULL,
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    email       TEXT NOT NULL,
    phone       TEXT NOT NULL,
    country     TEXT NOT NULL,
    language    TEXT NOT NULL,
    PRIMARY KEY (property_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE night (
    property_id  TEXT NOT NULL,
    room_type_id TEXT NOT NULL,
    night        INTEGER NOT NULL,
    stock        INTEGER NOT NULL CHECK (stock >= 0),
    out_of_order INTEGER NOT NULL CHECK (out_of_order >= 0),
    cap          INTEGER NOT NULL CHECK (cap >= 0),
    sold         INTEGER NOT NULL CHECK (sold >= 0),
    held         INTEGER NOT NULL CHECK (held >= 0),
    blocked      INTEGER NOT NULL CHECK (blocked >= 0),
    oversold     INTEGER NOT NULL CHECK (oversold >= 0),
    version      INTEGER NOT NULL,
    PRIMARY KEY (property_id, room_type_id, night),
    CHECK (sold + held + blocked <= cap + oversold)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE overbooking_case (
    property_id  TEXT NOT NULL,
    id           TEXT NOT NULL,
    room_type_id TEXT NOT NULL,
    night        INTEGER NOT NULL,
    oversold     INTEGER NOT NULL,
    opened_by    TEXT NOT NULL,
    opened_at    INTEGER NOT NULL,
    PRIMARY KEY (property_id, id)
) STRICT;

CREATE TABLE posting (
    property_id TEXT NOT NULL,
    id          TEXT NOT NULL,
    booking_id  TEXT NOT NULL,
    kind        TEXT NOT NULL,
    posted_at   INTEGER, reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (property_id, id)
) STRICT;

CREATE INDEX posting_booking ON posting (property_id, booking_id);

CREATE TABLE posting_entry (
    property_id TEXT NOT NULL,
    posting_id  TEXT NOT NULL,
    position    INTEGER NOT NULL,
    account     TEXT NOT NULL,
    stay_id     TEXT NOT NULL,
    currency    TEXT NOT NULL,
    amount      INTEGER NOT NULL,
    PRIMARY KEY (property_id, posting_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE property (
    property_id TEXT NOT NULL PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    source_id   TEXT NOT NULL,
    version     INTEGER NOT NULL,
    document    TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX property_source ON property (tenant_id, source_id) WHERE source_id <> '';

CREATE INDEX property_tenant ON property (tenant_id, property_id);

CREATE TABLE rate_calendar (
    property_id  TEXT NOT NULL,
    plan_id      TEXT NOT NULL,
    room_type_id TEXT NOT NULL,
    version      INTEGER NOT NULL,
    document     TEXT NOT NULL,
    PRIMARY KEY (property_id, plan_id, room_type_id),
    FOREIGN KEY (property_id, plan_id) REFERENCES rate_plan
) STRICT;

CREATE TABLE rate_plan (
    property_id TEXT NOT NULL REFERENCES property,
    id          TEXT NOT NULL,
    version     INTEGER NOT NULL,
    document    TEXT NOT NULL,
    PRIMARY KEY (property_id, id)
) STRICT;

CREATE TABLE request (
    property_id TEXT NOT NULL,
    caller      TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status      INTEGER NOT NULL,
    answer      BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (property_id, caller, key)
) STRICT;

CREATE TABLE review (
    property_id TEXT NOT NULL REFERENCES property,
    id          TEXT NOT NULL,
    booking_id  TEXT NOT NULL,
    posted_at   INTEGER NOT NULL,
    hidden      INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    document    TEXT NOT NULL,
    PRIMARY KEY (property_id, id)
) STRICT;

CREATE UNIQUE INDEX review_booking ON review (property_id, booking_id) WHERE booking_id <> '';

CREATE INDEX review_newest ON review (property_id, posted_at DESC, id DESC);

CREATE TABLE review_tally (
    property_id TEXT NOT NULL PRIMARY KEY REFERENCES property,
    version     INTEGER NOT NULL,
    document    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE room_stay (
    property_id  TEXT NOT NULL,
    booking_id   TEXT NOT NULL,
    position     INTEGER NOT NULL,
    id           TEXT NOT NULL,
    state        TEXT NOT NULL,
    room_type_id TEXT NOT NULL,
    plan_id      TEXT NOT NULL,
    arrival      INTEGER NOT NULL,
    departure    INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    total        INTEGER NOT NULL,
    fee          INTEGER NOT NULL,
    terms        TEXT NOT NULL, uses_from INTEGER, uses_until INTEGER, moved_to TEXT NOT NULL DEFAULT '', checked_in_at INTEGER, ended_at INTEGER,
    PRIMARY KEY (property_id, booking_id, position)
) STRICT;

CREATE TABLE room_type (
    property_id TEXT NOT NULL REFERENCES property,
    id          TEXT NOT NULL,
    version     INTEGER NOT NULL,
    code        TEXT NOT NULL,
    document    TEXT NOT NULL,
    PRIMARY KEY (property_id, id)
) STRICT;

CREATE UNIQUE INDEX room_type_code ON room_type (property_id, code) WHERE code <> '';

CREATE TABLE session (
    hash       BLOB NOT NULL PRIMARY KEY,
    staff_id   TEXT NOT NULL REFERENCES staff,
    created_at INTEGER,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_in (
    id         TEXT NOT NULL PRIMARY KEY,
    email      TEXT NOT NULL,
    language   TEXT NOT NULL,
    hash       BLOB,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_expires ON sign_in (expires_at);

CREATE UNIQUE INDEX sign_in_hash ON sign_in (hash) WHERE hash IS NOT NULL;

CREATE TABLE signing_key (
    id         TEXT NOT NULL PRIMARY KEY,
    secret     BLOB NOT NULL,
    created_at INTEGER,
    retired_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
    id            TEXT NOT NULL PRIMARY KEY,
    tenant_id     TEXT NOT NULL REFERENCES tenant,
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    scopes        TEXT NOT NULL,
    property_ids  TEXT NOT NULL,
    disabled_at   INTEGER,
    created_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE traveller_booking (
    person      BLOB NOT NULL,
    booking_id  TEXT NOT NULL,
    property_id TEXT NOT NULL,
    PRIMARY KEY (person, booking_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX traveller_booking_id ON traveller_booking (booking_id);

CREATE TABLE traveller_session (
    hash       BLOB NOT NULL PRIMARY KEY,
    person     BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX traveller_session_expires ON traveller_session (expires_at);

CREATE INDEX traveller_session_person ON traveller_session (person);
