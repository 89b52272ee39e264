package throttle

import (
	"fmt"
	"testing"
	"time"
)

// Whom a stranger makes us write to hears little of it, and the stranger little
// of whom: the share of an address is used up by all who name it together.
func TestLetters(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	l := NewLetters(c.now)
	for i := range 2 * mailsToAddress.Burst {
		enough, wait := l.Try(fmt.Sprintf("192.0.2.%d", i), "ana@example.com")
		if wait != 0 || enough != (i >= mailsToAddress.Burst) {
			t.Errorf("mail %d: enough %t, wait %s", i, enough, wait)
		}
	}
	for i := range mailsOfClient.Burst {
		if enough, wait := l.Try("198.51.100.1", fmt.Sprintf("%d@example.com", i)); enough || wait != 0 {
			t.Errorf("mail %d of one client: enough %t, wait %s", i, enough, wait)
		}
	}
	if _, wait := l.Try("198.51.100.1", "next@example.com"); wait == 0 {
		t.Error("a client may go on and on")
	}
	for i := range 2 * mailsOfClient.Burst {
		if _, wait := l.Try("127.0.0.1", fmt.Sprintf("%d@example.net", i)); wait != 0 {
			t.Errorf("this machine waits %s", wait)
		}
	}
	c.at = c.at.Add(time.Hour)
	if enough, wait := l.Try("198.51.100.1", "ana@example.com"); enough || wait != 0 {
		t.Errorf("an hour later: enough %t, wait %s", enough, wait)
	}
}
