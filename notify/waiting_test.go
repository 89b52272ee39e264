package notify_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/notify"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

// collected is a queue that only takes.
type collected struct{ jobs []river.InsertManyParams }

func (c *collected) Hand(_ context.Context, _ string, _, _ outbox.Position, jobs []river.InsertManyParams) error {
	c.jobs = append(c.jobs, jobs...)
	return nil
}

// jobsOf is the jobs that the log makes, in its order.
func (p *place) jobsOf() []river.InsertManyParams {
	c := &collected{}
	tailer := notify.NewTailer(p.store, c, p.logger())
	for more := true; more; {
		var err error
		more, err = tailer.Step(p.ctx)
		p.must(err)
	}
	return c.jobs
}

// last is the latest job of a kind, as a worker gets it.
func (p *place) last(t *testing.T, about notify.Kind) *river.Job[notify.Mail] {
	t.Helper()
	var found *river.Job[notify.Mail]
	for _, job := range p.jobsOf() {
		if mail := job.Args.(notify.Mail); mail.About == about {
			found = &river.Job[notify.Mail]{
				JobRow: &rivertype.JobRow{MaxAttempts: notify.MaxAttempts, ScheduledAt: job.InsertOpts.ScheduledAt}, Args: mail,
			}
		}
	}
	if found == nil {
		t.Fatalf("no job about %s", about)
	}
	return found
}

