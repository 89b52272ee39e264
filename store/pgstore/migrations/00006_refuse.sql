-- +goose Up

-- What a short statement calls when something stands against what it should do:
-- the transaction ends, and those behind it in the same round trip are not run.
-- +goose StatementBegin
create function refuse(why text, which text) returns void language plpgsql volatile as $$
begin
    raise exception using errcode = 'VC001', message = why, detail = which;
end $$;
-- +goose StatementEnd
