package bench

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/store"
)

// Names of the schemes, in the order of docs/locking.md.
const (
	noLock          = "read, then write"
	pessimistic     = "select for update"
	optimistic      = "version and retry"
	serializable    = "serializable"
	perUnit         = "a row for each room"
	guarded         = "guarded update"
	gathered        = "guarded update, combined"
	productSingle   = "product, one by one"
	productCombined = "product, combined"
)

// contested is the tables of all schemes but the product: a night, and a row for
// each sale. A scheme is only what it does between reading the one and writing
// the other, so that nothing else is compared.
const contested = `
	create table locking_night (night integer primary key, cap integer not null, sold integer not null, version integer not null);
	create table locking_unit (night integer, unit integer, sale text collate "C", primary key (night, unit));
	create table locking_sale (id text collate "C" primary key, night integer not null);
	create index on locking_sale (night);`

// furnish gives every night of the world the same few rooms, for both.
func (a *arena) furnish(ctx context.Context) error {
	for _, statement := range []string{
		contested,
		`update night set stock = ` + strconv.Itoa(roomsThere) + `, cap = ` + strconv.Itoa(roomsThere),
		`insert into locking_night select n, ` + strconv.Itoa(roomsThere) + `, 0, 1 from generate_series(0, ` + strconv.Itoa(a.nightsThere()) + `) n`,
		"vacuum analyze", "checkpoint",
	} {
		if _, err := a.raw.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (a *arena) nightsThere() int { return a.houses * roomTypes * a.nights }

// textbookSchemes are those that need nothing but the database.
func textbookSchemes(pool *pgxpool.Pool) []scheme {
	in := func(level pgx.TxIsoLevel, look string) func(context.Context, int, int64) error {
		return func(ctx context.Context, night int, n int64) error {
			return pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: level}, func(tx pgx.Tx) error {
				if err := freeOn(ctx, tx, look, night); err != nil {
					return err
				}
				return sell(ctx, tx, night, n)
			})
		}
	}
	return []scheme{
		{name: noLock, mayOversell: true, take: once(in(pgx.ReadCommitted, `select sold < cap from locking_night where night = $1`))},
		{name: pessimistic, take: once(in(pgx.ReadCommitted, `select sold < cap from locking_night where night = $1 for update`))},
		{name: optimistic, take: again(func(ctx context.Context, night int, n int64) error { return compareAndSwap(ctx, pool, night, n) })},
		{name: serializable, take: again(in(pgx.Serializable, `select sold < cap from locking_night where night = $1`))},
		{
			name: perUnit, prepare: func(ctx context.Context, first int) error { return makeUnits(ctx, pool, first) },
			take: once(func(ctx context.Context, night int, n int64) error { return takeUnit(ctx, pool, night, n) }),
		},
		{name: guarded, take: once(func(ctx context.Context, night int, n int64) error { return guardedUpdate(ctx, pool, night, n) })},
		{name: gathered, take: once((&gather{pool: pool}).take)},
	}
}

// once is a scheme that is never told to try again.
func once(take func(context.Context, int, int64) error) func(context.Context, int, int64) (int, error) {
	return func(ctx context.Context, night int, n int64) (int, error) { return 0, take(ctx, night, n) }
}

// errLost is a version that somebody else was faster to replace.
var errLost = errors.New("another version")

// again tries until the answer is one, with a random pause that grows to 16 ms:
// without one, those who collided meet again.
func again(take func(context.Context, int, int64) error) func(context.Context, int, int64) (int, error) {
	return func(ctx context.Context, night int, n int64) (retries int, err error) {
		for ; ; retries++ {
			err = take(ctx, night, n)
			var fault *pgconn.PgError
			if !errors.Is(err, errLost) && (!errors.As(err, &fault) || fault.Code != "40001" && fault.Code != "40P01") {
				return retries, err
			}
			time.Sleep(rand.N(time.Millisecond << min(retries, 4)))
		}
	}
}

// freeOn reads the night: ErrSoldOut when it has no room left.
func freeOn(ctx context.Context, tx pgx.Tx, query string, night int) error {
	var free bool
	if err := tx.QueryRow(ctx, query, night).Scan(&free); err != nil {
		return err
	}
	if !free {
		return inventory.ErrSoldOut
	}
	return nil
}

// sell counts the room and writes the sale, whatever the night looks like by now.
func sell(ctx context.Context, tx pgx.Tx, night int, n int64) error {
	if _, err := tx.Exec(ctx, `update locking_night set sold = sold + 1 where night = $1`, night); err != nil {
		return err
	}
	return record(ctx, tx, night, n)
}

func record(ctx context.Context, tx pgx.Tx, night int, n int64) error {
	_, err := tx.Exec(ctx, `insert into locking_sale (id, night) values ($1, $2)`, serialID("bkg", n), night)
	return err
}

func compareAndSwap(ctx context.Context, pool *pgxpool.Pool, night int, n int64) error {
	var free bool
	var version int
	err := pool.QueryRow(ctx, `select sold < cap, version from locking_night where night = $1`, night).Scan(&free, &version)
	switch {
	case err != nil:
		return err
	case !free:
		return inventory.ErrSoldOut
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `update locking_night set sold = sold + 1, version = version + 1
			where night = $1 and version = $2`, night, version)
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return errLost
		}
		return record(ctx, tx, night, n)
	})
}

// unitNights is how many nights get rows for their rooms before a slice.
const unitNights = 1000

func makeUnits(ctx context.Context, pool *pgxpool.Pool, first int) error {
	_, err := pool.Exec(ctx, `truncate locking_unit`)
	if err == nil {
		_, err = pool.Exec(ctx, `insert into locking_unit (night, unit)
			select n, u from generate_series($1::integer, $2::integer) n, generate_series(1, $3::integer) u`,
			first, first+unitNights, roomsThere)
	}
	if err == nil {
		_, err = pool.Exec(ctx, `vacuum analyze locking_unit`)
	}
	return err
}

func takeUnit(ctx context.Context, pool *pgxpool.Pool, night int, n int64) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		var unit int
		err := tx.QueryRow(ctx, `select unit from locking_unit where night = $1 and sale is null
			order by unit limit 1 for update skip locked`, night).Scan(&unit)
		if errors.Is(err, pgx.ErrNoRows) {
			return inventory.ErrSoldOut
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update locking_unit set sale = $3 where night = $1 and unit = $2`,
			night, unit, serialID("bkg", n)); err != nil {
			return err
		}
		return record(ctx, tx, night, n)
	})
}

func guardedUpdate(ctx context.Context, pool *pgxpool.Pool, night int, n int64) error {
	done, err := pool.Exec(ctx, `with taken as (
			update locking_night set sold = sold + 1 where night = $1 and sold < cap returning night
		)
		insert into locking_sale (id, night) select $2, night from taken`, night, serialID("bkg", n))
	if err == nil && done.RowsAffected() == 0 {
		err = inventory.ErrSoldOut
	}
	return err
}

// productSchemes are whole bookings by the product, each in a transaction of its
// own, and combined. They write eleven rows where the others write two.
func (a *arena) productSchemes() []scheme {
	booker := func(name string, s store.Store) scheme {
		return scheme{name: name, take: func(ctx context.Context, night int, n int64) (int, error) {
			perHouse := roomTypes * a.nights
			w := wish{house: night / perHouse, room: night % perHouse / a.nights, night: night % a.nights, nights: 1}
			return 0, s.ApplyBooking(ctx, book(w, n))
		}}
	}
	return []scheme{booker(productSingle, a.combined.Engine), booker(productCombined, a.combined)}
}
