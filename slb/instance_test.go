package slb

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ebb-node/ebb/alicloud"
)

// listing is a cloud that lists n load balancers with tags, by pages, and
// reads a filter of several tags as any of them.
type listing struct {
	tags  []map[string]string
	calls []string
}

func (l *listing) Region() string { return "cn-test" }

func (l *listing) Call(_ context.Context, r alicloud.Request, out any) error {
	l.calls = append(l.calls, r.Action)
	var answer object
	switch r.Action {
	case "DescribeLoadBalancers":
		page, list := 0, []object{}
		_, _ = fmt.Sscan(r.Params["PageNumber"], &page)
		for i := (page - 1) * instancePage; i < min(page*instancePage, len(l.tags)); i++ {
			list = append(list, object{"LoadBalancerId": fmt.Sprint("lb-", i), "Tags": object{"Tag": tagList(l.tags[i])}})
		}
		answer = object{"TotalCount": len(l.tags), "LoadBalancers": object{"LoadBalancer": list}}
	case "CreateLoadBalancer":
		answer = object{"LoadBalancerId": "lb-new"}
	case "DescribeLoadBalancerAttribute":
		answer = object{"LoadBalancerId": r.Params["LoadBalancerId"]}
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, out)
}

func TestEnsureInstanceChooses(t *testing.T) {
	own, half := testOwner.tags(), map[string]string{tagOwner: testOwner.ownerTag(), tagLoadBalancer: "internal"}
	others := func(n int) (out []map[string]string) {
		for range n {
			out = append(out, half)
		}
		return out
	}
	for name, c := range map[string]struct {
		tags      []map[string]string
		spec      InstanceSpec
		want, err string
	}{
		"the user's":             {[]map[string]string{own}, InstanceSpec{ID: "lb-user", Recorded: "lb-9"}, "lb-user", ""},
		"the recorded one":       {[]map[string]string{own}, InstanceSpec{Recorded: "lb-9"}, "lb-9", ""},
		"one with the tags":      {append(others(3), own), InstanceSpec{}, "lb-3", ""},
		"one on the second page": {append(others(130), own), InstanceSpec{}, "lb-130", ""},
		"a new one":              {others(2), InstanceSpec{Name: "ebb"}, "lb-new", ""},
		"two with the tags":      {[]map[string]string{own, half, own}, InstanceSpec{}, "", "lb-0, lb-2"},
	} {
		t.Run(name, func(t *testing.T) {
			cloud := &listing{tags: c.tags}
			i, err := (&Client{cloud: cloud}).EnsureInstance(context.Background(), testOwner, c.spec)
			if i.ID != c.want || (err != nil) != (c.err != "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("got %q, %v; want %q, %q", i.ID, err, c.want, c.err)
			}
			if created := strings.Contains(fmt.Sprint(cloud.calls), "Create"); created != (c.want == "lb-new") {
				t.Errorf("calls %v", cloud.calls)
			}
		})
	}
}

func TestNamesFitTheirLimits(t *testing.T) {
	long := Owner{Prefix: "prefix78", Cluster: strings.Repeat("c", 200), LoadBalancer: strings.Repeat("l", 128)}
	m := match{strings.Repeat("d.", 100) + "com", "/" + strings.Repeat("u", 79)}
	for name, limit := range map[string]int{
		long.ruleName(m): 40, long.certificateName(strings.Repeat("f", 64)): 80, long.ownerTag(): 128,
	} {
		if len(name) > limit || !nameForm.MatchString(name) {
			t.Errorf("%q is longer than %d or not allowed", name, limit)
		}
	}
	if long.ruleName(m) == long.ruleName(match{m.domain, ""}) {
		t.Error("two rules have one name")
	}
}
