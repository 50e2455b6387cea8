package eci_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/mockcloud"
	mockeci "github.com/ebb-node/ebb/mockcloud/eci"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/google/go-cmp/cmp"
)

var ctx = context.Background()

func TestLifeOfAGroup(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	id := s.create("web")
	g, ok, err := s.DescribeOne(ctx, id)
	if err != nil || !ok || g.Status != eci.StatusScheduling || g.Tag("uid") != "uid-web" || g.Name != "web" {
		t.Fatalf("%+v %v %v", g, ok, err)
	}
	s.cloud.Advance(time.Second)
	g, _, err = s.DescribeOne(ctx, id)
	if err != nil || g.Status != eci.StatusRunning || g.IntranetIP == "" || g.ENIID == "" || g.CPU != 1 || g.Memory != 2 {
		t.Fatalf("%+v %v", g, err)
	}
	if c := g.Containers[0]; !c.Ready || c.Current.State != "Running" || c.Current.StartTime.IsZero() {
		t.Errorf("container %+v", c)
	}
	statuses, err := s.Status(ctx, eci.StatusOptions{IDs: []string{id}})
	if err != nil || len(statuses) != 1 || statuses[0].PodIP != g.IntranetIP || statuses[0].Phase != "Running" {
		t.Fatalf("%+v %v", statuses, err)
	}
	if c := statuses[0].Containers[0]; c.ImageID == "" || c.Started == nil || !*c.Started || !c.Current.StartTime.Equal(g.Containers[0].Current.StartTime) {
		t.Errorf("container by the status call %+v", c)
	}
	s.cloud.Advance(time.Minute)
	if err := s.Delete(ctx, id, false, "delete-1"); err != nil {
		t.Fatal(err)
	}
	s.advanceUntil(func() bool {
		_, there, err := s.DescribeOne(ctx, id)
		return !there && err == nil
	})
	if err := s.Delete(ctx, id, true, ""); err != nil {
		t.Errorf("deleting what is gone: %v", err)
	}
	if n := s.calls("DeleteContainerGroup"); n[""] != 1 || len(n) != 2 {
		t.Errorf("delete calls %v", n)
	}
}

