-- +goose Up

-- The nights that a stay takes from the stock. NULL: written by a program that
-- did not know of them; such a stay uses the nights of its terms.
alter table room_stay add column uses_from date;
alter table room_stay add column uses_until date;
alter table room_stay add column moved_to text collate "C" not null default '';
alter table room_stay add column checked_in_at timestamptz;
alter table room_stay add column ended_at timestamptz;

-- Day use arrives and departs on one day. Not valid: the rows that are there
-- kept the stricter rule, so none needs to be read.
alter table room_stay drop constraint room_stay_check;
alter table room_stay add constraint room_stay_dates check (departure >= arrival) not valid;

-- booking.Note in JSON; personal data, as requests are.
alter table booking add column notes jsonb not null default 'null';

alter table posting add column reason text not null default '';

-- The timeline of a booking. The type is part of the condition so that events
-- of stock, which are most of them, cost nothing here.
create index event_booking on event ((data ->> 'booking_id')) where type >= 'booking.' and type < 'booking/';
