package throttle

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Mails that a stranger can make us send: to an address that they merely type.
var (
	mailsOfClient  = Rate{10, 10, time.Hour}
	mailsToAddress = Rate{5, 5, time.Hour}
)

// Letters counts the mails that strangers ask for, at every door together.
type Letters struct{ client, address *Table }

// NewLetters has counted nothing yet.
func NewLetters(now func() time.Time) *Letters {
	return &Letters{New(mailsOfClient, now), New(mailsToAddress, now)}
}

// Try counts a mail before it is asked for. A wait is for who asks too often;
// enough says that the address, in its normal form, has had its share: nothing
// should be sent, and whoever asked need not learn of it. Addresses are kept hashed.
func (l *Letters) Try(client, email string) (enough bool, wait time.Duration) {
	if !ownMachine(client) {
		if wait := l.client.Take(Subscriber(client)); wait > 0 {
			return false, wait
		}
	}
	sum := sha256.Sum256([]byte(email))
	return l.address.Take(hex.EncodeToString(sum[:16])) > 0, 0
}
