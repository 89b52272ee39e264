package memindex

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/search/snapshot"
)

// oldest is how old a snapshot may be: following a longer log takes longer than
// reading the store.
const oldest = 30 * 24 * time.Hour

var errOld = errors.New("memindex: the snapshot is too old")

// restore loads a snapshot; false when the store has to be read. The position
// is the snapshot's, so that all that came later is applied before anything is
// answered.
func (x *Index) restore(ctx context.Context) bool {
	x.keeper.claim(x)
	began := x.options.Now()
	file, read, err := x.readSnapshot(ctx)
	if err != nil {
		if !errors.Is(err, snapshot.ErrNone) {
			x.options.Log.Warn("search snapshot is not used: the store is read", "why", err)
		}
		return false
	}
	if err := x.lay(read); err != nil {
		x.options.Log.Warn("search snapshot is not used: the store is read", "why", errors.Join(err, file.Close()))
		return false
	}
	mark := file.Mark
	x.position, x.loaded = mark.Position, true
	x.asOf.Store(&mark.At)
	x.doubted = doubt(file.Properties(), began)
	x.keeper.continues(x, file)
	x.options.Log.Info("search index loaded from its snapshot", "properties", len(read), "as_of", mark.At,
		"took", x.options.Now().Sub(began), "unread_bytes", file.Lost)
	return true
}

func (x *Index) readSnapshot(ctx context.Context) (*snapshot.File, []compiled, error) {
	file, err := snapshot.Latest(ctx, x.options.Snapshot, versionBits, x.source)
	if err != nil {
		return nil, nil, err
	}
	var read []compiled
	if x.options.Now().Sub(file.Mark.At) > oldest {
		err = errOld
	} else {
		read, err = x.readFile(ctx, file)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, read, nil
}

// readFile compiles what the file holds with the windows of today: nights that
// came within the horizon since are in the log.
func (x *Index) readFile(ctx context.Context, file *snapshot.File) ([]compiled, error) {
	list := func(ctx context.Context, pages chan<- []string) error {
		for some := range slices.Chunk(file.Properties(), propertyPage) {
			if err := send(ctx, pages, some); err != nil {
				return err
			}
		}
		return nil
	}
	return readPages(ctx, x, list, func(ids []string) ([]compiled, error) {
		read := make([]compiled, len(ids))
		for i, id := range ids {
			e, err := file.Read(id)
			if err != nil {
				return nil, fmt.Errorf("memindex: property %s: %w", id, err)
			}
			read[i] = x.assemble(e.Facts, e.Counts)
		}
		return read, nil
	})
}