// Every field of a request must be one that the API knows: the mock refuses
// all others.
func TestEveryParameterIsKnown(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	yes, no, n64, hours, mode := true, false, int64(7), 0, int32(0o640)
	container := eci.Container{
		Name: "app", Image: "nginx", Command: []string{"a"}, Args: []string{"b", ""}, WorkingDir: "/w", ImagePullPolicy: "Always",
		CPU: 1, Memory: 2, Stdin: true, StdinOnce: true, TTY: true,
		Env:    []eci.EnvVar{{Key: "A", Value: "1"}, {Key: "EMPTY"}, {Key: "IP", FieldPath: "status.podIP"}},
		Ports:  []eci.Port{{Port: 80, Protocol: "TCP"}},
		Mounts: []eci.VolumeMount{{Name: "scratch", MountPath: "/m", SubPath: "s", ReadOnly: true, Propagation: "HostToContainer"}},
		Liveness: &eci.Probe{
			Handler:             eci.Handler{Exec: []string{"true"}},
			InitialDelaySeconds: 1, PeriodSeconds: 2, TimeoutSeconds: 1, SuccessThreshold: 1, FailureThreshold: 3,
		},
		Readiness: &eci.Probe{Handler: eci.Handler{HTTPGet: &eci.HTTPGet{Path: "/", Port: 80, Scheme: "HTTP"}}},
		PostStart: &eci.Handler{HTTPGet: &eci.HTTPGet{Host: "h", Path: "/", Port: 80, Scheme: "HTTP", Headers: []eci.KeyValue{{Key: "X", Value: "1"}}}},
		PreStop:   &eci.Handler{Exec: []string{"sleep", "1"}},
		Security: eci.SecurityContext{
			RunAsUser: &n64, RunAsGroup: &n64, RunAsNonRoot: &yes, Privileged: &no, ReadOnlyRootFilesystem: true, CapabilitiesAdd: []string{"NET_ADMIN"},
		},
		TerminationMessagePath: "/dev/termination-log", TerminationMessagePolicy: "File",
	}
	init := container
	init.Name, init.Liveness, init.Readiness, init.PostStart, init.PreStop = "init", nil, nil, nil, nil
	init.Stdin, init.StdinOnce, init.TTY, init.Ports = false, false, false, nil
	init.TerminationMessagePath, init.TerminationMessagePolicy = "", ""
	r := &eci.CreateRequest{
		ClientToken: "t", Name: "all-fields", VSwitchIDs: []string{s.cloud.VSwitchID}, SecurityGroupID: s.cloud.SecurityGroupID,
		ResourceGroupID: "rg", RAMRoleName: "role", CPU: 2, Memory: 4, SpotStrategy: "SpotWithPriceLimit", SpotPriceLimit: 0.5, SpotDuration: &hours,
		RestartPolicy: "OnFailure", TerminationGracePeriod: &n64, ActiveDeadline: &n64,
		Containers: []eci.Container{container}, InitContainers: []eci.Container{init},
		Volumes: []eci.Volume{
			{Name: "scratch", EmptyDir: &eci.EmptyDir{Medium: "memory", SizeLimit: "64Mi"}},
			{Name: "config", ConfigFile: &eci.ConfigFile{DefaultMode: &mode, Files: []eci.File{{Path: "f", Mode: &mode, Content: []byte("x")}, {Path: "empty"}}}},
			{Name: "nfs", NFS: &eci.NFS{Server: "s", Path: "/", ReadOnly: true}},
			{Name: "disk", Flex: &eci.Flex{Driver: "alicloud/disk", FSType: "ext4", Options: map[string]string{"volumeSize": "20"}}},
		},
		RegistryCredentials: []eci.RegistryCredential{{Server: "r", UserName: "u", Password: "p"}},
		DNSPolicy:           "None",
		DNS:                 eci.DNSConfig{NameServers: []string{"10.0.0.10"}, Searches: []string{"local"}, Options: []eci.KeyValue{{Key: "ndots", Value: "5"}}},
		HostAliases:         []eci.HostAlias{{IP: "1.2.3.4", Hostnames: []string{"a"}}}, HostName: "h",
		Sysctls:          []eci.KeyValue{{Key: "net.ipv4.ping_group_range", Value: "0 1"}},
		EphemeralStorage: 20, ShareProcessNamespace: true, Tags: []eci.KeyValue{{Key: "k", Value: "v"}},
		Extra: map[string]string{"AutoMatchImageCache": "true", "ScheduleStrategy": "VSwitchOrdered"},
	}
	if _, err := s.Create(ctx, r); err != nil {
		t.Fatal(err)
	}
}

func TestLostAnswerMakesOneGroup(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true}, unlimited)
	s.fault(rpc.Fault{Action: "CreateContainerGroup", Drop: true, Times: 2})
	id := s.create("web")
	groups, err := s.Describe(ctx, eci.DescribeOptions{})
	if err != nil || len(groups) != 1 || groups[0].ID != id {
		t.Fatalf("%d groups, %v: want the one that was made", len(groups), err)
	}
	if n := len(s.cloud.Calls("CreateContainerGroup")); n != 3 {
		t.Errorf("%d create calls, want 3", n)
	}
	// The same token with other parameters is a mistake, not another group.
	_, err = s.Create(ctx, request("web", func(r *eci.CreateRequest) { r.CPU = 2; r.Memory = 4 }))
	if !eci.IsInvalid(err) || !strings.Contains(err.Error(), "IdempotentParameterMismatch") {
		t.Errorf("got %v", err)
	}
	// A failure that passes, of either kind.
	s.fault(rpc.Fault{Action: "CreateContainerGroup", Code: "InternalError", Status: 500, Times: 2})
	s.fault(rpc.Fault{Action: "CreateContainerGroup", Throttle: true, Times: 1})
	s.create("other")
	if n := s.calls("CreateContainerGroup"); n["InternalError"] != 2 || n["Throttling.User"]+n["Throttling"] != 1 {
		t.Errorf("create calls %v", n)
	}
}

