package pgstore

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
)

// Documents are stored under the names of the nouns' Go fields. Whoever renames
// or retypes one makes old rows unreadable, silently: this test says so. A new
// field is fine (-update); a lost one needs a migration that rewrites the rows.
func TestDocumentFields(t *testing.T) {
	var lines []string
	for _, document := range []any{
		property.Property{},
		property.RoomType{},
		rate.Plan{},
		rate.Calendar{},
		booking.Terms{},
		review.Review{},
		review.Tally{},
	} {
		kind := reflect.TypeOf(document)
		lines = append(lines, fields(kind.String(), kind)...)
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	const file = "testdata/documents.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the stored documents changed (-stored +now):\n%s", diff)
	}
}

// fields lists the paths to all values in a type, with the kind of each.
func fields(path string, t reflect.Type) []string {
	switch t.Kind() {
	case reflect.Pointer:
		return fields(path, t.Elem())
	case reflect.Slice:
		return fields(path+"[]", t.Elem())
	case reflect.Struct:
		var all []string
		for i := range t.NumField() {
			f := t.Field(i)
			if f.IsExported() {
				all = append(all, fields(path+"."+f.Name, f.Type)...)
			}
		}
		if len(all) > 0 {
			return all
		}
	}
	return []string{fmt.Sprintf("%s %s", path, t)}
}
