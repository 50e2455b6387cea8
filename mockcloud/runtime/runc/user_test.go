package runc

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

func id(n int64) *int64 { return &n }

func TestResolveUser(t *testing.T) {
	files := map[string]string{
		"etc/passwd": "root:x:0:0::/root:/bin/sh\n# comment\nbarista:x:1234:2345::/home/barista:/bin/sh\n",
		"etc/group":  "root:x:0:\ncoffee:x:2345:\nmilk:x:3456:guest,barista\n",
	}
	read := func(name string) ([][]string, error) { return colonFields(strings.NewReader(files[name])) }
	tests := []struct {
		name  string
		image string
		c     runtime.Container
		want  account
		fails bool
	}{
		{name: "nobody says", want: account{home: "/root"}},
		{name: "by name", image: "barista", want: account{1234, 2345, []uint32{3456}, "/home/barista"}},
		{name: "by number", image: "1234", want: account{1234, 2345, []uint32{3456}, "/home/barista"}},
		{name: "with group", image: "barista:milk", want: account{uid: 1234, gid: 3456, home: "/home/barista"}},
		{name: "unknown number", image: "65532:65532", want: account{uid: 65532, gid: 65532, home: "/"}},
		{name: "unknown name", image: "ghost", fails: true},
		{name: "unknown group", image: "0:ghost", fails: true},
		{name: "group wins", image: "barista:milk", c: runtime.Container{RunAsUser: id(65532)}, want: account{uid: 65532, home: "/"}},
		{name: "user and group", c: runtime.Container{RunAsUser: id(7), RunAsGroup: id(8)}, want: account{uid: 7, gid: 8, home: "/"}},
		{name: "not root", c: runtime.Container{RunAsNonRoot: true}, fails: true},
		{name: "not root by the image", image: "barista", c: runtime.Container{RunAsNonRoot: true},
			want: account{1234, 2345, []uint32{3456}, "/home/barista"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := resolveUser(test.c, test.image, read)
			var obstacle *waitError
			if test.fails {
				if !errors.As(err, &obstacle) || obstacle.reason != reasonConfig {
					t.Fatalf("error %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(account{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}
