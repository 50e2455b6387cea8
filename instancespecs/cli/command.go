package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/instancespecs"
)

// Command returns the command "specs" with its subcommands list, choose and
// credits.
func Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "specs",
		Short: "Instance types: what is sold, which one a pod gets, how long CPU credits last",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(listCommand(), chooseCommand(), creditsCommand())
	return cmd
}

// marketFlags are the flags that say what is sold at which price.
type marketFlags struct {
	currency string
	prices   string
}

func (f *marketFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.currency, "currency", "CNY", "currency of all prices: CNY or USD")
	cmd.Flags().StringVar(&f.prices, "prices", "",
		"CSV file with further prices; columns key,currency,hourly,kind,as_of,source; kind is api, list or estimate")
}

// market returns the embedded facts, with the prices of the file if one is named.
func (f *marketFlags) market() (*instancespecs.Market, error) {
	market, err := instancespecs.DefaultMarket(strings.ToUpper(f.currency))
	if err != nil || f.prices == "" {
		return market, err
	}
	text, err := os.ReadFile(f.prices)
	if err != nil {
		return nil, fmt.Errorf("--prices: %w", err)
	}
	records, err := instancespecs.ParsePrices(f.prices, string(text))
	if err != nil {
		return nil, fmt.Errorf("--prices: %w", err)
	}
	book, err := market.Prices().With(records)
	if err != nil {
		return nil, fmt.Errorf("--prices %s: %w", f.prices, err)
	}
	return instancespecs.NewMarket(market.Catalogue(), market.Stock(), book), nil
}

// memory is a flag in GiB with its unit: 1.5Gi, 512Mi.
type memory float64

func (m *memory) String() string { return strconv.FormatFloat(float64(*m), 'g', -1, 64) + "Gi" }

// Type names the flag's value in the help.
func (m *memory) Type() string { return "quantity" }

// Set reads the flag. The error says which units there are.
func (m *memory) Set(text string) error {
	for unit, gib := range map[string]float64{"Gi": 1, "Mi": 1.0 / 1024} {
		if number, ok := strings.CutSuffix(text, unit); ok {
			v, err := strconv.ParseFloat(number, 64)
			if err != nil || !(v >= 0 && v < 1e6) {
				break
			}
			*m = memory(v * gib)
			return nil
		}
	}
	return fmt.Errorf("%q is not an amount of memory such as 1.5Gi or 512Mi", text)
}
