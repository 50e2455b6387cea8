package test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/ebb-node/ebb/region/internal/apply"
	"github.com/ebb-node/ebb/region/internal/cloudadmin"
	"github.com/ebb-node/ebb/region/internal/cluster"
)

// TestRightsAreNeededAndEnough compares what the manifests grant to ebb
// with what ebb asked of the API server while the other tests ran. It is the
// last test for that reason, and is no use when run alone.
func TestRightsAreNeededAndEnough(t *testing.T) {
	used, refused := asked(t)
	for _, right := range refused {
		t.Errorf("ebb was refused: %s", right)
	}
	for _, right := range granted(t) {
		if !slices.Contains(used, right) && fallbacks[right] == "" {
			t.Errorf("ebb may, but never did: %s", right)
		}
	}
}

const noStream = "API servers before Kubernetes 1.34 may not stream the first list of a watch"

// fallbacks are rights that only other clusters or rare moments call for, and
// why.
var fallbacks = map[string]string{
	"list networking.internal.knative.dev/ingresses":       noStream,
	"list serving.knative.dev/revisions":                   noStream,
	"list serving.knative.dev/routes":                      noStream,
	"list autoscaling.internal.knative.dev/podautoscalers": noStream,
	"list apps/deployments":                                noStream,
	"list discovery.k8s.io/endpointslices":                 noStream,
	"update discovery.k8s.io/endpointslices":               "a load balancer that is replaced has another address",
	"patch apps/deployments":                               "Knative's autoscaler is away, as where the tests of reserves kill it",
	"get /pods":                                            "a pod is read itself only when the informer has just lost or replaced it",
	"list /pods":                                           noStream,
	"list /services":                                       noStream,
}

// asked reads the API server's audit log: what ebb did, and what it was not
// allowed to do, each as "verb group/resource".
func asked(t *testing.T) (used, refused []string) {
	t.Helper()
	file, err := os.Open(region.Log("audit"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event auditv1.Event
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil || event.ObjectRef == nil || event.User.Username != cluster.EbbUser {
			continue
		}
		resource := event.ObjectRef.Resource
		if event.ObjectRef.Subresource != "" {
			resource += "/" + event.ObjectRef.Subresource
		}
		right := event.Verb + " " + event.ObjectRef.APIGroup + "/" + resource
		used = append(used, right)
		if event.ResponseStatus != nil && event.ResponseStatus.Code == 403 && event.Annotations["authorization.k8s.io/decision"] == "forbid" {
			refused = append(refused, right)
		}
	}
	slices.Sort(used)
	slices.Sort(refused)
	return slices.Compact(used), slices.Compact(refused)
}

// granted reads the rules of the manifests.
func granted(t *testing.T) []string {
	t.Helper()
	var rights []string
	for _, name := range []string{"manifests/rbac.yaml", "manifests/knative/rbac.yaml"} {
		text, err := os.ReadFile(filepath.Join(region.Source, name))
		if err != nil {
			t.Fatal(err)
		}
		objects, err := apply.Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		found := rulesOf(t, objects)
		if len(found) == 0 {
			t.Fatalf("%s grants nothing; this test would see nothing", name)
		}
		rights = append(rights, found...)
	}
	return rights
}

// rulesOf are the rights that Roles and ClusterRoles grant.
func rulesOf(t *testing.T, objects []*unstructured.Unstructured) (rights []string) {
	t.Helper()
	for _, object := range objects {
		if !strings.HasSuffix(object.GetKind(), "Role") {
			continue
		}
		var role rbacv1.Role // a ClusterRole's rules have the same form
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &role); err != nil {
			t.Fatal(err)
		}
		for _, rule := range role.Rules {
			for _, group := range rule.APIGroups {
				for _, resource := range rule.Resources {
					for _, verb := range rule.Verbs {
						rights = append(rights, verb+" "+group+"/"+resource)
					}
				}
			}
		}
	}
	return rights
}

// TestCallsAreInThePolicy compares what ebb asked of the cloud while the other
// tests ran with manifests/ram-policy.json.
func TestCallsAreInThePolicy(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(region.Source, "manifests", "ram-policy.json"))
	if err != nil {
		t.Fatal(err)
	}
	counts, err := cloudadmin.CallCounts(t.Context(), region.Client)
	if err != nil {
		t.Fatal(err)
	}
	for action := range counts {
		if !strings.Contains(string(text), ":"+action+`"`) && !behindEbb[action] {
			t.Errorf("ebb calls %s, which the policy does not allow", action)
		}
	}
}

// behindEbb are calls of the tests themselves.
var behindEbb = map[string]bool{"StopLoadBalancerListener": true, "DescribeLoadBalancerHTTPListenerAttribute": true}
