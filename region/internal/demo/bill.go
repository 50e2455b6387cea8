package demo

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// bill shows what ebb's own tool tells of the reserves.
func bill(ctx context.Context, s *Story) error {
	output, err := s.ebb(ctx, "reserve", "status", "--kubeconfig="+s.Layout.Kubeconfig())
	if err != nil {
		return err
	}
	for _, version := range []string{v1, v2} { // those that have slept
		if err := expect("ebb reserve status", output, version); err != nil {
			return err
		}
	}
	fmt.Fprintln(s.Out, "   Each slept for a minute, and while a reserve and a standard pod hand over both cost money.")
	fmt.Fprintln(s.Out, "   A day at office hours tells more:")
	_, err = s.ebb(ctx, "reserve", "simulate", "--trace", "office-hours")
	return err
}

// ebb shows a command of ebb's, runs it, shows and answers what it printed.
func (s *Story) ebb(ctx context.Context, args ...string) (string, error) {
	fmt.Fprintf(s.Out, "   $ ebb %s\n", strings.Join(args, " "))
	output, err := exec.CommandContext(ctx, s.Layout.Bin("ebb"), args...).CombinedOutput()
	for line := range strings.Lines(string(output)) {
		fmt.Fprintf(s.Out, "   %s\n", strings.TrimRight(line, "\n"))
	}
	if err != nil {
		err = fmt.Errorf("ebb %s: %w", args[0], err)
	}
	return string(output), err
}
