package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/region/internal/layout"
)

// downPatience is more than a region needs to end in order.
const downPatience = 40 * time.Second

func downCommand(flags *global) *cobra.Command {
	return &cobra.Command{
		Use:   "down",
		Short: "End the region",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			pid, running := runningPID(l)
			if !running {
				return fmt.Errorf("no region runs from %s", l.Root)
			}
			if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
				return err
			}
			for end := time.Now().Add(downPatience); running; _, running = runningPID(l) {
				if time.Now().After(end) {
					return fmt.Errorf("process %d is still there after %v", pid, downPatience)
				}
				time.Sleep(50 * time.Millisecond)
			}
			return nil
		},
	}
}

// writePID records this process as the one that runs the region, with its
// start time, so that a number used again is never taken for it, and the
// first process of the sandbox.
func writePID(l layout.Layout, init int) error {
	text := fmt.Sprintf("%d %s %d\n", os.Getpid(), startTime(os.Getpid()), init)
	return os.WriteFile(l.PIDFile(), []byte(text), 0o644)
}

// runningPID answers the process that runs the region, if it still does.
func runningPID(l layout.Layout) (int, bool) {
	pid, _, running := readPID(l)
	return pid, running
}

// readPID answers the process that runs the region and the first one inside
// of its sandbox.
func readPID(l layout.Layout) (outside, inside int, running bool) {
	text, err := os.ReadFile(l.PIDFile())
	if err != nil {
		return 0, 0, false
	}
	var started string
	if _, err := fmt.Sscan(string(text), &outside, &started, &inside); err != nil {
		return 0, 0, false
	}
	return outside, inside, startTime(outside) == started
}

// startTime is field 22 of /proc/PID/stat: ticks since the machine's boot. A
// zombie has ended for our purpose.
func startTime(pid int) string {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return ""
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	if len(fields) < 20 || fields[0] == "Z" {
		return ""
	}
	return fields[19]
}
