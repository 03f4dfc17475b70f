package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgresServer is a Postgres of the bench's own, as durable as it is by
// default.
type postgresServer struct {
	folder  string
	process *exec.Cmd
}

// startPostgres starts a server, by a command where its disk is to be slow.
// nil without an error says that none is installed.
func startPostgres(ctx context.Context, disk []string) (*postgresServer, error) {
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is right
	if path, err := exec.LookPath("initdb"); err == nil {
		installed = append(installed, path)
	}
	if len(installed) == 0 {
		return nil, nil
	}
	slices.Sort(installed)
	programs := filepath.Dir(installed[len(installed)-1])
	folder, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s := &postgresServer{folder: folder}
	as, err := s.notRoot()
	if err == nil {
		init := append(slices.Clone(as), programs+"/initdb", "--pgdata="+folder+"/data", "--username=souk", "--auth=trust", "--encoding=UTF8", "--locale=C")
		var said []byte
		if said, err = exec.CommandContext(ctx, init[0], init[1:]...).CombinedOutput(); err != nil {
			err = fmt.Errorf("initdb: %w\n%s", err, said)
		}
	}
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	run := slices.Concat(disk, as, []string{programs + "/postgres", "-D", folder + "/data", "-k", folder, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=512MB",
		"-c", "max_wal_size=4GB", "-c", fmt.Sprintf("min_wal_size=%dMB", logSegments*16)})
	s.process = exec.CommandContext(ctx, run[0], run[1:]...)
	log, err := s.process.StderrPipe()
	if err == nil {
		err = s.process.Start()
	}
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	ready := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "ready to accept connections") {
				select {
				case ready <- true:
				default:
				}
			}
		}
		close(ready)
	}()
	select {
	case up := <-ready:
		if up {
			err := s.age(ctx)
			if err == nil {
				return s, nil
			}
			s.stop()
			return nil, err
		}
	case <-time.After(time.Minute):
	}
	s.stop()
	return nil, errors.New("postgres did not start")
}

// notRoot is the command that runs another as a user that Postgres accepts, who
// is given the folder.
func (s *postgresServer) notRoot() ([]string, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, errUID := strconv.Atoi(account.Uid)
	gid, errGID := strconv.Atoi(account.Gid)
	if err := errors.Join(errUID, errGID, os.Chown(s.folder, uid, gid)); err != nil {
		return nil, err
	}
	return []string{"setpriv", "--reuid=" + account.Uid, "--regid=" + account.Gid, "--clear-groups"}, nil
}

func (s *postgresServer) dsn() string {
	return "host=" + s.folder + " user=souk dbname=postgres pool_max_conns=70"
}

// logSegments is how many files of 16 MB the log has to spare.
const logSegments = 100

// age gives the server what one has that runs for some time: files of its log
// that are there to be used again. A new server has to fill each with zeros
// first, and everybody waits for that, twice a second under load.
func (s *postgresServer) age(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, strings.ReplaceAll(s.dsn(), " pool_max_conns=70", ""))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for range logSegments {
		for _, statement := range []string{"SELECT pg_logical_emit_message(false, 'bench', 'x')", "SELECT pg_switch_wal()"} {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return err
			}
		}
	}
	_, err = conn.Exec(ctx, "CHECKPOINT")
	return err
}

// schema makes an empty schema and returns how to connect to it.
func (s *postgresServer) schema(ctx context.Context, name string) (string, error) {
	conn, err := pgx.Connect(ctx, strings.ReplaceAll(s.dsn(), " pool_max_conns=70", ""))
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	name = strings.ReplaceAll(name, "-", "_")
	_, err = conn.Exec(ctx, "CREATE SCHEMA "+name)
	return s.dsn() + " search_path=" + name, err
}

// pid is the server's, 0 before it has begun.
func (s *postgresServer) pid() int {
	text, err := os.ReadFile(s.folder + "/data/postmaster.pid")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(line)
	return pid
}

func (s *postgresServer) stop() {
	if pid := s.pid(); pid > 0 {
		_ = syscall.Kill(pid, syscall.SIGINT) // it disconnects everybody
	}
	_ = s.process.Wait()
	_ = os.RemoveAll(s.folder)
}

// delayCommand compiles the program that delays every fsync of what it runs,
// and returns how to run it; nil where there is none.
func delayCommand(ctx context.Context, folder string, delay time.Duration) ([]string, error) {
	if inboxOptions.fsyncDelay == "" {
		return nil, nil
	}
	program := filepath.Join(folder, "fsyncdelay")
	if said, err := exec.CommandContext(ctx, "gcc", "-O2", "-o", program, inboxOptions.fsyncDelay, "-lpthread").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("gcc: %w\n%s", err, said)
	}
	return []string{program, strconv.FormatInt(delay.Microseconds(), 10)}, nil
}
