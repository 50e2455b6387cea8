package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/region/internal/boot"
	"github.com/ebb-node/ebb/region/internal/sandbox"
)

// initCommand is the first process of the sandbox. Its flags are for the
// process that it starts.
func initCommand() *cobra.Command {
	return &cobra.Command{
		Use:                "init",
		Hidden:             true,
		DisableFlagParsing: true,
		RunE: func(_ *cobra.Command, args []string) error {
			code, err := sandbox.Init(append([]string{"inside"}, args...)...)
			if err != nil {
				return err
			}
			os.Exit(code)
			return nil
		},
	}
}

// insideCommand boots the region within the sandbox.
func insideCommand(flags *global) *cobra.Command {
	var up upFlags
	var rootless bool
	cmd := &cobra.Command{
		Use:    "inside",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			options := boot.Options{
				Layout:            l,
				Rootless:          rootless,
				CloudFlags:        up.cloudFlags,
				EbbFlags:          up.ebbFlags,
				WithoutEbb:        up.withoutEbb,
				WithoutKnative:    !up.knative,
				KnativeAutoscaler: up.autoscaler,
			}
			err = boot.Inside(cmd.Context(), options, func(step string) { fmt.Println(step) })
			if err != nil {
				fmt.Println(boot.Failure(err)) // the host tells the user
				os.Exit(1)
			}
			return nil
		},
	}
	up.add(cmd)
	cmd.Flags().BoolVar(&rootless, "rootless", false, "the root of this sandbox is an ordinary user outside")
	return cmd
}

// sweepCommand removes what the end of a region leaves on the host.
func sweepCommand(flags *global) *cobra.Command {
	return &cobra.Command{
		Use:    "sweep",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			return sandbox.Sweep(os.Stdin, l.CgroupParent())
		},
	}
}
