package slb

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAccessControlList(t *testing.T) {
	s := newScene(t)
	s.world.quotas.AccessControlEntries = 3
	id := s.do(&createACL{AclName: "office"}).(struct{ AclId string }).AclId
	ref := aclRef{id}
	s.do(&addEntries{ref, `[{"entry":"10.0.0.0/8","comment":"a"},{"entry":"192.168.1.0/24","comment":"b"}]`})
	s.do(&addEntries{ref, `[{"entry":"10.0.0.0/8","comment":"again"}]`})
	s.do(&removeEntries{ref, `[{"entry":"192.168.1.0/24"}]`})
	s.do(&renameACL{ref, "home"})
	v := ask[aclAttribute](s, &describeACL{AclId: id})
	if diff := cmp.Diff([]aclEntryView{{"10.0.0.0/8", "again"}}, v.AclEntrys.AclEntry); diff != "" || v.AclName != "home" {
		t.Errorf("%s: %s", v.AclName, diff)
	}
	var many []string
	for i := range 51 {
		many = append(many, fmt.Sprintf(`{"entry":"10.0.%d.0/24"}`, i))
	}
	s.refused("InvalidParameter", &addEntries{ref, "[" + strings.Join(many, ",") + "]"})
	s.refused("AclEntryOverLimit", &addEntries{ref, "[" + strings.Join(many[:3], ",") + "]"})
	s.refused("InvalidParameter", &addEntries{ref, `[{"entry":"10.0.0.1"}]`})
	s.refused("AclNotExist", &addEntries{aclRef{"acl-x"}, `[{"entry":"10.0.0.0/8"}]`})
}

func TestBoundAccessControlListStays(t *testing.T) {
	s := newScene(t)
	s.world.quotas.ListenersPerACL = 1
	lb := s.balancer()
	g := s.group(lb, "")
	id := s.do(&createACL{AclName: "office"}).(struct{ AclId string }).AclId
	bound := func(port int) *createHTTP {
		r := &createHTTP{portRef: portRef{lb, port}, target: target{VServerGroupId: g}, httpSettings: plainHTTP()}
		r.AclStatus, r.AclType, r.AclId = ptr("on"), ptr("white"), &id
		return r
	}
	s.do(bound(80))
	s.refused("OverQuota", bound(81))
	s.refused("AclInUsed", &deleteACL{aclRef{id}})
	again := &setHTTP{portRef: portRef{lb, 80}}
	again.AclId = &id
	s.do(again)
	off := &setHTTP{portRef: portRef{lb, 80}}
	off.AclStatus = ptr("off")
	s.do(off)
	s.do(&deleteACL{aclRef{id}})
	if list := ask[listACLsAnswer](s, &listACLs{}); list.TotalCount != 0 {
		t.Errorf("%+v", list)
	}
}
