//go:build !linux

package bench

import "time"

// threadCPU is not to be had on this system.
func threadCPU() (time.Duration, bool) { return 0, false }
