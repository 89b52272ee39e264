package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/vacancyhq/vacancy/internal/throttle"
	"github.com/vacancyhq/vacancy/store"
)

const (
	shutdownGrace = 15 * time.Second // for requests under way when the process is asked to stop
	headerTimeout = 5 * time.Second
	bodyTimeout   = 30 * time.Second
	answerTimeout = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
	setupSecret   = 20 // random bytes of the token that makes the first administrator
)

type serveFlags struct {
	db      string
	listen  string
	region  string
	proxies []string
	held    int
	baseURL string
	logJSON bool
	mail    mailFlags
	sandbox string
	search  string
	kept    string // of --search-snapshot
	keep    time.Duration
	checks  spotChecks
}

func serveCommand() *cobra.Command {
	var flags serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API and the pages on a database",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := openMigrated(cmd.Context(), flags.db)
			if err != nil {
				return err
			}
			return errors.Join(serve(cmd.Context(), s, flags), s.Close())
		},
	}
	databaseFlag(cmd, &flags.db)
	listenFlags(cmd, &flags)
	cmd.Flags().StringSliceVar(&flags.proxies, "trusted-proxy", nil, "network (CIDR) whose X-Forwarded-For is believed; repeatable")
	cmd.Flags().IntVar(&flags.held, "held-rooms", throttle.DefaultHolds.Burst, "rooms that guests at one address may hold in ten minutes")
	cmd.Flags().StringVar(&flags.baseURL, "base-url", "", "where guests reach this: https://book.example.com; begins the links that they get")
	flags.mail.register(cmd)
	cmd.Flags().StringVar(&flags.search, "search", inMemory, "where the search index is: memory, opensearch:URL or elasticsearch:URL (several URLs joined by commas)")
	cmd.Flags().DurationVar(&flags.keep, "search-snapshot-every", 30*time.Second, "how often that folder is brought up to date: what a start after a crash has to follow")
	flags.checks.register(cmd)
	cmd.Flags().BoolVar(&flags.logJSON, "log-json", false, "write logs as JSON")
	return cmd
}

func listenFlags(cmd *cobra.Command, flags *serveFlags) {
	cmd.Flags().StringVar(&flags.listen, "listen", "127.0.0.1:8080", "address to serve on; port 0 takes a free one")
	cmd.Flags().StringVar(&flags.region, "region", defaultRegion, "two letters that ids made here carry")
	cmd.Flags().StringVar(&flags.kept, "search-snapshot", "", "folder where the search index in memory is kept for the next start, or \"off\"; beside a SQLite database when empty, else in the user's cache")
	cmd.Flags().StringVar(&flags.sandbox, "sandboxpay-file", "", "where the payment sandbox keeps what it knows; beside a SQLite database when empty, else in memory")
}

func serve(ctx context.Context, s store.Store, flags serveFlags) error {
	set, err := flags.settings(ctx, s)
	if err != nil {
		return err
	}
	sender, page, err := flags.mail.sender()
	if err != nil {
		return err
	}
	set.mailPage, set.mails = page, sender != nil
	a, err := newApp(ctx, s, set)
	if err != nil {
		return err
	}
	defer func() { _ = a.bank.Close() }() // each of its lines is on the disk already
	listener, err := net.Listen("tcp", flags.listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if err := a.openMail(ctx, flags.mail, sender, flags.db, cmp.Or(flags.baseURL, "http://"+listener.Addr().String())); err != nil {
		return errors.Join(err, listener.Close())
	}
	set.logger.Info("serving", "address", "http://"+listener.Addr().String())
	if set.setupToken != "" {
		fmt.Fprintf(os.Stderr, "\nNo tenant yet. Make the first one with POST /v1/setup and this token: %s\n\n", set.setupToken)
	}
	return a.serveOn(ctx, listener)
}

func (f serveFlags) settings(ctx context.Context, s store.Store) (settings, error) {
	set := settings{region: f.region, baseURL: f.baseURL, heldRooms: f.held, sandboxFile: f.sandboxFile(), search: f.search, checks: f.checks, snapshot: snapshotFolder(f.kept, f.db), snapshotEvery: f.keep, logger: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	if f.logJSON {
		set.logger = slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	for _, text := range f.proxies {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return set, fmt.Errorf("--trusted-proxy: %w", err)
		}
		set.trustedProxies = append(set.trustedProxies, prefix)
	}
	tenants, err := s.Tenants(ctx)
	if err != nil {
		return set, err
	}
	if len(tenants) > 0 {
		return set, nil
	}
	ids, err := newIDs(f.region)
	if err != nil {
		return set, err
	}
	set.setupToken = ids.Secret(setupSecret)
	return set, nil
}

func (f serveFlags) sandboxFile() string {
	if path, ok := strings.CutPrefix(f.db, sqliteScheme); ok && f.sandbox == "" {
		return path + ".sandboxpay"
	}
	return f.sandbox
}

// serveOn serves and runs the loops until ctx ends; then it lets the requests
// under way finish before it gives up the loops.
func (a *app) serveOn(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: a.handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: bodyTimeout, WriteTimeout: answerTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(a.logger.Handler(), slog.LevelWarn),
	}
	loops, stopLoops := context.WithCancel(context.WithoutCancel(ctx))
	defer stopLoops()
	var group errgroup.Group
	group.Go(func() error {
		err := a.run(loops)
		if err != nil {
			_ = server.Close() // a loop that cannot go on takes the doors with it: the error is returned
		}
		return err
	})
	group.Go(func() error {
		<-merge(ctx, loops).Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		err := server.Shutdown(grace)
		stopLoops()
		return err
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		stopLoops()
		return errors.Join(err, group.Wait())
	}
	return group.Wait()
}

// merge ends when either context does.
func merge(a, b context.Context) context.Context {
	merged, cancel := context.WithCancel(a)
	context.AfterFunc(b, cancel)
	return merged
}
