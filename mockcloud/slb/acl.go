package slb

import (
	"net/netip"
	"slices"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// accessList is an access control list.
type accessList struct {
	id            string
	serial        uint64
	created       time.Time
	name          string
	resourceGroup string
	entries       []aclEntry
	tags          tags
}

type aclEntry struct {
	network netip.Prefix
	comment string
}

func (a *accessList) order() uint64 { return a.serial }

func (s *state) acl(id string) (*accessList, error) {
	if a, ok := s.acls[id]; ok {
		return a, nil
	}
	return nil, aclNotFound(id)
}

func (s *state) editACL(id string) (*accessList, error) {
	a, err := s.acl(id)
	if err != nil {
		return nil, err
	}
	next := *a
	next.entries, next.tags = slices.Clone(a.entries), slices.Clone(a.tags)
	s.acls[id] = &next
	return &next, nil
}

// boundListener is a listener that an access control list is bound to.
type boundListener struct {
	LoadBalancerId string
	ListenerPort   int
	Protocol       string
	AclType        string
}

func (s *state) boundListeners(id string) []boundListener {
	bound := []boundListener{}
	for _, lb := range sorted(s.balancers) {
		for _, l := range lb.listeners {
			if value(l.shared.AclId) == id && value(l.shared.AclStatus) == "on" {
				bound = append(bound, boundListener{lb.id, l.port, l.protocol, value(l.shared.AclType)})
			}
		}
	}
	return bound
}

// createACL is CreateAccessControlList
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createaccesscontrollist).
type createACL struct {
	AclName          string `rpc:",required"`
	AddressIPVersion *string
	ResourceGroupId  string
	Tag              []tag
}

func (r *createACL) scope(*state) scope { return scope{} }

func (r *createACL) change(s *state, w *world) (any, error) {
	if len(s.acls) >= w.quotas.AccessControlLists {
		return nil, refuse("OverQuota", "There are %d access control lists, which is the quota.", len(s.acls))
	}
	if err := firstError(length("AclName", &r.AclName, 1, 80), oneOf("AddressIPVersion", r.AddressIPVersion, "ipv4")); err != nil {
		return nil, err
	}
	a := &accessList{created: w.now, name: r.AclName, resourceGroup: r.ResourceGroupId}
	var err error
	if a.tags, err = a.tags.with(r.Tag, tagsPerResource); err != nil {
		return nil, err
	}
	a.id, a.serial = w.newID("acl-"), s.nextSerial()
	s.acls[a.id] = a
	return struct{ AclId string }{a.id}, nil
}

// aclRef is the parameter of actions on one access control list.
type aclRef struct {
	AclId string `rpc:",required"`
}

func (r *aclRef) scope(*state) scope { return scope{key: r.AclId, kind: onACL} }

// renameACL is SetAccessControlListAttribute.
type renameACL struct {
	aclRef
	AclName string `rpc:",required"`
}

func (r *renameACL) change(s *state, _ *world) (any, error) {
	a, err := s.editACL(r.AclId)
	if err != nil {
		return nil, err
	}
	a.name = r.AclName
	return struct{ AclId string }{a.id}, length("AclName", &r.AclName, 1, 80)
}

// deleteACL is DeleteAccessControlList, refused while a listener has it.
type deleteACL struct{ aclRef }

func (r *deleteACL) change(s *state, _ *world) (any, error) {
	if _, err := s.acl(r.AclId); err != nil {
		return nil, err
	}
	if len(s.boundListeners(r.AclId)) > 0 {
		return nil, refuse("AclInUsed", "The access control list %s is bound to a listener.", r.AclId)
	}
	delete(s.acls, r.AclId)
	return nil, nil
}

// addEntries is AddAccessControlListEntry.
type addEntries struct {
	aclRef
	AclEntrys string `rpc:",required"` // JSON list
}

func (r *addEntries) change(s *state, w *world) (any, error) {
	a, err := s.editACL(r.AclId)
	if err != nil {
		return nil, err
	}
	entries, err := parseACLEntries(r.AclEntrys)
	if err != nil {
		return nil, err
	}
	a.drop(entries)
	a.entries = append(a.entries, entries...)
	if len(a.entries) > w.quotas.AccessControlEntries {
		return nil, refuse("AclEntryOverLimit", "The list would have %d entries, %d are allowed.", len(a.entries), w.quotas.AccessControlEntries)
	}
	return nil, nil
}

// removeEntries is RemoveAccessControlListEntry.
type removeEntries struct {
	aclRef
	AclEntrys string `rpc:",required"` // JSON list
}

func (r *removeEntries) change(s *state, _ *world) (any, error) {
	a, err := s.editACL(r.AclId)
	if err != nil {
		return nil, err
	}
	entries, err := parseACLEntries(r.AclEntrys)
	if err != nil {
		return nil, err
	}
	a.drop(entries)
	return nil, nil
}

func (a *accessList) drop(entries []aclEntry) {
	a.entries = slices.DeleteFunc(a.entries, func(old aclEntry) bool {
		return slices.ContainsFunc(entries, func(e aclEntry) bool { return e.network == old.network })
	})
}

func parseACLEntries(text string) ([]aclEntry, error) {
	raw, err := parseEntries(text, "entry", "comment")
	if err != nil {
		return nil, rpc.InvalidParameter("AclEntrys", "%v", err)
	}
	if len(raw) == 0 || len(raw) > entriesPerCall {
		return nil, rpc.InvalidParameter("AclEntrys", "1 to %d entries are wanted", entriesPerCall)
	}
	list := make([]aclEntry, 0, len(raw))
	for _, f := range raw {
		network, err := netip.ParsePrefix(f["entry"])
		if err != nil {
			return nil, rpc.InvalidParameter("AclEntrys", "%q is no CIDR", f["entry"])
		}
		list = append(list, aclEntry{network.Masked(), f["comment"]})
	}
	return list, nil
}
