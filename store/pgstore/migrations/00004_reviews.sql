-- +goose Up

-- doc is review.Review in JSON; what a list is sorted and filtered by stands
-- beside it. booking_id is '' for reviews that were made up with the house.
create table review (
    property_id text collate "C" not null references property,
    id          text collate "C" not null,
    booking_id  text collate "C" not null,
    posted_at   timestamptz not null,
    hidden      boolean not null,
    version     bigint not null,
    doc         jsonb not null,
    primary key (property_id, id)
);
create index review_newest on review (property_id, posted_at desc, id desc);
create unique index review_booking on review (property_id, booking_id) where booking_id <> '';

-- review.Tally: the sums over the reviews that are shown.
create table review_tally (
    property_id text collate "C" primary key references property,
    version     bigint not null,
    doc         jsonb not null
);
