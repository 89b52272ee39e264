package bench

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/vacancyhq/vacancy/inventory"
)

// peers are the tables of the reference and of the textbook.
const peers = `
	create table reference (id text collate "C" primary key, data bytea not null);
	create table textbook_night (property_id text collate "C", room_type_id text collate "C", night date,
		cap integer not null, sold integer not null, primary key (property_id, room_type_id, night));
	create table textbook_booking (id text collate "C" primary key, data bytea not null);
	create table textbook_request (key text collate "C" primary key, answer bytea not null);
	create table textbook_event (id bigint generated always as identity primary key, data bytea not null);`

// reference is R: one durable row for each booking, and nothing else.
func (w world) reference(pool *pgxpool.Pool) work {
	return func(ctx context.Context, _ int, n int64) (int, error) {
		_, err := pool.Exec(ctx, `insert into reference (id, data) values ($1, $2)`, serialID("bkg", n), rowOf(w.wish(n), n))
		return 1, err
	}
}

// textbook is A, the transaction that every book shows: look the key up, lock
// the nights, compare in the program, count, insert, commit.
func textbook(pool *pgxpool.Pool, wishOf func(n int64) wish) func(ctx context.Context, n int64) error {
	return func(ctx context.Context, n int64) error {
		w := wishOf(n)
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			key := keyOf(n)
			var answer []byte
			err := tx.QueryRow(ctx, `select answer from textbook_request where key = $1`, key).Scan(&answer)
			if !errors.Is(err, pgx.ErrNoRows) {
				return err
			}
			if err := textbookNights(ctx, tx, w); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `insert into textbook_booking (id, data) values ($1, $2)`,
				serialID("bkg", n), rowOf(w, n)); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `insert into textbook_request (key, answer) values ($1, $2)`, key, rowOf(w, n)); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `insert into textbook_event (data) values ($1)`, rowOf(w, n))
			return err
		})
	}
}

func textbookNights(ctx context.Context, tx pgx.Tx, w wish) error {
	from, to := date(w.night), date(w.night+w.nights)
	rows, err := tx.Query(ctx, `select sold < cap from textbook_night
		where property_id = $1 and room_type_id = $2 and night >= $3 and night < $4 order by night for update`,
		houseID(w.house), roomID(w.house, w.room), from, to)
	if err != nil {
		return err
	}
	free, err := pgx.CollectRows(rows, pgx.RowTo[bool])
	if err != nil {
		return err
	}
	for _, ok := range free {
		if !ok {
			return inventory.ErrSoldOut
		}
	}
	_, err = tx.Exec(ctx, `update textbook_night set sold = sold + 1
		where property_id = $1 and room_type_id = $2 and night >= $3 and night < $4`,
		houseID(w.house), roomID(w.house, w.room), from, to)
	return err
}

// date is the day after so many nights, as PostgreSQL reads it.
func date(nights int) string { return opening.Add(nights).String() }

// fillTextbook gives the textbook the same nights.
func fillTextbook(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(ctx, `insert into textbook_night (property_id, room_type_id, night, cap, sold)
		select property_id, room_type_id, night, cap, 0 from night order by 1, 2, 3`)
	if err == nil {
		_, err = pool.Exec(ctx, `vacuum analyze textbook_night`)
	}
	return err
}
