package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/region/internal/boot"
	"github.com/ebb-node/ebb/region/internal/build"
	"github.com/ebb-node/ebb/region/internal/layout"
	"github.com/ebb-node/ebb/region/internal/sandbox"
)

// upFlags are what a user may choose of a region.
type upFlags struct {
	listen     boot.Listen
	cloudFlags []string
	ebbFlags   []string
	withoutEbb bool
	knative    bool
	autoscaler map[string]string
}

func (f *upFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.listen.APIServer, "listen", "127.0.0.1:0", "host address of the API server; port 0 lets the system choose")
	cmd.Flags().StringVar(&f.listen.LoadBalancer, "load-balancer-listen", "127.0.0.1:0", "host address of the first internet load balancer's port 80")
	cmd.Flags().StringArrayVar(&f.cloudFlags, "cloud-flag", nil, "further flag of the mock cloud (repeatable)")
	cmd.Flags().StringArrayVar(&f.ebbFlags, "ebb-flag", nil, "further flag of ebb (repeatable)")
	cmd.Flags().BoolVar(&f.withoutEbb, "without-ebb", false, "boot everything but ebb, and Knative, whose pods need ebb's node")
	cmd.Flags().BoolVar(&f.knative, "knative", true, "run Knative Serving")
	cmd.Flags().StringToStringVar(&f.autoscaler, "knative-autoscaler", nil, "value of Knative's ConfigMap config-autoscaler, such as stable-window=6s (repeatable)")
}

// args are the flags once more, for the process inside of the sandbox.
func (f *upFlags) args() []string {
	var args []string
	for _, flag := range f.cloudFlags {
		args = append(args, "--cloud-flag="+flag)
	}
	for _, flag := range f.ebbFlags {
		args = append(args, "--ebb-flag="+flag)
	}
	for key, value := range f.autoscaler {
		args = append(args, "--knative-autoscaler="+key+"="+value)
	}
	return append(args,
		"--without-ebb="+strconv.FormatBool(f.withoutEbb),
		"--knative="+strconv.FormatBool(f.knative),
		"--rootless="+strconv.FormatBool(sandbox.Rootless()))
}

func buildCommand(flags *global) *cobra.Command {
	return &cobra.Command{
		Use:   "build",
		Short: "Build the region's binaries",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			return buildAll(cmd.Context(), l, cmd.OutOrStdout())
		},
	}
}

func buildAll(ctx context.Context, l layout.Layout, out io.Writer) error {
	fmt.Fprintln(out, "Building (the first time takes minutes; Kubernetes and Knative are large)")
	return build.All(ctx, l, func(name string, took time.Duration, done bool) {
		if done {
			fmt.Fprintf(out, " %.1f s\n", took.Seconds())
		} else {
			fmt.Fprintf(out, "  %-14s", name)
		}
	})
}

func upCommand(flags *global) *cobra.Command {
	var up upFlags
	var build bool
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Boot the region and stay until Ctrl-C",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			if build {
				if err := buildAll(cmd.Context(), l, cmd.OutOrStdout()); err != nil {
					return err
				}
			}
			region, err := start(cmd.Context(), l, up, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			tellHowToGoOn(cmd.OutOrStdout(), region)
			return stay(cmd.Context(), region, cmd.OutOrStdout())
		},
	}
	up.add(cmd)
	cmd.Flags().BoolVar(&build, "build", true, "build the binaries first")
	return cmd
}

// start boots a region and records who runs it.
func start(ctx context.Context, l layout.Layout, up upFlags, out io.Writer) (*boot.Region, error) {
	if pid, running := runningPID(l); running {
		return nil, fmt.Errorf("a region runs from %s already (process %d); end it with 'region down'", l.Root, pid)
	}
	fmt.Fprintln(out, "Booting")
	if sandbox.Rootless() {
		for _, loss := range sandbox.Losses() {
			fmt.Fprintln(out, "  without root:", loss)
		}
	}
	began := time.Now()
	paths := []string{"--dir=" + l.Root, "--source=" + l.Source}
	region, err := boot.Start(l,
		append(append([]string{"init"}, paths...), up.args()...),
		append([]string{"sweep"}, paths...))
	if err != nil {
		return nil, err
	}
	if err := writePID(l, region.InitPID()); err != nil {
		return nil, errors.Join(err, region.Close())
	}
	err = region.Ready(ctx, up.listen, func(step string) {
		fmt.Fprintf(out, "  %4.1f s  %s\n", time.Since(began).Seconds(), step)
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "  %4.1f s  the region is up\n", time.Since(began).Seconds())
	return region, nil
}

// stay waits for Ctrl-C or the region's end, and takes it down.
func stay(ctx context.Context, region *boot.Region, out io.Writer) error {
	select {
	case <-ctx.Done():
		fmt.Fprintln(out, "Ending the region")
		return end(region, nil)
	case <-region.Ended():
		return end(region, fmt.Errorf("the region ended by itself; its logs are in %s", region.Layout.Run("log")))
	}
}

// end takes the region down and answers why, if there was a reason.
func end(region *boot.Region, why error) error {
	defer os.Remove(region.Layout.PIDFile())
	return errors.Join(why, region.Close())
}

func tellHowToGoOn(out io.Writer, region *boot.Region) {
	fmt.Fprintf(out, `
Go on in another terminal:
  export KUBECONFIG=%s
  kubectl get nodes            # or: bin/region kubectl get nodes
  bin/region shell             # a shell in the region's network
The first internet load balancer that is made in the region answers at
  %s
Logs are in %s. Ctrl-C ends everything.
`, region.Layout.Kubeconfig(), region.LoadBalancer, region.Layout.Run("log"))
}
