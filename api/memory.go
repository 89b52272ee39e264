package api

import (
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/outbox"
)

// How long, and how many, answers with secrets are remembered.
const (
	memoryLife = 10 * time.Minute
	memoryMost = 1000
)

// memory replays answers that must not be stored, because they show a secret
// that nothing else keeps. It is of this process: a client whose answer was lost
// for longer, or who reaches another process, lists what there is.
type memory struct {
	now func() time.Time

	mu      sync.Mutex
	answers map[string]remembered
}

type remembered struct {
	fingerprint [32]byte
	answer      answer
	at          time.Time
}

func newMemory(now func() time.Time) *memory {
	return &memory{now: now, answers: make(map[string]remembered)}
}

// remembering runs the write unless its answer is known. Two at once are kept
// apart by flights.
func (m *memory) remembering(c *call, run func() (answer, error)) func() (answer, error) {
	name := c.Caller + "\x00" + c.key
	return func() (answer, error) {
		m.mu.Lock()
		known, ok := m.answers[name]
		m.mu.Unlock()
		switch {
		case ok && m.now().Sub(known.at) < memoryLife && known.fingerprint != c.fingerprint:
			return answer{}, outbox.ErrReused
		case ok && m.now().Sub(known.at) < memoryLife:
			known.answer.replayed = true
			return known.answer, nil
		}
		a, err := run()
		if err == nil {
			m.keep(name, remembered{c.fingerprint, a, m.now()})
		}
		return a, err
	}
}

// keep makes room by forgetting what is too old, and then anything.
func (m *memory) keep(name string, r remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.answers) >= memoryMost {
		for old, known := range m.answers {
			if r.at.Sub(known.at) >= memoryLife {
				delete(m.answers, old)
			}
		}
	}
	for old := range m.answers {
		if len(m.answers) < memoryMost {
			break
		}
		delete(m.answers, old)
	}
	m.answers[name] = r
}
