package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/vacancyhq/vacancy/proof/bench"
	"github.com/vacancyhq/vacancy/store"
)

// Sizes of the worlds that pages are measured on.
const (
	webHotels      = 10_000
	webHotelsQuick = 300
	webNights      = 120 // nights beyond are asked for by no page here, and would be most of the file
)

func benchWebCommand() *cobra.Command {
	var quick, asJSON bool
	var profile string
	var options bench.WebOptions
	flags := demoFlags{nights: webNights, seed: 1}
	flags.region = defaultRegion
	cmd := &cobra.Command{
		Use:   "web",
		Short: "Each page of the guest site against the search API's own time, on a made-up world",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options.Out = os.Stderr
			if quick {
				flags.properties, options.Rounds = min(flags.properties, webHotelsQuick), 10
			}
			report, err := benchWeb(cmd.Context(), flags, options, profile)
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
	cmd.Flags().IntVar(&flags.nights, "nights", webNights, "for how many nights rooms are on sale")
	cmd.Flags().IntVar(&options.Rounds, "rounds", 0, "requests of each page (default 300)")
	cmd.Flags().StringVar(&profile, "cpuprofile", "", "write a CPU profile of the asking and the serving to a file")
	return cmd
}

// benchWeb makes a world up in a file, serves it, and asks for its pages.
func benchWeb(ctx context.Context, flags demoFlags, options bench.WebOptions, profile string) (*bench.WebReport, error) {
	folder, err := os.MkdirTemp("", "vacancy-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	s, err := openMigrated(ctx, sqliteScheme+filepath.Join(folder, "bench.db"))
	if err != nil {
		return nil, err
	}
	report, err := benchWebOn(ctx, s, flags, options, profile)
	return report, errors.Join(err, s.Close())
}

func benchWebOn(ctx context.Context, s store.Store, flags demoFlags, options bench.WebOptions, profile string) (*bench.WebReport, error) {
	if _, err := populate(ctx, s, flags, options.Out); err != nil {
		return nil, err
	}
	a, err := newApp(ctx, s, settings{region: flags.region, trustedProxies: loopback, logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := a.index.CatchUp(ctx); err != nil {
		return nil, err
	}
	var report *bench.WebReport
	err = a.serveWhile(ctx, func(address string) (err error) {
		options.Site = "http://" + address
		report, err = profiled(profile, func() (*bench.WebReport, error) { return bench.Web(ctx, options) })
		return err
	})
	if err != nil {
		return nil, err
	}
	report.Hotels = flags.properties
	return report, nil
}

// serveWhile opens the doors while something runs, with the index following the
// store and without the other loops: they would move this small world's horizon
// to 730 nights, which is most of an hour's work, and that would be measured.
func (a *app) serveWhile(ctx context.Context, run func(address string) error) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: a.handler, ReadHeaderTimeout: headerTimeout}
	following, stop := context.WithCancel(ctx)
	var group errgroup.Group
	group.Go(func() error { return unless(a.index.Run(following), context.Canceled) })
	group.Go(func() error { return unless(server.Serve(listener), http.ErrServerClosed) })
	err = run(listener.Addr().String())
	stop()
	return errors.Join(err, server.Close(), group.Wait())
}

// unless is an error that is not the expected one.
func unless(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

func printPages(out io.Writer, report *bench.WebReport) {
	fmt.Fprintf(out, "%s; other processes used %.0f %% of it; %d hotels\n", report.Machine, 100*report.Others, report.Hotels)
	for _, row := range report.Rows {
		fmt.Fprintf(out, "%-12s p50 %7.2f ms x%.2f  p95 %7.2f ms x%.2f  first byte %7.2f ms  CPU %7.2f ms x%.2f  %7d bytes, %6d gzipped\n",
			row.Page, row.P50, row.Median, row.P95, row.Ratio, row.TTFB, row.CPU, row.Spent, row.Bytes, row.Gzipped)
	}
}
