package throttle

import (
	"net/netip"
	"time"
)

// DefaultHolds is how many rooms one subscriber may take off sale or keep there:
// a large family party at once, and never more than twice as many within the ten
// minutes that a hold lives, as whomever it comes (Property 71).
var DefaultHolds = Rate{20, 20, 10 * time.Minute}

// Holds counts the rooms that strangers hold. It counts the taking and not what
// is live, for a hold that is not renewed ends by itself.
type Holds struct{ subscribers *Table }

// NewHolds has counted nothing yet; the zero Rate is DefaultHolds.
func NewHolds(rate Rate, now func() time.Time) *Holds {
	return &Holds{New(rate.Or(DefaultHolds), now)}
}

// Try counts rooms before they are held or kept longer; undo gives them back
// when none was. A wait says that they must not be held.
//
// This machine is not counted: what comes from it is its operator's, or that of a
// proxy which --trusted-proxy does not name, and counting that as one guest would
// close the house to everybody.
func (h *Holds) Try(client string, rooms int) (undo func(), wait time.Duration) {
	if ownMachine(client) {
		return func() {}, 0
	}
	name := Subscriber(client)
	wait = h.subscribers.Spend(name, rooms).Wait
	return func() { h.subscribers.Give(name, rooms) }, wait
}

func ownMachine(client string) bool {
	address, err := netip.ParseAddr(client)
	return err == nil && address.IsLoopback()
}
