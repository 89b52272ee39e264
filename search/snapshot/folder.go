package snapshot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/vacancyhq/vacancy/outbox"
)

const (
	extension = ".snapshot"
	lockName  = ".lock"
	maxFiles  = 16
)

// Slot is a file of a folder that this process alone writes. Others may read it.
type Slot struct {
	Path string
	lock *os.File
}

// Claim takes the first file of the folder that nobody writes, and makes the
// folder when there is none. A process that dies gives its own back.
func Claim(folder string) (*Slot, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	for n := range maxFiles {
		name := filepath.Join(folder, fmt.Sprint(n))
		lock, err := os.OpenFile(name+lockName, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the operator's own folder
		if err != nil {
			return nil, err
		}
		if err = tryLock(lock); err == nil {
			return &Slot{Path: name + extension, lock: lock}, nil
		}
		if closing := lock.Close(); !errors.Is(err, ErrBusy) || closing != nil {
			return nil, errors.Join(err, closing)
		}
	}
	return nil, ErrBusy
}

// Release lets another process have the file.
func (s *Slot) Release() error { return s.lock.Close() }

// Latest opens the snapshot of the folder that was written last and is one of
// this log. When none is, the error says of each file why.
func Latest(ctx context.Context, folder string, versionBits int, log outbox.Lister) (*File, error) {
	refused := ErrNone
	for _, path := range byAge(folder) {
		f, err := Open(path, versionBits)
		if err == nil {
			if err = f.Mark.Fits(ctx, log); err == nil {
				return f, nil
			}
			err = errors.Join(err, f.Close())
		}
		err = fmt.Errorf("%s: %w", filepath.Base(path), err)
		if refused != ErrNone { //nolint:errorlint // it is this one as long as no file was seen
			err = fmt.Errorf("%w; %w", refused, err)
		}
		refused = err
	}
	return nil, refused
}

// byAge lists the files of a folder, the one that was written last first.
func byAge(folder string) []string {
	type aged struct {
		path    string
		written int64
	}
	var all []aged
	for n := range maxFiles {
		path := filepath.Join(folder, fmt.Sprint(n)+extension)
		if info, err := os.Stat(path); err == nil {
			all = append(all, aged{path, info.ModTime().UnixNano()})
		}
	}
	slices.SortStableFunc(all, func(a, b aged) int { return cmp.Compare(b.written, a.written) })
	paths := make([]string, len(all))
	for i := range all {
		paths[i] = all[i].path
	}
	return paths
}
