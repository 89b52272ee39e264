package snapshot

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/search"
)

// File is a snapshot that was found whole up to its last good mark. It stays
// what it is while its writer appends to it or puts another in its place.
type File struct {
	Path string
	Mark Mark
	Lost int64 // bytes after the mark that are not read

	file *os.File
	header
	live map[string]places
	end  int64 // of the mark
}

// extent is where a record is in its file.
type extent struct{ at, size int64 }

// places are where the last records about a property are.
type places struct{ facts, counts extent }

func (p places) whole() bool { return p.facts.size > 0 && p.counts.size > 0 }

func (p places) size() int64 { return p.facts.size + p.counts.size }

// Open reads a file from end to end and checks it. The program's shape is that
// of the values which it will read.
func Open(path string, versionBits int) (*File, error) {
	file, err := os.Open(path) //nolint:gosec // the operator's own folder
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	f := &File{Path: path, file: file, live: make(map[string]places)}
	if err := f.scan(shapeFor(versionBits)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return f, nil
}

// Close gives the file up.
func (f *File) Close() error { return f.file.Close() }

func (f *File) scan(shape uint64) error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(f.file, 1<<20)
	head := make([]byte, headerSize)
	if _, err := io.ReadFull(in, head); err != nil {
		return ErrUnmarked
	}
	var ok bool
	if f.header, ok = parseHeader(head); !ok || f.shape != shape {
		return ErrFormat
	}
	if err := f.records(in, info.Size()); err != nil {
		return err
	}
	if f.end == 0 {
		return ErrUnmarked
	}
	f.Lost = info.Size() - f.end
	return nil
}

// records applies all that lies before a good mark.
func (f *File) records(in io.Reader, size int64) error {
	at := int64(headerSize)
	var buffer []byte
	var since []change // the last mark
	for {
		var err error
		if buffer, err = readRecord(in, buffer, size-at); err != nil {
			return ignoreEnd(err)
		}
		r, ok := parseRecord(buffer, f.seed, at)
		if !ok {
			return nil
		}
		if r.kind == marked {
			m, ok := parseMark(r.body)
			if !ok || !f.apply(since) || len(f.live) != m.Properties {
				return ErrBroken // as it was written: nothing of it can be trusted
			}
			f.Mark, f.end, since = m, at+int64(len(buffer)), since[:0]
		} else {
			since = append(since, change{r.kind, string(r.id), extent{at, int64(len(buffer))}})
		}
		at += int64(len(buffer))
	}
}

// readRecord reads the bytes of the next record; one that would be longer than
// what is left is none.
func readRecord(in io.Reader, buffer []byte, left int64) ([]byte, error) {
	buffer = slices.Grow(buffer[:0], headSize)[:headSize]
	if _, err := io.ReadFull(in, buffer); err != nil {
		return buffer, err
	}
	size, ok := sizeOf(buffer)
	if !ok || size > left {
		return buffer, io.ErrUnexpectedEOF
	}
	buffer = slices.Grow(buffer, int(size)-headSize)[:size]
	_, err := io.ReadFull(in, buffer[headSize:])
	return buffer, err
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// change is what one record says of a property.
type change struct {
	kind  kind
	id    string
	place extent
}

// apply is false for what no writer should have written.
func (f *File) apply(since []change) bool {
	for _, c := range since {
		p := f.live[c.id]
		switch c.kind {
		case factsOf:
			p.facts = c.place
		case countsOf:
			p.counts = c.place
		case removed:
			delete(f.live, c.id)
			continue
		default:
			return false
		}
		f.live[c.id] = p
	}
	for _, c := range since {
		if p, there := f.live[c.id]; there && !p.whole() {
			return false
		}
	}
	return true
}

// Size is the length of the file up to the mark, and how much of it is still good.
func (f *File) Size() (size, used int64) {
	for _, p := range f.live {
		used += p.size()
	}
	return f.end, used
}

// Properties lists them in the order of the file.
func (f *File) Properties() []string {
	ids := slices.Collect(maps.Keys(f.live))
	slices.SortFunc(ids, func(a, b string) int { return cmp.Compare(f.live[a].facts.at, f.live[b].facts.at) })
	return ids
}

// Entry is a property as a snapshot holds it.
type Entry struct {
	Facts  *search.Facts
	Counts []inventory.Counts
}

// Read reads one of Properties. Several may be read at once.
func (f *File) Read(id string) (e Entry, err error) {
	facts, err := f.body(f.live[id].facts)
	if err != nil {
		return e, err
	}
	if e.Facts, err = DecodeFacts(facts); err != nil {
		return e, err
	}
	counts, err := f.body(f.live[id].counts)
	if err != nil {
		return e, err
	}
	e.Counts, err = DecodeCounts(id, counts)
	return e, err
}

func (f *File) body(place extent) ([]byte, error) {
	r, err := f.record(place)
	return r.body, err
}

// record reads and checks it again: since the first time the disk may have changed.
func (f *File) record(place extent) (record, error) {
	data := make([]byte, place.size)
	if _, err := f.file.ReadAt(data, place.at); err != nil {
		return record{}, err
	}
	r, ok := parseRecord(data, f.seed, place.at)
	if !ok {
		return record{}, fmt.Errorf("%w: %s at %d", ErrBroken, f.Path, place.at)
	}
	return r, nil
}
