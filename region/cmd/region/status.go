package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/region/internal/control"
)

func statusCommand(flags *global) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show what runs in the region, and how much memory it holds",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			if _, running := runningPID(l); !running {
				return fmt.Errorf("no region runs from %s", l.Root)
			}
			sizes, err := control.NewClient(l.ControlSocket()).Memory(cmd.Context())
			if err != nil {
				return err
			}
			var total int64
			for _, name := range slices.Sorted(maps.Keys(sizes)) {
				total += sizes[name]
				fmt.Fprintf(cmd.OutOrStdout(), "%8.1f MB  %s\n", float64(sizes[name])/1e6, name)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%8.1f MB  in all (proportional set size)\n", float64(total)/1e6)
			return nil
		},
	}
}
