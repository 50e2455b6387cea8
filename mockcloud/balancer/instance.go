package balancer

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// instance is a load balancer with its open listeners.
type instance struct {
	config  *Config
	address netip.Addr
	fronts  map[frontKey]*front
	ending  []*front // closed, but with requests under way
}

func newInstance(config *Config, address netip.Addr) *instance {
	return &instance{config: config, address: address, fronts: map[frontKey]*front{}}
}

func (i *instance) apply(lb LoadBalancer, groups map[string]Group) error {
	wanted := map[frontKey]Listener{}
	for _, l := range lb.Listeners {
		if l.Running {
			wanted[frontKey{l.Port, l.Protocol}] = l.withDefaults()
		}
	}
	for key, f := range i.fronts {
		if _, stays := wanted[key]; !stays {
			i.end(f)
			delete(i.fronts, key)
		}
	}
	i.ending = slices.DeleteFunc(i.ending, (*front).finished)
	for _, f := range i.ending {
		f.cutGone(groups)
	}
	var failed []error
	for key, l := range wanted {
		if f := i.fronts[key]; f != nil {
			f.update(lb, l, groups)
			continue
		}
		f, err := openFront(i.config, lb, l, groups)
		if err != nil {
			failed = append(failed, fmt.Errorf("load balancer %s, listener %d: %w", lb.ID, l.Port, err))
			continue
		}
		i.fronts[key] = f
	}
	return errors.Join(failed...)
}

func (i *instance) health() []MemberHealth {
	var all []MemberHealth
	for key, f := range i.fronts {
		for _, p := range f.pools {
			for _, h := range p.status() {
				h.Port, h.Protocol = key.port, key.protocol
				all = append(all, h)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b MemberHealth) int {
		return cmp.Or(cmp.Compare(a.Port, b.Port), cmp.Compare(a.Group, b.Group))
	})
	return all
}

// end closes a listener and lets its requests under way end by themselves.
func (i *instance) end(f *front) {
	f.close()
	i.ending = append(i.ending, f)
	go f.finish()
}

// close ends all at once.
func (i *instance) close() {
	for _, f := range i.fronts {
		f.close()
		f.server.cut()
	}
	for _, f := range i.ending {
		f.server.cut()
	}
}
