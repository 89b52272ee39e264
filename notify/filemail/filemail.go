// Package filemail puts mail into a folder, one .eml file each, for demonstrations
// and for development: any mail program opens them, and so does Handler.
package filemail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/vacancyhq/vacancy/notify"
)

// Folder is a notify.Sender.
type Folder struct{ path string }

var _ notify.Sender = (*Folder)(nil)

// Open makes the folder where it is not there. Links in mail open bookings, so
// nobody else may read it.
func Open(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("filemail: %w", err)
	}
	return &Folder{path: path}, nil
}

// Send writes the mail, whole or not at all, and once: a file that is there is
// the same mail.
func (f *Folder) Send(ctx context.Context, m notify.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	message, err := m.EML()
	if err != nil {
		return err
	}
	var data bytes.Buffer
	if _, err := message.WriteTo(&data); err != nil {
		return fmt.Errorf("filemail: %w", err)
	}
	return f.put(name(m.ID), data.Bytes())
}

// put links a finished file to its name, which fails when the name is there.
func (f *Folder) put(name string, data []byte) error {
	draft, err := os.CreateTemp(f.path, "draft-*")
	if err != nil {
		return fmt.Errorf("filemail: %w", err)
	}
	defer func() { _ = os.Remove(draft.Name()) }() // it has its name by now, or is of no use
	_, err = draft.Write(data)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return fmt.Errorf("filemail: %w", err)
	}
	if err := os.Link(draft.Name(), filepath.Join(f.path, name)); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("filemail: %w", err)
	}
	return nil
}

// name is the file of a message; what no file system likes becomes "_".
func name(id string) string {
	safe := strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@", r) {
			return r
		}
		return '_'
	}, id)
	return strings.TrimLeft(safe, ".") + ".eml"
}
