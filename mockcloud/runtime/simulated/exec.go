package simulated

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Exec implements runtime.Runtime. It knows these words (an absolute path to
// one of them is the same):
//
//	echo WORDS...   prints the words
//	cat             copies stdin to stdout
//	env             prints the container's environment
//	sleep DURATION  waits in the cloud's time
//	exit CODE       ends with CODE
//	size            prints "WIDTHxHEIGHT" for each new terminal size, until stdin ends
//
// A shell word "sh -c" or "bash -c" in front is taken off.
func (r *Runtime) Exec(ctx context.Context, id, name string, e runtime.Exec) (int, error) {
	c, g := r.container(id, name)
	if c == nil {
		return 0, runtime.ErrNotFound
	}
	g.mu.Lock()
	running := c.state.State == "Running"
	g.mu.Unlock()
	if !running {
		return 0, runtime.ErrNotRunning
	}
	if e.Stdout == nil {
		e.Stdout = io.Discard
	}
	if e.Stderr == nil {
		e.Stderr = e.Stdout
	}
	return r.command(ctx, c, e, shellWords(e.Command))
}

func (r *Runtime) command(ctx context.Context, c *container, e runtime.Exec, words []string) (int, error) {
	if len(words) == 0 {
		return 0, nil
	}
	switch word := words[0][strings.LastIndex(words[0], "/")+1:]; word {
	case "echo":
		fmt.Fprintln(e.Stdout, strings.Join(words[1:], " "))
	case "cat":
		if e.Stdin != nil {
			io.Copy(e.Stdout, e.Stdin)
		}
	case "env":
		for _, kv := range c.spec.Env {
			fmt.Fprintln(e.Stdout, kv)
		}
	case "sleep":
		return r.sleep(ctx, words[1:])
	case "exit":
		code, _ := readExit(words[1:])
		return code, nil
	case "size":
		return 0, sizes(ctx, e)
	default:
		fmt.Fprintf(e.Stderr, "%s: not simulated\n", words[0])
		return 127, nil
	}
	return 0, nil
}

func (r *Runtime) sleep(ctx context.Context, words []string) (int, error) {
	var d time.Duration
	if len(words) > 0 {
		if seconds, err := strconv.ParseFloat(words[0], 64); err == nil {
			d = time.Duration(seconds * float64(time.Second))
		} else if d, err = time.ParseDuration(words[0]); err != nil {
			return 1, nil
		}
	}
	woken := make(chan struct{})
	timer := r.clock.AfterFunc(d, func() { close(woken) })
	defer timer.Stop()
	select {
	case <-woken:
		return 0, nil
	case <-ctx.Done():
		return 137, nil
	}
}

// sizes prints terminal sizes until stdin ends.
func sizes(ctx context.Context, e runtime.Exec) error {
	end := make(chan struct{})
	if e.Stdin != nil {
		go func() {
			io.Copy(io.Discard, e.Stdin)
			close(end)
		}()
	}
	for {
		select {
		case s, open := <-e.Resize:
			if !open {
				return nil
			}
			fmt.Fprintf(e.Stdout, "%dx%d\n", s.Width, s.Height)
		case <-end:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

func shellWords(words []string) []string {
	if len(words) == 3 && words[1] == "-c" && (strings.HasSuffix(words[0], "sh")) {
		return strings.Fields(words[2])
	}
	return words
}
