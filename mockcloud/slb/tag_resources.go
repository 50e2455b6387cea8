package slb

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// The newer tag actions, for objects of all kinds
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-tagresources).
// Tags are not configuration: no write of them finds anything busy.

const (
	resourceInstance    = "instance"
	resourceListener    = "listener"
	resourceGroup       = "vservergroup"
	resourceCertificate = "certificate"
	resourceACL         = "acl"
)

func checkResourceType(kind string) error {
	return oneOf("ResourceType", &kind, resourceInstance, resourceListener, resourceGroup,
		resourceCertificate, resourceACL, "masterslaveservergroup")
}

// editTags answers the tags of a resource for a change.
func (s *state) editTags(kind, id string) (*tags, error) {
	switch kind {
	case resourceInstance:
		lb, err := s.editBalancer(id)
		if err != nil {
			return nil, err
		}
		return &lb.tags, nil
	case resourceListener:
		return s.editListenerTags(id)
	case resourceGroup:
		g, err := s.editGroup(id)
		if err != nil {
			return nil, err
		}
		return &g.tags, nil
	case resourceCertificate:
		c, err := s.certificate(id)
		if err != nil {
			return nil, err
		}
		next := *c
		s.certificates[id] = &next
		return &next.tags, nil
	case resourceACL:
		a, err := s.editACL(id)
		if err != nil {
			return nil, err
		}
		return &a.tags, nil
	}
	return nil, rpc.InvalidParameter("ResourceId", "there is no %s with the id %s", kind, id)
}

// editListenerTags reads <load balancer>_<protocol>_<port>.
func (s *state) editListenerTags(id string) (*tags, error) {
	parts := strings.Split(id, "_")
	if len(parts) == 3 {
		if port, err := strconv.Atoi(parts[2]); err == nil {
			_, l, err := s.editListener(parts[0], port, parts[1])
			if err != nil {
				return nil, err
			}
			return &l.tags, nil
		}
	}
	return nil, rpc.InvalidParameter("ResourceId", "%s is not of the form <load balancer>_<protocol>_<port>", id)
}

func checkResources(kind string, ids []string) error {
	if len(ids) == 0 {
		return rpc.MissingParameter("ResourceId.1")
	}
	if len(ids) > resourcesPerCall {
		return rpc.InvalidParameter("ResourceId", "at most %d are wanted", resourcesPerCall)
	}
	return checkResourceType(kind)
}

// tagResources is TagResources.
type tagResources struct {
	ResourceType string `rpc:",required"`
	ResourceId   []string
	Tag          []tag
}

func (r *tagResources) scope(*state) scope { return scope{} }

func (r *tagResources) change(s *state, _ *world) (any, error) {
	if err := checkResources(r.ResourceType, r.ResourceId); err != nil {
		return nil, err
	}
	if len(r.Tag) == 0 {
		return nil, rpc.MissingParameter("Tag.1.Key")
	}
	for _, id := range r.ResourceId {
		own, err := s.editTags(r.ResourceType, id)
		if err != nil {
			return nil, err
		}
		if *own, err = own.with(r.Tag, tagsPerResource); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// untagResources is UntagResources: some keys, or all without any key.
type untagResources struct {
	ResourceType string `rpc:",required"`
	ResourceId   []string
	TagKey       []string
	All          bool
}

func (r *untagResources) scope(*state) scope { return scope{} }

func (r *untagResources) change(s *state, _ *world) (any, error) {
	if err := checkResources(r.ResourceType, r.ResourceId); err != nil {
		return nil, err
	}
	if len(r.TagKey) == 0 && !r.All {
		return nil, rpc.MissingParameter("TagKey.1")
	}
	for _, id := range r.ResourceId {
		own, err := s.editTags(r.ResourceType, id)
		if err != nil {
			return nil, err
		}
		*own = own.without(func(t tag) bool { return len(r.TagKey) == 0 || slices.Contains(r.TagKey, t.Key) })
	}
	return nil, nil
}

func (t tags) without(drop func(tag) bool) tags { return slices.DeleteFunc(slices.Clone(t), drop) }

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
