package notify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/notify"
	"github.com/vacancyhq/vacancy/outbox"
)

// Property 4, the mail: the same request fifty times is one mail; and each thing
// that happens to a booking is one of its own.
func TestOneMailOfEachEvent(t *testing.T) {
	each(t, func(t *testing.T, p *place) {
		stays := p.contract(3)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { _, _ = p.BookContract(p.ctx, command("same"), stays, ada("de")) })
		}
		all.Wait()
		b := p.made(p.BookContract(p.ctx, command("same"), stays, ada("de")))
		_, stop := p.office(nil)
		p.until("the confirmation", func() bool { return p.kinds()["confirmed"] == 1 })
		p.made(p.Cancel(p.ctx, command("cancel"), b, 0))
		p.until("the cancellation", func() bool { return p.kinds()["cancelled"] == 1 })

		// Property 50: a crash after the jobs were handed over and before the position
		// was kept hands them over again.
		stop()
		p.must(p.store.SetCursor(p.ctx, "notify", outbox.Position{}))
		p.office(nil)
		p.book("another", 5)
		p.until("the next confirmation", func() bool { return p.kinds()["confirmed"] == 2 })
		for id, m := range p.sent() {
			if strings.Contains(id, b.ID) && !strings.Contains(m.Header["From"], p.house.Name) {
				t.Errorf("mail %s comes from %s", id, m.Header["From"])
			}
		}
		if kinds := p.kinds(); kinds["confirmed"] != 2 || kinds["cancelled"] != 1 {
			t.Errorf("mails: %v", kinds)
		}
		if p.log.has("ada@example.com") || p.log.has("Lovelace") {
			t.Error("the log names the guest")
		}
	})
}

// sometimes is a folder behind a provider that says no.
type sometimes struct {
	notify.Sender
	refuse func(m notify.Message) error
}

func (s sometimes) Send(ctx context.Context, m notify.Message) error {
	if err := s.refuse(m); err != nil {
		return err
	}
	return s.Sender.Send(ctx, m)
}

// Property 49: mail that nobody takes is tried so often, given up, counted and
// told; what is behind it flows.
func TestPoison(t *testing.T) {
	each(t, func(t *testing.T, p *place) {
		poison, refused := p.book("poison", 3), p.book("refused", 4)
		var tries atomic.Int32
		queue, _ := p.office(sometimes{p.mail, func(m notify.Message) error {
			switch {
			case strings.Contains(m.ID, poison.ID):
				tries.Add(1)
				return errors.New("451 later")
			case strings.Contains(m.ID, refused.ID):
				return fmt.Errorf("%w: no such box", notify.ErrRefused)
			}
			return nil
		}})
		for i := range 5 {
			p.book(fmt.Sprint("good ", i), 6+i)
		}
		watch := notify.Watch{Queue: queue, Meters: p.meters, Logger: p.logger(), Now: p.store.Now}
		p.until("the others flow, the poison is given up", func() bool {
			dead, err := queue.Discarded(p.ctx, "mail", 10)
			p.must(err)
			return len(dead) == 2 && p.kinds()["confirmed"] == 5
		})
		if n := tries.Load(); n != notify.MaxAttempts {
			t.Errorf("%d tries of the poison, want %d", n, notify.MaxAttempts)
		}
		p.must(watch.Look(p.ctx))
		if n := testutil.CollectAndCount(p.meters, "vacancy_mail_dead"); n != 1 || !p.log.has("mail given up") || !p.log.has("mail refused for good") {
			t.Errorf("%d gauges; the log says %s", n, p.log.text.String())
		}
		want := `
			# HELP vacancy_mail_dead Mails that were refused or given up in the last 30 days.
			# TYPE vacancy_mail_dead gauge
			vacancy_mail_dead 2
			`
		if err := testutil.CollectAndCompare(p.meters, strings.NewReader(want), "vacancy_mail_dead"); err != nil {
			t.Error(err)
		}
	})
}

// Property 12, by the order of events: the booking is confirmed for whoever looks
// before any mail is accepted; mail that is not accepted in 10 s is an alarm
// while it is still waiting.
func TestMailThatNobodyTakesIsAnAlarm(t *testing.T) {
	each(t, func(t *testing.T, p *place) {
		asked, let := make(chan struct{}), make(chan struct{})
		var first sync.Once
		queue, _ := p.office(sometimes{p.mail, func(notify.Message) error {
			first.Do(func() { close(asked) })
			select {
			case <-let:
				return nil
			default:
				return errors.New("421 busy")
			}
		}})
		watch := notify.Watch{Queue: queue, Meters: p.meters, Logger: p.logger(), Now: p.store.Now}
		b := p.book("one", 3)
		<-asked
		if got, err := p.Booking(p.ctx, b.ID); err != nil || got.State() != booking.Confirmed || len(p.sent()) != 0 {
			t.Errorf("the booking is %s before its mail, %v", got.State(), err)
		}
		p.must(watch.Look(p.ctx))
		if p.log.has("mail is late") {
			t.Error("an alarm at once")
		}
		p.shift(notify.Target + time.Second)
		p.must(watch.Look(p.ctx))
		if !p.log.has("mail is late") {
			t.Error("no alarm")
		}
		close(let)
		p.until("the mail goes out", func() bool { return p.kinds()["confirmed"] == 1 })
		p.until("the alarm ends", func() bool {
			p.must(watch.Look(p.ctx))
			oldest, err := queue.Oldest(p.ctx, "mail")
			p.must(err)
			return oldest == nil
		})
		p.until("it is told that it was late", func() bool { return p.log.has("mail was late") })
	})
}
