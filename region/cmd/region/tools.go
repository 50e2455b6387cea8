package main

import (
	"fmt"
	"os"
	"strconv"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/region/internal/cluster"
)

func kubectlCommand(flags *global) *cobra.Command {
	return &cobra.Command{
		Use:                "kubectl",
		Short:              "Run kubectl against the region",
		DisableFlagParsing: true,
		RunE: func(_ *cobra.Command, args []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			return execute(l.Kubeconfig(), l.Bin("kubectl"), append([]string{"kubectl"}, args...))
		},
	}
}

func shellCommand(flags *global) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "shell [command]",
		Short: "Run a shell, or a command, in the region's network",
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			_, init, running := readPID(l)
			if !running {
				return fmt.Errorf("no region runs from %s", l.Root)
			}
			if len(args) == 0 {
				args = []string{"/bin/sh"}
				fmt.Fprintf(cmd.OutOrStdout(), "The cluster's DNS is %s, pods are in %s. Exit leaves the region running.\n", cluster.DNSIP, cluster.PodCIDR)
			}
			enter := []string{"nsenter", "--target=" + strconv.Itoa(init), "--net", "--pid", "--mount"}
			if os.Geteuid() != 0 {
				enter = append(enter, "--user", "--preserve-credentials")
			}
			return execute(l.Run("admin.kubeconfig"), "/usr/bin/nsenter", append(append(enter, "--"), args...))
		},
	}
	cmd.Flags().SetInterspersed(false) // flags after the command are the command's
	return cmd
}

// execute becomes another program that finds a kubeconfig in its environment,
// whatever the user's own says.
func execute(kubeconfig, program string, args []string) error {
	if err := os.Setenv("KUBECONFIG", kubeconfig); err != nil {
		return err
	}
	return syscall.Exec(program, args, os.Environ())
}
