//go:build !unix

package pgtest

import "syscall"

// Elsewhere the package compiles, so that `go test ./...` does; servers are only
// looked for on Unix (see places).

func detached() *syscall.SysProcAttr { return nil }
func lowly() *syscall.SysProcAttr    { return nil }
func handOver(string) error          { return nil }
