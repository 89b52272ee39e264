-- +goose Up

-- What a short statement calls when something stands against what it should do:
-- the transaction ends, and those behind it in the same round trip are not run.
-- +goose StatementBegin
create function refuse(why text, which text) returns void language plpgsql volatile as $$
begin
    raise exception using errcode = 'VC001', message = why, detail = which;
end $$;
-- +goose StatementEnd

-- Terms are read whole, as they were written: taking them apart for jsonb was a
-- tenth of a booking's cost.
alter table room_stay alter column terms type json using terms::json;
