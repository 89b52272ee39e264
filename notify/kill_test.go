package notify_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/vacancyhq/vacancy/notify"
)

// blockedFolder names the folder of a process that is to be killed in the middle
// of sending; such a process is this test binary.
const blockedFolder = "VACANCY_TEST_BLOCKED_MAIL"

// blocked never gets an answer from its provider; it tells when it asked.
type blocked struct{}

func (blocked) Send(context.Context, notify.Message) error {
	_, _ = os.Stdout.WriteString("sending\n")
	select {}
}

func blockedChild(folder string) {
	p := onFile(alone{}, folder)
	p.office(blocked{})
	select {}
}

// alone is a test that is none: what fails ends the process.
type alone struct{ testing.TB }

func (alone) Context() context.Context { return context.Background() }
func (alone) Cleanup(func())           {}
func (alone) Helper()                  {}
func (alone) Fatal(args ...any)        { panic(args) }

// Property 48: a process that dies in the middle of a mail leaves the job to the
// next one, within its lease; the guest gets one mail.
func TestKilledInTheMiddle(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a lease to pass")
	}
	folder := t.TempDir()
	p := onFile(t, folder)
	p.book("one", 3)
	p.must(p.store.Close())
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), blockedFolder+"="+folder)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	p.must(err)
	p.must(child.Start())
	if _, err := io.ReadFull(out, make([]byte, 8)); err != nil {
		t.Fatalf("the child never sent: %v", err)
	}
	p.must(child.Process.Kill())
	_ = child.Wait() // it was killed

	p = onFile(t, folder)
	if len(p.sent()) != 0 {
		t.Fatal("the mail was sent already")
	}
	p.office(nil)
	p.until("the job is taken over", func() bool { return p.kinds()["confirmed"] == 1 })
	p.book("two", 6)
	p.until("the next mail", func() bool { return len(p.sent()) == 2 })
}
