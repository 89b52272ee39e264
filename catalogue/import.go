package catalogue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/world"
)

// Store is what an import needs of persistence.
type Store interface {
	Import(ctx context.Context, bundles ...store.Bundle) error
	Properties(ctx context.Context, tenantID, after string, limit int) ([]property.Property, error)
	PropertyBySource(ctx context.Context, tenantID, sourceID string) (property.Property, error)
	ApplyProperty(ctx context.Context, change property.Change) error
}

// Options of an import.
type Options struct {
	Store    Store
	TenantID string    // whose properties they become
	Now      time.Time // from which each house's own today follows
	Region   string    // two letters in the ids; "" reads as "eu"

	// Progress is told how many of how many lines were read; nil tells nobody.
	Progress func(done, total int)
}

// Report is what became of the rows: Rows = Imported + Duplicates + Rejected.
type Report struct {
	Rows       int `json:"rows"`
	Imported   int `json:"imported"`
	Duplicates int `json:"duplicates"` // of a property that there is: the same source id, or the same name within 150 m
	Rejected   int `json:"rejected"`

	Unchanged     int         `json:"unchanged"` // those of Duplicates that were imported before and say nothing new
	Updated       int         `json:"updated"`   // those of Duplicates that were imported before and say something else now
	DuplicateRows []Duplicate `json:"duplicate_rows"`
	RejectedRows  []Rejection `json:"rejected_rows"`
}

// Duplicate is a row for a house that there is under another source id: it is
// linked, not imported.
type Duplicate struct {
	File       string `json:"file"`
	Line       int    `json:"line"`
	ID         string `json:"id"`
	PropertyID string `json:"property_id"` // of the one that was first
	Of         string `json:"of"`          // its source id
}

// Import puts the hotels of the files on sale. A row whose source id is there
// already updates the house's content when the source says something else than
// before, and never its rooms, rates, stock or bookings: importing twice changes
// nothing, and an import that was interrupted is simply run again. An error (a file that cannot be read, a
// store that fails) ends it; the report says how far it came.
func Import(ctx context.Context, o Options, files ...string) (Report, error) {
	report := Report{DuplicateRows: []Duplicate{}, RejectedRows: []Rejection{}}
	known, err := load(ctx, o.Store, o.TenantID)
	if err != nil {
		return report, err
	}
	run := &importing{options: o, known: known, report: &report}
	lines := make([]int, len(files))
	for i, path := range files {
		if lines[i], err = countLines(ctx, path); err != nil {
			return report, err
		}
		run.total += lines[i]
	}
	for i, path := range files {
		if err := run.file(ctx, path); err != nil {
			return report, err
		}
		run.before += lines[i]
	}
	run.progress(run.total)
	return report, nil
}

type importing struct {
	options Options
	known   *known
	report  *Report
	total   int // lines
	before  int // lines of the files that are done
}

func (i *importing) file(ctx context.Context, path string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	last := 0
	for row, err := range Read(ctx, in, filepath.Base(path)) {
		var rejection *Rejection
		switch {
		case errors.As(err, &rejection):
			i.report.Rows++
			i.report.Rejected++
			i.report.RejectedRows = append(i.report.RejectedRows, *rejection)
			last = rejection.Line
		case err != nil:
			return err
		default:
			if err := i.row(ctx, row); err != nil {
				return fmt.Errorf("%s:%d: %w", row.File, row.Line, err)
			}
			last = row.Line
		}
		i.progress(i.before + last)
	}
	return nil
}

func (i *importing) progress(done int) {
	if i.options.Progress != nil {
		i.options.Progress(min(done, i.total), i.total)
	}
}

// row imports one house, or tells which one it is already.
func (i *importing) row(ctx context.Context, row Row) error {
	i.report.Rows++
	if digest, ok := i.known.digest(row.ID); ok {
		return i.seen(ctx, row, digest)
	}
	if first, ok := i.known.near(row.Name, row.Lat, row.Lon); ok {
		i.report.Duplicates++
		i.report.DuplicateRows = append(i.report.DuplicateRows, Duplicate{
			File: row.File, Line: row.Line, ID: row.ID, PropertyID: first.propertyID, Of: first.sourceID,
		})
		return nil
	}
	bundle, err := i.bundle(row)
	if err != nil {
		i.report.Rejected++
		i.report.RejectedRows = append(i.report.RejectedRows, Rejection{File: row.File, Line: row.Line, Reason: err.Error()})
		return nil
	}
	err = i.options.Store.Import(ctx, bundle)
	switch {
	case errors.Is(err, property.ErrConflict): // another import of the same file, at the same time
		i.unchanged()
	case err != nil:
		return err
	default:
		i.report.Imported++
	}
	i.known.add(*bundle.Property.Property)
	return nil
}

func (i *importing) unchanged() {
	i.report.Duplicates++
	i.report.Unchanged++
}

// bundle completes the row; what the nouns would refuse is refused here, before
// the store sees it.
func (i *importing) bundle(row Row) (store.Bundle, error) {
	zone, err := stay.Zone(row.Zone)
	if err != nil {
		return store.Bundle{}, err
	}
	today := stay.On(i.options.Now, zone)
	facts := row.Property(i.options.TenantID)
	facts.Source.Digest = digest(facts)
	bundle := world.Complete(facts, row.hints(today, i.options.Region))
	return bundle, bundle.Property.Property.Check()
}

// countLines is how many lines a file has, for the progress bar.
func countLines(ctx context.Context, path string) (int, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	in, err := open(file)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	count := &lineCount{}
	if _, err := io.Copy(count, in); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return count.lines, ctx.Err()
}

type lineCount struct{ lines int }

// Write counts, so that io.Copy can be the loop.
func (c *lineCount) Write(p []byte) (int, error) {
	for _, b := range p {
		if b == '\n' {
			c.lines++
		}
	}
	return len(p), nil
}
