package eci

import (
	"fmt"
	"net/http"
	"sync"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// The states of stock that can be set.
const (
	StockAvailable   = "available"
	StockNone        = "none"         // create is refused with OperationDenied.NoStock
	StockNoneDelayed = "none-delayed" // create is accepted, the group ends in ScheduleFailed
)

// StockSetting is what the cloud has of something. Zone "" is all zones. Spec is
// an ECS instance type ("ecs.c6.large"), a size ("2-4Gi"), or "" for all.
// The most special setting counts: zone and spec, then spec, then zone.
type StockSetting struct {
	Zone  string `json:"zone,omitempty"`
	Spec  string `json:"spec,omitempty"`
	Spot  bool   `json:"spot,omitempty"` // of spot groups only
	State string `json:"state"`
}

// stock remembers settings.
type stock struct {
	mu       sync.Mutex
	settings []StockSetting
}

func (s *stock) set(setting StockSetting) error {
	switch setting.State {
	case StockAvailable, StockNone, StockNoneDelayed:
	default:
		return fmt.Errorf("stock: state %q is none of %s, %s, %s",
			setting.State, StockAvailable, StockNone, StockNoneDelayed)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, old := range s.settings {
		if old.Zone == setting.Zone && old.Spec == setting.Spec && old.Spot == setting.Spot {
			s.settings[i] = setting
			return nil
		}
	}
	s.settings = append(s.settings, setting)
	return nil
}

func (s *stock) list() []StockSetting {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]StockSetting{}, s.settings...)
}

// state answers what there is of a spec in a zone.
func (s *stock) state(zone, spec string, spot bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	best, state := -1, StockAvailable
	for _, set := range s.settings {
		if set.Zone != "" && set.Zone != zone || set.Spec != "" && set.Spec != spec || set.Spot && !spot {
			continue
		}
		if rank := set.rank(); rank > best {
			best, state = rank, set.State
		}
	}
	return state
}

func (s StockSetting) rank() int {
	rank := 0
	if s.Spot {
		rank++
	}
	if s.Zone != "" {
		rank += 2
	}
	if s.Spec != "" {
		rank += 4
	}
	return rank
}

func noStock() error {
	return rpc.Errorf(http.StatusForbidden, "OperationDenied.NoStock",
		"Sales of this resource are temporarily suspended in the specified zone; please try again later.")
}