// snoozed is how long a job asks to wait; 0: it does not.
func snoozed(t *testing.T, err error) time.Duration {
	t.Helper()
	var snooze *rivertype.JobSnoozeError
	if errors.As(err, &snooze) {
		return snooze.Duration
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

func (p *place) hold(key string) booking.Booking {
	p.t.Helper()
	from := p.today().Add(10)
	for range 30 { // a weekend may be sold out or have its own rules
		shop, err := p.Offers(p.ctx, booking.Query{
			PropertyID: p.house.ID, Caller: "stf_1", Parties: []stay.Party{{Adults: 1}}, Stay: stay.Stay{Arrival: from, Departure: from + 2},
		})
		p.must(err)
		if len(shop.Rooms[0].Offers) > 0 {
			return p.made(p.Hold(p.ctx, command(key), []string{shop.Rooms[0].Offers[0].Token}))
		}
		from++
	}
	p.t.Fatal("nothing can be held")
	return booking.Booking{}
}

// A guest who left an address is told shortly before the hold ends: later when it
// was extended, never when it was used, given back or has ended.
func TestHoldThatEnds(t *testing.T) {
	p := onFile(t, t.TempDir())
	w := p.worker(nil)
	contact := guest.Guest{Email: "ada@example.com", Language: "fr"}
	b := p.hold("one")
	b = p.made(p.Contact(p.ctx, command("contact"), b, contact))
	job := p.last(t, notify.HoldExpiring)
	if due := b.HeldUntil.Sub(job.ScheduledAt); due != notify.HoldWarning {
		t.Errorf("it is to be sent %s before the end", due)
	}
	if wait := snoozed(t, w.Work(p.ctx, job)); wait < booking.HoldLife-notify.HoldWarning-time.Minute {
		t.Errorf("much too early it waits %s", wait)
	}
	p.shift(booking.HoldLife - notify.HoldWarning)
	b = p.made(p.Extend(p.ctx, command("extend"), b))
	if wait := snoozed(t, w.Work(p.ctx, job)); wait == 0 {
		t.Error("the hold was extended, and the mail is sent all the same")
	}
	p.shift(booking.HoldLife - notify.HoldWarning)
	if wait := snoozed(t, w.Work(p.ctx, job)); wait != 0 || p.kinds()["hold_expiring"] != 1 {
		t.Errorf("in time: waits %s, %v sent", wait, p.kinds())
	}
	for _, m := range p.sent() {
		link := "https://stay.example/resume/" + p.ResumeToken(b.ID)
		if !strings.Contains(m.Part["text/plain"], link) || !strings.Contains(m.Header["Subject"], "gardée") || m.Part["text/calendar"] != "" {
			t.Errorf("mail %q: %s", m.Header["Subject"], m.Part["text/plain"])
		}
	}

	for name, end := range map[string]func(b booking.Booking){
		"used": func(b booking.Booking) {
			buy := ada("fr")
			buy.TermsVersion, buy.CardToken = p.house.TermsVersion, "sandbox_card_ok"
			p.made(p.BookHold(p.ctx, command("book"), b, buy))
		},
		"released": func(b booking.Booking) { p.made(p.Release(p.ctx, command("release"), b)) },
		"expired":  func(booking.Booking) { p.shift(booking.HoldLife) },
	} {
		b := p.hold(name)
		p.made(p.Contact(p.ctx, command("contact "+name), b, contact))
		job := p.last(t, notify.HoldExpiring)
		end(b)
		p.shift(booking.HoldLife)
		if wait := snoozed(t, w.Work(p.ctx, job)); wait != 0 || p.kinds()["hold_expiring"] != 1 {
			t.Errorf("%s: waits %s, %v sent", name, wait, p.kinds())
		}
	}
}

// A day after the check-out, once, and not who wrote already.
func TestReviewIsAskedForOnce(t *testing.T) {
	p := onFile(t, t.TempDir())
	w := p.worker(nil)
	stayed := func(key string) booking.Booking {
		b := p.book(key, 0)
		p.shift(12 * time.Hour)
		b = p.made(p.CheckIn(p.ctx, command("in "+key), b, 0))
		return p.made(p.CheckOut(p.ctx, command("out "+key), b, 0))
	}
	b := stayed("one")
	job := p.last(t, notify.ReviewRequest)
	if wait := snoozed(t, w.Work(p.ctx, job)); wait < 23*time.Hour {
		t.Errorf("at the check-out it waits %s", wait)
	}
	p.made(p.Undo(p.ctx, command("undo"), b, 0))
	p.shift(2 * time.Second)
	p.made(p.CheckOut(p.ctx, command("out again"), b, 0))
	again := p.last(t, notify.ReviewRequest)
	p.shift(notify.ReviewDelay)
	for _, job := range []*river.Job[notify.Mail]{job, again, again} {
		if wait := snoozed(t, w.Work(p.ctx, job)); wait != 0 {
			t.Errorf("a day later it waits %s", wait)
		}
	}
	if n := p.kinds()["review_request"]; n != 1 {
		t.Errorf("%d mails ask", n)
	}
	b = stayed("two")
	of, err := p.Stayed(p.ctx, b)
	p.must(err)
	_, err = p.reviews.Post(p.ctx, review.Command{
		Caller: "guest", Key: "k", Render: func(review.Review) (int, []byte) { return 201, nil },
	}, of, review.Draft{Scores: review.Scores{9, 9, 9, 9, 9, 9}})
	p.must(err)
	job = p.last(t, notify.ReviewRequest)
	p.shift(notify.ReviewDelay)
	if wait := snoozed(t, w.Work(p.ctx, job)); wait != 0 || p.kinds()["review_request"] != 1 {
		t.Errorf("after a review: waits %s, %v", wait, p.kinds())
	}
}

// What came later is told by its own mail; what is long past by none; who is
// erased is not written to.
func TestWhatIsNoNews(t *testing.T) {
	p := onFile(t, t.TempDir())
	w := p.worker(nil)
	b := p.book("one", 3)
	confirmed := p.last(t, notify.Confirmed)
	b = p.made(p.Cancel(p.ctx, command("cancel"), b, 0))
	p.must(w.Work(p.ctx, confirmed))
	p.made(p.Erase(p.ctx, command("erase"), b, 0))
	p.must(w.Work(p.ctx, p.last(t, notify.Cancelled)))
	p.book("old", 30)
	old := p.last(t, notify.Confirmed)
	p.shift(notify.Stale + time.Hour)
	p.must(w.Work(p.ctx, old))
	lost := *old
	lost.Args.BookingID, lost.Args.At = "bkg_none", time.Now().Add(notify.Stale)
	p.must(w.Work(p.ctx, &lost))
	if sent := p.sent(); len(sent) != 0 {
		t.Errorf("sent: %v", sent)
	}
	for _, why := range []string{"the booking is cancelled", "no address", "too old", "no such booking"} {
		if !p.log.has(why) {
			t.Errorf("the log does not say %q", why)
		}
	}
}

// One room of two is cancelled: the booking was changed.
func TestPartOfABooking(t *testing.T) {
	p := onFile(t, t.TempDir())
	stays := append(p.contract(3), p.contract(5)...)
	b := p.made(p.BookContract(p.ctx, command("two rooms"), stays, ada("en")))
	p.made(p.Cancel(p.ctx, command("one"), b, 0, b.Stays[0].ID))
	p.must(p.worker(nil).Work(p.ctx, p.last(t, notify.Changed)))
	for _, m := range p.sent() {
		calendar := m.Part["text/calendar"]
		if strings.Contains(calendar, b.Stays[0].ID) || !strings.Contains(calendar, b.Stays[1].ID) || !strings.Contains(calendar, "SEQUENCE:2") {
			t.Errorf("calendar: %s", calendar)
		}
	}
	if p.kinds()["changed"] != 1 {
		t.Errorf("sent: %v", p.kinds())
	}
}

// A broken event does not stop the log.
func TestEventsThatCannotBeRead(t *testing.T) {
	p := onFile(t, t.TempDir())
	h := p.house
	h.Version = 1
	broken := outbox.Event{PropertyID: h.ID, Type: "booking.confirmed", Version: 1, Data: []byte(`{"booking_id":["a list"]}`)}
	change := property.Change{Record: outbox.Record{Events: []outbox.Event{broken}}, PropertyID: h.ID, Property: &h}
	p.must(p.store.ApplyProperty(p.ctx, change))
	p.book("after", 3)
	if jobs := p.jobsOf(); len(jobs) != 1 || !p.log.has("an event is left out") {
		t.Errorf("%d jobs; %s", len(jobs), p.log.text.String())
	}
}
