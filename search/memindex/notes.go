package memindex

// notes are what has changed since the keeper took them last. The one that
// applies changes makes them and never waits for a disk.
type notes struct {
	state  noting
	facts  map[string][]byte   // of properties that were read again; nil: removed
	counts map[string]struct{} // properties with other counts
	bytes  int                 // of the facts
}

// noting is whether notes are made.
type noting uint8

const (
	notYet  noting = iota // nothing is loaded, or nothing is kept
	taking                // what the file lacks is in the notes
	tooMany               // something was lost: the snapshot has to be begun anew
)

// Bounds of the facts that wait: the keeper is called, and when the disk does
// not keep up they are given up.
const (
	callAt = 32 << 20
	lossAt = 128 << 20
)

func (n *notes) begin() { *n = notes{state: taking} }

func (n *notes) counted(id string) {
	if n.state != taking {
		return
	}
	if n.counts == nil {
		n.counts = make(map[string]struct{})
	}
	n.counts[id] = struct{}{}
}

// read notes facts, and with them counts; of a property that is gone, nil.
func (n *notes) read(id string, facts []byte) {
	if n.state != taking {
		return
	}
	if n.facts == nil {
		n.facts = make(map[string][]byte)
	}
	n.bytes += len(facts) - len(n.facts[id])
	n.facts[id] = facts
	n.counted(id)
	if n.bytes > lossAt {
		*n = notes{state: tooMany}
	}
}

// take hands the notes over and begins new ones.
func (n *notes) take() notes {
	taken := *n
	if n.state == taking {
		n.begin()
	}
	return taken
}

// missing tells whether something changed that is neither in the notes nor in the file.
func (n *notes) missing() bool { return n.state == tooMany }

func (n *notes) empty() bool { return len(n.facts) == 0 && len(n.counts) == 0 }
