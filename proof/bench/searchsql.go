package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/store"
)

// The search that a good engineer would write for PostgreSQL: a row for each
// night that a product has, with everything that a stay asks of it. What makes
// it fast:
//
//   - the row's key is (house, day, product) and its index covers all columns, so
//     that a stay at a house is one stretch of one index and no table is read;
//   - LATERAL makes it one such scan for each house: joined and grouped at once
//     the planner takes the whole table, which is slower by orders of magnitude;
//   - days are integers, and the departure day's row is read with the nights;
//   - rules are folded into each row when it is written, and so is the price of
//     the product for two adults: what a derived plan makes of a whole stay's price
//     is rounded once, so that prices are kept in ten-thousandths of a cent;
//   - the page, the number of hits and the facets come from one list;
//   - hotels are looked up by the place's key, which an index covers; no geometry.
//
// Its job is easier than the index's: two adults in one room, only stars as a
// filter, no facets of boards, ratings and free cancellation, a table that ends
// with the last night that is asked for, unlogged, freshly vacuumed and warm.
const searchTables = `
create unlogged table hotel (
	id int primary key, town text not null, country text not null, stars smallint not null, kind text not null, amenities text[] not null,
	city_tax bigint not null, city_tax_nights int not null
);
create index hotel_town on hotel (town) include (id, stars, kind, amenities, city_tax, city_tax_nights);
create index hotel_country on hotel (country) include (id, stars, kind, amenities, city_tax, city_tax_nights);
create unlogged table hotel_night (
	hotel int not null, day int not null, product smallint not null,
	free smallint not null, price bigint, least smallint not null, arrives boolean not null, departs boolean not null
)`

// searchIndex is made once the table is full.
const searchIndex = `create unique index hotel_night_stay on hotel_night (hotel, day, product) include (free, price, least, arrives, departs)`

// searchSQL has a hole for the column of the place: $1 and $2 are arrival and
// departure, $3 the stars or null, $4 the place.
const searchSQL = `
with priced as materialized (
	select h.id, h.stars, h.kind, h.amenities,
		(2 * cheapest.price + 10000) / 20000 + 2 * h.city_tax * least($2::int - $1::int, h.city_tax_nights) as total
	from hotel h cross join lateral (
		select min(product.price) as price from (
			select (sum(n.price) filter (where n.day < $2))::bigint as price
			from hotel_night n where n.hotel = h.id and n.day between $1 and $2
			group by n.product
			having count(n.price) filter (where n.day < $2 and n.free > 0) = $2 - $1
				and bool_and(n.day <> $1 or n.arrives and n.least <= $2 - $1) and bool_and(n.day <> $2 or n.departs)
		) product
	) cheapest
	where h.%s = $4 and cheapest.price is not null
), hit as materialized (
	select * from priced where $3::int[] is null or stars = any($3)
), page as (
	select id, total from hit order by total, id limit 25
)
select (select count(*) from hit), (select array_agg(id order by total, id) from page), (select array_agg(total order by total, id) from page),
	(select json_object_agg(stars, n) from (select stars, count(*) n from priced group by stars) f),
	(select json_object_agg(kind, n) from (select kind, count(*) n from hit group by kind) f),
	(select json_object_agg(amenity, n) from (select amenity, count(*) n from hit, unnest(amenities) amenity group by amenity) f),
	(select json_object_agg(bar, n) from (select width_bucket(total, 0, 400000, 40) bar, count(*) n from hit group by 1) f)`

// searchServer is PostgreSQL with a world in it.
type searchServer struct {
	conn *pgx.Conn
}

