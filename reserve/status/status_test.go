package status_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/cost"
	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/record"
	"github.com/ebb-node/ebb/reserve/shape"
	"github.com/ebb-node/ebb/reserve/status"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func deployment(namespace, revision string, replicas int32, r record.Record) appsv1.Deployment {
	return appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Labels: map[string]string{shape.LabelReserve: "uid-" + revision, shape.LabelOf: revision},
			Annotations: record.Write(r),
		},
		Spec: appsv1.DeploymentSpec{Replicas: &replicas},
	}
}

func TestTable(t *testing.T) {
	reserved := record.Record{
		Memory: decide.Memory{State: decide.Reserved, Since: now.Add(-130 * time.Minute)},
		Account: cost.Account{
			// The reserve took 27 s to start, beside the standard pod.
			At: now.Add(-130 * time.Minute), Currency: "CNY", Kind: instancespecs.Estimate, Spent: 0.333 * 27 / 3600,
			Rate: cost.Rate{Spent: 0.333, Avoided: 0.62},
		},
	}
	unavailable := record.Record{
		Memory:  decide.Memory{State: decide.Unavailable, Since: now.Add(-45 * time.Second), Failure: decide.Failure{Count: 2, Reason: "NoStock", At: now}},
		Account: cost.Account{At: now, Currency: "CNY"},
	}
	unpriced := record.Record{
		Memory:  decide.Memory{State: decide.Reserved, Since: now.Add(-72 * time.Hour)},
		Account: cost.Account{At: now.Add(-time.Minute), Currency: "CNY", Rate: cost.Rate{Unpriced: 1}},
	}
	uncompared := record.Record{
		Memory:  decide.Memory{State: decide.Reserved, Since: now.Add(-time.Minute)},
		Account: cost.Account{At: now.Add(-time.Hour), Currency: "CNY", Rate: cost.Rate{Spent: 0.333, Uncompared: true}},
	}
	even := record.Record{
		Memory:  decide.Memory{State: decide.Reserved, Since: now.Add(-time.Minute)},
		Account: cost.Account{At: now, Currency: "CNY", Spent: 1.0001, Avoided: 1, Rate: cost.Rate{Spent: 0.05515, Avoided: 0.05515}},
	}
	pods := []corev1.Pod{{
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Labels: map[string]string{shape.LabelReserve: "uid-coffee-00001"}, Annotations: map[string]string{
			"k8s.aliyun.com/eci-instance-spec": "ecs.t5-lc1m2.large",
			"ebb-node.github.io/cpu-credits":   "balance=111.4,cap=576,level=enough,at=x",
		}},
		Status: corev1.PodStatus{Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}},
	}, {
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Labels: map[string]string{shape.LabelReserve: "uid-wine-00001"}, Annotations: map[string]string{
			"k8s.aliyun.com/eci-instance-spec": "ecs.t5-lc1m2.small",
			"ebb-node.github.io/cpu-credits":   "balance=2.5,cap=288,level=low,at=x",
		}},
	}}
	rows := status.Rows([]appsv1.Deployment{
		deployment("default", "tea-00003", 0, unavailable),
		deployment("default", "coffee-00001", 1, reserved),
		deployment("default", "water-00001", 1, unpriced),
		deployment("default", "wine-00001", 1, uncompared),
		deployment("default", "zest-00001", 1, even),
		{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Labels: map[string]string{shape.LabelOf: "broken", shape.LabelReserve: "x"}, Annotations: map[string]string{record.AnnotationState: "?"}}},
	}, pods, now)
	var b strings.Builder
	if err := status.Table(&b, rows, false); err != nil {
		t.Fatal(err)
	}
	want := `REVISION       STATE                                FOR     PODS   SPEC                 CREDITS            PER HOUR           COST                                SAVED
broken         ?                                    -       0/1    -                    -                  -                  -                                   -
coffee-00001   Reserved                             2h10m   1/1    ecs.t5-lc1m2.large   111.4 of 576   0.333 CNY (estimate)   0.724 CNY                           0.619 CNY (46 %)
tea-00003      Unavailable (NoStock, 2 in a row)    45s     0/0    -                    -                  -                  0.000 CNY                           0.000 CNY
water-00001    Reserved                             3d0h    0/1    -                    -                  unknown            0.000 CNY and 1m0s without a price  unknown
wine-00001     Reserved                             1m0s    0/1    ecs.t5-lc1m2.small   2.5 of 288, low    0.333 CNY (api)    0.333 CNY                           unknown
zest-00001     Reserved                             1m0s    0/1    -                    -                  0.055 CNY (api)    1.000 CNY                           0.000 CNY (0 %)
`
	if diff := cmp.Diff(squeeze(want), squeeze(b.String())); diff != "" {
		t.Errorf("wrong table (-want +got):\n%s", diff)
	}
}

// squeeze makes tables comparable whatever the width of their columns.
func squeeze(table string) []string {
	var out []string
	for _, line := range strings.Split(table, "\n") {
		out = append(out, strings.Join(strings.Fields(line), " "))
	}
	return out
}

func TestNamespacesAndNothing(t *testing.T) {
	var b strings.Builder
	rows := status.Rows([]appsv1.Deployment{
		deployment("shop", "coffee-00001", 0, record.Record{Memory: decide.Memory{State: decide.Active, Since: now.Add(-time.Second)}, Account: cost.Account{At: now}}),
		deployment("bar", "tea-00001", 0, record.Record{Memory: decide.Memory{State: decide.Active, Since: now}, Account: cost.Account{At: now}}),
	}, nil, now)
	if err := status.Table(&b, rows, true); err != nil {
		t.Fatal(err)
	}
	lines := squeeze(b.String())
	if !strings.HasPrefix(lines[0], "NAMESPACE REVISION") || !strings.HasPrefix(lines[1], "bar tea-00001 Active") || !strings.HasPrefix(lines[2], "shop coffee-00001 Active 1s") {
		t.Errorf("table:\n%s", b.String())
	}
	b.Reset()
	if err := status.Table(&b, nil, false); err != nil || b.String() != "No revision has a reserve.\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}
