//go:build !unix

package bench

import (
	"errors"
	"time"
)

func ownCPU() (time.Duration, error) {
	return 0, errors.New("bench: CPU time cannot be read on this system")
}
