package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"slices"

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
		benchOf("search", "From small towns to a country, with all facets: the index against the plain reference, PostgreSQL and the memory's bandwidth, and while hotels change (parts: compare, changes, fresh, cluster, floor)", bench.Search),
		benchOf("coldstart", "Until the search index answers: from the store, and from its snapshot", bench.ColdStart),
		benchOf("classes", "Each class of query by itself, in the index: the world of the demo, and one of 10,000 hotels", bench.Classes),
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
	flags.IntVar(&options.Properties, "properties", 0, "search: hotels of the large world, about 11 kB each, and more while it is read (default 100,000)")
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
	printBreadths(out, report.Breadths)
	for _, bar := range report.Bars {
		verdict, reaches := "misses", "bar"
		if bar.Holds {
			verdict = "holds"
		}
		if bar.Most {
			reaches = "at most"
		}
		fmt.Fprintf(out, "%-52s %7.2f  [%.2f..%.2f]  %s %.4g, goal %.4g: %s\n",
			bar.Name, bar.Value, bar.Min, bar.Max, reaches, bar.Bar, bar.Goal, verdict)
	}
	for _, note := range report.Notes {
		fmt.Fprintf(out, "%-52s %7.2f\n", note.Name, note.Value)
	}
	for _, skipped := range report.Skipped {
		fmt.Fprintln(out, "SKIPPED:", skipped)
	}
	if !report.Valid {
		fmt.Fprintln(out, "the run is void: what was acknowledged is not what the tables hold")
	}
}

// printBreadths is a table of searches by how wide they look, with the median
// and the worst of the rounds' ratios.
func printBreadths(out io.Writer, breadths []bench.Breadth) {
	if len(breadths) == 0 {
		return
	}
	fmt.Fprintf(out, "%-13s %8s %7s %7s %8s %8s %8s %8s  %-17s %-17s %-17s\n",
		"looks in", "of", "hotels", "hits", "KB read", "CPU µs", "p50 µs", "p99 µs", "x the reference", "x PostgreSQL", "over the floor")
	for _, b := range breadths {
		fmt.Fprintf(out, "%-13s %8d %7d %7d %8.0f %8.1f %8.1f %8.1f  %-17s %-17s %-17s\n",
			b.Name, b.World, b.Hotels, b.Hits, float64(b.Bytes)/1000, b.Micros, 1000*b.P50, 1000*b.P99,
			ratiosText(b.Reference, slices.Min[[]float64]), ratiosText(b.Server, slices.Min[[]float64]), ratiosText(b.Floor, slices.Max[[]float64]))
	}
}

func ratiosText(r bench.Ratios, worst func([]float64) float64) string {
	if len(r) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f, worst %.1f", r.Median(), worst(r))
}
