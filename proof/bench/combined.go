package bench

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/vacancyhq/vacancy/inventory"
)

// gather is request combining in its smallest form, over the two rows that the
// other schemes write: who comes while a statement is under way waits for the
// next one, and goes in it together with everyone else who waited.
type gather struct {
	pool *pgxpool.Pool

	mu     sync.Mutex
	queue  []*sale
	flying bool
}

// sale is one request that waits.
type sale struct {
	night int
	id    string
	done  chan error
}

const gatherAtMost = 64

func (g *gather) take(ctx context.Context, night int, n int64) error {
	mine := &sale{night: night, id: serialID("bkg", n), done: make(chan error, 1)}
	g.mu.Lock()
	g.queue = append(g.queue, mine)
	if !g.flying {
		g.flying = true
		go g.fly(ctx)
	}
	g.mu.Unlock()
	return <-mine.done
}

func (g *gather) fly(ctx context.Context) {
	for {
		g.mu.Lock()
		batch := g.queue[:min(len(g.queue), gatherAtMost)]
		g.queue = g.queue[len(batch):]
		g.flying = len(batch) > 0
		g.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		won, err := g.sell(ctx, batch)
		for _, s := range batch {
			switch {
			case err != nil:
				s.done <- err
			case won[s.id]:
				s.done <- nil
			default:
				s.done <- inventory.ErrSoldOut
			}
		}
	}
}

// sellTogether gives the rooms of a night to the first who asked for it. The
// night is locked once for all of them, and the commit flushed once.
const sellTogether = `
	with asked as (
		select id, night, row_number() over (partition by night order by place) as rank
		from unnest($1::text[], $2::integer[]) with ordinality as a (id, night, place)
	), locked as (
		select night, cap - sold as free from locking_night
		where night = any ($2::integer[]) and sold < cap order by night for update
	), won as (
		select a.id, a.night from asked a join locked l on l.night = a.night where a.rank <= l.free
	), counted as (
		update locking_night n set sold = sold + w.rooms
		from (select night, count(*) as rooms from won group by night) w
		where n.night = w.night and n.sold + w.rooms <= n.cap
	)
	insert into locking_sale (id, night) select id, night from won returning id`

func (g *gather) sell(ctx context.Context, batch []*sale) (map[string]bool, error) {
	ids, nights := make([]string, len(batch)), make([]int, len(batch))
	for i, s := range batch {
		ids[i], nights[i] = s.id, s.night
	}
	rows, err := g.pool.Query(ctx, sellTogether, ids, nights)
	if err != nil {
		return nil, err
	}
	won := make(map[string]bool)
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		won[id] = true
	}
	return won, rows.Err()
}
