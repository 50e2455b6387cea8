package slb

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/ebb-node/ebb/alicloud"
)

// fakeCloud is a small model of the documented constraints, strict where the
// documents leave a choice. It speaks the wire's JSON, so that encoding and
// decoding are part of the tests.
type fakeCloud struct {
	limits Limits
	// after runs after every write that was carried out.
	after func(action string)
	// fail refuses a call, or does the work and loses the answer.
	fail func(action string, p map[string]string) (err error, done bool)

	mu        sync.Mutex
	gone      bool
	next      int
	tags      map[string]string
	groups    map[string]*fakeGroup
	listeners map[Endpoint]*fakeListener
	certs     map[string]*fakeCertificate
	calls     []string // actions in order
	refusals  []string
}

type fakeGroup struct {
	name    string
	members []Member
}

type fakeListener struct {
	settings map[string]string
	status   string
	rules    []ruleWire
	exts     map[string]fakeExtension // by id
}

type fakeExtension struct{ domain, certificate string }

type fakeCertificate struct {
	name string
	tags map[string]string
}

func newFakeCloud() *fakeCloud {
	return &fakeCloud{
		limits: DefaultLimits(), tags: map[string]string{}, groups: map[string]*fakeGroup{},
		listeners: map[Endpoint]*fakeListener{}, certs: map[string]*fakeCertificate{},
	}
}

const fakeID = "lb-1"

func (f *fakeCloud) Region() string { return "cn-test" }

func (f *fakeCloud) id(prefix string) string {
	f.next++
	return prefix + "-" + strconv.Itoa(f.next)
}

// took counts the calls so far by action and forgets them.
func (f *fakeCloud) took() (writes int, byAction map[string]int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	byAction = map[string]int{}
	for _, action := range f.calls {
		byAction[action]++
		if !strings.HasPrefix(action, "Describe") {
			writes++
		}
	}
	f.calls = nil
	return writes, byAction
}

func refusal(code string) error {
	return &alicloud.Error{Product: "Slb", Code: code, HTTPStatus: 400, Class: classOf(code)}
}

func classOf(code string) alicloud.Class {
	if c, ok := classes[code]; ok {
		return c
	}
	return alicloud.ClassInvalid
}

func (f *fakeCloud) Call(ctx context.Context, r alicloud.Request, out any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	answer, err := f.call(r)
	f.mu.Unlock()
	if err != nil {
		return err
	}
	if !strings.HasPrefix(r.Action, "Describe") && f.after != nil {
		f.after(r.Action)
	}
	text, err := json.Marshal(answer)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(text, out)
}

func (f *fakeCloud) call(r alicloud.Request) (any, error) {
	f.calls = append(f.calls, r.Action)
	var lost error
	if f.fail != nil {
		err, done := f.fail(r.Action, r.Params)
		if err != nil && !done {
			return nil, err
		}
		lost = err
	}
	if f.gone {
		return nil, refusal(codeNoInstance)
	}
	answer, err := f.serve(r.Action, r.Params)
	if err != nil {
		f.refusals = append(f.refusals, fmt.Sprintf("%s %v: %v", r.Action, r.Params, err))
		return nil, err
	}
	return answer, lost
}

func (f *fakeCloud) serve(action string, p map[string]string) (any, error) {
	serve, ok := map[string]func(map[string]string) (any, error){
		"DescribeLoadBalancerAttribute":         f.describeInstance,
		"DescribeLoadBalancerListeners":         f.describeListeners,
		"DescribeRules":                         f.describeRules,
		"DescribeDomainExtensions":              f.describeExtensions,
		"DescribeVServerGroups":                 f.describeGroups,
		"DescribeVServerGroupAttribute":         f.describeGroup,
		"DescribeServerCertificates":            f.describeCertificates,
		"CreateVServerGroup":                    f.createGroup,
		"AddVServerGroupBackendServers":         f.addMembers,
		"SetVServerGroupAttribute":              f.setMembers,
		"RemoveVServerGroupBackendServers":      f.removeMembers,
		"DeleteVServerGroup":                    f.deleteGroup,
		"CreateLoadBalancerHTTPListener":        func(p map[string]string) (any, error) { return f.createListener(HTTP, p) },
		"CreateLoadBalancerHTTPSListener":       func(p map[string]string) (any, error) { return f.createListener(HTTPS, p) },
		"CreateLoadBalancerTCPListener":         func(p map[string]string) (any, error) { return f.createListener(TCP, p) },
		"SetLoadBalancerHTTPListenerAttribute":  func(p map[string]string) (any, error) { return f.setListener(HTTP, p) },
		"SetLoadBalancerHTTPSListenerAttribute": func(p map[string]string) (any, error) { return f.setListener(HTTPS, p) },
		"SetLoadBalancerTCPListenerAttribute":   func(p map[string]string) (any, error) { return f.setListener(TCP, p) },
		"StartLoadBalancerListener":             f.startListener,
		"DeleteLoadBalancerListener":            f.deleteListener,
		"CreateRules":                           f.createRules,
		"SetRule":                               f.setRule,
		"DeleteRules":                           f.deleteRules,
		"UploadServerCertificate":               f.uploadCertificate,
		"DeleteServerCertificate":               f.deleteCertificate,
		"CreateDomainExtension":                 f.createExtension,
		"SetDomainExtensionAttribute":           f.setExtension,
		"DeleteDomainExtension":                 f.deleteExtension,
	}[action]
	if !ok {
		return nil, refusal("InvalidAction.NotFound")
	}
	return serve(p)
}

