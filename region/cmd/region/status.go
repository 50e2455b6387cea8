package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/ebb-node/ebb/region/internal/control"
	"github.com/ebb-node/ebb/region/internal/knative"
	"github.com/ebb-node/ebb/region/internal/layout"
)

func statusCommand(flags *global) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show what runs in the region, how much memory it holds, and whether Knative is ready",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			if _, running := runningPID(l); !running {
				return fmt.Errorf("no region runs from %s", l.Root)
			}
			client := control.NewClient(l.ControlSocket())
			if err := showMemory(cmd.Context(), client, cmd.OutOrStdout()); err != nil {
				return err
			}
			return showKnative(cmd.Context(), l, client, cmd.OutOrStdout())
		},
	}
}

func showMemory(ctx context.Context, client *control.Client, out io.Writer) error {
	sizes, err := client.Memory(ctx)
	if err != nil {
		return err
	}
	var total int64
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		total += sizes[name]
		fmt.Fprintf(out, "%8.1f MB  %s\n", float64(sizes[name])/1e6, name)
	}
	fmt.Fprintf(out, "%8.1f MB  in all (proportional set size)\n", float64(total)/1e6)
	return nil
}

// showKnative asks the API server from within the region, since the host
// reaches it only when the boot is over.
func showKnative(ctx context.Context, l layout.Layout, region *control.Client, out io.Writer) error {
	config, err := clientcmd.BuildConfigFromFlags("", l.Run("admin.kubeconfig"))
	if err != nil {
		return err
	}
	config.Dial = region.Dial
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	components, err := knative.Components(ctx, client)
	if err != nil {
		return err
	}
	for _, c := range components {
		state := "is ready"
		if !c.Ready {
			state = "is not ready: " + c.Reason
		}
		fmt.Fprintf(out, "Knative's %s %s\n", c.Name, state)
	}
	return nil
}
