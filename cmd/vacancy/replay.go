package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/proof/replay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/pgstore"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

func replayCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "replay", Short: "Live through what real hotels lived through"}
	cmd.AddCommand(replayBookingsCommand())
	return cmd
}

// replayFlags is what a replay may be told.
type replayFlags struct {
	url, tenant, capacity string
	rooms                 map[string]int
	workers               int
	asJSON                bool
}

func replayBookingsCommand() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "bookings FILE",
		Short: "Replay a file of real bookings and check what is there at the end",
		Long: `Replay a CSV file, plain or gzipped, of the form of the hotel booking demand data (Antonio,
de Almeida, Nunes 2019): each row is booked, changed and ended on the days of its own, by the
booking service, in the order in which it happened. Each run makes new hotels.

With --capacity file every room type may be sold as often, on each night, as it was at most at
once; nothing may be refused then. With --capacity rooms a hotel has the rooms that it has.
Either way a plain count of the file must agree with the store. When something that is
required does not hold, the exit status is 1.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			report, err := f.replay(cmd.Context(), files[0], cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			print := func(out io.Writer) error { return printReplay(out, report) }
			if f.asJSON {
				print = func(out io.Writer) error { return printJSON(out, report) }
			}
			if err := print(cmd.OutOrStdout()); err != nil {
				return err
			}
			if len(report.Failures) > 0 {
				return errSilent
			}
			return nil
		},
	}
	databaseFlag(cmd, &f.url)
	cmd.Flags().StringVar(&f.tenant, "tenant", "", "id of the tenant that gets the hotels; the only or first one when empty, made when there is none")
	cmd.Flags().StringVar(&f.capacity, "capacity", string(replay.CapacityFile), "file: caps at the most bookings live at once; rooms: the rooms that there are")
	cmd.Flags().StringToIntVar(&f.rooms, "rooms", map[string]int{"City Hotel": 226, "Resort Hotel": 187},
		"rooms of a hotel; of one that is not named, the most that the file has occupied")
	cmd.Flags().IntVar(&f.workers, "workers", 8, "events driven at a time, where their order cannot matter")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print one JSON object")
	return cmd
}

func (f replayFlags) replay(ctx context.Context, file string, progress io.Writer) (r replay.Report, err error) {
	capacity := replay.Capacity(f.capacity)
	if capacity != replay.CapacityFile && capacity != replay.CapacityRooms {
		return r, errors.New("--capacity must be file or rooms")
	}
	if f.workers < 1 {
		return r, errors.New("--workers must be 1 or more")
	}
	rows, malformed, err := replay.ReadFile(file)
	if err != nil {
		return r, err
	}
	clock := replay.NewClock(time.Now)
	s, err := openStoreWith(ctx, f.url, sqlitestore.Options{Clock: clock.Now}, pgstore.Options{Offset: clock.Offset})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Migrate(ctx); err != nil {
		return r, fmt.Errorf("migrate: %w", err)
	}
	options, err := f.options(ctx, s, clock)
	if err != nil {
		return r, err
	}
	bar := newBar(progress, "events")
	defer bar.done()
	options.Capacity, options.Progress = capacity, bar.set
	return replay.Run(ctx, rows, malformed, options)
}

func (f replayFlags) options(ctx context.Context, s store.Store, clock *replay.Clock) (replay.Options, error) {
	tenant, err := tenantFor(ctx, s, f.tenant)
	if err != nil {
		return replay.Options{}, err
	}
	ids, err := ident.New(defaultRegion, clock.Now)
	if err != nil {
		return replay.Options{}, err
	}
	keys, err := account.OpenKeyring(ctx, s, ids, time.Now)
	if err != nil {
		return replay.Options{}, err
	}
	return replay.Options{
		Store: s, Bookings: booking.NewService(s, keys, ids, sandboxpay.New(nil)), Clock: clock, IDs: ids,
		TenantID: tenant, Rooms: f.rooms, Workers: f.workers,
	}, nil
}

func printReplay(out io.Writer, r replay.Report) error {
	for _, m := range r.Malformed {
		fmt.Fprintf(out, "line %d: %s\n", m.Line, m.Reason)
	}
	for _, h := range r.Hotels {
		o := h.Overbooking
		fmt.Fprintf(out, "%s: %d rooms; at most %d bookings were live for one night (%s)\n", h.Hotel, h.Rooms, h.PeakLive, h.PeakNight)
		if o.Nights > 0 {
			fmt.Fprintf(out, "  declared overbooking: %d room-nights on %d nights, at most %d rooms (%s)\n", o.RoomNights, o.Nights, o.Most, o.MostNight)
		}
	}
	fmt.Fprintf(out, "%d bookings: %d accepted, %d refused; %d events in %d s, %d a second\n",
		r.Bookings, r.Accepted, len(r.Refused), r.Events, r.Seconds, r.PerSecond)
	verdict := "all of it agrees: the sums of the file, a plain count of peaks and refusals, stock, ledger and events"
	if len(r.Failures) > 0 {
		verdict = strings.Join(r.Failures, "\n")
	}
	_, err := fmt.Fprintln(out, verdict)
	return err
}
