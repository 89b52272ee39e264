package sqlitestore_test

import (
	"database/sql"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

var update = flag.Bool("update", false, "write schema.sql and documents.txt anew")

// The schema that the migrations lead to is checked in, so that a review sees
// what a migration makes of the whole.
func TestSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vacancy.db")
	open(t, path, sqlitestore.Options{})
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	rows, err := db.Query(`SELECT sql FROM sqlite_schema
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' ORDER BY tbl_name, type DESC, name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var dump strings.Builder
	dump.WriteString("-- What the migrations lead to. Written by: go test ./store/sqlitestore -run TestSchema -update\n")
	for rows.Next() {
		var statement string
		if err := rows.Scan(&statement); err != nil {
			t.Fatal(err)
		}
		dump.WriteString("\n" + statement + ";\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	golden(t, "schema.sql", dump.String())
}

// A document holds the exported fields of a type by their names in Go. What
// they are is checked in: a field that is renamed or retyped would be lost from
// every row that was written before, and needs a migration.
func TestDocuments(t *testing.T) {
	seen := make(map[reflect.Type]bool)
	var lines []string
	for _, root := range []any{
		property.Property{},
		property.RoomType{},
		rate.Plan{},
		rate.Calendar{},
		booking.Terms{},
		review.Review{},
		review.Tally{},
	} {
		lines = append(lines, fields(reflect.TypeOf(root), seen)...)
	}
	slices.Sort(lines)
	golden(t, "documents.txt", strings.Join(lines, "\n")+"\n")
}

// fields lists the fields of a struct type and of those within it, except of
// types that write themselves as text.
func fields(of reflect.Type, seen map[reflect.Type]bool) []string {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice || of.Kind() == reflect.Map {
		of = of.Elem()
	}
	marshals := reflect.PointerTo(of).Implements(reflect.TypeFor[json.Marshaler]()) || writesText(of)
	if of.Kind() != reflect.Struct || marshals || seen[of] {
		return nil
	}
	seen[of] = true
	var lines []string
	for _, f := range reflect.VisibleFields(of) {
		if f.IsExported() && !f.Anonymous {
			name := f.Name
			if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag != "" {
				name = tag
			}
			lines = append(lines, of.String()+" "+name+" "+f.Type.String())
			lines = append(lines, fields(f.Type, seen)...)
		}
	}
	return lines
}

func writesText(of reflect.Type) bool {
	_, ok := reflect.PointerTo(of).MethodByName("MarshalText")
	return ok
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name) //nolint:gosec // a file of this package
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-checked in +now; -update writes it):\n%s", name, diff)
	}
}
