package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"slices"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/proof/bench"
	"github.com/vacancyhq/vacancy/store"
)

// loopback is from where a benchmark's guests come, who say for themselves who
// they are.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// servePeer serves houses as `vacancy serve` does, for a benchmark to ask.
func servePeer(ctx context.Context, database string, houses []store.Bundle) (_ *bench.Served, err error) {
	s, err := openMigrated(ctx, database)
	if err != nil {
		return nil, err
	}
	served, err := serveHouses(ctx, s, houses)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return served, nil
}

func serveHouses(ctx context.Context, s store.Store, houses []store.Bundle) (*bench.Served, error) {
	served := &bench.Served{Store: s, Email: "desk@example.com", Password: "correct horse battery staple"}
	if err := settle(ctx, s, houses, served); err != nil {
		return nil, err
	}
	a, err := newApp(ctx, s, settings{
		region: defaultRegion, trustedProxies: loopback,
		logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return nil, err
	}
	if err := a.index.CatchUp(ctx); err != nil {
		return nil, fmt.Errorf("read the hotels: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.serveOn(serving, listener) }()
	served.Index = a.search
	served.URL = "http://" + listener.Addr().String()
	served.Close = func() error {
		stop()
		return errors.Join(<-ended, s.Close())
	}
	return served, nil
}

// housesAtOnce are imported in one transaction.
const housesAtOnce = 20

// settle makes a tenant with the houses and somebody who may sign in.
func settle(ctx context.Context, s store.Store, houses []store.Bundle, served *bench.Served) error {
	tenant, err := tenantFor(ctx, s, "")
	if err != nil {
		return err
	}
	for i := range houses {
		houses[i].Property.Property.TenantID = tenant
	}
	for some := range slices.Chunk(houses, housesAtOnce) {
		if err := s.Import(ctx, some...); err != nil {
			return err
		}
	}
	accounts, err := accountsOf(ctx, s, defaultRegion)
	if err != nil {
		return err
	}
	shell := account.Principal{Caller: byShell, TenantID: tenant, Scopes: account.Scopes}
	_, err = accounts.CreateStaff(ctx, shell, account.NewStaff{
		Email: served.Email, Name: "Desk", Password: served.Password, Scopes: account.Scopes,
	})
	return err
}
