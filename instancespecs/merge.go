package instancespecs

import (
	"errors"
	"fmt"
	"slices"
)

// sourceAPI is the source of a row that the cloud has answered.
const sourceAPI = "https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstancetypes"

// TypeRecord is what ECS DescribeInstanceTypes answers about one type
// (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstancetypes).
//
// BaselineCredit of that answer has no documented unit and is left out: the
// baseline is known from the catalogue only.
type TypeRecord struct {
	ID            string  // InstanceTypeId
	Family        string  // InstanceTypeFamily
	VCPU          float64 // CpuCoreCount
	MemoryGiB     float64 // MemorySize
	InitialCredit float64 // InitialCredit
}

// burstable tells by what the documents guarantee. InstanceFamilyLevel is not
// used: it has been seen as CreditEntryLevel on a bare-metal type.
func (r TypeRecord) burstable() bool {
	return r.InitialCredit > 0 && isCreditFamily(r.Family)
}

// isCreditFamily reports whether all types of the family live on CPU credits
// and are in the embedded catalogue.
func isCreditFamily(family string) bool { return family == "ecs.t5" || family == "ecs.t6" }

// Conflict is a record that a merge did not take over, and why.
type Conflict struct {
	ID     string // instance type
	Reason string
}

// String is the conflict as one line of a log.
func (c Conflict) String() string { return c.ID + ": " + c.Reason }

// Merge returns the catalogue with the records of a refresh taken over: new
// types without credits are added, vCPU and memory of known ones follow the
// record. What the record cannot know or contradicts (a burstable type whose
// baseline is unknown, initial credits other than 30 per vCPU) stays as it was
// and is returned as a conflict. Types that the records do not name stay.
//
// The error says that the records as a whole are unusable. c is never changed.
func (c *Catalogue) Merge(records []TypeRecord) (*Catalogue, []Conflict, error) {
	if len(records) == 0 {
		return nil, nil, errors.New("merge into the catalogue: the refresh has no instance type")
	}
	types := slices.Clone(c.types)
	position := make(map[string]int, len(types)+len(records))
	for i, t := range types {
		position[t.ID] = i
	}
	var conflicts []Conflict
	for _, r := range records {
		i, known := position[r.ID]
		var old InstanceType
		if known {
			old = types[i]
		}
		row, conflict := r.row(old, known)
		switch {
		case conflict != "":
			conflicts = append(conflicts, Conflict{ID: r.ID, Reason: conflict})
		case known:
			types[i] = row
		default:
			position[r.ID] = len(types)
			types = append(types, row)
		}
	}
	merged, err := NewCatalogue(types)
	if err != nil {
		return nil, conflicts, fmt.Errorf("merge into the catalogue: %w", err)
	}
	return merged, conflicts, nil
}

// row returns the catalogue row that follows from the record and the old row,
// or why there is none.
func (r TypeRecord) row(old InstanceType, known bool) (InstanceType, string) {
	switch {
	case known && old.Burstable && !r.burstable():
		return old, "the catalogue has it as burstable, the refresh without initial credits; kept as it was"
	case known && old.Burstable && r.VCPU != old.VCPU:
		return old, fmt.Sprintf("the refresh says %g vCPU, the catalogue %g; kept as it was", r.VCPU, old.VCPU)
	case known && old.Burstable && r.InitialCredit != old.InitialCredits:
		return old, fmt.Sprintf("the refresh says %g initial credits, the catalogue %g; kept as it was",
			r.InitialCredit, old.InitialCredits)
	case r.burstable() && !known:
		return old, "burstable, but its baseline is in no document; left out"
	}
	row := old
	if !known {
		row = InstanceType{ID: r.ID, Family: familyOf(r.ID), Generation: generationOf(familyOf(r.ID))}
	}
	if row.VCPU != r.VCPU || row.MemoryGiB != r.MemoryGiB {
		row.VCPU, row.MemoryGiB, row.Source = r.VCPU, r.MemoryGiB, sourceAPI
	}
	if err := row.check(); err != nil {
		return old, err.Error()
	}
	return row, ""
}
