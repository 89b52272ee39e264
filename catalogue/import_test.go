package catalogue

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store"
)

// shelf is a store that keeps what is imported, for counting.
type shelf struct {
	bundles []store.Bundle
	fail    error
}

func (s *shelf) Import(_ context.Context, bundles ...store.Bundle) error {
	if s.fail != nil {
		return s.fail
	}
	s.bundles = append(s.bundles, bundles...)
	return nil
}

func (s *shelf) Properties(_ context.Context, tenantID, after string, limit int) ([]property.Property, error) {
	var page []property.Property
	for _, b := range s.bundles {
		if p := *b.Property.Property; p.TenantID == tenantID && p.ID > after {
			page = append(page, p)
		}
	}
	slices.SortFunc(page, func(a, b property.Property) int { return cmp.Compare(a.ID, b.ID) })
	return page[:min(limit, len(page))], nil
}

func (s *shelf) PropertyBySource(_ context.Context, tenantID, sourceID string) (property.Property, error) {
	for _, b := range s.bundles {
		if p := *b.Property.Property; p.TenantID == tenantID && p.Source.ID == sourceID {
			return p, nil
		}
	}
	return property.Property{}, property.ErrNotFound
}

func (s *shelf) ApplyProperty(_ context.Context, change property.Change) error {
	for _, b := range s.bundles {
		if b.Property.PropertyID == change.PropertyID {
			*b.Property.Property = *change.Property
			return nil
		}
	}
	return property.ErrNotFound
}

var now = time.Date(2027, time.May, 10, 12, 0, 0, 0, time.UTC)

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const sample = `{"id":"a:1","source":"a","licence":"CC0","name":"Hôtel de la Gare","lat":48.8600,"lon":2.3400,"country":"FR"}
{"id":"a:2","name":"","lat":48.86,"lon":2.34,"country":"FR"}
{"id":"a:3","name":"Hôtel de la Gare","lat":48.9600,"lon":2.3400,"country":"FR"}
`

func TestImportCountsEveryRow(t *testing.T) {
	first := writeFile(t, "a.ndjson", sample)
	second := writeFile(t, "b.ndjson", `{"id":"b:1","name":"HOTEL DE LA GARE","lat":48.8609,"lon":2.3401,"country":"FR"}`)
	s := &shelf{}
	var done, total int
	options := Options{Store: s, TenantID: "ten_a", Now: now, Progress: func(d, n int) { done, total = d, n }}
	report, err := Import(t.Context(), options, first, second)
	if err != nil {
		t.Fatal(err)
	}
	if report.Rows != 4 || report.Imported != 2 || report.Duplicates != 1 || report.Rejected != 1 || report.Unchanged != 0 {
		t.Errorf("report %+v", report)
	}
	want := Duplicate{File: "b.ndjson", Line: 1, ID: "b:1", PropertyID: s.bundles[0].Property.PropertyID, Of: "a:1"}
	if len(report.DuplicateRows) != 1 || report.DuplicateRows[0] != want {
		t.Errorf("duplicates %+v; want %+v", report.DuplicateRows, want)
	}
	if len(report.RejectedRows) != 1 || report.RejectedRows[0] != (Rejection{"a.ndjson", 2, "name missing"}) {
		t.Errorf("rejected %+v", report.RejectedRows)
	}
	if done != total || total == 0 {
		t.Errorf("progress ended at %d of %d", done, total)
	}
	again, err := Import(t.Context(), options, first, second)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.bundles) != 2 || again.Imported != 0 || again.Duplicates != 3 || again.Unchanged != 2 || again.Rejected != 1 {
		t.Errorf("the second import: %+v, %d properties", again, len(s.bundles))
	}
}

func TestImportStopsWhenTheStoreFails(t *testing.T) {
	s := &shelf{fail: os.ErrDeadlineExceeded}
	report, err := Import(t.Context(), Options{Store: s, TenantID: "ten_a", Now: now}, writeFile(t, "a.ndjson", sample))
	if err == nil || report.Imported != 0 || report.Rows != 1 {
		t.Errorf("report %+v, %v", report, err)
	}
	if _, err := Import(t.Context(), Options{Store: s, TenantID: "ten_a", Now: now}, "no such file"); err == nil {
		t.Error("a file that is not there is no error")
	}
}

// TestImportConflict: another import was faster; its hotel stays.
func TestImportConflict(t *testing.T) {
	s := &shelf{fail: property.ErrConflict}
	report, err := Import(t.Context(), Options{Store: s, TenantID: "ten_a", Now: now}, writeFile(t, "a.ndjson", sample))
	if err != nil || report.Unchanged != 2 || report.Rows != report.Imported+report.Duplicates+report.Rejected {
		t.Errorf("report %+v, %v", report, err)
	}
}

// TestChangedSourceUpdatesContent: what the source says now is taken over, what
// the house decides itself stays.
func TestChangedSourceUpdatesContent(t *testing.T) {
	s := &shelf{}
	options := Options{Store: s, TenantID: "ten_a", Now: now}
	row := `{"id":"a:1","source":"a","licence":"CC0","name":"Hôtel de la Gare","lat":48.86,"lon":2.34,"country":"FR","stars":%s}`
	load := func(stars string) Report {
		t.Helper()
		report, err := Import(t.Context(), options, writeFile(t, "a.ndjson", strings.Replace(row, "%s", stars, 1)))
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	load("3")
	s.bundles[0].Property.Property.TermsVersion = "the desk's own"
	if report := load("3"); report.Unchanged != 1 || report.Updated != 0 {
		t.Errorf("the same again: %+v", report)
	}
	report := load("4")
	p := s.bundles[0].Property.Property
	if report.Updated != 1 || report.Duplicates != 1 || report.Imported != 0 || len(s.bundles) != 1 {
		t.Errorf("four stars now: %+v", report)
	}
	if p.Stars != 4 || p.TermsVersion != "the desk's own" {
		t.Errorf("%d stars, terms %q", p.Stars, p.TermsVersion)
	}
	if report := load("4"); report.Unchanged != 1 {
		t.Errorf("the new again: %+v", report)
	}
}
