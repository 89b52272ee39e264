package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/world"
)

type generateFlags struct {
	db, tenant, region, from string
	properties, nights       int
	seed                     uint64
	lively                   bool // with what guests say, and with rates that are paid at booking
}

func generateCommand() *cobra.Command {
	var flags generateFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Put a generated world of hotels into a database",
		Long: `Put a generated world of hotels into a database: places, houses, rooms, rates and
calendars with the shapes of real ones (docs/generated-worlds.md), marked as generated.
The same seed, tenant and first night make the same world, and a world is the beginning of every larger
one. What is there already is left alone: a run that was interrupted is simply run again.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := openMigrated(cmd.Context(), flags.db)
			if err != nil {
				return err
			}
			made, err := generate(cmd.Context(), s, flags, cmd.ErrOrStderr())
			if err := errors.Join(err, s.Close()); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), made)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d properties: %d imported, %d there already; %d nights opened in %.1f s (%.0f properties/s)\n",
				made.Properties, made.Imported, made.Present, made.Nights, made.Seconds, made.Rate)
			return err
		},
	}
	databaseFlag(cmd, &flags.db)
	cmd.Flags().IntVar(&flags.properties, "properties", 1000, "how many hotels, up to 5 million")
	cmd.Flags().Uint64Var(&flags.seed, "seed", 1, "the same seed makes the same world")
	cmd.Flags().IntVar(&flags.nights, "nights", 0, "for how many nights rooms are on sale; 0: 730")
	cmd.Flags().StringVar(&flags.from, "from", "", "the first night (YYYY-MM-DD); yesterday when empty, since it is still yesterday somewhere")
	cmd.Flags().StringVar(&flags.tenant, "tenant", "", "id of the tenant that gets them; the only or first one when empty, made when there is none")
	cmd.Flags().StringVar(&flags.region, "region", defaultRegion, "two letters that ids made here carry")
	cmd.Flags().BoolVar(&asJSON, "json", false, jsonHelp)
	return cmd
}

// generated is what generate reports.
type generated struct {
	world.Filled
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"imported_per_second"`
}

func generate(ctx context.Context, s store.Store, flags generateFlags, progress io.Writer) (generated, error) {
	tenant, err := tenantFor(ctx, s, flags.tenant)
	if err != nil {
		return generated{}, err
	}
	first, err := firstNight(ctx, s, flags.from)
	if err != nil {
		return generated{}, err
	}
	w, err := world.New(world.Options{
		Seed: flags.seed, Properties: flags.properties, Nights: flags.nights, Today: first, TenantID: tenant, Region: flags.region, Reviews: flags.lively, Prepaid: flags.lively,
	})
	if err != nil {
		return generated{}, err
	}
	bar := newBar(progress, "hotels")
	defer bar.done()
	began := time.Now()
	filled, err := w.Fill(ctx, s, bar.set)
	made := generated{Filled: filled, Seconds: time.Since(began).Seconds()}
	made.Rate = float64(made.Imported) / made.Seconds
	return made, err
}

// firstNight is the night that was asked for, else yesterday in UTC: it is
// still that in some of the world.
func firstNight(ctx context.Context, s store.Store, text string) (stay.Date, error) {
	if text != "" {
		night, err := stay.ParseDate(text)
		if err != nil {
			return 0, fmt.Errorf("--from: %w", err)
		}
		return night, nil
	}
	now, err := s.Now(ctx)
	return stay.On(now, time.UTC) - 1, err
}
