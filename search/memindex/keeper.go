package memindex

import (
	"errors"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/search/snapshot"
)

// keeper brings the snapshot up to date, beside the one that applies changes and
// out of the way of queries.
type keeper struct {
	slot   *snapshot.Slot                   // with Index.writing: the file of this process; nil: none is written
	resume func() (*snapshot.Writer, error) // with Index.writing: how what was loaded goes on; nil: it does not
	wake   chan struct{}

	busy   sync.Mutex
	writer *snapshot.Writer // with busy; nil: to be resumed, or begun anew

	telling sync.Mutex
	kept    Kept // with telling
}

// Kept is what became of an index's snapshot.
type Kept struct {
	At       time.Time // as of when the file is
	Bytes    int64     // of the file
	Live     int64     // of these, not replaced by later ones
	Writes   int64
	Failures int64
	Restored bool // the index began with a snapshot
}

// Kept is zero where no snapshot is kept.
func (x *Index) Kept() Kept {
	x.keeper.telling.Lock()
	defer x.keeper.telling.Unlock()
	return x.keeper.kept
}

func (k *keeper) tell(change func(*Kept)) {
	k.telling.Lock()
	defer k.telling.Unlock()
	change(&k.kept)
}

func (k *keeper) wrote(w *snapshot.Writer) {
	k.tell(func(kept *Kept) {
		kept.Writes++
		kept.At = w.Marked().At
		kept.Bytes, kept.Live = w.Size()
	})
}

// fail tells of it once each time that something was tried.
func (k *keeper) fail(x *Index, err error) {
	k.tell(func(kept *Kept) { kept.Failures++ })
	x.options.Log.Warn("search snapshot cannot be written", "error", err)
}

// claim takes a file of the folder. Without one the index reads what there is
// and writes nothing.
func (k *keeper) claim(x *Index) {
	if k.slot != nil {
		return
	}
	slot, err := snapshot.Claim(x.options.Snapshot)
	if err != nil {
		k.fail(x, err)
		return
	}
	k.slot = slot
}

// continues goes on with a file that was read: behind its mark when it is this
// process's own, else with a copy.
func (k *keeper) continues(x *Index, file *snapshot.File) {
	k.tell(func(kept *Kept) {
		kept.Restored, kept.At = true, file.Mark.At
		kept.Bytes, kept.Live = file.Size()
	})
	if k.slot == nil {
		_ = file.Close() // only read
		return
	}
	x.notes.begin()
	k.resume = func() (w *snapshot.Writer, err error) {
		if file.Path == k.slot.Path {
			w, err = file.Append()
		} else {
			w, err = file.CopyTo(k.slot.Path)
		}
		return w, errors.Join(err, file.Close())
	}
}

// call has the keeper write now.
func (k *keeper) call() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// drop gives the writer up.
func (k *keeper) drop() {
	if k.writer != nil {
		_ = k.writer.Close() // it failed, or what it wrote is of before
		k.writer = nil
	}
}
