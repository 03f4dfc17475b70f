//go:build unix

package pgtest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// startTime bounds the wait for a server.
const startTime = time.Minute

type server struct {
	dsn    string
	folder string
	end    chan struct{} // closed to stop the server
	ended  chan struct{}
}

// start makes a database cluster and runs a server on it.
func (s *server) start() (err error) {
	postgres, initdb, err := programs()
	if err != nil {
		return err
	}
	if s.folder, err = os.MkdirTemp("", "pg"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(s.folder)
		}
	}()
	attr, err := s.attributes()
	if err != nil {
		return err
	}
	data := s.folder + "/data"
	create := exec.Command(initdb, "--pgdata="+data, "--username=souk", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	create.Dir, create.SysProcAttr = s.folder, attr
	if out, err := create.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	// A crash of the machine is not what these tests are about, hence no fsync.
	run := exec.Command(postgres, "-D", data, "-k", s.folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
	run.Dir, run.SysProcAttr = s.folder, attr
	if err := s.run(run); err != nil {
		return err
	}
	s.dsn = "host=" + s.folder + " user=souk dbname=postgres"
	return nil
}

// attributes lets the server run as somebody else where the tests are root's,
// which Postgres refuses to be, and gives that user the folder.
func (s *server) attributes() (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{}
	dieWithParent(attr)
	if os.Geteuid() != 0 {
		return attr, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(account.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(account.Gid, 10, 32)
		if err := errors.Join(errUID, errGID, os.Chown(s.folder, int(uid), int(gid))); err != nil {
			return nil, err
		}
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return attr, nil
	}
	return nil, errors.New("postgres does not run as root, and there is no user postgres or nobody")
}

// run starts the server and waits until it takes connections.
func (s *server) run(cmd *exec.Cmd) error {
	log, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	s.end, s.ended = make(chan struct{}), make(chan struct{})
	started, ready := make(chan error, 1), make(chan error, 1)
	go func() {
		defer close(s.ended)
		runtime.LockOSThread() // the server ends with the thread that started it
		err := cmd.Start()
		if started <- err; err != nil {
			return
		}
		<-s.end
		_ = cmd.Process.Signal(syscall.SIGINT) // disconnects everybody
		_ = cmd.Wait()
	}()
	if err := <-started; err != nil {
		return err
	}
	go func() {
		var said bytes.Buffer
		lines := bufio.NewScanner(log)
		for up := false; lines.Scan(); {
			if said.Len() < 10_000 {
				said.WriteString(lines.Text() + "\n")
			}
			if !up && strings.Contains(lines.Text(), "ready to accept connections") {
				up = true
				ready <- nil
			}
		}
		ready <- errors.New("postgres ended:\n" + said.String())
	}()
	select {
	case err = <-ready:
	case <-time.After(startTime):
		err = fmt.Errorf("postgres was not ready within %v", startTime)
	}
	if err != nil {
		s.stop()
	}
	return err
}

// stop ends the server, if there is one, and removes its files.
func (s *server) stop() {
	if s.end == nil {
		return
	}
	close(s.end)
	<-s.ended
	s.end = nil
	_ = os.RemoveAll(s.folder)
}
