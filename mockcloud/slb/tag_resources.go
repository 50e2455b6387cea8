package slb

import (
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
