package runc

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	specs "github.com/opencontainers/runtime-spec/specs-go"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

func specOf(t *testing.T, in specInput) *specs.Spec {
	t.Helper()
	if in.grantable == nil {
		in.grantable = allCapabilities
	}
	if in.image.Cmd == nil {
		in.image.Cmd = []string{"cmd"}
	}
	spec, err := buildSpec(in)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func TestArguments(t *testing.T) {
	image := v1.Config{Entrypoint: []string{"entry", "e"}, Cmd: []string{"c"}}
	tests := []struct {
		command, args, want []string
	}{
		{nil, nil, []string{"entry", "e", "c"}},
		{nil, []string{"a"}, []string{"entry", "e", "a"}},
		{[]string{"own"}, nil, []string{"own"}},
		{[]string{"own"}, []string{"a"}, []string{"own", "a"}},
	}
	for _, test := range tests {
		in := specInput{image: image, container: runtime.Container{Command: test.command, Args: test.args}}
		if diff := cmp.Diff(test.want, specOf(t, in).Process.Args); diff != "" {
			t.Error(diff)
		}
	}
	_, err := buildSpec(specInput{container: runtime.Container{Name: "idle"}})
	var obstacle *waitError
	if !errors.As(err, &obstacle) || obstacle.reason != reasonCreate {
		t.Errorf("no command at all: %v", err)
	}
}

func TestEnvironment(t *testing.T) {
	in := specInput{
		group:     runtime.Group{ID: "id", Name: "name"},
		image:     v1.Config{Env: []string{"PATH=/image", "A=image", "B=image"}},
		container: runtime.Container{Env: []string{"B=group", "C="}},
		account:   account{home: "/home/x"},
	}
	want := []string{"PATH=/image", "HOSTNAME=name", "HOME=/home/x", "A=image", "B=group", "C="}
	if diff := cmp.Diff(want, specOf(t, in).Process.Env); diff != "" {
		t.Error(diff)
	}
}

func TestCapabilities(t *testing.T) {
	without := slices.DeleteFunc(slices.Clone(allCapabilities), func(c string) bool { return c == "CAP_SYS_RESOURCE" })
	tests := []struct {
		name       string
		add        []string
		privileged bool
		has, lacks []string
		fails      bool
	}{
		{name: "ordinary", has: []string{"CAP_CHOWN"}, lacks: []string{"CAP_NET_ADMIN", "CAP_SYS_ADMIN"}},
		{name: "added", add: []string{"NET_ADMIN", "cap_sys_time"}, has: []string{"CAP_NET_ADMIN", "CAP_SYS_TIME"}},
		{name: "all", add: []string{"ALL"}, has: []string{"CAP_SYS_ADMIN"}, lacks: []string{"CAP_SYS_RESOURCE"}},
		{name: "privileged", privileged: true, has: []string{"CAP_SYS_ADMIN"}, lacks: []string{"CAP_SYS_RESOURCE"}},
		{name: "unknown", add: []string{"NET_ADMIM"}, fails: true},
		{name: "not ours to give", add: []string{"SYS_RESOURCE"}, fails: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := capabilities(test.add, test.privileged, without)
			if (err != nil) != test.fails {
				t.Fatal(err)
			}
			for _, c := range test.has {
				if !slices.Contains(got.Bounding, c) || !slices.Contains(got.Effective, c) {
					t.Errorf("lacks %s", c)
				}
			}
			for _, c := range test.lacks {
				if slices.Contains(got.Bounding, c) {
					t.Errorf("has %s", c)
				}
			}
		})
	}
}

func TestResources(t *testing.T) {
	number := func(v *int64) int64 {
		if v == nil {
			return 0
		}
		return *v
	}
	tests := []struct {
		name             string
		container, group float64
		quota            int64
		shares           uint64
	}{
		{"less than the group", 0.5, 2, 50_000, 512},
		{"as much as the group", 2, 2, 200_000, 2048},
		{"more than the group: bounded by it", 4, 2, 200_000, 4096},
		{"group without a bound", 0.25, 0, 25_000, 256},
		{"least", 0.001, 0, 1000, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := specInput{cgroup: "/x", version: 1, group: runtime.Group{CPU: test.group},
				container: runtime.Container{CPU: test.container, MemoryBytes: 64 << 20}}
			r := specOf(t, in).Linux.Resources
			if number(r.CPU.Quota) != test.quota || *r.CPU.Shares != test.shares || number(r.Memory.Limit) != 64<<20 {
				t.Errorf("quota %d, shares %d, memory %d", number(r.CPU.Quota), *r.CPU.Shares, number(r.Memory.Limit))
			}
		})
	}
	if r := specOf(t, specInput{container: runtime.Container{CPU: 1, MemoryBytes: 1}}).Linux.Resources; r != nil {
		t.Errorf("resources without cgroups: %+v", r)
	}
	if r := specOf(t, specInput{cgroup: "/x", version: 2}).Linux.Resources; r.Unified["memory.oom.group"] != "1" {
		t.Errorf("cgroup v2: %v", r.Unified)
	}
}

func TestPrivilegeAndNamespaces(t *testing.T) {
	paths := map[string]string{"net": "/n", "uts": "/u", "ipc": "/i"}
	plain := specOf(t, specInput{namespaces: paths, container: runtime.Container{RunAsNonRoot: true}, account: account{uid: 7, gid: 8}})
	if len(plain.Linux.MaskedPaths) == 0 || !plain.Process.NoNewPrivileges || plain.Process.User.UID != 7 || plain.Process.User.GID != 8 {
		t.Errorf("plain container: %+v", plain.Process)
	}
	got := map[specs.LinuxNamespaceType]string{}
	for _, ns := range plain.Linux.Namespaces {
		got[ns.Type] = ns.Path
	}
	want := map[specs.LinuxNamespaceType]string{"network": "/n", "uts": "/u", "ipc": "/i", "pid": "", "mount": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	privileged := specOf(t, specInput{container: runtime.Container{Privileged: true}})
	if len(privileged.Linux.MaskedPaths) != 0 || privileged.Process.NoNewPrivileges {
		t.Error("privileged container is confined")
	}
	rootless := specOf(t, specInput{rootless: true, account: account{uid: 7, gid: 8, groups: []uint32{9}}})
	if u := rootless.Process.User; u.UID != 0 || u.GID != 0 || len(u.AdditionalGids) != 0 {
		t.Errorf("rootless container: %+v", u)
	}
}
