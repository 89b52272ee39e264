package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/proof/bench"
)

func benchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure what is promised of speed, as ratios to a peer in the same run",
	}
	cmd.AddCommand(
		benchOf("booking", "Whole bookings against the durable insert of one row; SQLite combined against single (parts: 128, 32, 8, pairs, http, sqlite)", bench.Booking),
		benchOf("hotroom", "Everyone after one room, and the last room, against the textbook transaction (parts: hot, last)", bench.HotRoom),
		benchOf("locking", "The last room under every scheme of locking, and without one (docs/locking.md)", bench.Locking),
		benchOf("places", "What a guest typed, among 135,000 places and a million properties", bench.Places),
		benchOf("peer-mix", "The request mix of DeathStarBench's hotelReservation over HTTP, with durable writes", bench.PeerMix(servePeer)),
		benchOf("search", "A large city with all facets: the index against the plain reference, against PostgreSQL, and while hotels change", bench.Search),
		benchOf("http", "A page of 25 hits over HTTP: what the doors take beside the index's own time", bench.HTTP(servePeer)),
		benchWebCommand(),
	)
	return cmd
}

func benchOf(name, short string, run func(context.Context, bench.Options) (*bench.Report, error)) *cobra.Command {
	var options bench.Options
	var asJSON bool
	var profile string
	cmd := &cobra.Command{
		Use:   name,
		Short: short,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options.Out = os.Stderr
			var err error
			if options.Program, err = os.Executable(); err != nil {
				return err
			}
			report, err := profiled(profile, func() (*bench.Report, error) { return run(cmd.Context(), options) })
			if err != nil {
				return err
			}
			if asJSON {
				err = printJSON(cmd.OutOrStdout(), report)
			} else {
				printBars(cmd.OutOrStdout(), report)
			}
			if err == nil && (!report.Valid || !options.Quick && !report.Holds()) {
				err = errSilent
			}
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&options.DSN, "dsn", "", "PostgreSQL server to measure on, which gets a database for the time; none: a private server is started")
	flags.IntVar(&options.Major, "pg", 0, "major version of the private server (default 15)")
	flags.IntVar(&options.Rounds, "rounds", 0, "rounds of slices (default 5)")
	flags.IntSliceVar(&options.Rates, "rate", nil, "peer-mix: requests a second to ask for, one slice each (default: a quarter and a half of what was reached)")
	flags.StringSliceVar(&options.Only, "only", nil, "parts of the bench to measure; none: all")
	flags.BoolVar(&options.Quick, "quick", false, "smoke run: everything once and small; bars are not judged")
	flags.StringVar(&profile, "cpuprofile", "", "write a CPU profile of this process to a file")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// profiled writes a CPU profile of a run to a file, where one is named.
func profiled[R any](file string, run func() (R, error)) (report R, err error) {
	if file == "" {
		return run()
	}
	out, err := os.Create(file)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := pprof.StartCPUProfile(out); err != nil {
		return report, err
	}
	defer pprof.StopCPUProfile()
	return run()
}

func printBars(out io.Writer, report *bench.Report) {
	fmt.Fprintf(out, "%s; other processes used %.0f %% of it\n", report.Machine, 100*report.Others)
	for _, fault := range report.Faults {
		fmt.Fprintln(out, "FAULT:", fault)
	}
	if len(report.Schemes) > 0 {
		fmt.Fprintf(out, "%-28s %10s %9s %9s %9s %9s\n", "scheme", "answers/s", "p50 ms", "p99 ms", "retries", "oversold")
	}
	for _, s := range report.Schemes {
		fmt.Fprintf(out, "%-28s %10.0f %9.1f %9.1f %9.2f %9d\n", s.Name, s.Rate, s.P50, s.P99, s.Retries, s.Oversold)
	}
	for _, bar := range report.Bars {
		verdict := "misses"
		if bar.Holds {
			verdict = "holds"
		}
		fmt.Fprintf(out, "%-52s %7.2f  [%.2f..%.2f]  bar %.4g, goal %.4g: %s\n",
			bar.Name, bar.Value, bar.Min, bar.Max, bar.Bar, bar.Goal, verdict)
	}
	for _, note := range report.Notes {
		fmt.Fprintf(out, "%-52s %7.2f\n", note.Name, note.Value)
	}
	if !report.Valid {
		fmt.Fprintln(out, "the run is void: what was acknowledged is not what the tables hold")
	}
}
