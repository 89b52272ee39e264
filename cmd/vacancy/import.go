package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/catalogue"
	"github.com/vacancyhq/vacancy/store"
)

func importCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "import", Short: "Load properties from files"}
	cmd.AddCommand(importHotelsCommand())
	return cmd
}

func importHotelsCommand() *cobra.Command {
	var url, tenant string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "hotels FILE...",
		Short: "Load hotels from NDJSON or GeoJSON files, plain or gzipped",
		Long: `Load hotels from NDJSON files, plain or gzipped: one object a line with id, name, lat, lon
and what else is known. Rooms, rates and stock that a source lacks are generated and
marked as such. A hotel that was loaded before gets what its source says now, and keeps
its rooms, rates, stock and bookings; an import that was interrupted is simply run again.
MultiWOZ JSON and OpenStreetMap GeoJSON are read as well.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			s, err := openMigrated(cmd.Context(), url)
			if err != nil {
				return err
			}
			report, err := importHotels(cmd.Context(), s, tenant, files, cmd.ErrOrStderr())
			if err := errors.Join(err, s.Close()); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), report)
			}
			return printImport(cmd.OutOrStdout(), report)
		},
	}
	databaseFlag(cmd, &url)
	cmd.Flags().StringVar(&tenant, "tenant", "", "id of the tenant that gets them; the only or first one when empty, made when there is none")
	cmd.Flags().BoolVar(&asJSON, "json", false, jsonHelp)
	return cmd
}

func importHotels(ctx context.Context, s store.Store, tenant string, files []string, progress io.Writer) (catalogue.Report, error) {
	tenant, err := tenantFor(ctx, s, tenant)
	if err != nil {
		return catalogue.Report{}, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return catalogue.Report{}, err
	}
	bar := newBar(progress, "hotels")
	defer bar.done()
	return catalogue.Import(ctx, catalogue.Options{Store: s, TenantID: tenant, Now: now, Progress: bar.set}, files...)
}

// tenantFor is the tenant that new properties belong to.
func tenantFor(ctx context.Context, s store.Store, wanted string) (string, error) {
	tenants, err := s.Tenants(ctx)
	if err != nil {
		return "", err
	}
	for _, t := range tenants {
		if wanted == "" || t.ID == wanted {
			return t.ID, nil
		}
	}
	if wanted != "" {
		return "", fmt.Errorf("--tenant: %w", account.ErrNotFound)
	}
	ids, err := newIDs(defaultRegion)
	if err != nil {
		return "", err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return "", err
	}
	house := account.Tenant{ID: ids.ID("ten"), Name: "House", CreatedAt: now}
	return house.ID, s.ApplyAccount(ctx, account.Change{Tenants: []account.Tenant{house}})
}

func printImport(out io.Writer, r catalogue.Report) error {
	for _, x := range r.RejectedRows {
		fmt.Fprintf(out, "%s:%d: %s\n", x.File, x.Line, x.Reason)
	}
	_, err := fmt.Fprintf(out, "%d rows: %d imported, %d duplicates (imported before: %d unchanged, %d updated), %d rejected\n",
		r.Rows, r.Imported, r.Duplicates, r.Unchanged, r.Updated, r.Rejected)
	return err
}

// bar is a progress line that redraws itself on a terminal and is silent elsewhere.
type bar struct {
	out   io.Writer
	what  string
	live  bool
	drawn time.Time
}

const redraw = 100 * time.Millisecond

func newBar(out io.Writer, what string) *bar {
	file, ok := out.(*os.File)
	if !ok {
		return &bar{}
	}
	info, err := file.Stat()
	return &bar{out: out, what: what, live: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (b *bar) set(done, total int) {
	if !b.live || (time.Since(b.drawn) < redraw && done != total) {
		return
	}
	b.drawn = time.Now()
	const width = 30
	filled := 0
	if total > 0 {
		filled = width * done / total
	}
	fmt.Fprintf(b.out, "\r%s [%-*s] %d/%d", b.what, width, "##############################"[:filled], done, total)
}

func (b *bar) done() {
	if b.live && !b.drawn.IsZero() {
		fmt.Fprintln(b.out)
	}
}
