package sqlitestore

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// selectCounts writes the nights of a room type into one text: a row costs more
// to bring over than to read in place.
const selectCounts = `
	SELECT property_id, room_type_id, group_concat(night || ' ' || max(0, cap - sold - held - blocked) || ' ' || version)
	FROM night
	WHERE property_id >= ? AND property_id <= ? AND night >= ? AND night < ?
	GROUP BY property_id, room_type_id`

// Counts lists the free rooms in [from, to) of the properties first to last, by id.
func (s *Store) Counts(ctx context.Context, first, last string, from, to stay.Date) (counts []inventory.Counts, err error) {
	err = s.read(ctx, "counts", func(ctx context.Context, c *conn) error {
		counts, err = list(ctx, c, scanCounts, selectCounts, first, last, int64(from), int64(to))
		return err
	})
	return counts, err
}

func scanCounts(row scanner) (c inventory.Counts, err error) {
	var nights string
	if err := row.Scan(&c.PropertyID, &c.RoomTypeID, &nights); err != nil {
		return c, err
	}
	c.Nights = make([]inventory.Count, 0, strings.Count(nights, ",")+1)
	for nights != "" {
		var one string
		one, nights, _ = strings.Cut(nights, ",")
		count, err := parseCount(one)
		if err != nil {
			return c, err
		}
		c.Nights = append(c.Nights, count)
	}
	return c, nil
}

func parseCount(text string) (inventory.Count, error) {
	night, rest, _ := strings.Cut(text, " ")
	free, version, _ := strings.Cut(rest, " ")
	n, err1 := strconv.Atoi(night)
	f, err2 := strconv.Atoi(free)
	v, err3 := strconv.ParseInt(version, 10, 64)
	if err1 != nil || err2 != nil || err3 != nil {
		return inventory.Count{}, fmt.Errorf("sqlitestore: %q is no count of a night", text)
	}
	return inventory.Count{Night: stay.Date(n), Free: f, Version: v}, nil
}
