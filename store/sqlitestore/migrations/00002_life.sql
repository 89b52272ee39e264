-- +goose Up

-- The nights that a stay takes from the stock. NULL: written by a program that
-- did not know of them; such a stay uses the nights of its terms.
ALTER TABLE room_stay ADD COLUMN uses_from INTEGER;
ALTER TABLE room_stay ADD COLUMN uses_until INTEGER;
ALTER TABLE room_stay ADD COLUMN moved_to TEXT NOT NULL DEFAULT '';
ALTER TABLE room_stay ADD COLUMN checked_in_at INTEGER;
ALTER TABLE room_stay ADD COLUMN ended_at INTEGER;

-- booking.Note in JSON; personal data, as requests are.
ALTER TABLE booking ADD COLUMN notes TEXT NOT NULL DEFAULT 'null';

ALTER TABLE posting ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- The timeline of a booking. The type is part of the condition so that events
-- of stock, which are most of them, cost nothing here.
CREATE INDEX event_booking ON event (json_extract(CAST(data AS TEXT), '$.booking_id'))
    WHERE type >= 'booking.' AND type < 'booking/';
