package runc

import (
	"archive/tar"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// extract applies layers and answers the files: path -> content, link or "/".
func extract(t *testing.T, layers ...[]tarFile) (string, map[string]string) {
	t.Helper()
	dir := t.TempDir()
	files, err := openRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.close()
	x := &extractor{root: files}
	for _, layer := range layers {
		if err := x.apply(bytes.NewReader(makeTar(layer))); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]string{}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		switch {
		case d.IsDir():
			got[name] = "/"
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			got[name] = "-> " + target
			return err
		default:
			b, err := os.ReadFile(path)
			got[name] = string(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir, got
}

func file(name, content string) tarFile { return tarFile{name: name, content: content, mode: 0o644} }
func dir(name string) tarFile           { return tarFile{name: name, kind: tar.TypeDir, mode: 0o755} }
func symlink(name, to string) tarFile   { return tarFile{name: name, kind: tar.TypeSymlink, link: to} }
func hardLink(name, to string) tarFile  { return tarFile{name: name, kind: tar.TypeLink, link: to} }

func TestLayers(t *testing.T) {
	tests := []struct {
		name   string
		layers [][]tarFile
		want   map[string]string
	}{
		{"missing parents are made", [][]tarFile{{file("a/b/c", "x")}},
			map[string]string{"a": "/", "a/b": "/", "a/b/c": "x"}},
		{"upper replaces lower", [][]tarFile{{file("a", "1"), dir("d"), file("d/x", "1")}, {file("a", "2"), file("d/y", "2")}},
			map[string]string{"a": "2", "d": "/", "d/x": "1", "d/y": "2"}},
		{"whiteout", [][]tarFile{{file("a", "1"), file("d/x", "1"), file("d/y", "1")}, {file(".wh.a", ""), file("d/.wh.x", "")}},
			map[string]string{"d": "/", "d/y": "1"}},
		{"whiteout of a directory", [][]tarFile{{file("d/e/x", "1")}, {file(".wh.d", "")}}, map[string]string{}},
		{"whiteout and made again", [][]tarFile{{file("d/x", "1")}, {file(".wh.d", ""), dir("d"), file("d/y", "2")}},
			map[string]string{"d": "/", "d/y": "2"}},
		{"opaque hides the lower layers only", [][]tarFile{{file("d/x", "1"), file("d/e/z", "1")}, {file("d/y", "2"), file("d/.wh..wh..opq", "")}},
			map[string]string{"d": "/", "d/y": "2"}},
		{"opaque first", [][]tarFile{{file("d/x", "1")}, {dir("d"), file("d/.wh..wh..opq", ""), file("d/x", "2")}},
			map[string]string{"d": "/", "d/x": "2"}},
		{"directory becomes a file", [][]tarFile{{file("d/x", "1")}, {file("d", "2")}}, map[string]string{"d": "2"}},
		{"file becomes a directory", [][]tarFile{{file("d", "1")}, {dir("d"), file("d/x", "2")}},
			map[string]string{"d": "/", "d/x": "2"}},
		{"links", [][]tarFile{{file("a", "1"), hardLink("b", "a"), hardLink("c", "/a"), symlink("s", "/a")}},
			map[string]string{"a": "1", "b": "1", "c": "1", "s": "-> /a"}},
		{"an absolute link leads within the image", [][]tarFile{{dir("run"), dir("var"), symlink("var/run", "/run")}, {file("var/run/pid", "7")}},
			map[string]string{"run": "/", "var": "/", "var/run": "-> /run", "run/pid": "7"}},
		{"a symbolic link is replaced, not followed", [][]tarFile{{file("a", "1"), symlink("s", "a")}, {file("s", "2")}},
			map[string]string{"a": "1", "s": "2"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, got := extract(t, test.layers...)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLayersCannotLeaveTheImage(t *testing.T) {
	outside := t.TempDir()
	victim := filepath.Join(outside, "victim")
	if err := os.WriteFile(victim, []byte("safe"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, got := extract(t, []tarFile{
		file("../../up", "x"),
		file("/abs", "x"),
		dir(outside[1:]), // so that the link leads somewhere within the image
		symlink("out", outside),
		file("out/victim", "x"),
		file("out/.wh.victim2", ""),
	})
	if b, err := os.ReadFile(victim); err != nil || string(b) != "safe" {
		t.Errorf("the file outside is now %q (%v)", b, err)
	}
	if got["up"] != "x" || got["abs"] != "x" || got[victim[1:]] != "x" {
		t.Errorf("files within: %v", got)
	}
}

func TestLayerKeepsModes(t *testing.T) {
	root, _ := extract(t, []tarFile{{name: "su", content: "x", mode: 0o4755}, {name: "tmp", kind: tar.TypeDir, mode: 0o1777}})
	for name, want := range map[string]fs.FileMode{
		"su":  0o755 | fs.ModeSetuid,
		"tmp": 0o777 | fs.ModeSticky | fs.ModeDir,
	} {
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil || info.Mode() != want {
			t.Errorf("%s: %v (%v), want %v", name, info.Mode(), err, want)
		}
	}
}
