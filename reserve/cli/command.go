package cli

import "github.com/spf13/cobra"

// Command returns the command "reserve" with its subcommands status and simulate.
func Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reserve",
		Short: "Reserves of Knative revisions: how they stand, what they cost",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(statusCommand(), simulateCommand())
	return cmd
}
