package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/proof/bench"
	"github.com/vacancyhq/vacancy/store"
)

// Sizes of the worlds that pages are measured on.
const (
	webHotels      = 10_000
	webHotelsQuick = 300
)

func benchWebCommand() *cobra.Command {
	var quick, asJSON bool
	var flags demoFlags
	cmd := &cobra.Command{
		Use:   "web",
		Short: "Each page of the guest site against the search API's own time, on a made-up world",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options := bench.WebOptions{Out: os.Stderr}
			if quick {
				flags.properties, options.Rounds = min(flags.properties, webHotelsQuick), 10
			}
			report, err := benchWeb(cmd.Context(), flags, options)
			if err != nil {
				return err
			}
			if asJSON {
				err = printJSON(cmd.OutOrStdout(), report)
			} else {
				printPages(cmd.OutOrStdout(), report)
			}
			if err == nil && !quick && !report.Holds() {
				err = errSilent
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&quick, "quick", false, "smoke run: a small world and few requests; bars are not judged")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().IntVar(&flags.properties, "properties", webHotels, "how many hotels")
	flags.region, flags.seed = defaultRegion, 1
	return cmd
}

// benchWeb makes a world up in a file, serves it, and asks for its pages.
func benchWeb(ctx context.Context, flags demoFlags, options bench.WebOptions) (*bench.WebReport, error) {
	folder, err := os.MkdirTemp("", "vacancy-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	s, err := openMigrated(ctx, sqliteScheme+filepath.Join(folder, "bench.db"))
	if err != nil {
		return nil, err
	}
	report, err := benchWebOn(ctx, s, flags, options)
	return report, errors.Join(err, s.Close())
}

func benchWebOn(ctx context.Context, s store.Store, flags demoFlags, options bench.WebOptions) (*bench.WebReport, error) {
	if _, err := populate(ctx, s, flags, options.Out); err != nil {
		return nil, err
	}
	a, err := newApp(ctx, s, settings{region: flags.region, logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := a.index.CatchUp(ctx); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.serveOn(serving, listener) }()
	options.Site = "http://" + listener.Addr().String()
	report, err := bench.Web(ctx, options)
	stop()
	if err := errors.Join(err, <-ended); err != nil {
		return nil, err
	}
	report.Hotels = flags.properties
	return report, nil
}

func printPages(out io.Writer, report *bench.WebReport) {
	fmt.Fprintf(out, "%s; %d hotels\n", report.Machine, report.Hotels)
	for _, row := range report.Rows {
		fmt.Fprintf(out, "%-12s p50 %7.2f ms  p95 %7.2f ms  first byte %7.2f ms  %7d bytes, %6d gzipped  x%.2f\n",
			row.Page, row.P50, row.P95, row.TTFB, row.Bytes, row.Gzipped, row.Ratio)
	}
}