func TestLastingFailureIsTyped(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true}, unlimited)
	tests := []struct {
		code   string
		status int
		is     func(error) bool
		calls  int
	}{
		{"Throttling.User", 400, eci.IsThrottled, 5},
		{"ServiceUnavailable", 503, eci.IsRetryable, 5},
		{"OperationConflict", 400, eci.IsRetryable, 5},
		{"OperationDenied.NoStock", 403, eci.IsOutOfStock, 1},
		{"Zone.NotOnSale", 403, eci.IsOutOfStock, 1},
		{"InvalidVSwitchId.IpNotEnough", 403, eci.IsOutOfAddresses, 1},
		{"QuotaExceeded.Cpu", 403, eci.IsQuotaExceeded, 1},
		{"Throttling.Vcpu.PerDay", 403, eci.IsQuotaExceeded, 1},
		{"Account.Arrearage", 400, eci.IsArrears, 1},
		{"NoPermission", 403, eci.IsPermission, 1},
		{"Forbidden.RAM", 403, eci.IsPermission, 1},
		{"InvalidSecurityToken.Expired", 403, eci.IsCredential, 1},
		{"InvalidParameter.CPU.Memory", 400, eci.IsSpec, 1},
		{"InvalidParameter.Name", 400, eci.IsInvalid, 1},
		{"containerRepositoryAuthorizationFailed", 503, eci.IsInvalid, 1},
		{"IncorrectStatus", 400, eci.IsState, 1},
		{"ImageSnapshot.NotFound", 404, eci.IsInvalid, 1},
	}
	s.cloud.LiftQuotas(true)
	for i, tt := range tests {
		s.cloud.RemoveFaults("")
		s.cloud.ResetCalls()
		s.fault(rpc.Fault{Action: "CreateContainerGroup", Code: tt.code, Status: tt.status})
		_, err := s.Create(ctx, request(fmt.Sprint("g", i)))
		if !tt.is(err) {
			t.Errorf("%s: wrong class of %v", tt.code, err)
		}
		if n := len(s.cloud.Calls("CreateContainerGroup")); n != tt.calls {
			t.Errorf("%s: %d calls, want %d", tt.code, n, tt.calls)
		}
	}
}

func TestPagesAndBatches(t *testing.T) {
	s := newScenario(t, mockcloud.Config{QuotasLifted: true}, unlimited)
	ids := s.createMany("g", 205)
	calls := func(action string, want int) {
		t.Helper()
		if n := len(s.cloud.Calls(action)); n != want {
			t.Errorf("%s: %d calls, want %d", action, n, want)
		}
		s.cloud.ResetCalls()
	}
	s.cloud.ResetCalls()
	groups, err := s.Describe(ctx, eci.DescribeOptions{Tags: []eci.KeyValue{{Key: "node", Value: "ebb"}}})
	if err != nil || len(groups) != 205 {
		t.Fatalf("%d groups, %v", len(groups), err)
	}
	calls("DescribeContainerGroups", 11)
	groups, err = s.Describe(ctx, eci.DescribeOptions{IDs: ids[:41]})
	if err != nil || len(groups) != 41 {
		t.Fatalf("%d groups, %v", len(groups), err)
	}
	calls("DescribeContainerGroups", 3)
	statuses, err := s.Status(ctx, eci.StatusOptions{})
	if err != nil || len(statuses) != 205 {
		t.Fatalf("%d statuses, %v", len(statuses), err)
	}
	calls("DescribeContainerGroupStatus", 2)
	events, err := s.Events(ctx, eci.StatusOptions{IDs: ids[:25]})
	if err != nil || len(events) != 25 {
		t.Fatalf("%d lists of events, %v", len(events), err)
	}
	calls("DescribeContainerGroupEvents", 2)
	if _, err := s.Metrics(ctx, ids[:45]); err != nil {
		t.Fatal(err)
	}
	calls("DescribeMultiContainerGroupMetric", 3)
	if m, err := s.Metrics(ctx, nil); err != nil || len(m) != 0 {
		t.Errorf("%v %v", m, err)
	}
	calls("DescribeMultiContainerGroupMetric", 0)
	other, err := s.Describe(ctx, eci.DescribeOptions{Tags: []eci.KeyValue{{Key: "uid", Value: "uid-g7"}}})
	if err != nil || len(other) != 1 || other[0].ID != ids[7] {
		t.Errorf("by tag: %d, %v", len(other), err)
	}
}

