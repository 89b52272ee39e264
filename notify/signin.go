package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/vacancyhq/vacancy/traveller"
)

// SignInLink is the kind of the mail that lets a guest see their bookings.
const SignInLink Kind = "sign_in"

// signInAttempts is few: a link that comes late has been asked for again.
const signInAttempts = 5

// listed is after how long a booking is surely on the list of its guest, which
// follows the log of events: who has just booked is looked for once more.
const listed = 2 * time.Second

// platform is what signs a mail that no house sends, when --mail-from names nobody.
const platform = "Vacancy"

// SignIn is the job of mailing a link that signs in. It names nobody and holds no
// secret: both are found, and made, when it runs.
type SignIn struct {
	ID string `json:"id"`
}

// Kind is the name of the job in River.
func (SignIn) Kind() string { return "sign_in" }

// SignInJob is the job for a wish that was written down.
func SignInJob(id string) river.InsertManyParams {
	return river.InsertManyParams{Args: SignIn{ID: id}, InsertOpts: &river.InsertOpts{MaxAttempts: signInAttempts}}
}

// Links makes the secret of a link: traveller.Service.
type Links interface {
	Link(ctx context.Context, id string) (traveller.SignIn, string, error)
}

// SignInWorker mails links that sign in.
type SignInWorker struct {
	river.WorkerDefaults[SignIn]
	Links   Links
	Sender  Sender
	From    Address
	BaseURL string
	Wall    func() time.Time // the machine's clock, which River goes by
	Meters  *Meters
	Logger  *slog.Logger
	// FirstRetry is how long a mail waits after it failed once; 0: 5 s.
	FirstRetry time.Duration
}

// NextRetry waits FirstRetry, then three times as long each time.
func (w *SignInWorker) NextRetry(job *river.Job[SignIn]) time.Time {
	return w.Wall().Add(retryAfter(cmp.Or(w.FirstRetry, firstRetry), len(job.Errors)))
}

// Work mails the link, unless the address is nobody's who ever booked: then
// nobody is written to.
func (w *SignInWorker) Work(ctx context.Context, job *river.Job[SignIn]) error {
	asked, secret, err := w.Links.Link(ctx, job.Args.ID)
	if errors.Is(err, traveller.ErrNotFound) && w.Wall().Sub(job.CreatedAt) < listed {
		return river.JobSnooze(listed)
	}
	if errors.Is(err, traveller.ErrNotFound) {
		w.Meters.done(SignInLink, "skipped")
		return nil
	}
	if err != nil {
		return err
	}
	m, err := w.compose(asked, secret, job.Attempt)
	if err == nil {
		err = w.Sender.Send(ctx, m)
	}
	switch {
	case errors.Is(err, ErrRefused):
		w.Meters.done(SignInLink, "refused")
		return river.JobCancel(err)
	case err != nil && job.Attempt >= job.MaxAttempts:
		w.Meters.done(SignInLink, "given_up")
		w.Logger.Error("a link to sign in was given up", "attempts", job.Attempt, "error", err)
		return err
	case err != nil:
		w.Meters.done(SignInLink, "retried")
		w.Logger.Warn("a link to sign in could not be mailed yet", "attempt", job.Attempt, "error", err)
		return err
	}
	w.Meters.done(SignInLink, "sent")
	return nil
}

func (w *SignInWorker) compose(asked traveller.SignIn, secret string, attempt int) (Message, error) {
	words, site := wordsFor(asked.Language), cmp.Or(w.From.Name, platform)
	l := letter{
		words: words, House: site, Subject: words.say("sign_in.subject", "site", site), Heading: words.say("sign_in.heading"),
		Lead: words.say("sign_in.lead", "minutes", fmt.Sprint(int(traveller.LinkLife.Minutes()))), Why: words.say("why_sign_in"),
		Action: words.say("sign_in"), ActionURL: strings.TrimSuffix(w.BaseURL, "/") + "/account/enter/" + secret,
	}
	html, plain, err := l.render()
	_, domain, _ := strings.Cut(w.From.Email, "@")
	return Message{
		ID: fmt.Sprintf("%s.%s.%d@%s", SignInLink, asked.ID, attempt, domain), From: Address{Name: site, Email: w.From.Email},
		To: Address{Email: asked.Email}, Subject: l.Subject, HTML: html, Text: plain, Language: l.Lang(),
	}, err
}
