package sandboxpay

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// journal keeps the bank's truth in a file of lines, so that a restart of the
// program is none of the bank. It belongs to one process.
type journal struct{ file *os.File }

// entry is a line: the new state of a payment, the reply under a key, or both.
type entry struct {
	Payment *Payment `json:"payment,omitempty"`
	Key     string   `json:"key,omitempty"`
	Kept    kept     `json:"kept"`
}

// openJournal gives what the file has to recall. A last line that was cut off by
// a crash was never answered, and goes.
func openJournal(path string, recall func(entry)) (*journal, error) {
	if path == "" {
		return &journal{}, nil
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sandboxpay: open the journal: %w", err)
	}
	whole, err := replay(file, recall)
	if err == nil {
		err = file.Truncate(whole)
	}
	if err == nil {
		_, err = file.Seek(whole, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sandboxpay: read the journal: %w", err), file.Close())
	}
	return &journal{file}, nil
}

func replay(file io.Reader, recall func(entry)) (whole int64, err error) {
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil
		}
		if err != nil {
			return whole, err
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return whole, fmt.Errorf("after %d bytes: %w", whole, err)
		}
		recall(e)
		whole += int64(len(line))
	}
}

func (j *journal) write(e entry) error {
	if j.file == nil || e.Payment == nil && e.Key == "" {
		return nil
	}
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("sandboxpay: encode the journal: %w", err)
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("sandboxpay: write the journal: %w", err)
	}
	return j.file.Sync()
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
