package web_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/notify"
	"github.com/vacancyhq/vacancy/notify/filemail"
	"github.com/vacancyhq/vacancy/notify/notifytest"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store/jobs"
	"github.com/vacancyhq/vacancy/traveller"
)

// post is the house's mail, all of it real down to the files that it ends in.
type post struct {
	*house
	folder string
}

// post opens the office: from here on what happened is told by mail.
func (h *house) post() post {
	h.t.Helper()
	p := post{h, h.t.TempDir()}
	folder, err := filemail.Open(p.folder)
	h.must(err)
	workers := river.NewWorkers()
	river.AddWorker(workers, notify.NewWorker(notify.Options{
		Bookings: h.bookings, Houses: h.store, Reviews: h.reviews, Sender: folder,
		From: notify.Address{Email: "mail@stay.example"}, BaseURL: h.server.URL, Now: h.store.Now, Wall: time.Now,
	}))
	river.AddWorker(workers, &notify.SignInWorker{
		Links: h.guests, Sender: folder, From: notify.Address{Email: "mail@stay.example"}, BaseURL: h.server.URL, Wall: time.Now, Meters: notify.NewMeters(), Logger: slog.New(slog.DiscardHandler),
	})
	silent := slog.New(slog.DiscardHandler)
	queue := h.queueOf(jobs.Options{Workers: workers, Log: silent})
	h.mail = queue
	ctx, cancel := context.WithCancel(context.Background())
	var loops sync.WaitGroup
	loops.Go(func() { _ = queue.Run(ctx) })
	loops.Go(func() { _ = traveller.NewTailer(h.store, h.store, h.bookings, silent).Run(ctx) })
	loops.Go(func() { _ = notify.NewTailer(h.store, queue, silent).Run(ctx) })
	h.t.Cleanup(func() {
		cancel()
		loops.Wait()
		queue.Close()
	})
	return p
}

func (h *house) mailSignIn(ctx context.Context, id string) error {
	h.asked++
	if h.mail == nil {
		return nil
	}
	return h.mail.Add(ctx, notify.SignInJob(id))
}

// sent are the mails to an address about something, when there are so many.
func (p post) sent(to, subject string, n int) []notifytest.Mail {
	p.t.Helper()
	var found []notifytest.Mail
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		found = nil
		for _, m := range p.all() {
			if strings.Contains(m.Header["To"], to) && strings.Contains(m.Header["Subject"], subject) {
				found = append(found, m)
			}
		}
		if len(found) >= n {
			return found
		}
	}
	p.t.Fatalf("%d of %d mails to %s about %q", len(found), n, to, subject)
	return nil
}

func (p post) all() []notifytest.Mail {
	p.t.Helper()
	names, err := filepath.Glob(filepath.Join(p.folder, "*.eml"))
	p.must(err)
	var all []notifytest.Mail
	for _, name := range names {
		data, err := os.ReadFile(name)
		p.must(err)
		all = append(all, notifytest.Read(p.t, data))
	}
	return all
}

// link is the path of the first address in a mail that leads to a page.
func (p post) link(m notifytest.Mail, page string) string {
	p.t.Helper()
	address := regexp.MustCompile(regexp.QuoteMeta(p.server.URL+page) + `\S+`).FindString(m.Part["text/plain"])
	if address == "" {
		p.t.Fatalf("no link to %s in:\n%s", page, m.Part["text/plain"])
	}
	return strings.TrimPrefix(address, p.server.URL)
}

// A guest who asked for it is mailed a link before the hold ends, and goes on
// from there on another device: to the booking, or once the time is up to a new
// hold of the same room. The link opens nothing else.
func TestLinkBackToAHold(t *testing.T) {
	onEachEngine(t, func(t *testing.T, h *house) {
		// River goes by the machine's clock: on it, the mail is due when the office opens.
		h.began = time.Now().Add(notify.HoldWarning - booking.HoldLife - time.Minute)
		h.open(1)
		p := h.build(3, property.Property{Name: "Hôtel du Retour", Stars: 3})
		inTime, late := h.reminded(p, "ana@example.com"), h.reminded(p, "eve@example.com")
		h.forward(booking.HoldLife - notify.HoldWarning + time.Second)
		office := h.post()
		toAna := office.link(office.sent("ana@example.com", "Hôtel du Retour", 1)[0], "/resume/")
		toEve := office.link(office.sent("eve@example.com", "Hôtel du Retour", 1)[0], "/resume/")

		phone := h.visitor().get(toAna).wants(200, "Your details", "kept for you until")
		if typed := phone.form(inTime).fields; typed.Get("email") != "ana@example.com" || typed.Get("name") != "Ana Lima" {
			t.Errorf("the form has %v", typed)
		}
		h.visitor().get(inTime).wants(404) // who does not come by the link
		phone.get(late).wants(404)         // and whose link is another one's
		phone.get(inTime).form(inTime).fill().send().wants(200, "You are expected, Ana Lima")
		h.visitor().get(toAna).wants(404, "We do not find this booking")
		h.visitor().get(strings.Replace(toAna, "/resume/", "/bookings/", 1)).wants(404)

		h.forward(notify.HoldWarning)
		again := h.visitor().get(toEve).wants(409, "The time for this room has passed").form("/again").send()
		again.wants(200, "Your details").form("").fill().send().wants(200, "You are expected, Ana Lima")
		for _, m := range office.all() {
			if strings.Contains(m.Header["To"], "typo") {
				t.Errorf("an address that was corrected was written to: %s", m.Header["Subject"])
			}
		}
	})
}

// reminded is the checkout of a guest who asked for the link, and had to correct
// the address twice.
func (h *house) reminded(p property.Property, email string) (path string) {
	h.t.Helper()
	v := h.checkout(p)
	path = v.url.Path
	f := v.form(path).set("name", "Ana Lima", "email", "nobody")
	f.sendTo(path+"/remind").wants(422, "Write one e-mail address")
	v.form(path).set("email", "typo."+email).sendTo(path+"/remind").wants(200, "We will mail typo."+email)
	v.form(path).set("email", email).sendTo(path+"/remind").wants(200, "We will mail "+email, "kept for you until")
	return path
}