type object = map[string]any

func tagList(tags map[string]string) []tagWire {
	var out []tagWire
	for _, k := range sortedKeys(tags) {
		out = append(out, tagWire{k, tags[k]})
	}
	return out
}

func tagParams(p map[string]string) map[string]string {
	tags := map[string]string{}
	for i := 1; p[fmt.Sprintf("Tag.%d.Key", i)] != ""; i++ {
		tags[p[fmt.Sprintf("Tag.%d.Key", i)]] = p[fmt.Sprintf("Tag.%d.Value", i)]
	}
	return tags
}

func (f *fakeCloud) describeInstance(map[string]string) (any, error) {
	return object{
		"LoadBalancerId": fakeID, "Address": "47.0.0.1", "AddressType": Internet, "LoadBalancerStatus": "active",
		"Tags": object{"Tag": tagList(f.tags)},
	}, nil
}

func (f *fakeCloud) describeListeners(map[string]string) (any, error) {
	list := []object{}
	for _, e := range f.endpoints() {
		l := f.listeners[e]
		entry := object{
			"ListenerPort": e.Port, "ListenerProtocol": e.Protocol, "Status": l.status,
			"VServerGroupId": l.settings["VServerGroupId"], "Scheduler": l.settings["Scheduler"], "Description": l.settings["Description"],
		}
		entry[strings.ToUpper(string(e.Protocol))+"ListenerConfig"] = l.settings
		list = append(list, entry)
	}
	return object{"Listeners": list}, nil
}

func (f *fakeCloud) endpoints() []Endpoint {
	return slices.SortedFunc(maps.Keys(f.listeners), func(x, y Endpoint) int { return x.Port - y.Port })
}

func endpointOf(p map[string]string) Endpoint {
	port, _ := strconv.Atoi(p["ListenerPort"])
	return Endpoint{Protocol(p["ListenerProtocol"]), port}
}

func (f *fakeCloud) describeRules(p map[string]string) (any, error) {
	l := f.listeners[endpointOf(p)]
	if l == nil {
		return nil, refusal("ListenerNotFound")
	}
	list := []object{}
	for _, r := range l.rules {
		list = append(list, object{
			"RuleId": r.RuleID, "RuleName": r.RuleName, "Domain": r.Domain, "Url": r.URL,
			"VServerGroupId": r.VServerGroupID, "ListenerSync": r.ListenerSync,
		})
	}
	return object{"Rules": object{"Rule": list}}, nil
}

func (f *fakeCloud) describeExtensions(p map[string]string) (any, error) {
	e := endpointOf(p)
	l := f.listeners[Endpoint{HTTPS, e.Port}]
	if l == nil {
		return nil, refusal("ListenerNotFound")
	}
	list := []object{}
	for _, id := range slices.Sorted(maps.Keys(l.exts)) {
		list = append(list, object{"DomainExtensionId": id, "Domain": l.exts[id].domain, "ServerCertificateId": l.exts[id].certificate})
	}
	return object{"DomainExtensions": object{"DomainExtension": list}}, nil
}

func (f *fakeCloud) describeGroups(map[string]string) (any, error) {
	list := []object{}
	for _, id := range slices.Sorted(maps.Keys(f.groups)) {
		g := f.groups[id]
		list = append(list, object{"VServerGroupId": id, "VServerGroupName": g.name, "ServerCount": len(g.members)})
	}
	return object{"VServerGroups": object{"VServerGroup": list}}, nil
}

func (f *fakeCloud) describeGroup(p map[string]string) (any, error) {
	g := f.groups[p["VServerGroupId"]]
	if g == nil {
		return nil, missingGroup()
	}
	list := []memberWire{}
	_ = json.Unmarshal([]byte(membersText(g.members, true)), &list)
	return object{"BackendServers": object{"BackendServer": list}}, nil
}

func missingGroup() error {
	return &alicloud.Error{Product: "Slb", Code: "InvalidParameter", HTTPStatus: 404, Class: alicloud.ClassInvalid}
}

func (f *fakeCloud) describeCertificates(p map[string]string) (any, error) {
	list := []object{}
	for _, id := range slices.Sorted(maps.Keys(f.certs)) {
		c := f.certs[id]
		for k, v := range tagParams(p) {
			if c.tags[k] == v { // any of the tags, the loose reading
				list = append(list, object{"ServerCertificateId": id, "Tags": object{"Tag": tagList(c.tags)}})
				break
			}
		}
	}
	return object{"ServerCertificates": object{"ServerCertificate": list}}, nil
}
