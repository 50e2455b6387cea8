package images

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// Serve runs an OCI registry on an address, with its blobs in a directory. An
// image of the catalogue is made when it is first asked for, so that a boot
// does not wait for images that nobody pulls. Serve returns when it listens.
func Serve(address, dir string, catalogue []Image) error {
	handler, err := newHandler(dir, catalogue)
	if err != nil {
		return err
	}
	_, err = serve(address, handler)
	return err
}

func newHandler(dir string, catalogue []Image) (http.Handler, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	blobs := newBlobs(dir)
	store := registry.New(registry.WithBlobHandler(blobs), registry.Logger(log.New(io.Discard, "", 0)))
	inner, err := serve("127.0.0.1:0", store)
	if err != nil {
		return nil, err
	}
	return newShelf(store, catalogue, func(image Image) error {
		layer, err := newLayer(image.tar)
		if err != nil {
			return err
		}
		blobs.add(layer) // nothing of it has to be uploaded then
		return image.push(inner.String(), layer, remote.DefaultTransport)
	}), nil
}

func serve(address string, handler http.Handler) (net.Addr, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("image registry: %w", err)
	}
	go func() { _ = http.Serve(listener, handler) }()
	return listener.Addr(), nil
}
