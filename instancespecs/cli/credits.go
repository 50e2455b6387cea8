package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/instancespecs"
)

// creditsFlags are the flags of "specs credits".
type creditsFlags struct {
	marketFlags
	typeID      string
	mode        string
	usage       string
	utilisation float64
	hours       float64
	plot        string
}

func creditsCommand() *cobra.Command {
	var f creditsFlags
	cmd := &cobra.Command{
		Use:   "credits",
		Short: "Show how long the CPU credits of a burstable instance last",
		Long: "Show what becomes of the CPU credits of a burstable instance, from its creation on.\n\n" +
			"The load is one phase of --hours at --utilisation, or a file: " + usageForms + ".",
		Example: "  ebb specs credits --type ecs.t5-lc1m2.small --utilisation 60\n" +
			"  ebb specs credits --type ecs.t6-c2m1.large --usage day.csv --plot day.png",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			u, err := f.load(cmd.InOrStdin(), cmd.Flags().Changed("utilisation"))
			if err != nil {
				return err
			}
			return f.run(cmd.OutOrStdout(), u)
		},
	}
	f.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.typeID, "type", "", "burstable instance type, for example ecs.t5-lc1m2.small")
	flags.StringVar(&f.mode, "mode", "standard", "standard or unlimited; ECI is taken to be standard")
	flags.StringVar(&f.usage, "usage", "", "CSV file with the load; - is standard input")
	flags.Float64Var(&f.utilisation, "utilisation", 0, "constant load of all vCPUs in percent")
	flags.Float64Var(&f.hours, "hours", 24, "with --utilisation: for how long")
	flags.StringVar(&f.plot, "plot", "", "write the balance over time to this PNG file")
	_ = cmd.MarkFlagRequired("type") // fails only if there is no such flag
	cmd.MarkFlagsMutuallyExclusive("usage", "utilisation")
	cmd.MarkFlagsOneRequired("usage", "utilisation")
	return cmd
}

// load reads the load from where the flags say.
func (f *creditsFlags) load(stdin io.Reader, constant bool) (usage, error) {
	if constant {
		var u usage
		if err := u.addPhase(number(f.hours), number(f.utilisation)); err != nil {
			return usage{}, fmt.Errorf("--hours, --utilisation: %w", err)
		}
		return u, nil
	}
	if f.usage == "-" {
		return readUsage("standard input", stdin)
	}
	file, err := os.Open(f.usage)
	if err != nil {
		return usage{}, fmt.Errorf("--usage: %w", err)
	}
	defer file.Close()
	return readUsage(f.usage, file)
}

func (f *creditsFlags) run(w io.Writer, u usage) error {
	market, err := f.market()
	if err != nil {
		return err
	}
	t, ok := market.Catalogue().Lookup(f.typeID)
	if !ok {
		return fmt.Errorf("--type %q is not in the catalogue; see ebb specs list --burstable", f.typeID)
	}
	mode, err := instancespecs.ParseMode(f.mode)
	if err != nil {
		return fmt.Errorf("--mode: %w", err)
	}
	if !t.Burstable {
		return fmt.Errorf("--type %q is not burstable; see ebb specs list --burstable", f.typeID)
	}
	c, err := follow(t, mode, u)
	if err != nil {
		return fmt.Errorf("--usage %s: %w", f.usage, err)
	}
	if err := c.print(w, market.Prices()); err != nil {
		return err
	}
	if f.plot == "" {
		return nil
	}
	return f.writePlot(w, c)
}

func (f *creditsFlags) writePlot(w io.Writer, c *course) (err error) {
	file, err := os.Create(f.plot)
	if err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := draw(file, c); err != nil {
		return fmt.Errorf("--plot %s: %w", f.plot, err)
	}
	fmt.Fprintf(w, "Plot written to %s\n", f.plot)
	return nil
}

// brief is a duration as people say it: 1h30m, 45m10s.
func brief(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d >= time.Hour:
		d = d.Round(time.Minute)
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	default:
		return d.String()
	}
}
