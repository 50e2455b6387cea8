package slb

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tagLines are the tags that ListTagResources tells.
func (s *scene) tagLines(r *listTags) []string {
	s.Helper()
	var lines []string
	for _, x := range ask[listTagsAnswer](s, r).TagResources.TagResource {
		lines = append(lines, x.ResourceId+" "+x.TagKey+"="+x.TagValue)
	}
	return lines
}

func TestTagsOfEveryKind(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g, c := s.group(lb, ""), s.upload("a")
	acl := s.do(&createACL{AclName: "a"}).(struct{ AclId string }).AclId
	s.httpListener(lb, 80, g)
	for kind, id := range map[string]string{
		resourceInstance: lb, resourceGroup: g, resourceCertificate: c, resourceACL: acl, resourceListener: lb + "_http_80",
	} {
		s.do(&tagResources{kind, []string{id}, []tag{{"a", "1"}, {"b", "2"}}})
		s.do(&tagResources{kind, []string{id}, []tag{{"a", "3"}}})
		s.do(&untagResources{ResourceType: kind, ResourceId: []string{id}, TagKey: []string{"b"}})
		if diff := cmp.Diff([]string{id + " a=3"}, s.tagLines(&listTags{ResourceType: kind, ResourceId: []string{id}})); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
		if diff := cmp.Diff([]string{id + " a=3"}, s.tagLines(&listTags{ResourceType: kind, Tag: []tag{{"a", "3"}}})); diff != "" {
			t.Errorf("%s by tag: %s", kind, diff)
		}
		s.do(&untagResources{ResourceType: kind, ResourceId: []string{id}, All: true})
		if left := s.tagLines(&listTags{ResourceType: kind, ResourceId: []string{id}}); left != nil {
			t.Errorf("%s: left %v", kind, left)
		}
	}
}

func TestTagsThatAreRefused(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	one := []tag{{"k", "v"}}
	var many []tag
	for i := range 21 {
		many = append(many, tag{fmt.Sprint("k", i), ""})
	}
	for _, test := range []struct {
		code string
		call write
	}{
		{"MissingParameter", &tagResources{resourceInstance, nil, one}},
		{"MissingParameter", &tagResources{resourceInstance, []string{lb}, nil}},
		{"MissingParameter", &untagResources{ResourceType: resourceInstance, ResourceId: []string{lb}}},
		{"InvalidParameter", &tagResources{"rule", []string{lb}, one}},
		{"InvalidParameter", &tagResources{resourceInstance, make([]string, 21), one}},
		{"InvalidParameter", &tagResources{resourceListener, []string{lb}, one}},
		{"ListenerNotFound", &tagResources{resourceListener, []string{lb + "_http_80"}, one}},
		{"InvalidLoadBalancerId.NotFound", &tagResources{resourceInstance, []string{lb, "lb-x"}, one}},
		{"TagCountLimit", &tagResources{resourceInstance, []string{lb}, many}},
		{"InvalidParameter", &tagResources{resourceInstance, []string{lb}, []tag{{"aliyun.x", ""}}}},
		{"InvalidParameter", &tagResources{resourceInstance, []string{lb}, []tag{{"https://x", ""}}}},
		{"InvalidParameter", &tagResources{resourceInstance, []string{lb}, []tag{{strings.Repeat("k", 65), ""}}}},
		{"InvalidParameter", &tagResources{resourceInstance, []string{lb}, []tag{{"k", strings.Repeat("v", 129)}}}},
		{"InvalidParameter", &addTags{oldTagRef{lb, `[]`}}},
		{"InvalidParameter", &addTags{oldTagRef{lb, `[{"Key":"k"}]`}}},
		{"InvalidLoadBalancerId.NotFound", &addTags{oldTagRef{"lb-x", `[{"TagKey":"k","TagValue":"v"}]`}}},
	} {
		s.refused(test.code, test.call)
	}
}

func TestOldTags(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	entries := func(from, to int) string {
		var list []string
		for i := from; i < to; i++ {
			list = append(list, fmt.Sprintf(`{"TagKey":"k%d","TagValue":"v"}`, i))
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	s.refused("InvalidParameter", &addTags{oldTagRef{lb, entries(0, 6)}})
	s.do(&addTags{oldTagRef{lb, entries(0, 5)}})
	s.do(&addTags{oldTagRef{lb, entries(5, 10)}})
	s.refused("TagCountLimit", &addTags{oldTagRef{lb, entries(10, 11)}})
	s.do(&addTags{oldTagRef{lb, `[{"TagKey":"k0","TagValue":"new"}]`}})
	s.do(&removeTags{oldTagRef{lb, entries(5, 10)}})
	s.do(&removeTags{oldTagRef{lb, `[{"TagKey":"k1","TagValue":"other"}]`}})
	var got []string
	for _, v := range ask[balancerAttribute](s, &describeBalancer{balancerRef{lb}}).Tags.Tag {
		got = append(got, v.TagKey+"="+v.TagValue)
	}
	if diff := cmp.Diff([]string{"k0=new", "k1=v", "k2=v", "k3=v", "k4=v"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDescribeTagsCounts(t *testing.T) {
	s := newScene(t)
	for _, v := range []string{"1", "2", "2"} {
		s.do(&createBalancer{Tag: []tag{{"k", v}}})
	}
	type answer = struct {
		PageNumber, PageSize, TotalCount int
		TagSets                          struct{ TagSet []tagSet }
	}
	for _, test := range []struct {
		request listOldTags
		want    []tagSet
	}{
		{listOldTags{}, []tagSet{{"k", "1", 1}, {"k", "2", 2}}},
		{listOldTags{DistinctKey: true}, []tagSet{{"k", "", 3}}},
		{listOldTags{Tags: `[{"TagKey":"k","TagValue":"2"}]`}, []tagSet{{"k", "2", 2}}},
		{listOldTags{LoadBalancerId: "lb-1"}, []tagSet{{"k", "1", 1}}},
	} {
		if diff := cmp.Diff(test.want, ask[answer](s, &test.request).TagSets.TagSet); diff != "" {
			t.Errorf("%+v: %s", test.request, diff)
		}
	}
}
