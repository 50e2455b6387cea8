package provider

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider/resolve"
)

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		err  *eci.Error
		want verdict
	}{
		"no answer":    {&eci.Error{Class: alicloud.ClassTransport}, verdict{reason: ReasonCloudError}},
		"throttled":    {&eci.Error{Class: alicloud.ClassThrottled, HTTPStatus: 400}, verdict{reason: ReasonThrottled}},
		"unavailable":  {&eci.Error{Class: alicloud.ClassService, HTTPStatus: 503}, verdict{reason: ReasonCloudError}},
		"token reused": {&eci.Error{Code: codeTokenReused, Class: alicloud.ClassInvalid, HTTPStatus: 400}, verdict{reason: ReasonCloudError, freshToken: true, lookup: true}},
		"stock":        {&eci.Error{Class: alicloud.ClassStock, HTTPStatus: 403}, verdict{reason: ReasonNoStock, pace: paceSlow, freshToken: true, nextSpec: true}},
		"addresses":    {&eci.Error{Class: alicloud.ClassAddresses, HTTPStatus: 403}, verdict{reason: ReasonNoAddress, pace: paceSlow, freshToken: true, nextSpec: true}},
		"size":         {&eci.Error{Class: alicloud.ClassSpec, HTTPStatus: 400}, verdict{reason: ReasonInvalidRequest, pace: paceSlow, freshToken: true, nextSpec: true, final: true}},
		"invalid":      {&eci.Error{Class: alicloud.ClassInvalid, HTTPStatus: 400}, verdict{reason: ReasonInvalidRequest, freshToken: true, final: true}},
		"quota":        {&eci.Error{Class: alicloud.ClassQuota, HTTPStatus: 403}, verdict{reason: ReasonQuotaFull, pace: paceSlow, freshToken: true}},
		"arrears":      {&eci.Error{Class: alicloud.ClassArrears, HTTPStatus: 400}, verdict{reason: ReasonArrears, pace: paceSlow, freshToken: true}},
		"permission":   {&eci.Error{Class: alicloud.ClassPermission, HTTPStatus: 403}, verdict{reason: ReasonNotPermitted, pace: paceSlow, freshToken: true}},
		"credential":   {&eci.Error{Class: alicloud.ClassCredential, HTTPStatus: 404}, verdict{reason: ReasonNotPermitted, pace: paceSlow, freshToken: true}},
		"vSwitch gone": {&eci.Error{Class: alicloud.ClassNotFound, HTTPStatus: 404}, verdict{reason: ReasonInvalidRequest, pace: paceSlow, freshToken: true}},
		"unknown 400":  {&eci.Error{Class: alicloud.ClassUnknown, HTTPStatus: 400}, verdict{reason: ReasonCloudError, freshToken: true}},
		"unknown 200":  {&eci.Error{Class: alicloud.ClassUnknown, HTTPStatus: 200}, verdict{reason: ReasonCloudError}},
	} {
		got := judge(fmt.Errorf("create container group %q: %w", "x", c.err))
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(verdict{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		// What may have been carried out is repeated with its own token.
		if c.err.HTTPStatus == 0 && got.freshToken {
			t.Errorf("%s: a new token, though the group may exist", name)
		}
	}
}

func TestJudgePlan(t *testing.T) {
	missing := &resolve.PendingError{Field: "spec", Reason: "MandatorySecretNotFound", Err: errors.New("no secret")}
	if v := judgePlan(missing); v.final || !v.told {
		t.Errorf("a missing object: %+v", v)
	}
	if v := judgePlan(errors.Join(missing, &resolve.UnsupportedError{Field: "spec.hostNetwork"})); !v.final || v.told {
		t.Errorf("an unsupported field: %+v", v)
	}
}

func TestNextTry(t *testing.T) {
	stock := verdict{reason: ReasonNoStock, pace: paceSlow, nextSpec: true, freshToken: true}
	size := verdict{reason: ReasonInvalidRequest, nextSpec: true, final: true}
	invalid := verdict{reason: ReasonInvalidRequest, final: true}
	passing := verdict{reason: ReasonCloudError}
	for name, c := range map[string]struct {
		v           verdict
		spec, specs int
		failFast    bool
		policy      corev1.RestartPolicy
		impossible  []string
		final, fail bool
		soon        bool
	}{
		"another spec is left":                  {v: stock, spec: 0, specs: 2, soon: true},
		"another one, though failing fast":      {v: stock, spec: 0, specs: 2, failFast: true, soon: true},
		"all specs tried":                       {v: stock, spec: 1, specs: 2},
		"all specs tried, second round":         {v: stock, spec: 3, specs: 2},
		"all specs tried, failing fast":         {v: stock, spec: 1, specs: 2, failFast: true, final: true, fail: true},
		"an impossible size, another left":      {v: size, spec: 0, specs: 2, soon: true},
		"an impossible size, none left":         {v: size, spec: 1, specs: 2, impossible: []string{"0"}, policy: corev1.RestartPolicyAlways, final: true},
		"an impossible one only":                {v: size, spec: 0, specs: 1, policy: corev1.RestartPolicyNever, final: true, fail: true},
		"an impossible size, one without stock": {v: size, spec: 1, specs: 2},
		"the same, failing fast":                {v: size, spec: 1, specs: 2, failFast: true, final: true, fail: true},
		"no stock, the rest impossible":         {v: stock, spec: 2, specs: 2, impossible: []string{"1"}},
		"no stock, past an impossible one":      {v: stock, spec: 0, specs: 3, impossible: []string{"1"}, soon: true},
		"invalid, restarted always":             {v: invalid, specs: 1, policy: corev1.RestartPolicyAlways, final: true},
		"invalid, never restarted":              {v: invalid, specs: 1, policy: corev1.RestartPolicyNever, final: true, fail: true},
		"what passes, never restarted":          {v: passing, specs: 1, policy: corev1.RestartPolicyNever},
		"what passes, failing fast":             {v: passing, specs: 1, failFast: true},
		"what passes does not switch specs":     {v: passing, specs: 3},
	} {
		r := &record{spec: c.spec, impossible: c.impossible, pod: &corev1.Pod{Spec: corev1.PodSpec{RestartPolicy: c.policy}}}
		if c.failFast {
			r.pod.Annotations = map[string]string{"k8s.aliyun.com/eci-fail-strategy": "fail-fast"}
		}
		n := nextTry(r, c.v, &pending{specs: numbered(c.specs)})
		w, again := n.wait, n.again
		if w.final != c.final || w.fail != c.fail {
			t.Errorf("%s: final %v, fail %v", name, w.final, w.fail)
		}
		if c.final != (again == 0) || c.soon != (again > 0 && again < 100*time.Millisecond) {
			t.Errorf("%s: again after %s", name, again)
		}
	}
}

func TestTheProfileMayWantToFailFast(t *testing.T) {
	r := &record{pod: &corev1.Pod{}, failFast: true}
	if n := nextTry(r, verdict{nextSpec: true}, &pending{specs: numbered(1)}); !n.wait.fail {
		t.Errorf("waits for %+v, want a failed pod", n.wait)
	}
}

func TestRefusalsAddUpOverAttempts(t *testing.T) {
	r := &record{tries: 4, pod: &corev1.Pod{}}
	if n := nextTry(r, verdict{pace: paceSlow, nextSpec: true}, &pending{specs: numbered(1)}); n.wait.failures != 5 {
		t.Errorf("%d failures after four, want 5", n.wait.failures)
	}
}

// numbered are n alternatives.
func numbered(n int) []string {
	var out []string
	for i := range n {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func TestBackoff(t *testing.T) {
	for _, p := range []pace{paceFast, paceSlow} {
		first, most := fastFirst, fastMost
		if p == paceSlow {
			first, most = slowFirst, slowMost
		}
		for n := range 100 {
			d := backoff(p, n)
			if d < first*4/5 || d > most {
				t.Errorf("pace %d, %d failures: %s", p, n, d)
			}
			if n > 10 && d < most*4/5 {
				t.Errorf("pace %d, %d failures: only %s", p, n, d)
			}
		}
	}
}

// With the request id in it every retry would be another event.
func TestEventsHaveNoRequestID(t *testing.T) {
	err := fmt.Errorf("create container group %q: %w", "x", &eci.Error{
		Product: "eci", Action: "CreateContainerGroup", Code: "OperationDenied.NoStock", HTTPStatus: 403, RequestID: "C6C15504",
	})
	if got, want := forPeople(err), `create container group "x": eci CreateContainerGroup: OperationDenied.NoStock (HTTP 403)`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := oneLine(err); !strings.Contains(got, "C6C15504") {
		t.Errorf("the log lacks the request id: %q", got)
	}
}
