package bench

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadCPU is the CPU time of the calling thread; who measures with it locks
// the goroutine to it.
func threadCPU() (time.Duration, bool) {
	var own unix.Timespec
	err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &own)
	return time.Duration(own.Nano()), err == nil
}
