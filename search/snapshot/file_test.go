package snapshot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/search"
)

const bits = 18

// said is what a snapshot should say of a property: two versions, of its facts
// and of its counts.
type said struct{ facts, counts int64 }

// written is a file with the state that each mark is for.
type written struct {
	t      *testing.T
	random *rand.Rand
	w      *Writer
	now    map[string]said
	at     map[uint64]map[string]said // by position
	n      int64
}

func newWritten(t *testing.T, path string, seed uint64) *written {
	w, err := Create(path, bits)
	if err != nil {
		t.Fatal(err)
	}
	x := &written{t: t, random: rand.New(rand.NewPCG(seed, 5)), w: w, now: make(map[string]said), at: make(map[uint64]map[string]said)}
	t.Cleanup(func() { _ = x.w.Close() })
	return x
}

// change puts or removes some properties.
func (x *written) change(times int) {
	x.t.Helper()
	for range times {
		x.n++
		id := fmt.Sprint("prop", x.random.IntN(6))
		was, there := x.now[id]
		var err error
		switch {
		case x.random.IntN(8) == 0:
			delete(x.now, id)
			err = x.w.Remove(id)
		case there && x.random.IntN(2) == 0:
			x.now[id] = said{was.facts, x.n}
			err = x.w.Put(id, nil, countsAt(x.n))
		default:
			x.now[id] = said{x.n, x.n}
			facts := &search.Facts{}
			facts.Property.ID, facts.Property.Version = id, x.n
			err = x.w.Put(id, EncodeFacts(facts), countsAt(x.n))
		}
		if err != nil {
			x.t.Fatal(err)
		}
	}
}

func countsAt(version int64) []byte {
	return EncodeCounts([]inventory.Counts{{RoomTypeID: "double", Nights: []inventory.Count{{Night: 1, Free: 2, Version: version}}}})
}

func (x *written) mark() {
	x.t.Helper()
	x.n++
	x.at[uint64(x.n)] = maps.Clone(x.now)
	if err := x.w.Mark(Mark{Position: outbox.Position{Major: uint64(x.n)}, At: time.UnixMicro(x.n).UTC()}); err != nil {
		x.t.Fatal(err)
	}
}

// holds compares a file with the state at its mark.
func (x *written) holds(f *File) {
	x.t.Helper()
	want, marked := x.at[f.Mark.Position.Major]
	if !marked {
		x.t.Fatalf("no mark was at %v", f.Mark.Position)
	}
	got := make(map[string]said)
	for _, id := range f.Properties() {
		e, err := f.Read(id)
		if err != nil {
			x.t.Fatal(err)
		}
		got[e.Facts.Property.ID] = said{e.Facts.Property.Version, e.Counts[0].Nights[0].Version}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(said{})); diff != "" {
		x.t.Fatalf("at %v (-written +read):\n%s", f.Mark.Position, diff)
	}
}

// lastMark is the latest mark that a file may have which is cut or changed there.
func lastMark(ends map[int64]uint64, at int64) (position uint64) {
	for end, marked := range ends {
		if end <= at {
			position = max(position, marked)
		}
	}
	return position
}

// Property 61, its worst case: wherever a crash cuts the file, and whichever bit
// a disk turns, what is read is the whole state at an earlier mark, or nothing.
func TestTornAndTurned(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "0.snapshot")
	x := newWritten(t, path, 1)
	ends := make(map[int64]uint64)
	for range 6 {
		x.change(5)
		x.mark()
		size, _ := x.w.Size()
		ends[size] = uint64(x.n)
	}
	x.change(3)
	if err := x.w.Flush(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	spoilt := filepath.Join(folder, "spoilt")
	judge := func(what string, data []byte, at int64) {
		t.Helper()
		if err := os.WriteFile(spoilt, data, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := Open(spoilt, bits)
		if want := lastMark(ends, at); want == 0 {
			if !errors.Is(err, ErrUnmarked) && !errors.Is(err, ErrFormat) {
				t.Fatalf("%s at %d: %v", what, at, err)
			}
			return
		} else if err != nil || f.Mark.Position.Major != want {
			t.Fatalf("%s at %d: %v, %+v, want the mark at %d", what, at, err, f, want)
		}
		x.holds(f)
		_ = f.Close()
	}
	step := 1
	if testing.Short() {
		step = 7
	}
	for at := 0; at <= len(whole); at += step {
		judge("cut", whole[:at], int64(at))
		if at < len(whole) {
			turned := slices.Clone(whole)
			turned[at] ^= 1 << x.random.IntN(8)
			judge("turned", turned, int64(at))
		}
		if at < len(whole)-64 {
			hole := slices.Clone(whole)
			clear(hole[at : at+64])
			if !slices.Equal(hole[:at+1], whole[:at+1]) {
				judge("hole", hole, int64(at))
			}
		}
	}
}

// A writer goes on behind the last good mark, whatever lies there.
func TestGoOnAfterACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "0.snapshot")
	x := newWritten(t, path, 2)
	for life := range 30 {
		x.change(x.random.IntN(10))
		x.mark()
		known := maps.Clone(x.now)
		x.change(x.random.IntN(5)) // lost
		if x.random.IntN(2) == 0 {
			_ = x.w.Flush()
		}
		_ = x.w.Close()
		x.now = known
		f, err := Open(path, bits)
		if err != nil {
			t.Fatalf("life %d: %v", life, err)
		}
		x.holds(f)
		if life%3 == 0 {
			x.w, err = f.CopyTo(path)
		} else {
			x.w, err = f.Append()
		}
		if err != nil {
			t.Fatal(err)
		}
		if size, used := x.w.Size(); used > size {
			t.Fatalf("%d of %d bytes are used", used, size)
		}
		_ = f.Close()
	}
}

