package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mockcloud:", err)
		os.Exit(1)
	}
}

func command() *cobra.Command {
	o := defaultOptions()
	c := &cobra.Command{
		Use:   "mockcloud",
		Short: "A fake Alibaba Cloud that is held to the real one's documents",
		Long: "A fake Alibaba Cloud that is held to the real one's documents.\n\n" +
			"Its access key is read from " + envKeyID + " and " + envKeySecret + ".",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(c *cobra.Command, _ []string) error { return o.run(c.Context()) },
	}
	o.bind(c.Flags())
	return c
}
