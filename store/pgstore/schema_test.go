package pgstore

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/internal/pgtest"
)

var update = flag.Bool("update", false, "write schema.sql from the migrations")

// schema.sql is what the migrations lead to, for those who read it or review a
// change of it; every supported server must agree on it.
func TestSchemaFile(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		got := dump(t, open(t, server.Database(t), Options{}))
		if *update {
			if err := os.WriteFile("schema.sql", []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile("schema.sql")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("schema.sql is not what the migrations make; go test ./store/pgstore -run SchemaFile -update\n%s", diff)
		}
	})
}

// dumpSQL writes the schema from the catalogue, in words that all versions
// share: PostgreSQL 18 also keeps NOT NULL as constraints, which the columns say.
const dumpSQL = `
with tables as (
	select c.oid, c.relname from pg_class c
	where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'schema_version'
), lines as (
	select t.relname, 1 as part, a.attnum::text as place, '    ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
		|| case when a.attcollation not in (0, 100) then ' collate ' || quote_ident(l.collname) else '' end
		|| case when a.attnotnull then ' not null' else '' end
		|| case when a.attidentity <> '' then ' generated always as identity' else '' end as line
	from tables t join pg_attribute a on a.attrelid = t.oid left join pg_collation l on l.oid = a.attcollation
	where a.attnum > 0 and not a.attisdropped
	union all
	select t.relname, 2, case k.contype when 'p' then '1' when 'f' then '2' else '3' end || k.conname,
		'    constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
	from tables t join pg_constraint k on k.conrelid = t.oid
	where k.contype in ('p', 'f', 'c', 'u')
)
select 'create table ' || relname || E' (\n' || string_agg(line, E',\n' order by part, lpad(place, 80)) || E'\n);\n'
	|| coalesce((select string_agg(replace(pg_get_indexdef(i.indexrelid), 'public.', '') || E';\n', '' order by x.relname)
		from pg_index i join pg_class x on x.oid = i.indexrelid join tables t on t.oid = i.indrelid
		where t.relname = lines.relname and not i.indisprimary), '')
from lines group by relname
union all
select pg_get_functiondef(p.oid) || E';\n' from pg_proc p where p.pronamespace = 'public'::regnamespace
order by 1`

func dump(t *testing.T, s *Store) string {
	t.Helper()
	rows, err := s.pool.Query(t.Context(), dumpSQL)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return "-- What the migrations lead to. Written by: go test ./store/pgstore -run SchemaFile -update\n\n" + strings.Join(parts, "\n")
}

// Processes of an app start at once, on an empty database too.
func TestMigrateTogether(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		errs := make(chan error)
		for range 4 {
			s, err := Open(t.Context(), dsn, Options{PoolSize: 2})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			go func() { errs <- s.Migrate(t.Context()) }()
		}
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}
