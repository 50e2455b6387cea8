package runc

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// inside runs one container and answers what it printed.
func inside(b *bench, g runtime.Group) string {
	b.Helper()
	end := b.finish(g)
	log := b.log(g.ID, g.Containers[0].Name)
	if end.Phase != runtime.Succeeded {
		b.Errorf("log %q, %s", log, describe([]runtime.Status{end}))
	}
	if err := b.rt.Remove(g.ID); err != nil {
		b.Error(err)
	}
	return log
}

func TestWhatAContainerSees(t *testing.T) {
	b := newBench(t)
	tests := []struct {
		name  string
		steps []string
		set   func(*runtime.Group, *runtime.Container)
		want  string
	}{
		{"environment", []string{"env=FROM_IMAGE", "env=BOTH", "env=OWN", "env=HOME", "env=HOSTNAME"},
			func(_ *runtime.Group, c *runtime.Container) { c.Env = []string{"BOTH=group", "OWN=a=b"} },
			"image\ngroup\na=b\n/root\nname-of-g\n"},
		{"working directory of the image", []string{"cwd"}, nil, "/work\n"},
		{"working directory", []string{"cwd"}, func(_ *runtime.Group, c *runtime.Container) { c.WorkingDir = "/some/where" }, "/some/where\n"},
		{"host name", []string{"hostname", "cat=/etc/hostname"}, func(g *runtime.Group, _ *runtime.Container) { g.Hostname = "cup" }, "cup\ncup\n"},
		{"hosts", []string{"cat=/etc/hosts"},
			func(g *runtime.Group, _ *runtime.Container) {
				g.HostAliases = []runtime.HostAlias{{IP: "10.9.9.9", Names: []string{"a"}}}
			},
			"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n10.199.0.9\tname-of-g\n10.9.9.9\ta\n"},
		{"DNS", []string{"cat=/etc/resolv.conf"},
			func(g *runtime.Group, _ *runtime.Container) {
				g.NameServers, g.Searches, g.DNSOptions = []string{"10.96.0.10"}, []string{"x.svc"}, []string{"ndots:5"}
			},
			"nameserver 10.96.0.10\nsearch x.svc\noptions ndots:5\n"},
		{"writable root", []string{"write=/made:x", "cat=/made"}, nil, "x"},
		{"image is untouched", []string{"ls=/work"}, nil, ""},
		{"sysctl", []string{"cat=/proc/sys/net/core/somaxconn"},
			func(g *runtime.Group, _ *runtime.Container) {
				g.Sysctls = map[string]string{"net.core.somaxconn": "1234"}
			}, "1234\n"},
		{"terminal", []string{"tty"}, func(_ *runtime.Group, c *runtime.Container) { c.TTY = true }, "tty true\r\n"},
		{"no terminal", []string{"tty"}, nil, "tty false\n"},
		{"kernel settings are read-only", []string{"try-write=/proc/sys/net/ipv4/ip_forward:1"}, nil, "refused\n"},
		{"privileged", []string{"try-write=/proc/sys/net/ipv4/ip_forward:1"},
			func(_ *runtime.Group, c *runtime.Container) { c.Privileged = true }, "written\n"},
		{"no input", []string{"input"}, nil, "at its end\n"},
		{"input", []string{"input"}, func(_ *runtime.Group, c *runtime.Container) { c.Stdin = true }, "open\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := &bench{TB: t, rt: b.rt, hub: b.hub}
			g := b.group("g", b.app("main", test.steps...))
			if test.set != nil {
				test.set(&g, &g.Containers[0])
			}
			if diff := cmp.Diff(test.want, inside(b, g)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadOnlyRoot(t *testing.T) {
	b := newBench(t)
	c := b.app("main", "write=/made:x")
	c.ReadOnlyRoot = true
	end := b.finish(b.group("g", c))
	if log := b.log("g", "main"); end.Phase != runtime.Failed || !strings.Contains(log, "read-only") {
		t.Errorf("%s, log %q", end.Phase, log)
	}
}

func TestUsers(t *testing.T) {
	b := newBench(t)
	if b.rt.config.Rootless {
		t.Skip("there is one user only")
	}
	c := b.app("main", "status=Uid", "status=Gid", "status=Groups", "status=CapEff", "status=NoNewPrivs")
	c.RunAsUser, c.RunAsGroup, c.RunAsNonRoot = id(65532), id(65531), true
	want := "Uid: 65532 65532 65532 65532\nGid: 65531 65531 65531 65531\nGroups:\nCapEff: 0000000000000000\nNoNewPrivs: 1\n"
	if diff := cmp.Diff(want, inside(b, b.group("g1", c))); diff != "" {
		t.Error(diff)
	}
	if err := b.hub.push("barista:1", withUser("barista"), b.hub.appLayer()); err != nil {
		t.Fatal(err)
	}
	c = b.app("main", "status=Uid", "status=Groups", "env=HOME")
	c.Image = b.hub.address + "/barista:1"
	want = "Uid: 1234 1234 1234 1234\nGroups: 3456\n/home/barista\n"
	if diff := cmp.Diff(want, inside(b, b.group("g2", c))); diff != "" {
		t.Error(diff)
	}
}

func TestVolumes(t *testing.T) {
	b := newBench(t)
	g := b.group("g",
		b.app("main", "cat=/config/deep/file", "mode=/config/deep/file", "mode=/config/secret", "cat=/etc/hosts", "cat=/part/x",
			"ls=/made", "write=/memory/shared:beans", "wait-for=/memory/done"),
		b.app("side", "wait-for=/m/shared", "cat=/m/shared", "write=/m/done:1", "write=/ro/x:1"))
	g.Volumes = []runtime.Volume{
		{Name: "config", Mode: 0o640, Files: []runtime.File{
			{Path: "deep/file", Content: []byte("content\n")},
			{Path: "secret", Mode: 0o400, Content: []byte("s")},
			{Path: "hosts", Content: []byte("my hosts\n")},
			{Path: "sub/x", Content: []byte("sub x\n")},
		}},
		{Name: "memory", Memory: true, Size: 1 << 20},
	}
	g.Containers[0].Mounts = []runtime.Mount{
		{Volume: "config", Path: "/config"},
		{Volume: "config", Path: "/etc/hosts", SubPath: "hosts"},
		{Volume: "config", Path: "/part", SubPath: "sub"},
		{Volume: "memory", Path: "/memory"},
		{Volume: "memory", Path: "/made", SubPath: "new/dir"},
	}
	g.Containers[1].Mounts = []runtime.Mount{{Volume: "memory", Path: "/m"}, {Volume: "config", Path: "/ro", ReadOnly: true}}
	end := b.finish(g)
	if diff := cmp.Diff("content\n640\n400\nmy hosts\nsub x\n", b.log("g", "main")); diff != "" {
		t.Error(diff)
	}
	side := b.log("g", "side")
	if !strings.Contains(side, "beans") || !strings.Contains(side, "read-only") {
		t.Errorf("side's log %q", side)
	}
	if end.Containers[1].Current.ExitCode != 1 {
		t.Error("a read-only volume was written to")
	}
}

func TestVolumeOnMemoryIsBounded(t *testing.T) {
	b := newBench(t)
	g := b.group("g", b.app("main", "write=/m/x:"+strings.Repeat("x", 100<<10)))
	g.Volumes = []runtime.Volume{{Name: "m", Memory: true, Size: 64 << 10}}
	g.Containers[0].Mounts = []runtime.Mount{{Volume: "m", Path: "/m"}}
	if end := b.finish(g); end.Phase != runtime.Failed || !strings.Contains(b.log("g", "main"), "no space") {
		t.Errorf("%s, log %q", end.Phase, b.log("g", "main"))
	}
}

func TestSubPathCannotLeaveItsVolume(t *testing.T) {
	b := newBench(t)
	victim := t.TempDir()
	if err := os.WriteFile(victim+"/secret", []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	g := b.group("g", b.app("main", "ls=/x", "print=end"))
	g.Volumes = []runtime.Volume{{Name: "v"}}
	g.Containers[0].Mounts = []runtime.Mount{{Volume: "v", Path: "/x", SubPath: "../../../../../.." + victim}}
	if log := inside(b, g); log != "end\n" {
		t.Errorf("sees %q", log)
	}
}

func TestSharedProcesses(t *testing.T) {
	b := newBench(t)
	g := b.group("g", b.app("main", "wait"), b.app("side", "leave", "sleep=1h"))
	g.ShareProcesses = true
	w := b.start(g)
	w.until("running", func(s runtime.Status) bool { return s.Phase == runtime.Running })
	w.untilLog(b, "g", "side", "left")
	_, out := b.exec("g", "main", runtime.Exec{Command: []string{"/app", "processes"}})
	if got := strings.Count(out, "app"); got != 4 || !strings.Contains(out, "sleep") {
		t.Errorf("main sees %q", out)
	}
	b.rt.Stop("g", patience)
	end := w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
	if s := end.Containers[1].Current; s.ExitCode != 143 || s.Signal != 15 {
		t.Errorf("%s", describe([]runtime.Status{end}))
	}
}

func withUser(user string) v1.Config {
	config := appConfig
	config.User = user
	return config
}
