package slb

import (
	"slices"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// The older tag actions, for load balancers only
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-addtags).

// Limits of the older actions.
const (
	oldTagsPerCall     = 5
	oldTagsPerInstance = 10
)

type oldTagRef struct {
	LoadBalancerId string `rpc:",required"`
	Tags           string `rpc:",required"` // JSON list
}

func (r *oldTagRef) scope(*state) scope { return scope{} }

func (r *oldTagRef) edit(s *state) (*loadBalancer, []tag, error) {
	list, err := parseTags(r.Tags)
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 || len(list) > oldTagsPerCall {
		return nil, nil, rpc.InvalidParameter("Tags", "1 to %d tags are wanted", oldTagsPerCall)
	}
	lb, err := s.editBalancer(r.LoadBalancerId)
	return lb, list, err
}

// addTags is AddTags.
type addTags struct{ oldTagRef }

func (r *addTags) change(s *state, _ *world) (any, error) {
	lb, list, err := r.edit(s)
	if err != nil {
		return nil, err
	}
	lb.tags, err = lb.tags.with(list, oldTagsPerInstance)
	return nil, err
}

// removeTags is RemoveTags. A tag without value is removed by its key.
type removeTags struct{ oldTagRef }

func (r *removeTags) change(s *state, _ *world) (any, error) {
	lb, list, err := r.edit(s)
	if err != nil {
		return nil, err
	}
	lb.tags = lb.tags.without(func(own tag) bool {
		return slices.ContainsFunc(list, func(t tag) bool { return t.Key == own.Key && (t.Value == "" || t.Value == own.Value) })
	})
	return nil, nil
}

// listOldTags is DescribeTags.
type listOldTags struct {
	LoadBalancerId string
	DistinctKey    bool
	Tags           string
	pageRef
}

type tagSet struct {
	TagKey        string
	TagValue      string
	InstanceCount int
}

func (r *listOldTags) answer(s *state, _ *world) (any, error) {
	var wanted []tag
	var err error
	if r.Tags != "" {
		if wanted, err = parseTags(r.Tags); err != nil {
			return nil, err
		}
	}
	sets := r.sets(s, wanted)
	from, to, err := r.page(len(sets))
	if err != nil {
		return nil, err
	}
	var a struct {
		PageNumber, PageSize, TotalCount int
		TagSets                          struct{ TagSet []tagSet }
	}
	a.TotalCount = len(sets)
	a.PageNumber, a.PageSize = r.numbers()
	a.TagSets.TagSet = sets[from:to]
	return a, nil
}

// sets counts the load balancers of each tag, or of each key.
func (r *listOldTags) sets(s *state, wanted []tag) []tagSet {
	sets := []tagSet{}
	for _, lb := range sorted(s.balancers) {
		if r.LoadBalancerId != "" && r.LoadBalancerId != lb.id {
			continue
		}
		for _, t := range lb.tags {
			if len(wanted) > 0 && !slices.ContainsFunc(wanted, tags{t}.has) {
				continue
			}
			if r.DistinctKey {
				t.Value = ""
			}
			i := slices.IndexFunc(sets, func(x tagSet) bool { return x.TagKey == t.Key && x.TagValue == t.Value })
			if i < 0 {
				i, sets = len(sets), append(sets, tagSet{TagKey: t.Key, TagValue: t.Value})
			}
			sets[i].InstanceCount++
		}
	}
	return sets
}
