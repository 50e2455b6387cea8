// Package images makes the container images of the region from programs that
// lie on the host, and serves them from a registry of the region's own, under
// the names that public manifests use.
package images

import (
	"archive/tar"
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
)

// Image is what to make and how to call it.
type Image struct {
	// Names are repositories with tags, without a registry:
	// "library/nginx:latest".
	Names      []string
	Programs   []Program
	User       string // root if empty
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

// Push makes an image and writes it to a registry, which the transport
// reaches, under all of its names.
func Push(registry string, image Image, transport http.RoundTripper) error {
	layer, err := newLayer(image.tar)
	if err != nil {
		return fmt.Errorf("image %s: %w", image.Names[0], err)
	}
	return image.push(registry, layer, transport)
}

func (i Image) push(registry string, layer v1.Layer, transport http.RoundTripper) error {
	built, err := i.build(layer)
	if err != nil {
		return fmt.Errorf("image %s: %w", i.Names[0], err)
	}
	for _, repository := range i.Names {
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

func (i Image) build(layer v1.Layer) (v1.Image, error) {
	image, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return nil, err
	}
	return mutate.ConfigFile(image, &v1.ConfigFile{
		Architecture: runtime.GOARCH,
		OS:           "linux",
		Config: v1.Config{
			User:       i.User,
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

// nonRoot is the user of images that are not to run as root, as in distroless
// images.
const nonRoot = "65532"

// accounts lets programs look their user up.
const accounts = "root:x:0:0:root:/root:/bin/sh\nnonroot:x:" + nonRoot + ":" + nonRoot + ":nonroot:/home/nonroot:/bin/sh\n"

// tar writes the image's files.
func (i Image) tar(to io.Writer) error {
	w := tar.NewWriter(to)
	for _, dir := range i.directories() {
		mode := int64(0o755)
		if dir == "/tmp" {
			mode = 0o1777
		}
		if err := w.WriteHeader(&tar.Header{Name: dir[1:] + "/", Typeflag: tar.TypeDir, Mode: mode}); err != nil {
			return err
		}
	}
	if err := writeText(w, "etc/passwd", accounts); err != nil {
		return err
	}
	for _, program := range i.Programs {
		if err := program.write(w); err != nil {
			return err
		}
	}
	return w.Close()
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
	if err := p.writeContent(w); err != nil {
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

func (p Program) writeContent(w *tar.Writer) error {
	file, err := os.Open(p.Host)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	header := &tar.Header{Name: p.Path[1:], Typeflag: tar.TypeReg, Mode: 0o755, Size: info.Size()}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	_, err = io.Copy(w, file)
	return err
}

func writeText(w *tar.Writer, name, text string) error {
	header := &tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(text))}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	_, err := io.WriteString(w, text)
	return err
}
