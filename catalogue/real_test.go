package catalogue

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

// realFiles are the catalogues of real hotels. They are not part of the
// repository; VACANCY_SHARED says where their folder is.
func realFiles(t *testing.T, pattern string) []string {
	t.Helper()
	root := os.Getenv("VACANCY_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	files, err := filepath.Glob(filepath.Join(root, "data", "hotel-catalogue", pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) > 0 {
		return files
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("no real hotels below %s; set VACANCY_SHARED", root)
	}
	t.Skipf("no real hotels below %s; set VACANCY_SHARED", root)
	return nil
}

func TestRealHotels(t *testing.T) {
	rows, zones, rejected := 0, map[string]int{}, []string(nil)
	for _, path := range realFiles(t, "*.ndjson*") {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for row, err := range Read(t.Context(), file, filepath.Base(path)) {
			var rejection *Rejection
			if err != nil && !errors.As(err, &rejection) {
				t.Fatal(err)
			}
			rows++
			if rejection != nil {
				rejected = append(rejected, rejection.Error())
				continue
			}
			zones[row.Source+" "+row.Zone]++
			if err := row.Property("ten_a").Check(); err != nil {
				t.Errorf("%s:%d: %v", row.File, row.Line, err)
			}
		}
		_ = file.Close()
	}
	// "1st St Lofts" in Paris, Texas, says that it is in France.
	want := []string{"osm-paris-2026.ndjson.gz:764: coordinates are in US, far from the country given"}
	if diff := cmp.Diff(want, rejected); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	if rows != 3_158 {
		t.Errorf("%d rows; want 3158", rows)
	}
	for key, want := range map[string]int{
		"osm-paris-2026 Europe/Paris": 879, "osm-tokyo-2023 Asia/Tokyo": 286, "osm-maldives-2023 Indian/Maldives": 442,
		"osm-malta-2018 Europe/Malta": 213, "stb-singapore-2021 Asia/Singapore": 353, "osm-andorra-2013 Europe/Andorra": 37,
		"osm-monaco-2012 Europe/Monaco": 12, "dc-gis-2016 America/New_York": 110, "osm-brittany-2021 Europe/Paris": 93,
	} {
		if zones[key] != want {
			t.Errorf("%d rows of %s; want %d", zones[key], key, want)
		}
	}
}

func TestRealHotelsImport(t *testing.T) {
	if testing.Short() {
		t.Skip("imports hundreds of hotels")
	}
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "hotels.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	files := slices.Concat(realFiles(t, "osm-malta*"), realFiles(t, "osm-monaco*"), realFiles(t, "multiwoz*.json"))
	options := Options{Store: s, TenantID: "ten_a", Now: now}
	first, err := Import(t.Context(), options, files...)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rows: %d imported, %d duplicates, %d rejected", first.Rows, first.Imported, first.Duplicates, first.Rejected)
	if first.Rows != 213+12+33 || first.Rows != first.Imported+first.Duplicates+first.Rejected || first.Rejected != 0 {
		t.Error("the sums are wrong")
	}
	again, err := Import(t.Context(), options, files...)
	if err != nil {
		t.Fatal(err)
	}
	if again.Imported != 0 || again.Unchanged != first.Imported || again.Duplicates != first.Imported+first.Duplicates {
		t.Errorf("the second import: %d imported, %d unchanged", again.Imported, again.Unchanged)
	}
}
