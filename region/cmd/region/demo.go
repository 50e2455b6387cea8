package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/region/internal/demo"
)

// shortTide is for the story: with Knative's defaults of 60 s and 30 s it would
// be mostly waiting.
var shortTide = map[string]string{"stable-window": "10s", "scale-to-zero-grace-period": "10s"}

func demoCommand(flags *global) *cobra.Command {
	var up upFlags
	var exit bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Boot the region, tell the coffee shop's story, and stay",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			began := time.Now()
			if err := buildAll(cmd.Context(), l, out); err != nil {
				return err
			}
			built := time.Since(began)
			if len(up.autoscaler) == 0 {
				up.autoscaler = shortTide
				fmt.Fprintf(out, "Knative's windows are shortened, so that an idle version sleeps after some seconds: %v\n", shortTide)
			}
			region, err := start(cmd.Context(), l, up, out)
			if err != nil {
				return err
			}
			booted := time.Since(began) - built
			story := demo.Story{Layout: l, Region: region.Client, Out: out}
			if err := story.Tell(cmd.Context()); err != nil {
				fmt.Fprintf(out, "\nLogs are in %s\n", l.Run("log"))
				return end(region, err)
			}
			told := time.Since(began) - built - booted
			fmt.Fprintf(out, "\nAll of it holds. Building took %.1f s, booting %.1f s, the story %.1f s.\n",
				built.Seconds(), booted.Seconds(), told.Seconds())
			if exit {
				return end(region, nil)
			}
			tellHowToGoOn(out, region)
			return stay(cmd.Context(), region, out)
		},
	}
	up.add(cmd)
	cmd.Flags().BoolVar(&exit, "exit", false, "end after the story")
	return cmd
}
