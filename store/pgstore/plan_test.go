package pgstore

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/pgtest"
)

// A plan that was made while the tables were empty is kept when they are full, so
// that no statement of a batch may read a table or an index from end to end.
func TestPlansOfEmptyTables(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		s := open(t, server.Database(t), Options{})
		if _, err := s.pool.Exec(t.Context(), `vacuum analyze`); err != nil {
			t.Fatal(err)
		}
		args, err := applyArgs(0, []booking.Change{booked("prop_000", "b1", 0, 2)})
		if err != nil {
			t.Fatal(err)
		}
		for name, sql := range map[string]string{"new": batchNew, "old": batchOld, "any": batchAny} {
			wantLookedUp(t, name, explain(t, s, sql, args[:batchArgs]))
		}
		for name, step := range map[string]step{
			"seen": stepSeen, "replace": stepReplace, "count": stepCount, "beyond": stepBeyond,
		} {
			wantLookedUp(t, "step "+name, explain(t, s, step.sql, step.of(args)))
		}
	})
}

func explain(t *testing.T, s *Store, sql string, args []any) []string {
	t.Helper()
	rows, err := s.pool.Query(t.Context(), "explain "+sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// wantLookedUp checks that each index scan of a table that grows has a condition
// on its whole key.
func wantLookedUp(t *testing.T, name string, plan []string) {
	t.Helper()
	for i, line := range plan {
		grows := slices.ContainsFunc([]string{" on request ", " on booking ", " on room_stay "}, func(table string) bool {
			return strings.Contains(line, table)
		})
		if !grows || !strings.Contains(line, "Scan") {
			continue
		}
		if strings.Contains(line, "Seq Scan") || i+1 == len(plan) || !strings.Contains(plan[i+1], "Cond:") {
			t.Error(fmt.Sprintf("%s reads a table from end to end:\n", name) + strings.Join(plan[i:min(i+4, len(plan))], "\n"))
		}
	}
}
