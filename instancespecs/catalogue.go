package instancespecs

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/ebb-node/ebb/instancespecs/data"
)

// Catalogue is a checked set of instance types. It never changes; Merge makes
// a new one.
type Catalogue struct {
	types []InstanceType // by ID
	index map[string]int
}

// DefaultCatalogue returns the embedded catalogue: all t5 and t6 types, and the
// small shared types next to them. The error is the one of ParseCatalogue.
func DefaultCatalogue() (*Catalogue, error) {
	return ParseCatalogue("catalogue.csv", data.Catalogue)
}

// ParseCatalogue reads a CSV text in the format of data.Catalogue. The error
// names every row and column that is wrong.
func ParseCatalogue(name, text string) (*Catalogue, error) {
	t, err := newTable(name, text, "instance_type", "family", "generation", "vcpu", "memory_gib", "burstable",
		"baseline_pct", "credits_per_hour", "max_balance", "initial_credits", "source")
	if err != nil {
		return nil, err
	}
	var types []InstanceType
	var problems []error
	for {
		ok, err := t.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		types = append(types, readType(t))
		problems = append(problems, t.err())
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return NewCatalogue(types)
}

func readType(t *table) InstanceType {
	if b := t.text("burstable"); b != "true" && b != "false" {
		t.fail("burstable", "is not true or false")
	}
	return InstanceType{
		ID:              t.text("instance_type"),
		Family:          t.text("family"),
		Generation:      int(t.number("generation")),
		VCPU:            t.number("vcpu"),
		MemoryGiB:       t.number("memory_gib"),
		Burstable:       t.text("burstable") == "true",
		BaselinePercent: t.number("baseline_pct"),
		CreditsPerHour:  t.number("credits_per_hour"),
		MaxBalance:      t.number("max_balance"),
		InitialCredits:  t.number("initial_credits"),
		Source:          t.text("source"),
	}
}

// NewCatalogue checks the types, among other things that their credit numbers
// follow from vCPU and baseline, and returns them as a catalogue. The error
// names every type and field that is wrong.
func NewCatalogue(types []InstanceType) (*Catalogue, error) {
	c := &Catalogue{types: slices.Clone(types), index: make(map[string]int, len(types))}
	slices.SortFunc(c.types, func(a, b InstanceType) int { return cmp.Compare(a.ID, b.ID) })
	problems := []error{}
	if len(types) == 0 {
		problems = append(problems, errors.New("the catalogue has no instance type"))
	}
	for i, t := range c.types {
		problems = append(problems, t.check())
		if _, twice := c.index[t.ID]; twice {
			problems = append(problems, fmt.Errorf("instance type %q: is listed twice", t.ID))
		}
		c.index[t.ID] = i
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return c, nil
}

// Lookup returns the type with this ID.
func (c *Catalogue) Lookup(id string) (InstanceType, bool) {
	i, ok := c.index[id]
	if !ok {
		return InstanceType{}, false
	}
	return c.types[i], true
}

// All yields every type, ordered by ID.
func (c *Catalogue) All() iter.Seq[InstanceType] { return slices.Values(c.types) }

// Len returns the number of types.
func (c *Catalogue) Len() int { return len(c.types) }
