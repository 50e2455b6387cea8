// Region is a cloud region on one machine: Kubernetes, a mock of Alibaba
// Cloud that runs real containers, and ebb between them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/region/internal/layout"
)

func main() {
	// The sandbox is tied to the life of the thread that starts it.
	runtime.LockOSThread()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command().ExecuteContext(ctx)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "region:", err)
		os.Exit(1)
	}
}

// global are the flags of all sub-commands.
type global struct {
	dir, source string
}

func (g *global) layout() (layout.Layout, error) { return layout.New(g.dir, g.source) }

func command() *cobra.Command {
	root := &cobra.Command{
		Use:           "region",
		Short:         "A cloud region on one machine",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	var flags global
	root.PersistentFlags().StringVar(&flags.dir, "dir", ".region", "directory of the region's files")
	root.PersistentFlags().StringVar(&flags.source, "source", ".", "directory of the project's checkout")
	root.AddCommand(buildCommand(&flags), upCommand(&flags), demoCommand(&flags), benchCommand(&flags), statusCommand(&flags), downCommand(&flags), kubectlCommand(&flags),
		shellCommand(&flags), insideCommand(&flags), initCommand(), sweepCommand(&flags))
	return root
}
