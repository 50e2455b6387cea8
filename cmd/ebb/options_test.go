package main

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/slb"
)

// parse reads flags as ebb run does. The cluster has a name unless they say
// otherwise.
func parse(args ...string) (options, error) {
	var o options
	f := pflag.NewFlagSet("run", pflag.ContinueOnError)
	o.add(f)
	if err := f.Parse(append([]string{"--cluster-id=shop"}, args...)); err != nil {
		return o, err
	}
	return o, o.complete()
}

func TestGoodFlags(t *testing.T) {
	o, err := parse("--region=cn-hangzhou", "--node-ip=10.0.0.9", "--vswitch=vsw-a,vsw-b", "--vswitch=vsw-c",
		"--node-label=team=coffee", "--node-taint=spot=yes:NoExecute", "--node-cpu=64", "--node-memory=1Ti", "--node-pods=5", "--node-gpu=8")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(o.vSwitches, " "); got != "vsw-a vsw-b vsw-c" {
		t.Errorf("vSwitches %q", got)
	}
	spec, err := o.spec()
	if err != nil {
		t.Fatal(err)
	}
	if spec.CPU.String() != "64" || spec.Memory.String() != "1Ti" || spec.Pods != 5 || spec.GPUs != 8 || spec.Labels["team"] != "coffee" {
		t.Errorf("spec %+v", spec)
	}
	if len(spec.Taints) != 2 || spec.Taints[1] != (corev1.Taint{Key: "spot", Value: "yes", Effect: corev1.TaintEffectNoExecute}) {
		t.Errorf("taints %v", spec.Taints)
	}
	bare, err := parse("--region=cn-hangzhou", "--node-ip=10.0.0.9", "--disable-taint")
	if err != nil {
		t.Fatal(err)
	}
	if spec, _ := bare.spec(); len(spec.Taints) != 0 {
		t.Errorf("taints %v, though disabled", spec.Taints)
	}
}

func TestQuotasOfLoadBalancers(t *testing.T) {
	for args, want := range map[string]slb.Limits{
		"": slb.DefaultLimits(),
		"--gateway-server-names=10 --gateway-backend-servers=500": {
			RulesPerListener: 40, ExtensionsPerListener: 10, BackendsPerInstance: 500, ListenersPerInstance: 50,
		},
	} {
		o, err := parse(append(strings.Fields(args), "--region=r", "--node-ip=10.0.0.9", "--vswitch=v")...)
		if err != nil || o.gateway.limits != want {
			t.Errorf("%q: %+v, %v", args, o.gateway.limits, err)
		}
	}
}

func TestBadFlagsAreNamed(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"", "--region"},
		{"--region=r --cluster-id=", "--cluster-id is required"},
		{"--region=r --node-ip=home", "--node-ip"},
		{"--region=r --node-cpu=many", "--node-cpu"},
		{"--region=r --node-taint=a", "--node-taint"},
		{"--region=r --node-taint=a=b:Never", "--node-taint"},
		{"--region=r --node-arch=mips", "--node-arch"},
		{"--region=r --cloud-quota=some", "--cloud-quota"},
		{"--region=r --node-ip=10.0.0.9 --vswitch=v --gateway-server-names=11", "--gateway-server-names: 11 is not between 1 and 10"},
		{"--region=r --node-ip=10.0.0.9 --vswitch=v --gateway-server-names=0", "--gateway-server-names"},
		{"--region=r --node-ip=10.0.0.9 --vswitch=v --gateway-backend-servers=199", "--gateway-backend-servers: 199 is less than the 200"},
		{"--region=r --pod-queue-limiter=none", "--pod-queue-limiter"},
		{"--region=r --log-level=loud", "--log-level"},
		{"--region=r --log-format=xml", "--log-format"},
		{"--region=r --pod-workers=0", "--pod-workers"},
		{"--region=r --node-gpu=-1", "--node-gpu"},
		{"--region=r --profile-configmap=eci-profile", "--profile-configmap"},
		{"--region=r --tls-cert-file=x", "--tls-private-key-file"},
	} {
		if _, err := parse(strings.Fields(c.args)...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want it to name %s", c.args, err, c.want)
		}
	}
}