// load puts the world into PostgreSQL.
func (b *searchBench) load(ctx context.Context, c *searched) (_ *searchServer, err error) {
	began := time.Now()
	if _, err := b.server.raw.Exec(ctx, searchTables); err != nil {
		return nil, err
	}
	hotels := func(i int, bundle *store.Bundle) ([][]any, error) {
		return [][]any{hotelRow(i, c.world.townOf(i), bundle.Property.Property)}, nil
	}
	nights := func(i int, bundle *store.Bundle) ([][]any, error) { return nightRows(i, bundle, b.today) }
	err = errors.Join(
		b.copy(ctx, c.world, "hotel", []string{"id", "town", "country", "stars", "kind", "amenities", "city_tax", "city_tax_nights"}, hotels),
		b.copy(ctx, c.world, "hotel_night", []string{"hotel", "day", "product", "free", "price", "least", "arrives", "departs"}, nights),
	)
	for _, statement := range []string{searchIndex, "vacuum analyze hotel", "vacuum analyze hotel_night"} {
		if err == nil {
			_, err = b.server.raw.Exec(ctx, statement)
		}
	}
	if err != nil {
		return nil, err
	}
	pg := new(searchServer)
	if pg.conn, err = pgx.ConnectConfig(ctx, b.server.raw.Config().ConnConfig); err != nil {
		return nil, err
	}
	_, err = pg.conn.Exec(ctx, "set jit = off")
	b.say("PostgreSQL holds the same world after %.0f s", time.Since(began).Seconds())
	return pg, err
}

// copy streams rows of every hotel into a table, while the next hotel's are made.
func (b *searchBench) copy(ctx context.Context, w *searchWorld, table string, columns []string, rows func(int, *store.Bundle) ([][]any, error)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	made := make(chan [][]any, 16)
	go func() {
		defer close(made)
		for i := range w.hotels {
			bundle := w.bundle(i)
			some, err := rows(i, &bundle)
			if err != nil {
				cancel(err)
				return
			}
			select {
			case made <- some:
			case <-ctx.Done():
				return
			}
		}
	}()
	var some [][]any
	_, err := b.server.raw.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		for len(some) == 0 {
			next, more := <-made
			if !more {
				return nil, context.Cause(ctx)
			}
			some = next
		}
		row := some[0]
		some = some[1:]
		return row, nil
	}))
	return err
}

// found is what PostgreSQL answers.
type found struct {
	hits                             int
	page                             []int
	totals                           []int64
	stars, kinds, amenities, inPrice map[string]int
}

func (pg *searchServer) ask(ctx context.Context, b *breadth, q search.Query) (f found, err error) {
	err = pg.conn.QueryRow(ctx, fmt.Sprintf(searchSQL, b.column), int(q.Stay.Arrival), int(q.Stay.Departure), q.Stars, q.PlaceID).
		Scan(&f.hits, &f.page, &f.totals, &f.stars, &f.kinds, &f.amenities, &f.inPrice)
	return f, err
}

func (pg *searchServer) asking(b *breadth) asks {
	return func(ctx context.Context, i int) error {
		_, err := pg.ask(ctx, b, b.simple[i])
		return err
	}
}

// sameTotals holds the number of hits and the totals of a page of PostgreSQL's
// against the index's.
func (b *searchBench) sameTotals(ctx context.Context, c *searched, pg *searchServer) {
	asked, faults := 0, len(b.report.Faults)
	for i := range c.breadths {
		for _, q := range c.breadths[i].simple {
			asked++
			got, err1 := c.index.Search(ctx, q)
			want, err2 := pg.ask(ctx, &c.breadths[i], q)
			if err := errors.Join(err1, err2); err != nil {
				b.report.fault("%s, %v: %v", q.PlaceID, q.Stay, err)
				return
			}
			if want.text() != pageText(got) {
				b.report.fault("%s, %v: the index answers %s, PostgreSQL %s", q.PlaceID, q.Stay, pageText(got), want.text())
			}
		}
	}
	b.say("%d answers held against PostgreSQL's: %d differ", asked, len(b.report.Faults)-faults)
}

func pageText(p search.Page) string {
	text := fmt.Sprint(p.Total, " hits")
	for _, h := range p.Hits {
		text += fmt.Sprint(" ", h.PropertyID, " ", h.Total.Minor)
	}
	return text
}

func (f found) text() string {
	text := fmt.Sprint(f.hits, " hits")
	for i, hotel := range f.page {
		text += fmt.Sprint(" ", hotelID(hotel), " ", f.totals[i])
	}
	return text
}
