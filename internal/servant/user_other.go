//go:build !unix

package servant

import "syscall"

// Elsewhere the package compiles, so that `go test ./...` does; servers are only
// looked for on Unix.

func detached() *syscall.SysProcAttr { return nil }

// Lowly needs Unix.
func Lowly() *syscall.SysProcAttr { return nil }

// HandOver needs Unix.
func HandOver(string) error { return nil }
