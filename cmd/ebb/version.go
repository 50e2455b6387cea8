package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is set when a release is linked.
var version = "dev"

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), kubeletVersion())
			return err
		},
	}
}

// kubeletVersion is what the node reports: the Kubernetes version whose
// libraries ebb is built with, and its own.
func kubeletVersion() string {
	kubernetes := "v1.0.0"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "k8s.io/client-go" {
				kubernetes = strings.Replace(m.Version, "v0.", "v1.", 1)
			}
		}
	}
	return kubernetes + "-ebb-" + version
}
