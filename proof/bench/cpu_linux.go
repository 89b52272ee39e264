package bench

import (
	"syscall"
	"time"
)

// threadCPU is the CPU time of the thread that asks: of a goroutine that has
// one for itself.
func threadCPU() time.Duration {
	const rusageThread = 1
	var own syscall.Rusage
	if syscall.Getrusage(rusageThread, &own) != nil {
		return 0
	}
	return time.Duration(own.Utime.Nano() + own.Stime.Nano())
}
