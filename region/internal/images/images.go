// Package images makes the container images of the region from programs that
// lie on the host, and serves them from a registry of the region's own, under
// the names that public manifests use.
package images

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path"
	"runtime"
	"slices"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// Image is what to make and how to call it.
type Image struct {
	// Names are repositories with tags, without a registry:
	// "library/nginx:latest".
	Names      []string
	Programs   []Program
	Entrypoint []string
	Cmd        []string
	Env        []string
}

// Program is a static program of the host in an image.
type Program struct {
	Host  string   // its path on the host
	Path  string   // its path in the image
	Links []string // further paths in the image
}

// Push makes an image and writes it to a registry under all of its names.
// Transport reaches the registry; nil is the ordinary one.
func Push(registry string, image Image, transport http.RoundTripper) error {
	if transport == nil {
		transport = remote.DefaultTransport
	}
	built, err := image.build()
	if err != nil {
		return fmt.Errorf("image %s: %w", image.Names[0], err)
	}
	for _, repository := range image.Names {
		reference, err := name.ParseReference(registry+"/"+repository, name.Insecure)
		if err != nil {
			return err
		}
		if err := remote.Write(reference, built, remote.WithTransport(transport)); err != nil {
			return fmt.Errorf("push %s: %w", reference, err)
		}
	}
	return nil
}

func (i Image) build() (v1.Image, error) {
	content, err := i.tar()
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}, tarball.WithCompressionLevel(1))
	if err != nil {
		return nil, err
	}
	image, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return nil, err
	}
	return mutate.ConfigFile(image, &v1.ConfigFile{
		Architecture: runtime.GOARCH,
		OS:           "linux",
		Config: v1.Config{
			Entrypoint: i.Entrypoint,
			Cmd:        i.Cmd,
			Env:        append([]string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, i.Env...),
		},
		RootFS: must(image.ConfigFile()).RootFS,
	})
}

// must is for a configuration that was made in memory just before.
func must(file *v1.ConfigFile, err error) *v1.ConfigFile {
	if err != nil {
		panic(err)
	}
	return file
}

// accounts lets programs look their user up.
const accounts = "root:x:0:0:root:/root:/bin/sh\nnonroot:x:65532:65532:nonroot:/home/nonroot:/bin/sh\n"

func (i Image) tar() ([]byte, error) {
	var buffer bytes.Buffer
	w := tar.NewWriter(&buffer)
	for _, dir := range i.directories() {
		mode := int64(0o755)
		if dir == "/tmp" {
			mode = 0o1777
		}
		if err := w.WriteHeader(&tar.Header{Name: dir[1:] + "/", Typeflag: tar.TypeDir, Mode: mode}); err != nil {
			return nil, err
		}
	}
	if err := writeFile(w, "etc/passwd", 0o644, []byte(accounts)); err != nil {
		return nil, err
	}
	for _, program := range i.Programs {
		if err := program.write(w); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return buffer.Bytes(), err
}

// directories are those of all paths in the image, parents first.
func (i Image) directories() []string {
	seen := map[string]bool{"/tmp": true, "/etc": true, "/root": true}
	for _, program := range i.Programs {
		for _, file := range append([]string{program.Path}, program.Links...) {
			for dir := path.Dir(file); dir != "/"; dir = path.Dir(dir) {
				seen[dir] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func (p Program) write(w *tar.Writer) error {
	content, err := os.ReadFile(p.Host)
	if err != nil {
		return err
	}
	if err := writeFile(w, p.Path[1:], 0o755, content); err != nil {
		return err
	}
	for _, link := range p.Links {
		header := &tar.Header{Name: link[1:], Typeflag: tar.TypeSymlink, Linkname: p.Path, Mode: 0o777}
		if err := w.WriteHeader(header); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(w *tar.Writer, name string, mode int64, content []byte) error {
	header := &tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: mode, Size: int64(len(content))}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	_, err := w.Write(content)
	return err
}
