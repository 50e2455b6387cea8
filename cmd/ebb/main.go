// Command ebb runs a virtual node for Alibaba Cloud ECI.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	specscli "github.com/ebb-node/ebb/instancespecs/cli"
	reservecli "github.com/ebb-node/ebb/reserve/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "ebb: "+strings.ReplaceAll(err.Error(), "\n", "; "))
		os.Exit(1)
	}
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "ebb",
		Short:         "A virtual Kubernetes node for Alibaba Cloud ECI, with a gateway and a reserve for Knative",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.AddCommand(runCommand(), versionCommand(), specscli.Command(), reservecli.Command())
	return cmd
}
