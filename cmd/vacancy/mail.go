package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"os"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/vacancyhq/vacancy/notify"
	"github.com/vacancyhq/vacancy/notify/filemail"
	"github.com/vacancyhq/vacancy/notify/smtpmail"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/combine"
	"github.com/vacancyhq/vacancy/store/jobs"
	"github.com/vacancyhq/vacancy/store/pgstore"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

const (
	fileScheme   = "file:"
	defaultMail  = "file:vacancy-mail"
	defaultFrom  = "bookings@vacancy.example"
	passwordName = "VACANCY_MAIL_PASSWORD" //nolint:gosec // the name of a variable, not a password
	lookAtMail   = 5 * time.Second
)

var errMail = errors.New("--mail must be file:FOLDER, smtp://[user@]host[:port], smtps://... or none")

// mailFlags say where mail goes.
type mailFlags struct {
	to           string
	from         string
	passwordFile string
	page         bool
}

func (f *mailFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.to, "mail", defaultMail, "where mail goes: file:FOLDER, smtp://[user@]host[:port], smtps://..., none")
	cmd.Flags().StringVar(&f.from, "mail-from", defaultFrom, "address that mail comes from")
	cmd.Flags().StringVar(&f.passwordFile, "mail-password-file", "", "file with the password of the mail server; or set "+passwordName)
	cmd.Flags().BoolVar(&f.page, "mail-page", false, "show the mails of file:FOLDER to everybody at /mail, for development: they open bookings")
}

// sender opens the driver; page shows its mails, nil where it cannot. Neither is
// there when no mail is sent.
func (f mailFlags) sender() (sender notify.Sender, page http.Handler, err error) {
	switch {
	case f.to == "none":
		return nil, nil, nil
	case strings.HasPrefix(f.to, fileScheme) && len(f.to) > len(fileScheme):
		folder, err := filemail.Open(strings.TrimPrefix(f.to, fileScheme))
		if err != nil {
			return nil, nil, err
		}
		if f.page {
			page = folder.Handler()
		}
		return folder, page, nil
	case strings.HasPrefix(f.to, "smtp://"), strings.HasPrefix(f.to, "smtps://"):
		sender, err = f.server()
		return sender, nil, err
	}
	return nil, nil, errMail
}

func (f mailFlags) server() (notify.Sender, error) {
	o, err := smtpmail.Parse(f.to)
	if err != nil {
		return nil, err
	}
	if f.from == defaultFrom {
		return nil, errors.New("--mail-from is needed to send mail: an address of your own")
	}
	switch {
	case f.passwordFile != "":
		data, err := os.ReadFile(f.passwordFile)
		if err != nil {
			return nil, fmt.Errorf("--mail-password-file: %w", err)
		}
		o.Password = strings.TrimSpace(string(data))
	case o.Password == "":
		o.Password = os.Getenv(passwordName)
	}
	return smtpmail.New(o)
}

// postOffice is the loops that make mail of events.
type postOffice struct {
	app    *app
	queue  *jobs.Queue
	tailer *notify.Tailer
	watch  notify.Watch
}

// openMail adds mail to an app that is not running yet; baseURL begins the links.
func (a *app) openMail(ctx context.Context, flags mailFlags, sender notify.Sender, db, baseURL string) error {
	if sender == nil {
		a.logger.Warn("no mail is sent: guests hear nothing of their bookings")
		return nil
	}
	from, err := mail.ParseAddress(flags.from)
	if err != nil {
		return errors.New("--mail-from must be one address")
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, notify.NewWorker(notify.Options{
		Bookings: a.bookings, Houses: a.store, Reviews: a.reviews, Sender: sender,
		From: notify.Address{Name: from.Name, Email: from.Address}, BaseURL: baseURL,
		Now: a.store.Now, Wall: time.Now, Meters: a.mails, Logger: a.logger,
	}))
	river.AddWorker(workers, &notify.SignInWorker{
		Links: a.guests, Sender: sender, From: notify.Address{Name: from.Name, Email: from.Address}, BaseURL: baseURL,
		Wall: time.Now, Meters: a.mails, Logger: a.logger,
	})
	queue, err := openJobs(ctx, db, a.store, jobs.Options{Workers: workers, Log: a.logger})
	if err != nil {
		return err
	}
	a.post = &postOffice{
		app: a, queue: queue, tailer: notify.NewTailer(a.store, queue, a.logger),
		watch: notify.Watch{Queue: queue, Meters: a.mails, Logger: a.logger, Now: a.store.Now},
	}
	return nil
}

// signInMail has links mailed that guests ask for; nil where no mail is sent. The
// office opens after the doors were made and before they are.
func (a *app) signInMail(set settings) func(ctx context.Context, id string) error {
	if !set.mails {
		return nil
	}
	return func(ctx context.Context, id string) error { return a.post.queue.Add(ctx, notify.SignInJob(id)) }
}

// run keeps mail going until ctx ends, then gives the queue back.
func (p *postOffice) run(ctx context.Context) error {
	defer p.queue.Close()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.queue.Run(ctx) })
	group.Go(func() error { return p.tailer.Run(ctx) })
	group.Go(func() error { return p.app.each(ctx, "look at the mail", lookAtMail, p.watch.Look) })
	return group.Wait()
}

// openJobs opens the queue beside the store: in its server, or in a file next to
// its own.
func openJobs(ctx context.Context, url string, s store.Store, o jobs.Options) (*jobs.Queue, error) {
	if combined, ok := s.(*combine.Store); ok {
		switch engine := combined.Engine.(type) {
		case *pgstore.Store:
			return jobs.OnServer(ctx, url, engine, o)
		case *sqlitestore.Store:
			return jobs.InFile(ctx, strings.TrimPrefix(url, sqliteScheme)+".jobs", engine, o)
		}
	}
	return nil, errDatabase
}

// migrateJobs brings the tables of the queue up to date.
func migrateJobs(ctx context.Context, url string, s store.Store) error {
	queue, err := openJobs(ctx, url, s, jobs.Options{})
	if err != nil {
		return err
	}
	queue.Close()
	return nil
}