func TestMetricsEventsRegions(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	id := s.create("web", func(r *eci.CreateRequest) {
		r.Containers[0].Env = []eci.EnvVar{{Key: "MOCK_CPU", Value: "0.25"}, {Key: "MOCK_MEMORY", Value: "67108864"}}
	})
	s.cloud.Advance(time.Minute)
	metrics, err := s.Metrics(ctx, []string{id})
	if err != nil || len(metrics[id]) == 0 {
		t.Fatalf("%v %v", metrics, err)
	}
	m := metrics[id][len(metrics[id])-1]
	if m.CPU.UsageNanoCores != 250_000_000 || m.Memory.WorkingSet < 67108864 || m.Timestamp.IsZero() || m.Containers[0].Name != "app" || len(m.Network) == 0 {
		t.Errorf("%+v", m)
	}
	events, err := s.Events(ctx, eci.StatusOptions{IDs: []string{id}})
	if err != nil || len(events) != 1 || len(events[0].Events) == 0 || events[0].Events[0].Reason == "" || events[0].Events[0].LastTimestamp.IsZero() {
		t.Errorf("%+v %v", events, err)
	}
	regions, err := s.Regions(ctx)
	if err != nil || len(regions) != 1 || regions[0].ID != s.cloud.RegionID || len(regions[0].Zones) != 2 {
		t.Errorf("%+v %v", regions, err)
	}
}

func TestLogsAreRead(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	id := s.create("web", func(r *eci.CreateRequest) {
		r.Containers[0].Env = []eci.EnvVar{{Key: "MOCK_LOG", Value: "one\ntwo\nthree"}}
	})
	s.cloud.Advance(time.Second)
	for want, o := range map[string]eci.LogOptions{
		"two\nthree\n": {Tail: 2}, "three\n": {Tail: 1}, "thr": {Tail: 1, LimitBytes: 3}, "": {Since: s.cloud.Now().Add(time.Hour)},
	} {
		if got, err := s.Log(ctx, id, "app", o); err != nil || got != want {
			t.Errorf("%+v: %q, %v; want %q", o, got, err, want)
		}
	}
	got, err := s.Log(ctx, id, "app", eci.LogOptions{Tail: 1, Timestamps: true})
	if word, text, _ := strings.Cut(got, " "); err != nil || text != "three\n" || !strings.HasSuffix(word, "Z") {
		t.Errorf("%q %v", got, err)
	}
	if _, err := s.Log(ctx, "eci-nowhere", "app", eci.LogOptions{}); !eci.IsNotFound(err) {
		t.Errorf("unknown group: %v", err)
	}
	var followed strings.Builder
	if err := s.Follow(ctx, id, "app", eci.LogOptions{Tail: 2}, &followed, func() bool { return true }); err != nil || followed.String() != "two\nthree\n" {
		t.Errorf("%q %v", followed.String(), err)
	}
}

func TestDryRun(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	if err := s.DryRun(ctx, request("web")); err != nil {
		t.Errorf("a request that would work: %v", err)
	}
	err := s.DryRun(ctx, request("web", func(r *eci.CreateRequest) { r.VSwitchIDs = []string{"vsw-unknown"} }))
	if err == nil {
		t.Error("a request that would not work passes")
	}
	if groups, err := s.Describe(ctx, eci.DescribeOptions{}); err != nil || len(groups) != 0 {
		t.Errorf("a dry run made %d groups, %v", len(groups), err)
	}
	s.create("web") // the token is still free
}

func TestNoStockLater(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	if err := s.cloud.SetStock(mockeci.StockSetting{State: "none-delayed"}); err != nil {
		t.Fatal(err)
	}
	id := s.create("web")
	s.cloud.Advance(time.Minute)
	groups, err := s.Describe(ctx, eci.DescribeOptions{IDs: []string{id}, WithEvent: true})
	if err != nil || len(groups) != 1 || groups[0].Status != eci.StatusScheduleFailed || len(groups[0].Events) == 0 {
		t.Fatalf("%+v %v", groups, err)
	}
}

