package runc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// stateVariable marks the processes that work for a runtime, so that its
// successor finds those that outlived it.
const stateVariable = "MOCKCLOUD_STATE"

// helperEnv is the environment of such processes.
func helperEnv(stateDir string) []string {
	return []string{defaultPath, stateVariable + "=" + stateDir}
}

// detached is a process that runc starts and leaves to us.
type detached struct {
	dir    string // holds files about it
	args   []string
	stdin  *os.File // nil: nothing to read
	stdout *os.File
	stderr *os.File
	tty    bool
}

// startTimeout is far beyond what runc takes (25 to 90 ms measured). It is not
// interrupted earlier: a runc killed half way leaves a process that nobody
// knows.
const startTimeout = time.Minute

// start has runc start a process, adopts it, and answers its terminal if it
// has one. runc itself is gone then.
func (g *group) start(d detached) (*child, *os.File, error) {
	if !d.tty {
		c, err := adopted.start(func() (int, error) { return g.runRunc(d) })
		return c, nil, err
	}
	console, err := listenConsole(d.dir)
	if err != nil {
		return nil, nil, err
	}
	defer console.close()
	c, err := adopted.start(func() (int, error) { return g.runRunc(d, "--console-socket", consoleSocket) })
	if err != nil {
		return nil, nil, err
	}
	tty, err := console.receive()
	if err != nil {
		c.end()
		return nil, nil, err
	}
	return c, tty, nil
}

// runRunc runs runc and answers the number of the process that it leaves.
func (g *group) runRunc(d detached, options ...string) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	args := []string{"--root", g.path("runc"), "--log", "runc.log", "--log-format", "json"}
	args = append(args, d.args[0], "--detach", "--pid-file", "pid")
	args = append(append(args, options...), d.args[1:]...)
	cmd := exec.CommandContext(ctx, g.rt.runc, args...)
	cmd.Dir = d.dir
	cmd.Env = helperEnv(g.rt.config.StateDir)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = orNil(d.stdin), orNil(d.stdout), orNil(d.stderr)
	cmd.SysProcAttr = &unix.SysProcAttr{Setpgid: true}
	err := cmd.Run()
	if cmd.Process != nil {
		reapGroup(cmd.Process.Pid)
	}
	if err != nil {
		return 0, runcError(d.dir, err)
	}
	b, err := os.ReadFile(filepath.Join(d.dir, "pid"))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(b)))
}

// orNil keeps a nil file from becoming a non-nil stream.
func orNil(f *os.File) io.ReadWriter {
	if f == nil {
		return nil
	}
	return f
}

// runcError is what runc says of its failure.
func runcError(dir string, err error) error {
	log, _ := os.ReadFile(filepath.Join(dir, "runc.log"))
	for _, line := range bytes.Split(log, []byte("\n")) {
		var entry struct{ Level, Msg string }
		if json.Unmarshal(line, &entry) == nil && entry.Level == "error" {
			return errors.New(entry.Msg)
		}
	}
	return fmt.Errorf("runc: %w", err)
}
