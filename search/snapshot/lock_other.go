//go:build !unix

package snapshot

import (
	"errors"
	"os"
)

// tryLock needs Unix: elsewhere an index reads its store when it starts.
func tryLock(*os.File) error { return errors.ErrUnsupported }