// A file that was replaced many times over is written anew, and says the same.
func TestCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "0.snapshot")
	x := newWritten(t, path, 3)
	for !x.w.Wasteful() {
		x.change(200)
		x.mark()
	}
	before, used := x.w.Size()
	reader, err := Open(path, bits) // of another process, which reads on
	if err != nil {
		t.Fatal(err)
	}
	if x.w, err = x.w.Compact(); err != nil {
		t.Fatal(err)
	}
	after, usedAfter := x.w.Size()
	if after >= before/2 || usedAfter != used || x.w.Wasteful() {
		t.Errorf("%d bytes of %d, %d of %d used", after, before, usedAfter, used)
	}
	x.holds(reader)
	x.change(10)
	x.mark()
	f, err := Open(path, bits)
	if err != nil {
		t.Fatal(err)
	}
	x.holds(f)
}

// A full disk ends the writing with its error, and leaves what was there.
func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	path := filepath.Join(t.TempDir(), "0.snapshot")
	x := newWritten(t, path, 4)
	x.change(5)
	x.mark()
	if err := os.Symlink("/dev/full", path+temporary); err != nil {
		t.Fatal(err)
	}
	if _, err := x.w.Compact(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on a full disk: %v", err)
	}
	if _, err := os.Lstat(path + temporary); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what could not be finished is still there: %v", err)
	}
	x.change(5)
	x.mark()
	f, err := Open(path, bits)
	if err != nil {
		t.Fatal(err)
	}
	x.holds(f)
}

// What another program wrote is not read, whatever it says.
func TestOtherShapes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "0.snapshot")
	x := newWritten(t, path, 5)
	x.change(5)
	x.mark()
	if _, err := Open(path, bits+1); !errors.Is(err, ErrFormat) {
		t.Errorf("with other versions: %v", err)
	}
	if _, err := Open(path+".none", bits); !errors.Is(err, ErrNone) {
		t.Errorf("no file: %v", err)
	}
}

// lister is a log.
type lister []outbox.Stored

func (l lister) Events(_ context.Context, after outbox.Position, limit int) ([]outbox.Stored, error) {
	for i, e := range l {
		if after.Less(e.Position) {
			return l[i:min(len(l), i+limit)], nil
		}
	}
	return nil, nil
}

// A mark fits only the log whose event it was made at.
func TestMarksFitTheirLog(t *testing.T) {
	event := func(major, minor uint64, data string) outbox.Stored {
		return outbox.Stored{
			Position: outbox.Position{Major: major, Minor: minor}, At: time.UnixMicro(int64(major)),
			Event: outbox.Event{PropertyID: "p", Type: "t", Version: 1, Data: []byte(data)},
		}
	}
	log := lister{event(1, 0, "a"), event(2, 0, "b"), event(7, 3, "c"), event(7, 4, "d")}
	for i := range log {
		mark, err := MarkAt(t.Context(), log, log[i].Position, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := mark.Fits(t.Context(), log); err != nil {
			t.Errorf("its own log: %v", err)
		}
		if mark.Last != log[3].Position {
			t.Errorf("the last event is said to be at %v", mark.Last)
		}
		if err := mark.Fits(t.Context(), log[i:]); err != nil {
			t.Errorf("a log that begins there: %v", err)
		}
		other := slices.Clone(log)
		other[i].Data = []byte("x")
		late := slices.Clone(log)
		late[i].At = late[i].At.Add(time.Microsecond)
		for name, not := range map[string]lister{"taken back": log[:i], "taken back in part": log[:3], "cut": log[i+1:], "empty": nil, "another event": other, "another time": late} {
			if err := mark.Fits(t.Context(), not); !errors.Is(err, ErrElsewhere) {
				t.Errorf("%s, at %d: %v", name, i, err)
			}
		}
	}
	if _, err := MarkAt(t.Context(), log, outbox.Position{}, time.Now()); !errors.Is(err, ErrElsewhere) {
		t.Errorf("before the first event: %v", err)
	}
}

// Each process has a file of its own, and gets it back when its owner is gone.
func TestClaim(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "made", "when needed")
	var slots []*Slot
	for {
		slot, err := Claim(folder)
		if errors.Is(err, ErrBusy) {
			break
		}
		if err != nil || slices.ContainsFunc(slots, func(s *Slot) bool { return s.Path == slot.Path }) {
			t.Fatal(slot, err)
		}
		slots = append(slots, slot)
	}
	if len(slots) != maxFiles {
		t.Errorf("%d files", len(slots))
	}
	if err := slots[3].Release(); err != nil {
		t.Fatal(err)
	}
	again, err := Claim(folder)
	if err != nil || again.Path != slots[3].Path {
		t.Errorf("%+v, %v", again, err)
	}
}
