package images

import (
	"archive/tar"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// shop is an image whose program need not be there yet, and its registry.
func shop(t *testing.T) (program, registry string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "till")
	handler, err := newHandler(t.TempDir(), []Image{{
		Names:      []string{"shop/till:v1", "shop/till:latest"},
		Programs:   []Program{{Host: program, Path: "/bin/till", Links: []string{"/bin/cash"}}},
		User:       nonRoot,
		Entrypoint: []string{"/bin/till"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return program, strings.TrimPrefix(server.URL, "http://")
}

func pull(t *testing.T, reference string) (v1.Image, error) {
	t.Helper()
	parsed, err := name.ParseReference(reference)
	if err != nil {
		t.Fatal(err)
	}
	return remote.Image(parsed)
}

func TestAnImageIsMadeWhenItIsPulled(t *testing.T) {
	program, registry := shop(t)
	if err := os.WriteFile(program, []byte("#!ring"), 0o600); err != nil {
		t.Fatal(err)
	}
	var digests []v1.Hash
	for _, tag := range []string{"v1", "latest"} {
		image, err := pull(t, registry+"/shop/till:"+tag)
		if err != nil {
			t.Fatal(err)
		}
		digest, err := image.Digest()
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, digest)
		config, err := image.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		if config.Config.User != nonRoot || config.Config.Entrypoint[0] != "/bin/till" {
			t.Errorf("the image runs %v as %q", config.Config.Entrypoint, config.Config.User)
		}
		want := map[string]string{"bin/till": "#!ring", "bin/cash": "-> /bin/till", "etc/passwd": accounts}
		if diff := cmp.Diff(want, files(t, image)); diff != "" {
			t.Errorf("files of the image (-want +got):\n%s", diff)
		}
	}
	if digests[0] != digests[1] {
		t.Errorf("the image's two names lead to %v", digests)
	}
}

func TestAPullTellsWhichProgramIsMissing(t *testing.T) {
	program, registry := shop(t)
	if _, err := pull(t, registry+"/shop/till:v1"); err == nil || !strings.Contains(err.Error(), program) {
		t.Errorf("pull says %v, want the path %s", err, program)
	}
	if err := os.WriteFile(program, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := pull(t, registry+"/shop/till:v1"); err != nil {
		t.Errorf("the program is there now: %v", err)
	}
	if _, err := pull(t, registry+"/shop/oven:v1"); err == nil {
		t.Error("an image that is in no catalogue can be pulled")
	}
}

// files are an image's files with what is in them, or where they lead.
func files(t *testing.T, image v1.Image) map[string]string {
	t.Helper()
	content := mutate.Extract(image)
	defer content.Close()
	found := map[string]string{}
	for entries := tar.NewReader(content); ; {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		switch header.Typeflag {
		case tar.TypeReg:
			text, err := io.ReadAll(entries)
			if err != nil {
				t.Fatal(err)
			}
			found[header.Name] = string(text)
		case tar.TypeSymlink:
			found[header.Name] = "-> " + header.Linkname
		}
	}
}
