package memindex

import (
	"context"
	"sync"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search/snapshot"
)

// base is a snapshot that is written while the store is read. It is nil where
// none is kept; one that cannot be written leaves the reading alone.
type base struct {
	mu     sync.Mutex
	writer *snapshot.Writer
	err    error
}

// base begins one when this process has a file.
func (x *Index) base() *base {
	if x.keeper.slot == nil || x.notes.state != notYet {
		return nil
	}
	return newBase(x.keeper.slot.Path)
}

func newBase(path string) *base {
	writer, err := snapshot.Create(path, versionBits)
	return &base{writer: writer, err: err}
}

// put writes properties that were read; their facts are then not needed any more.
func (b *base) put(some []compiled) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range some {
		some[i].pack()
		if b.err == nil {
			b.err = b.writer.Put(some[i].house.property.ID, some[i].facts, some[i].packed)
		}
		some[i].facts = nil
	}
}

func (b *base) abandon() {
	if b != nil && b.writer != nil {
		_ = b.writer.Close() // nothing of it is used
	}
}

// keepBase hands the base of a load to the keeper. From here on notes are made.
// It has no mark yet: that comes when the log has been followed beyond what was
// read, so that a store that is taken back to before then is told from this one.
func (x *Index) keepBase(b *base) {
	switch {
	case b != nil:
		x.notes.begin()
		x.keeper.resume = func() (*snapshot.Writer, error) { return b.writer, b.err }
		x.keeper.call()
	case x.keeper.slot != nil: // loaded again: what is on the disk is of before
		x.notes = notes{state: tooMany}
		x.keeper.call()
	}
}

// rebase begins the snapshot anew from the store, one property after the other.
// What changes meanwhile is noted.
func (x *Index) rebase(ctx context.Context) (*snapshot.Writer, error) {
	x.writing.Lock()
	x.notes.begin()
	x.writing.Unlock()
	b := newBase(x.keeper.slot.Path)
	err := x.list(ctx, func(page []property.Property) error {
		some, err := x.readPage(ctx, page)
		if err == nil {
			b.put(some)
			err = b.err
		}
		return err
	})
	if err != nil {
		b.abandon()
		return nil, err
	}
	return b.writer, nil
}
