package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/instancespecs"
)

// listFlags are the flags of "specs list".
type listFlags struct {
	marketFlags
	families  string
	burstable bool
	sizes     bool
	region    string
	spot      bool
}

func listCommand() *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use:          "list",
		Short:        "List the instance types, or the vCPU and memory sizes, that ECI sells",
		Example:      "  ebb specs list --burstable\n  ebb specs list --sizes --region cn-hangzhou",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.sizes {
				return f.listSizes(cmd.OutOrStdout())
			}
			return f.listTypes(cmd.OutOrStdout())
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&f.families, "family", "", "only these families (ecs.t5,ecs.t6) or not these (-ecs.s6)")
	cmd.Flags().BoolVar(&f.burstable, "burstable", false, "only types with CPU credits")
	cmd.Flags().BoolVar(&f.sizes, "sizes", false, "list sizes of vCPU and memory instead of instance types")
	cmd.Flags().StringVar(&f.region, "region", "", "with --sizes: the region; without it, what all regions sell")
	cmd.Flags().BoolVar(&f.spot, "spot", false, "with --sizes: only what is sold as spot")
	return cmd
}

func (f *listFlags) listTypes(w io.Writer) error {
	market, err := f.market()
	if err != nil {
		return err
	}
	filter, err := instancespecs.ParseFilter(f.families)
	if err != nil {
		return fmt.Errorf("--family: %w", err)
	}
	types := slices.DeleteFunc(slices.Collect(market.Catalogue().All()), func(t instancespecs.InstanceType) bool {
		return f.burstable && !t.Burstable || !filter.Allows(t.Family)
	})
	slices.SortStableFunc(types, func(a, b instancespecs.InstanceType) int {
		return cmp.Or(cmp.Compare(a.Family, b.Family), cmp.Compare(a.VCPU, b.VCPU), cmp.Compare(a.MemoryGiB, b.MemoryGiB))
	})
	t := newTable(w, "INSTANCE TYPE", "VCPU", "MEMORY", "BASELINE", "CREDITS/H", "CAP", "INITIAL", "PRICE")
	for _, typ := range types {
		price, ok := market.Prices().Lookup(typ.ID)
		t.row(append(typeColumns(typ), priceColumn(&price, ok))...)
	}
	return t.Flush()
}

func (f *listFlags) listSizes(w io.Writer) error {
	market, err := f.market()
	if err != nil {
		return err
	}
	t := newTable(w, "SIZE", "VCPU", "MEMORY", "PRICE", "ECONOMY CATEGORY")
	for _, s := range instancespecs.GridFor(f.region, f.spot).All() {
		price, ok := market.Prices().Size(s)
		economy, sold := market.Prices().EconomySize(s)
		t.row(s.String(), number(s.VCPU), number(s.MemoryGiB)+" GiB", priceColumn(&price, ok), priceColumn(&economy, sold))
	}
	return t.Flush()
}

// typeColumns are the columns of a type up to its price.
func typeColumns(t instancespecs.InstanceType) []string {
	columns := []string{t.ID, number(t.VCPU), number(t.MemoryGiB) + " GiB"}
	if !t.Burstable {
		return append(columns, "-", "-", "-", "-")
	}
	return append(columns, number(t.BaselinePercent)+" %", number(t.CreditsPerHour), number(t.MaxBalance), number(t.InitialCredits))
}

func priceColumn(p *instancespecs.Price, known bool) string {
	if !known {
		return "unknown"
	}
	return p.String()
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// table writes aligned columns.
type table struct{ *tabwriter.Writer }

func newTable(w io.Writer, head ...string) table {
	t := table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	t.row(head...)
	return t
}

func (t table) row(columns ...string) {
	for i, c := range columns {
		if i > 0 {
			fmt.Fprint(t, "\t")
		}
		fmt.Fprint(t, c)
	}
	fmt.Fprintln(t)
}
