package notify_test

import (
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/notify"
	"github.com/vacancyhq/vacancy/traveller"
)

// A link that no server takes is an alarm and is made anew for each try: the one
// that arrives is the one that opens. Who never booked is not written to.
func TestLinkToSignIn(t *testing.T) {
	each(t, func(t *testing.T, p *place) {
		let := make(chan struct{})
		var mu sync.Mutex
		var tried []string
		queue, _ := p.office(sometimes{p.mail, func(m notify.Message) error {
			if !strings.Contains(m.Subject, "Sign in") {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			tried = append(tried, regexp.MustCompile(`/account/enter/(\S+)`).FindStringSubmatch(m.Text)[1])
			select {
			case <-let:
				return nil
			default:
				return errors.New("421 busy")
			}
		}})
		p.book("one", 3)
		p.must(traveller.NewTailer(p.store, p.store, p.Service, p.logger()).CatchUp(p.ctx))
		for _, email := range []string{"nobody@example.com", "ADA@example.com"} {
			id, err := p.guests.Ask(p.ctx, email, "en")
			p.must(err)
			p.must(queue.Add(p.ctx, notify.SignInJob(id)))
		}
		tries := func() int {
			mu.Lock()
			defer mu.Unlock()
			return len(tried)
		}
		p.until("the server was asked", func() bool { return tries() > 0 })
		p.shift(notify.Target + 2*time.Second)
		p.must(notify.Watch{Queue: queue, Meters: p.meters, Logger: p.logger(), Now: p.store.Now}.Look(p.ctx))
		if !p.log.has("mail is late") && tries() < 5 {
			t.Error("no alarm")
		}
		close(let)
		p.until("it was sent or given up", func() bool {
			oldest, err := queue.Oldest(p.ctx, "sign_in")
			p.must(err)
			return oldest == nil
		})
		mu.Lock()
		defer mu.Unlock()
		for i, secret := range tried {
			_, err := p.guests.Opened(p.ctx, secret)
			if last := i == len(tried)-1; last != (err == nil) {
				t.Errorf("link %d of %d opens: %v", i+1, len(tried), err)
			}
		}
		for _, m := range p.sent() {
			if strings.Contains(m.Header["To"], "nobody") {
				t.Errorf("a stranger was written to: %s", m.Header["Subject"])
			}
		}
		if p.log.has("ADA@") || p.log.has(tried[0]) {
			t.Error("the log names the guest, or lets them in")
		}
	})
}
