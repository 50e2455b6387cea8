package ecs

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/ebb-node/ebb/instancespecs/data"
)

// instanceType is one type that the cloud knows.
type instanceType struct {
	id, family    string
	vcpu          int
	memory        float64 // GiB
	baseline      float64 // percent per vCPU; 0 without credits
	initialCredit int
}

// level is the class of the type's family.
func (t instanceType) level() string {
	switch {
	case t.initialCredit > 0:
		return "CreditEntryLevel"
	case strings.HasPrefix(t.family, "ecs.s6"), strings.HasPrefix(t.family, "ecs.n"), strings.HasPrefix(t.family, "ecs.xn"):
		return "EntryLevel"
	}
	return "EnterpriseLevel"
}

// catalogue reads the embedded types.
func catalogue() ([]instanceType, error) {
	reader := csv.NewReader(strings.NewReader(data.Catalogue))
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("mock ECS: instance type catalogue: %w", err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	var list []instanceType
	for _, row := range rows[1:] {
		number := func(name string) float64 {
			text := row[column[name]]
			n, parseErr := strconv.ParseFloat(text, 64)
			if parseErr != nil && text != "" {
				err = fmt.Errorf("mock ECS: instance type catalogue: %s of %s: %w", name, row[0], parseErr)
			}
			return n
		}
		list = append(list, instanceType{
			id: row[column["instance_type"]], family: row[column["family"]],
			vcpu: int(number("vcpu")), memory: number("memory_gib"),
			baseline: number("baseline_pct"), initialCredit: int(number("initial_credits")),
		})
	}
	return list, err
}
