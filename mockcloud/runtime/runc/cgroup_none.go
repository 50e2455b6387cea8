package runc

import (
	"fmt"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// noCgroups bounds nothing; usage is then read from the processes themselves.
type noCgroups struct{}

func (noCgroups) enabled() bool { return false }
func (noCgroups) version() int  { return 0 }

func (noCgroups) create(string, float64, int64) error { return nil }
func (noCgroups) path(string) string                  { return "" }
func (noCgroups) oomKills(string) int                 { return 0 }
func (noCgroups) add(string, int) error               { return nil }
func (noCgroups) processes(string) []int              { return nil }
func (noCgroups) remove(string) error                 { return nil }

func (noCgroups) setCPU(name string, _ float64) error {
	return fmt.Errorf("%s: no CPU limit without cgroups", name)
}

func (noCgroups) measure(string) (runtime.ContainerUsage, error) {
	return runtime.ContainerUsage{}, errNoCgroups
}
