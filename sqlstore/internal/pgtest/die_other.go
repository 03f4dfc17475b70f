//go:build unix && !linux

package pgtest

import "syscall"

// dieWithParent cannot be asked for here: tests that are killed leave the
// server running.
func dieWithParent(*syscall.SysProcAttr) {}
