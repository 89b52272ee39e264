package main

import (
	"context"
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
		benchOf("booking", "Whole bookings against the durable insert of one row; SQLite combined against single", bench.Booking),
		benchOf("places", "What a guest typed, among 135,000 places and a million properties", bench.Places),
		benchOf("hotroom", "Everyone after one room, and the last room, against the textbook transaction", bench.HotRoom),
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
			if profile != "" {
				file, err := os.Create(profile)
				if err != nil {
					return err
				}
				defer file.Close()
				if err := pprof.StartCPUProfile(file); err != nil {
					return err
				}
				defer pprof.StopCPUProfile()
			}
			report, err := run(cmd.Context(), options)
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
	flags.BoolVar(&options.Quick, "quick", false, "smoke run: everything once and small; bars are not judged")
	flags.StringVar(&profile, "cpuprofile", "", "write a CPU profile of this process to a file")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func printBars(out io.Writer, report *bench.Report) {
	fmt.Fprintf(out, "%s; other processes used %.0f %% of it\n", report.Machine, 100*report.Others)
	for _, fault := range report.Faults {
		fmt.Fprintln(out, "FAULT:", fault)
	}
	for _, bar := range report.Bars {
		verdict := "misses"
		if bar.Holds {
			verdict = "holds"
		}
		fmt.Fprintf(out, "%-52s %7.2f  [%.2f..%.2f]  bar %g, goal %g: %s\n",
			bar.Name, bar.Value, bar.Min, bar.Max, bar.Bar, bar.Goal, verdict)
	}
	for _, note := range report.Notes {
		fmt.Fprintf(out, "%-52s %7.2f\n", note.Name, note.Value)
	}
	if !report.Valid {
		fmt.Fprintln(out, "the run is void: what was acknowledged is not what the tables hold")
	}
}
