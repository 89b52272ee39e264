package snapshot

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// Writer appends to a snapshot. A new one appears under its name with its first
// mark, whole and on the disk. After an error nothing more can be written: what
// is in the file up to the last mark stays good.
//
// It is for one goroutine.
type Writer struct {
	path  string
	fresh bool // still under its temporary name
	file  *os.File
	out   *bufio.Writer
	header
	live    map[string]places
	size    int64 // of the file, with what is buffered
	used    int64 // by the live records
	mark    Mark
	scratch []byte
	failed  error
}

const (
	temporary  = ".new"
	bufferSize = 256 << 10
)

// Create begins a snapshot anew. That of the same name stays until the first mark.
func Create(path string, versionBits int) (*Writer, error) {
	file, err := os.OpenFile(path+temporary, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // the operator's own folder
	if err != nil {
		return nil, err
	}
	w := &Writer{path: path, fresh: true, live: make(map[string]places), header: header{shapeFor(versionBits), rand.Uint32()}} //nolint:gosec // tells files apart, keeps no secret
	w.begin(file)
	w.write(w.header.bytes())
	return w, nil
}

func (w *Writer) begin(file *os.File) { w.file, w.out = file, bufio.NewWriterSize(file, bufferSize) }

// Append goes on with a file of this process, behind its mark. The File is spent.
func (f *File) Append() (*Writer, error) {
	file, err := os.OpenFile(f.Path, os.O_RDWR, 0) //nolint:gosec // the operator's own folder
	if err != nil {
		return nil, err
	}
	w := &Writer{path: f.Path, header: f.header, live: f.live, mark: f.Mark}
	w.size, w.used = f.Size()
	w.begin(file)
	if err := file.Truncate(f.end); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if _, err := file.Seek(f.end, io.SeekStart); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return w, nil
}

// Put replaces what is known of a property: EncodeFacts, EncodeCounts, or nil
// for what stays as it is.
func (w *Writer) Put(id string, facts, counts []byte) error {
	p := w.live[id]
	w.used -= p.size()
	if facts != nil {
		p.facts = w.append(record{factsOf, []byte(id), facts})
	}
	if counts != nil {
		p.counts = w.append(record{countsOf, []byte(id), counts})
	}
	w.used += p.size()
	w.live[id] = p
	return w.failed
}

// Has tells whether the snapshot has facts of a property.
func (w *Writer) Has(id string) bool { return w.live[id].facts.size > 0 }

// Remove takes a property out.
func (w *Writer) Remove(id string) error {
	p, there := w.live[id]
	if !there {
		return w.failed
	}
	w.append(record{removed, []byte(id), nil})
	w.used -= p.size()
	delete(w.live, id)
	return w.failed
}

func (w *Writer) append(r record) extent {
	if len(r.id) > maxID || len(r.body) > maxBody {
		w.failed = errors.Join(w.failed, fmt.Errorf("%w: %d bytes are too long for a record", ErrFormat, len(r.body)))
		return extent{}
	}
	at := w.size
	w.scratch = appendRecord(w.scratch[:0], w.seed, at, r)
	w.write(w.scratch)
	return extent{at, int64(len(w.scratch))}
}

func (w *Writer) write(data []byte) {
	if w.failed == nil {
		_, w.failed = w.out.Write(data)
		w.size += int64(len(data))
	}
}

// Mark says that all up to the mark was put. It reaches the disk in the system's
// own time, since a tail that is lost only makes more of the log to be read
// again; a new file is on the disk before it gets its name.
func (w *Writer) Mark(m Mark) error {
	m.Properties = len(w.live)
	w.append(record{marked, nil, m.bytes()})
	if err := w.Flush(); err != nil {
		return err
	}
	if w.fresh {
		w.failed = w.publish()
	}
	if w.failed == nil {
		w.mark = m
	}
	return w.failed
}

// Flush hands what was put to the system, so that it takes no memory here.
func (w *Writer) Flush() error {
	if w.failed == nil {
		w.failed = w.out.Flush()
	}
	return w.failed
}

func (w *Writer) publish() error {
	if err := w.file.Sync(); err != nil {
		return err
	}
	if err := os.Rename(w.path+temporary, w.path); err != nil {
		return err
	}
	w.fresh = false
	folder, err := os.Open(filepath.Dir(w.path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Size is the length of the file, and how much of it is still good.
func (w *Writer) Size() (size, used int64) { return w.size, w.used }

// Marked is the last mark.
func (w *Writer) Marked() Mark { return w.mark }

// spare is what a file may waste at least: a small one is not worth rewriting.
const spare = 1 << 20

// Wasteful tells whether most of the file was replaced by later records.
func (w *Writer) Wasteful() bool { return w.size > 2*w.used+spare }

// Compact writes what is good into a new file, which takes the place of this
// one. Nothing may have been put since the last mark.
func (w *Writer) Compact() (*Writer, error) {
	f := File{Path: w.path, Mark: w.mark, file: w.file, header: w.header, live: w.live}
	compact, err := f.CopyTo(w.path)
	if err != nil {
		return nil, err
	}
	return compact, w.Close()
}

// CopyTo writes a snapshot with what is in this one, and goes on with it.
func (f *File) CopyTo(path string) (*Writer, error) {
	w, err := Create(path, int(f.shape^shape()))
	if err != nil {
		return nil, err
	}
	for _, id := range f.Properties() {
		if err := f.copyProperty(w, id); err != nil {
			return nil, errors.Join(err, w.Close())
		}
	}
	if err := w.Mark(f.Mark); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

func (f *File) copyProperty(w *Writer, id string) error {
	facts, err := f.body(f.live[id].facts)
	if err != nil {
		return err
	}
	counts, err := f.body(f.live[id].counts)
	if err != nil {
		return err
	}
	return w.Put(id, slices.Clip(facts), counts)
}

// Close gives the file up; one that has no mark yet is taken away.
func (w *Writer) Close() error {
	err := w.file.Close()
	if w.fresh {
		err = errors.Join(err, os.Remove(w.path+temporary))
	}
	return err
}
