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
	"time"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

type demoFlags struct {
	serveFlags
	properties int
	nights     int
	seed       uint64
}

func demoCommand() *cobra.Command {
	flags := demoFlags{serveFlags: serveFlags{mail: mailFlags{to: "file:vacancy-demo-mail", from: defaultFrom, page: true}}}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Make up a world of hotels and serve it; nothing else is needed",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return demo(cmd.Context(), flags, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&flags.db, "db", "", databaseHelp+"; a new temporary file when empty")
	cmd.Flags().IntVar(&flags.properties, "properties", 300, "how many hotels")
	cmd.Flags().IntVar(&flags.nights, "nights", 0, "for how many nights rooms are on sale; 0: 730, and fewer where there are many hotels")
	cmd.Flags().Uint64Var(&flags.seed, "seed", 1, "the same seed makes the same world")
	listenFlags(cmd, &flags.serveFlags)
	return cmd
}

func demo(ctx context.Context, flags demoFlags, out, progress io.Writer) error {
	if flags.db == "" {
		folder, err := os.MkdirTemp("", "vacancy-demo-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(folder) }() // a leftover of a demo harms nobody
		flags.db = sqliteScheme + filepath.Join(folder, "demo.db")
		flags.mail.to = fileScheme + filepath.Join(folder, "mail")
	}
	s, err := openMigrated(ctx, flags.db)
	if err != nil {
		return err
	}
	return errors.Join(demoOn(ctx, s, flags, out, progress), s.Close())
}

func demoOn(ctx context.Context, s store.Store, flags demoFlags, out, progress io.Writer) error {
	secret, err := populate(ctx, s, flags, progress)
	if err != nil {
		return err
	}
	sender, page, err := flags.mail.sender()
	if err != nil {
		return err
	}
	a, err := newApp(ctx, s, settings{
		region: flags.region, mailPage: page, mails: sender != nil, logger: slog.New(slog.NewTextHandler(progress, &slog.HandlerOptions{Level: slog.LevelWarn})),
		sandboxFile:   flags.sandboxFile(),
		snapshot:      snapshotFolder(flags.kept, flags.db),
		demonstration: true,
		checks:        spotChecks{share: 1},
	})
	if err != nil {
		return err
	}
	defer func() { _ = a.bank.Close() }() // each of its lines is on the disk already
	listener, err := net.Listen("tcp", flags.listen)
	if err != nil {
		return fmt.Errorf("listen (--listen chooses another address): %w", err)
	}
	if err := a.openMail(ctx, flags.mail, sender, flags.db, "http://"+listener.Addr().String()); err != nil {
		return err
	}
	if err := a.index.CatchUp(ctx); err != nil {
		return fmt.Errorf("read the hotels: %w", err)
	}
	if err := a.invite(ctx, out, "http://"+listener.Addr().String(), secret); err != nil {
		return err
	}
	return a.serveOn(ctx, listener)
}

// populate fills an empty store with a tenant and its hotels; a store that has
// a tenant is served as it is.
func populate(ctx context.Context, s store.Store, flags demoFlags, progress io.Writer) (secret string, err error) {
	accounts, err := accountsOf(ctx, s, flags.region)
	if err != nil {
		return "", err
	}
	if empty, err := accounts.Empty(ctx); err != nil || !empty {
		return "", err
	}
	tenant, err := tenantFor(ctx, s, "")
	if err != nil {
		return "", err
	}
	shell := account.Principal{Caller: byShell, TenantID: tenant, Scopes: account.Scopes}
	if _, secret, err = accounts.CreateKey(ctx, shell, account.NewKey{Name: "demo", Scopes: account.Scopes}); err != nil {
		return "", err
	}
	if flags.nights == 0 {
		flags.nights = affordable(flags.properties)
		if flags.nights < inventory.Horizon {
			fmt.Fprintf(progress, "rooms are on sale for %d nights only, so that %d hotels fit on a laptop (--nights chooses)\n", flags.nights, flags.properties)
		}
	}
	_, err = generate(ctx, s, generateFlags{
		tenant: tenant, region: flags.region, properties: flags.properties, nights: flags.nights, seed: flags.seed, lively: true,
	}, progress)
	return secret, err
}

// affordable is for how many nights so many hotels sell in a demo. A night of a
// room type is a row, and 730 of them are most of a hotel: a hundred thousand
// would fill 30 GB and take an hour. Up to some thousands there is room for all.
func affordable(properties int) int {
	const nightsOfHotels, fewest = 4_000_000, 90
	return min(max(nightsOfHotels/max(properties, 1), fewest), inventory.Horizon)
}

// invite prints where the demo is and three lines that search, ask and book.
func (a *app) invite(ctx context.Context, out io.Writer, address, secret string) error {
	fmt.Fprintf(out, "\nVacancy is at %s  (the API: %s/docs, the mail: %s/mail)\n", address, address, address)
	if secret != "" {
		fmt.Fprintf(out, "A key that may do everything: %s\n", secret)
	}
	hit, nights, err := a.suggestion(ctx)
	if err != nil {
		return err
	}
	house, err := a.store.Property(ctx, hit.PropertyID)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, curlLines, address, hit.City, nights.Arrival, nights.Departure, hit.PropertyID, house.TermsVersion)
	return nil
}

// curlLines search, ask one hotel for offers, and book the cheapest one. They
// need nothing but a shell, curl and grep.
const curlLines = `
Search, ask a hotel for offers, and book the cheapest:

  curl -s -G '%[1]s/v1/search' --data-urlencode 'place=%[2]s' -d arrival=%[3]s -d departure=%[4]s -d party=2
  curl -s '%[1]s/v1/properties/%[5]s/offers?arrival=%[3]s&departure=%[4]s&party=2' > offers.json
  curl -s '%[1]s/v1/bookings' -H "Authorization: Bearer $(grep -o '"checkout_token":"[^"]*' offers.json | cut -d'"' -f4)" -H 'Idempotency-Key: my-first-booking' -H 'Content-Type: application/json' -d '{"offers":["'"$(grep -o '"token":"[^"]*' offers.json | head -1 | cut -d'"' -f4)"'"],"guest":{"name":"Ada Lovelace","email":"ada@example.com"},"terms_version":"%[6]s","card_token":"sandbox_card_ok"}'

Stop with Ctrl-C.
`

// suggestion is a hotel with a free room on a weekend a few weeks from now, in
// the place with the most hotels.
func (a *app) suggestion(ctx context.Context) (search.Hit, stay.Stay, error) {
	now, err := a.store.Now(ctx)
	if err != nil {
		return search.Hit{}, stay.Stay{}, err
	}
	friday := stay.On(now, time.UTC).Add(21)
	for friday.Weekday() != time.Friday {
		friday++
	}
	places, err := a.index.Places(ctx, "", 10)
	if err != nil {
		return search.Hit{}, stay.Stay{}, err
	}
	for _, place := range places {
		for ahead := range 30 {
			nights := stay.Stay{Arrival: friday.Add(7 * ahead), Departure: friday.Add(7*ahead + 2)}
			page, err := a.index.Search(ctx, search.Query{
				PlaceID: place.ID, Stay: &nights, Parties: []stay.Party{{Adults: 2}}, Limit: 1,
			})
			if err != nil {
				return search.Hit{}, stay.Stay{}, err
			}
			if len(page.Hits) > 0 {
				return page.Hits[0], nights, nil
			}
		}
	}
	return search.Hit{}, stay.Stay{}, errors.New("demo: no hotel has a free room; make a larger world with --properties")
}