// A wrong set-up is told in one line that names the cause.
func TestWrongSetup(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	if err := s.Check(ctx); err != nil {
		t.Fatal(err)
	}
	s.cloud.AddCredential(rpc.Credential{AccessKeyID: "sts", AccessKeySecret: "secret-of-sts", SecurityToken: "token-of-sts", Expires: time.Now().Add(-time.Hour)})
	key := func(id, secret, token string) func(*alicloud.Config) {
		return func(c *alicloud.Config) {
			var err error
			if c.Credentials, err = alicloud.StaticKey(id, secret, token); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name   string
		change func(*alicloud.Config)
		want   []string
	}{
		{"unknown region", func(c *alicloud.Config) { c.Region = "mars-1" }, []string{`ECI does not know region "mars-1"`}},
		{"unknown key", key("nobody", "wrong-secret", ""), []string{"does not accept the credentials", "InvalidAccessKeyId.NotFound"}},
		{"wrong secret", key(s.cloud.AccessKeyID, "wrong-secret", ""), []string{"SignatureDoesNotMatch", "secret does not belong"}},
		{"expired token", key("sts", "secret-of-sts", "token-of-sts"), []string{"InvalidSecurityToken.Expired", "expired"}},
		{"missing token", key("sts", "secret-of-sts", ""), []string{"MissingSecurityToken"}},
		{"unreachable", func(c *alicloud.Config) { c.Endpoints = map[string]string{"eci": "http://127.0.0.1:1"} }, []string{"ECI does not answer", "http://127.0.0.1:1", "refused"}},
		{"unresolvable", func(c *alicloud.Config) { c.Endpoints = map[string]string{"eci": "eci.mars-1.invalid"} }, []string{"eci.mars-1.invalid"}},
		{"not the API", func(c *alicloud.Config) { c.Endpoints = map[string]string{"eci": s.cloud.AdminURL} }, []string{"check the endpoint"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := s.client(tt.change).Check(ctx)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
			for _, bad := range []string{"\n", "wrong-secret", "secret-of-sts", "token-of-sts", "Signature=", "?"} {
				if strings.Contains(err.Error(), bad) {
					t.Errorf("%q in %q", bad, err)
				}
			}
		})
	}
}

// Nothing that a user hides may be in what the client prints or what comes
// back to be printed, however a call ends.
func TestSecretsStayHidden(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true}, unlimited)
	const hidden = "hunter22"
	r := request("web", func(r *eci.CreateRequest) {
		r.Containers[0].Env = []eci.EnvVar{{Key: "PASSWORD", Value: hidden}}
		r.RegistryCredentials = []eci.RegistryCredential{{Server: "r", UserName: "u", Password: hidden}}
		r.Volumes = []eci.Volume{{Name: "v", ConfigFile: &eci.ConfigFile{Files: []eci.File{{Path: "f", Content: []byte(strings.Repeat(hidden, 2000))}}}}}
	})
	errs := []error{}
	for _, f := range []rpc.Fault{
		{Code: "InvalidParameter", Status: 400, Message: "The value " + hidden + " is bad."},
		{Code: "SignatureDoesNotMatch", Status: 400, Message: "server string to sign is:POST&%2F&Password%3D" + hidden},
		{Drop: true}, {Throttle: true}, {Code: "InternalError"},
	} {
		s.cloud.RemoveFaults("")
		s.fault(f)
		_, err := s.Create(ctx, r)
		errs = append(errs, err, s.DryRun(ctx, r))
	}
	s.cloud.RemoveFaults("")
	if _, err := s.Create(ctx, r); err != nil {
		t.Fatal(err)
	}
	printed := s.log.String() + fmt.Sprint(errs)
	for _, bad := range []string{hidden, "aHVudGVy", s.cloud.AccessKeySecret, "Signature=", "ClientToken"} {
		if strings.Contains(printed, bad) {
			t.Errorf("%q is printed", bad)
		}
	}
	if n := strings.Count(s.log.String(), "CreateContainerGroup"); n < 10 {
		t.Errorf("only %d lines of log: the test looks at nothing", n)
	}
}

// The documented quota of creates is a burst of 100 and then 20 a second; the
// client stays within by itself.
func TestCreatesStayWithinTheQuota(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	start := time.Now()
	done := make(chan error)
	const n = 130
	for i := range n {
		go func() {
			_, err := s.Create(ctx, request(fmt.Sprint("g", i)))
			done <- err
		}()
	}
	for range n {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	took := time.Since(start)
	// Sent all at once 30 would be refused, and again when repeated. A few may
	// be: the two buckets count from moments that differ by a request's way.
	if refused := len(s.cloud.Calls("CreateContainerGroup")) - n; refused > 10 {
		t.Errorf("%d refusals", refused)
	}
	if floor := 1500 * time.Millisecond; took < floor*9/10 {
		t.Errorf("took %v, below the quota's own floor of %v", took, floor)
	}
	t.Logf("%d creates took %v", n, took)
	if diff := cmp.Diff(n, s.calls("CreateContainerGroup")[""]); diff != "" {
		t.Error(diff)
	}
}
