package profile

import (
	"context"
	"strings"
	"testing"
	"time"

	logtest "github.com/sirupsen/logrus/hooks/test"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
	clocktesting "k8s.io/utils/clock/testing"
)

func configMap(pairs ...string) *corev1.ConfigMap {
	data := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: "eci-profile"}, Data: data}
}

func TestTheProfileIsReadNowAndThen(t *testing.T) {
	ctx := context.Background()
	kube, clock := fake.NewClientset(), clocktesting.NewFakePassiveClock(time.Unix(0, 0))
	log, lines := logtest.NewNullLogger()
	s := &Source{Kube: kube, Namespace: "kube-system", Name: "eci-profile", Log: log, Clock: clock}
	groupIs := func(want string) {
		t.Helper()
		p, err := s.Get(ctx)
		if err != nil || p.SecurityGroupID != want {
			t.Errorf("security group %q, %v; want %q", p.SecurityGroupID, err, want)
		}
	}
	later := func() { clock.SetTime(clock.Now().Add(Lifetime)) }
	write := func(m *corev1.ConfigMap) {
		t.Helper()
		if _, err := kube.CoreV1().ConfigMaps("kube-system").Update(ctx, m, metav1.UpdateOptions{}); err != nil {
			t.Fatal(err)
		}
	}

	groupIs("") // there is none
	if _, err := kube.CoreV1().ConfigMaps("kube-system").Create(ctx, configMap("securityGroupId", "sg-1"), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	groupIs("") // from the cache
	later()
	groupIs("sg-1")
	calls := len(kube.Actions())
	for range 100 {
		groupIs("sg-1")
	}
	if n := len(kube.Actions()) - calls; n != 0 {
		t.Errorf("%d calls while the profile is fresh", n)
	}
	write(configMap("securityGroupId", "sg-2", "selectors", "no JSON"))
	for range 3 {
		later()
		groupIs("sg-1") // the last good one
	}
	if n := len(lines.AllEntries()); n != 1 || !strings.Contains(lines.LastEntry().Message, "selectors") {
		t.Errorf("%d lines, want one that names the key: %v", n, lines.AllEntries())
	}
	write(configMap("securityGroupId", "sg-2", "selectors", `[{"name":"team","namespaceSelector":{"matchLabels":{"a":"b"}}}]`))
	later()
	groupIs("sg-2")
	if got := lines.LastEntry().Message; !strings.Contains(got, "namespaceSelector") || !strings.Contains(got, "team") {
		t.Errorf("log %q, want it to name the selector", got)
	}
}

func TestAMalformedFirstProfileIsAnError(t *testing.T) {
	log, _ := logtest.NewNullLogger()
	s := &Source{
		Kube: fake.NewClientset(configMap("selectors", "no JSON")), Namespace: "kube-system", Name: "eci-profile",
		Log: log, Clock: clocktesting.NewFakePassiveClock(time.Unix(0, 0)),
	}
	if _, err := s.Get(context.Background()); err == nil || !strings.Contains(err.Error(), "kube-system/eci-profile") {
		t.Errorf("got %v, want an error that names the ConfigMap", err)
	}
}
