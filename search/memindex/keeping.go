package memindex

import (
	"context"
	"errors"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/search/snapshot"
)

// The share of one processor that keeping may take, how long a snapshot that
// failed is left alone, and how long a process that stops may still write.
const (
	keepShare  = 20 // a twentieth
	restAfter  = time.Minute
	restAtMost = time.Hour
	lastWrite  = 5 * time.Second
)

// Errors of keeping.
var (
	errBehind  = errors.New("memindex: the disk did not keep up with the changes")
	errStrange = errors.New("memindex: counts of a property that the snapshot does not have")
)

// keep writes until the context ends.
func (x *Index) keep(ctx context.Context) {
	pause, rest := x.options.SnapshotEvery, restAfter
	for {
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		case <-x.keeper.wake:
			timer.Stop()
		}
		began := x.options.Now()
		err := x.keepNow(ctx)
		if err == nil {
			err = x.compact()
		}
		if err != nil && ctx.Err() == nil {
			x.keeper.fail(x, err)
			pause, rest = rest, min(2*rest, restAtMost)
			continue
		}
		pause, rest = max(x.options.SnapshotEvery, keepShare*x.options.Now().Sub(began)), restAfter
	}
}

// leave writes a last time when the process stops, so that the next start has
// nothing to follow, and gives the file back.
func (x *Index) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWrite)
	defer cancel()
	x.writing.Lock()
	ready := x.keeper.slot != nil && x.notes.state == taking && (x.keeper.resume != nil || x.keeper.writer != nil)
	x.writing.Unlock()
	if ready {
		if err := x.keepNow(ctx); err != nil {
			x.keeper.fail(x, err)
		}
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	x.keeper.drop()
	x.notes = notes{}
	if x.keeper.slot != nil {
		_ = x.keeper.slot.Release() // the lock ends with the process in any case
		x.keeper.slot = nil
	}
}

// keepNow brings the file up to what has been applied.
func (x *Index) keepNow(ctx context.Context) error {
	k := &x.keeper
	k.busy.Lock()
	defer k.busy.Unlock()
	if ready, err := x.openWriter(ctx); !ready || err != nil {
		return err
	}
	x.writing.Lock()
	taken, position, asOf, whole := x.notes.take(), x.position, *x.asOf.Load(), x.holds.refused == 0
	where := x.locate(taken.counts)
	x.writing.Unlock()
	if taken.missing() {
		return errBehind
	}
	if err := x.write(taken, where); err != nil {
		return x.lose(err)
	}
	if position == (outbox.Position{}) || !whole { // a mark would say more than is true
		return k.writer.Flush()
	}
	mark, err := snapshot.MarkAt(ctx, x.source, position, asOf)
	if errors.Is(err, snapshot.ErrElsewhere) {
		x.loadAgain()
	}
	if err != nil {
		return err
	}
	if taken.empty() && position == k.writer.Marked().Position {
		k.tell(func(kept *Kept) { kept.At = asOf })
		return nil
	}
	if err := k.writer.Mark(mark); err != nil {
		return x.lose(err)
	}
	k.wrote(k.writer)
	return nil
}

// openWriter goes on with what was loaded, or begins anew when something that
// the file lacks is not in the notes; false when there is nothing to write yet.
func (x *Index) openWriter(ctx context.Context) (bool, error) {
	k := &x.keeper
	x.writing.Lock()
	state, resume, slot := x.notes.state, k.resume, k.slot
	k.resume = nil
	x.writing.Unlock()
	if slot == nil || state == notYet {
		return false, nil
	}
	if state == tooMany {
		k.drop()
		abandon(resume)
	}
	if k.writer != nil {
		return true, nil
	}
	if resume == nil || state == tooMany {
		resume = func() (*snapshot.Writer, error) { return x.rebase(ctx) }
	}
	writer, err := resume()
	if err != nil {
		return false, x.lose(err)
	}
	k.writer = writer
	return true, nil
}

// loadAgain is for a log that has lost the event at which the index stands: the
// store was taken back to before it, and what the index holds may never have been.
func (x *Index) loadAgain() {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.loaded = false
}

// abandon closes what would have gone on.
func abandon(resume func() (*snapshot.Writer, error)) {
	if resume == nil {
		return
	}
	if w, err := resume(); err == nil {
		_ = w.Close() // it is begun anew
	}
}

// lose has the snapshot begun anew the next time.
func (x *Index) lose(err error) error {
	x.keeper.drop()
	x.writing.Lock()
	defer x.writing.Unlock()
	x.notes = notes{state: tooMany}
	return err
}

// compact writes the file anew when most of it is of before.
func (x *Index) compact() error {
	k := &x.keeper
	k.busy.Lock()
	defer k.busy.Unlock()
	if k.writer == nil || !k.writer.Wasteful() {
		return nil
	}
	compact, err := k.writer.Compact()
	if compact != nil {
		k.writer = compact
		k.wrote(compact)
	}
	return err
}

// home is where a property lies.
type home struct {
	block *block
	lane  int
}

// home is the zero home for a property that is not in the index.
func (x *Index) home(id string) home {
	at, known := x.places[id]
	if !known {
		return home{}
	}
	return home{x.blocks[at/lanesPerBlock], int(at % lanesPerBlock)}
}

// locate finds properties, so that they can be looked at without Index.writing.
func (x *Index) locate(ids map[string]struct{}) map[string]home {
	where := make(map[string]home, len(ids))
	for id := range ids {
		where[id] = x.home(id)
	}
	return where
}

// write puts what was noted, with the counts of this moment: they may be newer
// than the position, as events may come twice.
func (x *Index) write(taken notes, where map[string]home) error {
	w := x.keeper.writer
	for id := range taken.counts {
		facts, again := taken.facts[id]
		var err error
		switch {
		case again && facts == nil:
			err = w.Remove(id)
		case !again && !w.Has(id):
			err = errStrange
		default:
			err = w.Put(id, facts, snapshot.EncodeCounts(where[id].counts(id)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// counts are the free rooms that the block knows of a property.
func (h home) counts(id string) (all []inventory.Counts) {
	if h.block == nil {
		return nil
	}
	f := h.block.facts.Load()
	of := f.houses[h.lane]
	if of == nil || of.property.ID != id { // removed meanwhile, which is noted
		return nil
	}
	f.almanac.read(func() {
		all = all[:0]
		for i := range of.rooms {
			counts := inventory.Counts{RoomTypeID: of.rooms[i].roomType.ID, Nights: make([]inventory.Count, 0, of.nights)}
			for night := of.base; night < of.base.Add(of.nights); night++ {
				if n, known := f.almanac.count(f.first[h.lane].rooms+i, night); known {
					counts.Nights = append(counts.Nights, n)
				}
			}
			all = append(all, counts)
		}
	})
	return all
}

// note is for who has placed a property that was read.
func (x *Index) note(read compiled) {
	if read.facts == nil {
		return
	}
	x.notes.read(read.house.property.ID, read.facts)
	if x.notes.bytes > callAt {
		x.keeper.call()
	}
}
