package slb

import (
	"cmp"
	"slices"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// taggedResource is a line of ListTagResources.
type taggedResource struct {
	ResourceType string
	ResourceId   string
	TagKey       string
	TagValue     string
}

// listTags is ListTagResources: the tags of resources that are named, or that
// have all of some tags.
type listTags struct {
	ResourceType string `rpc:",required"`
	ResourceId   []string
	Tag          []tag
	NextToken    string
}

// tagsPerPage is the mock's own; the service documents only that there are
// pages.
const tagsPerPage = 50

type listTagsAnswer struct {
	NextToken    string `json:",omitempty"`
	TagResources struct{ TagResource []taggedResource }
}

func (r *listTags) answer(s *state, _ *world) (any, error) {
	if len(r.ResourceId) == 0 && len(r.Tag) == 0 {
		return nil, rpc.MissingParameter("ResourceId.1")
	}
	if err := checkResourceType(r.ResourceType); err != nil {
		return nil, err
	}
	found := []taggedResource{}
	for _, x := range s.resources(r.ResourceType) {
		if (len(r.ResourceId) > 0 && !slices.Contains(r.ResourceId, x.id)) || !x.tags.hasAll(r.Tag) {
			continue
		}
		for _, t := range x.tags {
			found = append(found, taggedResource{r.ResourceType, x.id, t.Key, t.Value})
		}
	}
	part, next, err := tokenPage(found, r.NextToken, tagsPerPage)
	if err != nil {
		return nil, err
	}
	a := listTagsAnswer{NextToken: next}
	a.TagResources.TagResource = part
	return a, nil
}

type resource struct {
	id   string
	tags tags
}

// resources lists what has tags, by id.
func (s *state) resources(kind string) []resource {
	var list []resource
	switch kind {
	case resourceInstance:
		for _, lb := range s.balancers {
			list = append(list, resource{lb.id, lb.tags})
		}
	case resourceListener:
		for _, lb := range s.balancers {
			for _, l := range lb.listeners {
				list = append(list, resource{listenerID(lb.id, l), l.tags})
			}
		}
	case resourceGroup:
		for _, g := range s.groups {
			list = append(list, resource{g.id, g.tags})
		}
	case resourceCertificate:
		for _, c := range s.certificates {
			list = append(list, resource{c.id, c.tags})
		}
	case resourceACL:
		for _, a := range s.acls {
			list = append(list, resource{a.id, a.tags})
		}
	}
	slices.SortFunc(list, func(a, b resource) int { return cmp.Compare(a.id, b.id) })
	return list
}
