package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ebb-node/ebb/instancespecs"
)

// chooseFlags are the flags of "specs choose".
type chooseFlags struct {
	marketFlags
	reserve, useSpecs     string
	memory                memory
	families, generations string
	outOfStock            []string
	burstable             bool
	region                string
	spot, passUnknown     bool
}

func chooseCommand() *cobra.Command {
	var f chooseFlags
	cmd := &cobra.Command{
		Use:   "choose",
		Short: "Show which specs a reserve or a pod would get, and why",
		Long: "Show which specs a reserve or a pod would get, in the order in which they are tried, and why.\n" +
			"Without --reserve and --use-specs, show what a reserve gets whose annotation is absent.\n\n" +
			"The value of --reserve or --use-specs is " + instancespecs.Grammar + ".",
		Example:      "  ebb specs choose --reserve 1-2Gi --memory 1.5Gi\n  ebb specs choose --use-specs 2-4Gi,ecs.c5.large",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE:         func(cmd *cobra.Command, _ []string) error { return f.run(cmd.OutOrStdout()) },
	}
	f.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.reserve, "reserve", "", "value of "+instancespecs.AnnotationReserve)
	flags.StringVar(&f.useSpecs, "use-specs", "", "value of "+instancespecs.AnnotationUseSpecs)
	flags.Var(&f.memory, "memory", "memory that the pod's containers ask for together")
	flags.StringVar(&f.families, "family", "", "search only these families (ecs.t5) or not these (-ecs.s6)")
	flags.StringVar(&f.generations, "generation", "", "search only these generations (6) or not these (-5)")
	flags.StringSliceVar(&f.outOfStock, "out-of-stock", nil, "instance types that are taken to be sold out")
	flags.BoolVar(&f.burstable, "burstable", false, "search only types with CPU credits")
	flags.StringVar(&f.region, "region", "", "region, for the sizes that it sells")
	flags.BoolVar(&f.spot, "spot", false, "only sizes that are sold as spot")
	flags.BoolVar(&f.passUnknown, "pass-unknown", false, "accept instance types that the catalogue does not know")
	cmd.MarkFlagsMutuallyExclusive("reserve", "use-specs")
	return cmd
}

func (f *chooseFlags) run(w io.Writer) error {
	market, err := f.market()
	if err != nil {
		return err
	}
	request, err := f.request()
	if err != nil {
		return err
	}
	choice, err := market.Choose(request)
	var none *instancespecs.NoFitError
	if err != nil && !errors.As(err, &none) {
		return err
	}
	return errors.Join(printChoice(w, choice), err)
}

func (f *chooseFlags) request() (instancespecs.Request, error) {
	r := instancespecs.Request{
		Annotation:    instancespecs.AnnotationReserve,
		Specs:         f.reserve,
		MemoryGiB:     float64(f.memory),
		OutOfStock:    func(id string) bool { return slices.Contains(f.outOfStock, id) },
		BurstableOnly: f.burstable,
		Region:        f.region,
		Spot:          f.spot,
		PassUnknown:   f.passUnknown,
	}
	if f.useSpecs != "" {
		r.Annotation, r.Specs = instancespecs.AnnotationUseSpecs, f.useSpecs
	}
	var err1, err2 error
	if r.Families, err1 = instancespecs.ParseFilter(f.families); err1 != nil {
		err1 = fmt.Errorf("--family: %w", err1)
	}
	if r.Generations, err2 = instancespecs.ParseFilter(f.generations); err2 != nil {
		err2 = fmt.Errorf("--generation: %w", err2)
	}
	return r, errors.Join(err1, err2)
}

func printChoice(w io.Writer, c instancespecs.Choice) error {
	if len(c.Accepted) > 0 {
		t := newTable(w, "", "SPEC", "VCPU", "MEMORY", "CREDITS/H", "PRICE", "WHY")
		for i, a := range c.Accepted {
			t.row(append([]string{fmt.Sprint(i + 1)}, candidateColumns(a)...)...)
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	if len(c.Rejected) > 0 {
		fmt.Fprintln(w, "\nRejected:")
		t := newTable(w, "", "SPEC", "VCPU", "MEMORY", "CREDITS/H", "PRICE", "WHY")
		for _, r := range c.Rejected {
			t.row(append([]string{"-"}, candidateColumns(r)...)...)
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	if c.NotJudged > 0 {
		fmt.Fprintf(w, "\n%d more types are large enough, but come later by cost.\n", c.NotJudged)
	}
	if len(c.Accepted) > 0 {
		fmt.Fprintf(w, "\n%s: %q\n", instancespecs.AnnotationUseSpecs, c.Specs())
	}
	return nil
}

func candidateColumns(c instancespecs.Candidate) []string {
	credits := "-"
	if c.Type != nil && c.Type.Burstable {
		credits = number(c.Type.CreditsPerHour)
	}
	vcpu, memory := "?", "?"
	if c.Size != (instancespecs.Size{}) {
		vcpu, memory = number(c.Size.VCPU), number(c.Size.MemoryGiB)+" GiB"
	}
	return []string{c.ID, vcpu, memory, credits, priceColumn(c.Price, c.Price != nil), c.Why()}
}
