package images

import (
	"context"
	"io"
	"sync"

	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// storage is what the registry's store of blobs on disk can do.
type storage interface {
	registry.BlobHandler
	registry.BlobStatHandler
	registry.BlobPutHandler
}

// blobs answers layers that are made while they are read, and has everything
// else from a storage.
type blobs struct {
	storage

	mu     sync.Mutex
	layers map[v1.Hash]*layer
}

func newBlobs(dir string) *blobs {
	return &blobs{storage: registry.NewDiskBlobHandler(dir).(storage), layers: map[v1.Hash]*layer{}}
}

func (b *blobs) add(l *layer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.layers[l.hash] = l
}

func (b *blobs) layer(hash v1.Hash) *layer {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.layers[hash]
}

// Stat answers a blob's size in bytes.
func (b *blobs) Stat(ctx context.Context, repository string, hash v1.Hash) (int64, error) {
	if l := b.layer(hash); l != nil {
		return l.size, nil
	}
	return b.storage.Stat(ctx, repository, hash)
}

// Get reads a blob.
func (b *blobs) Get(ctx context.Context, repository string, hash v1.Hash) (io.ReadCloser, error) {
	if l := b.layer(hash); l != nil {
		return l.Compressed()
	}
	return b.storage.Get(ctx, repository, hash)
}
