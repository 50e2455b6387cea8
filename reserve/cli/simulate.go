package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/simulate"
)

// simulateOptions are the flags of simulate.
type simulateOptions struct {
	trace, plot      string
	currency, prices string
	simulate.Assumptions
}

func simulateCommand() *cobra.Command {
	o := simulateOptions{Assumptions: simulate.Defaults()}
	cmd := &cobra.Command{
		Use:   "simulate --trace FILE",
		Short: "Serve a trace of traffic always on, with scale to zero and with a reserve, and compare cost and waits",
		Long: "Serve a trace of traffic always on, with scale to zero and with a reserve, and compare cost and waits.\n\n" +
			"The reserve is decided about by the code that runs in a cluster, on a model of Knative's autoscaler.\n" +
			"A trace is a CSV file whose first line is minute,requests or at_seconds,takes_seconds, or a JSON object with\n" +
			"requests_per_minute or arrivals, or one of " + strings.Join(simulate.Shapes(), ", ") + ".",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.OutOrStdout()) },
	}
	f := cmd.Flags()
	f.StringVar(&o.trace, "trace", "", "file, or name of a trace that comes with ebb (required)")
	f.StringVar(&o.plot, "plot", "", "SVG file to draw the pods and requests in")
	f.StringVar(&o.currency, "currency", "CNY", "currency of all prices: CNY or USD")
	f.StringVar(&o.prices, "prices", "", "CSV file with further prices; columns key,currency,hourly,kind,as_of,source")
	f.StringVar(&o.StandardSpec, "standard-spec", o.StandardSpec, "instance type or size of standard pods, such as 2-4Gi")
	f.StringVar(&o.ReserveSpec, "reserve-spec", o.ReserveSpec, "instance type or size of the reserve")
	f.DurationVar(&o.StandardStart, "standard-start", o.StandardStart, "how long a standard pod takes to become ready")
	f.DurationVar(&o.ReserveStart, "reserve-start", o.ReserveStart, "how long a reserve takes to become ready")
	f.DurationVar(&o.Takes, "takes", o.Takes, "how long a request takes, where the trace does not say")
	f.Float64Var(&o.CPU, "cpu", o.CPU, "how much of a vCPU a request uses meanwhile")
	f.Float64Var(&o.Knative.Target, "target", o.Knative.Target, "requests in flight for each standard pod")
	f.DurationVar(&o.Knative.StableWindow, "window", o.Knative.StableWindow, "stable window of Knative's autoscaler")
	return cmd
}

func (o *simulateOptions) run(w io.Writer) error {
	if err := o.check(); err != nil {
		return err
	}
	trace, err := openTrace(o.trace)
	if err != nil {
		return fmt.Errorf("--trace: %w", err)
	}
	market, err := openMarket(o.currency, o.prices)
	if err != nil {
		return err
	}
	var results []*simulate.Result
	for _, s := range simulate.Strategies() {
		r, err := simulate.Run(trace, s, o.Assumptions, market)
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	if err := simulate.Table(w, trace, o.Assumptions, results); err != nil {
		return err
	}
	fmt.Fprintln(w)
	if err := simulate.IdleHour(w, o.Assumptions, market); err != nil {
		return err
	}
	return o.draw(trace, results)
}

// check is about the flags that have no check of their own.
func (o *simulateOptions) check() error {
	switch {
	case o.trace == "":
		return fmt.Errorf("--trace is required: a file, or one of %s", strings.Join(simulate.Shapes(), ", "))
	case o.StandardStart <= 0 || o.ReserveStart <= 0 || o.Takes <= 0:
		return fmt.Errorf("--standard-start, --reserve-start and --takes must be more than 0")
	case !(o.CPU >= 0):
		return fmt.Errorf("--cpu: %g is less than 0", o.CPU)
	case !(o.Knative.Target >= 0.01):
		return fmt.Errorf("--target: %g is less than 0.01, the least that Knative takes", o.Knative.Target)
	case o.Knative.StableWindow < 6*time.Second || o.Knative.StableWindow > time.Hour:
		return fmt.Errorf("--window: %v is not from 6s to 1h, which Knative takes", o.Knative.StableWindow)
	}
	return nil
}

func (o *simulateOptions) draw(trace *simulate.Trace, results []*simulate.Result) error {
	if o.plot == "" {
		return nil
	}
	file, err := os.Create(o.plot)
	if err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	if err := simulate.Plot(file, trace, results); err != nil {
		_ = file.Close()
		return fmt.Errorf("--plot %s: %w", o.plot, err)
	}
	return file.Close()
}

// openTrace reads a bundled trace or a file.
func openTrace(name string) (*simulate.Trace, error) {
	if slices.Contains(simulate.Shapes(), name) {
		return simulate.Bundled(name)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return simulate.ReadTrace(name, file)
}

// openMarket returns the embedded facts, with the prices of a file if one is named.
func openMarket(currency, file string) (*instancespecs.Market, error) {
	market, err := instancespecs.DefaultMarket(strings.ToUpper(currency))
	if err != nil {
		return nil, fmt.Errorf("--currency: %w", err)
	}
	if file == "" {
		return market, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--prices: %w", err)
	}
	records, err := instancespecs.ParsePrices(file, string(text))
	if err != nil {
		return nil, fmt.Errorf("--prices: %w", err)
	}
	book, err := market.Prices().With(records)
	if err != nil {
		return nil, fmt.Errorf("--prices %s: %w", file, err)
	}
	return instancespecs.NewMarket(market.Catalogue(), market.Stock(), book), nil
}
