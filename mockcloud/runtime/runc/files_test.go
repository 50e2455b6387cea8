package runc

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

func TestHostsFile(t *testing.T) {
	got := hostsFile(runtime.Group{
		IP: netip.MustParseAddr("10.1.2.3"), Hostname: "cup", Name: "coffee",
		HostAliases: []runtime.HostAlias{{IP: "10.9.9.9", Names: []string{"a", "b.c"}}},
	})
	want := "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n10.1.2.3\tcup\n10.9.9.9\ta\tb.c\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestResolvFile(t *testing.T) {
	machine := "search machine.example\nnameserver 192.0.2.1\n# x\nnameserver 192.0.2.2"
	tests := []struct {
		name string
		g    runtime.Group
		want string
	}{
		{"own", runtime.Group{NameServers: []string{"10.96.0.10"}, Searches: []string{"a.b", "c"}, DNSOptions: []string{"ndots:5", "edns0"}},
			"nameserver 10.96.0.10\nsearch a.b c\noptions ndots:5 edns0\n"},
		{"the machine's", runtime.Group{}, "nameserver 192.0.2.1\nnameserver 192.0.2.2\n"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, resolvFile(test.g, machine)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestParseMount(t *testing.T) {
	line := `36 35 98:0 /mnt1 /a\040b rw,noatime master:1 - overlay overlay rw,lowerdir=/l,upperdir=/u`
	got, ok := parseMount(line)
	if !ok || got.path != "/a b" || got.fstype != "overlay" || got.options[2] != "upperdir=/u" {
		t.Errorf("%+v", got)
	}
	if _, ok := parseMount("nonsense"); ok {
		t.Error("nonsense was understood")
	}
}

func TestCPUOfStat(t *testing.T) {
	stat := "42 (a) b) R 1 1 1 0 -1 4194560 1 2 3 4 100 20 3 7 20 0 1 0 12 1 1"
	if got := cpuOfStat(stat); got != 1300*time.Millisecond {
		t.Error(got)
	}
	if got := cpuOfStat(""); got != 0 {
		t.Error(got)
	}
}

func TestConfigSaysWhatIsWrong(t *testing.T) {
	good := func() Config {
		return Config{StateDir: t.TempDir(), Bridge: "br0", Gateway: gatewayPrefix}
	}
	tests := []struct {
		field string
		spoil func(*Config)
	}{
		{"StateDir", func(c *Config) { c.StateDir = "" }},
		{"StateDir", func(c *Config) { c.StateDir += "/a,b" }},
		{"Bridge", func(c *Config) { c.Bridge = "sixteen-letters!" }},
		{"Gateway", func(c *Config) { c.Gateway = netip.Prefix{} }},
		{"Gateway", func(c *Config) { c.Gateway = netip.MustParsePrefix("fd00::1/64") }},
		{"Cgroups", func(c *Config) { c.Cgroups = "yes" }},
	}
	for _, test := range tests {
		c := good()
		test.spoil(&c)
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), test.field) {
			t.Errorf("%s: error %v", test.field, err)
		}
	}
	c, err := good().complete()
	if err != nil || c.BackOff != backOffBase || c.CgroupParent == "" || c.Cgroups != cgroupsAuto {
		t.Errorf("defaults: %+v, %v", c, err)
	}
}

func TestStopSignal(t *testing.T) {
	for in, want := range map[string]string{"": "terminated", "SIGQUIT": "quit", "usr1": "user defined signal 1", "9": "killed", "?": "terminated"} {
		if got := parseSignal(in).String(); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestNamesThatWouldBePaths(t *testing.T) {
	good := func() runtime.Group {
		return runtime.Group{ID: "eci-1", IP: netip.MustParseAddr("10.1.1.1"),
			Containers: []runtime.Container{{Name: "a"}}, Volumes: []runtime.Volume{{Name: "v"}}}
	}
	tests := map[string]func(*runtime.Group){
		"id":        func(g *runtime.Group) { g.ID = "../x" },
		"container": func(g *runtime.Group) { g.Containers[0].Name = "a/b" },
		"twice":     func(g *runtime.Group) { g.InitContainers = g.Containers },
		"volume":    func(g *runtime.Group) { g.Volumes[0].Name = ".." },
		"address":   func(g *runtime.Group) { g.IP = netip.Addr{} },
		"empty":     func(g *runtime.Group) { g.Containers = nil },
	}
	if err := checkNames(good()); err != nil {
		t.Error(err)
	}
	for name, spoil := range tests {
		g := good()
		spoil(&g)
		if err := checkNames(g); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
