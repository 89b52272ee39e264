package pgstore

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vacancyhq/vacancy/booking"
)

// codeRefused is what the function refuse of the schema raises.
const codeRefused = "VC001"

// hope applies changes in the hope that nothing stands against them: a short
// statement for each table (applystep.go), all sent at once, which are one
// transaction that ends with the last of them. One long statement that judges
// first costs the server half as much again to begin, and more for each row.
//
// What is refused leaves nothing, and has to be judged: the problems only tell
// that there are some, but for requests that were applied before. When the
// connection breaks it is named, as by applyOnce.
func (s *Store) hope(ctx context.Context, changes []booking.Change, args []any) (found problems, lost string, err error) {
	conn, err := s.acquire(ctx)
	if err != nil {
		return nil, "", err
	}
	defer conn.Release()
	name := conn.Conn().PgConn().ParameterStatus("application_name")
	var batch pgx.Batch
	for _, step := range stepsFor(changes, len(args[nightsArg].([]string))) {
		batch.Queue(step.sql, step.of(args)...)
	}
	err = conn.SendBatch(ctx, &batch).Close()
	if broke(conn.Conn(), err) {
		return nil, name, err
	}
	if refused := new(pgconn.PgError); errors.As(err, &refused) && refused.Code == codeRefused {
		return refusals(refused), "", nil
	}
	return nil, "", err
}

// refusals reads what stands in the way.
func refusals(refused *pgconn.PgError) problems {
	if refused.Message != "seen" {
		return problems{{about: refused.Message}}
	}
	var found problems
	for number := range strings.FieldsSeq(refused.Detail) {
		n, _ := strconv.Atoi(number) // The schema's own words.
		found = append(found, problem{about: "booking", why: "seen", booking: n})
	}
	return found
}
