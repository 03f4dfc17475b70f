//go:build !unix

package pgtest

type server struct{ dsn string }

func (*server) start() error { return errAbsent }

func (*server) stop() {}
