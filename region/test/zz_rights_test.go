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
	"k8s.io/apimachinery/pkg/runtime"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/ebb-node/ebb/region/internal/apply"
	"github.com/ebb-node/ebb/region/internal/cluster"
)

// TestRightsAreNeededAndEnough compares what manifests/rbac.yaml grants to ebb
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

// fallbacks are rights that only other clusters or rare moments call for, and
// why.
var fallbacks = map[string]string{
	"get /pods":      "a pod is read itself only when the informer has just lost or replaced it",
	"list /pods":     "API servers before Kubernetes 1.34 may not stream the first list of a watch",
	"list /services": "as for pods",
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

// granted reads the rules of manifests/rbac.yaml.
func granted(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(region.Source, "manifests", "rbac.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	objects, err := apply.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	var rights []string
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
	if len(rights) == 0 {
		t.Fatal("manifests/rbac.yaml grants nothing; this test would see nothing")
	}
	return rights
}
