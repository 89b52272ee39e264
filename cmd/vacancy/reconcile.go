package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/booking"
)

func reconcileCommand() *cobra.Command {
	var url string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "reconcile",
		Short: "Recount the database against itself",
		Long: `Recount the database against itself, in one snapshot: the counters of each night against the
stays that use it, the ledger against what each stay owes and against what was paid at desks and
captured or paid back by providers, each booking's versions and each night's counts against the
events that told of them. A break makes the exit status 1.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := openMigrated(cmd.Context(), url)
			if err != nil {
				return err
			}
			defer s.Close()
			audit, err := s.Audit(cmd.Context())
			if err != nil {
				return err
			}
			report := newReconcileReport(audit)
			print := report.print
			if asJSON {
				print = func(out io.Writer) error { return printJSON(out, report) }
			}
			if err := print(cmd.OutOrStdout()); err != nil {
				return err
			}
			if len(report.Breaks) > 0 {
				return errSilent
			}
			return nil
		},
	}
	databaseFlag(cmd, &url)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// reconcileReport is what --json prints.
type reconcileReport struct {
	Nights   int64            `json:"nights"`
	Bookings int64            `json:"bookings"`
	Postings int64            `json:"postings"`
	Events   int64            `json:"events"`
	Breaks   []reconcileBreak `json:"breaks"`
}

type reconcileBreak struct {
	Kind       string `json:"kind"`
	PropertyID string `json:"property_id"`
	Key        string `json:"key"`
	Want       string `json:"want"`
	Got        string `json:"got"`
}

func newReconcileReport(a booking.Audit) reconcileReport {
	r := reconcileReport{Nights: a.Nights, Bookings: a.Bookings, Postings: a.Postings, Events: a.Events, Breaks: []reconcileBreak{}}
	for _, b := range a.Breaks {
		r.Breaks = append(r.Breaks, reconcileBreak(b))
	}
	return r
}

func (r reconcileReport) print(out io.Writer) error {
	for _, b := range r.Breaks {
		fmt.Fprintf(out, "%s: %s %s: want %s, got %s\n", b.Kind, b.PropertyID, b.Key, b.Want, b.Got)
	}
	_, err := fmt.Fprintf(out, "%d nights, %d bookings, %d postings, %d events: %d breaks\n",
		r.Nights, r.Bookings, r.Postings, r.Events, len(r.Breaks))
	return err
}
