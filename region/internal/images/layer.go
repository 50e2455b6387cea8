package images

import (
	"io"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// layer is a layer of an image that is not compressed: it never leaves the
// machine, and compressing is most of the time that making an image takes. It
// is written anew for each reader rather than held in memory.
type layer struct {
	write func(io.Writer) error
	hash  v1.Hash
	size  int64
}

func newLayer(write func(io.Writer) error) (*layer, error) {
	l := &layer{write: write}
	content, _ := l.Compressed()
	defer content.Close()
	var err error
	l.hash, l.size, err = v1.SHA256(content)
	return l, err
}

// Digest is the hash of what is transported.
func (l *layer) Digest() (v1.Hash, error) { return l.hash, nil }

// DiffID is the hash of the content, which is transported as it is.
func (l *layer) DiffID() (v1.Hash, error) { return l.hash, nil }

// Size is in bytes.
func (l *layer) Size() (int64, error) { return l.size, nil }

// MediaType says that nothing is compressed.
func (l *layer) MediaType() (types.MediaType, error) { return types.DockerUncompressedLayer, nil }

// Uncompressed reads the layer.
func (l *layer) Uncompressed() (io.ReadCloser, error) { return l.Compressed() }

// Compressed reads the layer as it is transported.
func (l *layer) Compressed() (io.ReadCloser, error) {
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(l.write(writer)) }()
	return reader, nil
}
