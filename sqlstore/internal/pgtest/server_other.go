//go:build !unix

package pgtest

type server struct{ dsn, folder string }

func (*server) start() error { return errAbsent }

func (*server) stop() {}
