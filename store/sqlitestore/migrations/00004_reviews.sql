-- +goose Up

-- document is review.Review in JSON; what a list is sorted and filtered by
-- stands beside it. booking_id is '' for reviews that were made up with the house.
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
CREATE INDEX review_newest ON review (property_id, posted_at DESC, id DESC);
CREATE UNIQUE INDEX review_booking ON review (property_id, booking_id) WHERE booking_id <> '';

-- review.Tally: the sums over the reviews that are shown.
CREATE TABLE review_tally (
    property_id TEXT NOT NULL PRIMARY KEY REFERENCES property,
    version     INTEGER NOT NULL,
    document    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
