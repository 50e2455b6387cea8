package instancespecs

import (
	"errors"
	"fmt"
	"strings"
)

// Relations that hold for every burstable type of
// https://www.alibabacloud.com/help/en/ecs/user-guide/burst-performance-instance-overview
const (
	// creditsPerVCPUHour is what one vCPU at full speed uses in an hour: one
	// credit is one vCPU at 100 % for one minute.
	creditsPerVCPUHour = 60
	// capHours is how many hours of earnings an instance can hold.
	capHours = 24
	// initialCreditsPerVCPU is granted once, when an instance is created.
	initialCreditsPerVCPU = 30
)

// InstanceType is one row of the catalogue.
type InstanceType struct {
	ID     string // ecs.t5-lc1m2.small
	Family string // ecs.t5
	// Generation is the generation under which ECI lists the family
	// (https://help.aliyun.com/document_detail/607899.html), 0 if it does not.
	Generation int
	VCPU       float64
	MemoryGiB  float64

	// Burstable says that the type lives on CPU credits. The next four are 0
	// if it does not.
	Burstable       bool
	BaselinePercent float64 // per vCPU
	CreditsPerHour  float64
	MaxBalance      float64 // credits, without the initial ones
	InitialCredits  float64

	Source string // page or API that the row comes from
}

// String names the type with its size, for messages.
func (t InstanceType) String() string {
	return fmt.Sprintf("%s (%g vCPU, %g GiB)", t.ID, t.VCPU, t.MemoryGiB)
}

// check returns an error that names the type and each field that contradicts
// the others.
func (t InstanceType) check() error {
	var problems []error
	fail := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("instance type %q: "+format, append([]any{t.ID}, args...)...))
	}
	if err := checkTypeID(t.ID); err != nil {
		fail("%w", err)
	}
	if t.Family != familyOf(t.ID) {
		fail("family %q is not the family of its name", t.Family)
	}
	if !(t.VCPU > 0) || !(t.MemoryGiB > 0) {
		fail("vcpu %g and memory_gib %g must be above 0", t.VCPU, t.MemoryGiB)
	}
	if t.Source == "" {
		fail("source is empty")
	}
	t.checkCredits(fail)
	return errors.Join(problems...)
}

func (t InstanceType) checkCredits(fail func(string, ...any)) {
	if !t.Burstable {
		if t.BaselinePercent != 0 || t.CreditsPerHour != 0 || t.MaxBalance != 0 || t.InitialCredits != 0 {
			fail("is not burstable but has credits")
		}
		return
	}
	if !(t.BaselinePercent > 0 && t.BaselinePercent < 100) {
		fail("baseline_pct %g is not between 0 and 100", t.BaselinePercent)
	}
	if want := t.VCPU * t.BaselinePercent * creditsPerVCPUHour / 100; t.CreditsPerHour != want {
		fail("credits_per_hour %g, want %g (vcpu x baseline x 60)", t.CreditsPerHour, want)
	}
	if want := t.CreditsPerHour * capHours; t.MaxBalance != want {
		fail("max_balance %g, want %g (credits_per_hour x 24)", t.MaxBalance, want)
	}
	if want := t.VCPU * initialCreditsPerVCPU; t.InitialCredits != want {
		fail("initial_credits %g, want %g (vcpu x 30)", t.InitialCredits, want)
	}
}

// checkTypeID accepts names of the form ecs.family.size.
func checkTypeID(id string) error {
	rest, ok := strings.CutPrefix(id, "ecs.")
	family, size, dotted := strings.Cut(rest, ".")
	if !ok || !dotted || !isName(family) || !isName(size) {
		return errors.New("is not of the form ecs.<family>.<size>")
	}
	return nil
}

func isName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != "" && s[0] != '-' && s[len(s)-1] != '-'
}

// familyOf returns the family in a type's name: ecs.t5 of ecs.t5-lc1m2.small.
func familyOf(id string) string {
	if end := strings.IndexAny(strings.TrimPrefix(id, "ecs."), "-."); end >= 0 {
		return id[:end+len(id)-len(strings.TrimPrefix(id, "ecs."))]
	}
	return id
}
