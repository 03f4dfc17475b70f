package pgtest

import "syscall"

// dieWithParent ends the server also when the tests are killed.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
