package images

import (
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/ebb-node/ebb/region/internal/knative"
)

// Catalogue are the images of the region. Bin tells where a program has been
// built, busybox is the path of a static busybox.
func Catalogue(bin func(name string) string, busybox string) ([]Image, error) {
	applets, err := exec.Command(busybox, "--list-full").Output()
	if err != nil {
		return nil, err
	}
	app := Program{Host: bin("hello"), Path: "/app/hello"}
	ebb := Program{Host: bin("ebb"), Path: "/ebb"}
	shell := Program{Host: busybox, Path: "/bin/busybox", Links: applications(applets)}
	catalogue := []Image{
		{
			Names:      []string{"knative-sample/helloworld-go:160e4dc8", "knative-sample/helloworld-go:latest"},
			Programs:   []Program{app, shell},
			Entrypoint: []string{"/app/hello"},
		},
		{
			// A web server under the names that public examples use.
			Names:      []string{"library/nginx:latest", "library/nginx:1.14.2", "library/nginx:1.16.1", "nginx-slim:0.24"},
			Programs:   []Program{app, shell},
			Entrypoint: []string{"/app/hello"},
			Env:        []string{"PORT=80", "TARGET=nginx"},
		},
		{
			// The names that virtual-kubelet's suite uses, several in one pod:
			// so that none takes another's port, the system chooses.
			Names:      []string{"library/foo:latest", "library/bar:latest", "library/baz:latest"},
			Programs:   []Program{app},
			Entrypoint: []string{"/app/hello"},
			Env:        []string{"PORT=0"},
		},
		{
			// As the Dockerfile makes it.
			Names:      []string{"ebb-node/ebb:region"},
			Programs:   []Program{ebb},
			User:       nonRoot,
			Entrypoint: []string{"/ebb"},
		},
		{
			Names:    []string{"library/busybox:latest", "library/busybox:1.28", "library/busybox:stable"},
			Programs: []Program{shell},
			Cmd:      []string{"sh"},
		},
	}
	catalogue = append(catalogue, knativeImages(bin("knative"), knative.Programs)...)
	return append(catalogue, knativeImages(bin("conformance"), knative.TestPrograms)...), nil
}

// knativeImages hold one of Knative's programs each, which lie in a directory
// under the last part of their import path.
func knativeImages(dir string, programs []string) []Image {
	var images []Image
	for _, program := range programs {
		inside := knative.EntryPoint(program)
		images = append(images, Image{
			Names:      []string{knative.Repository(program) + ":" + knative.Version},
			Programs:   []Program{{Host: filepath.Join(dir, filepath.Base(inside)), Path: inside}},
			User:       nonRoot,
			Entrypoint: []string{inside},
		})
	}
	return images
}

// applications are the paths of busybox's applets, but for busybox's own.
func applications(list []byte) []string {
	var paths []string
	for _, line := range strings.Fields(string(list)) {
		if line != "bin/busybox" {
			paths = append(paths, "/"+line)
		}
	}
	return paths
}
