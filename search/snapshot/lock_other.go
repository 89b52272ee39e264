//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package snapshot

import (
	"errors"
	"os"
)

// tryLock needs flock: elsewhere an index reads its store when it starts.
func tryLock(*os.File) error { return errors.ErrUnsupported }
