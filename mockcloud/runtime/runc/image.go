package runc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"sync"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Pull policies.
const (
	pullAlways = "Always"
	pullNever  = "Never"
)

// image is an extracted image.
type image struct {
	id     string // repository@digest
	rootfs string
	config v1.Config
}

// imageStore pulls images and keeps each extracted once per digest, for all
// groups and as a cache for the next start.
type imageStore struct {
	dir     string
	mirrors map[string]string
	plain   []string
	owners  bool

	mu      sync.Mutex
	extract map[string]chan struct{} // digest -> room for the one who extracts it
}

// imageRecord is what the store remembers of a name.
type imageRecord struct {
	ID     string
	Digest string
}

func openImageStore(dir string, config Config) (*imageStore, error) {
	s := &imageStore{
		dir: dir, mirrors: config.RegistryMirrors, plain: config.PlainHTTP, owners: !config.Rootless,
		extract: map[string]chan struct{}{},
	}
	for _, sub := range []string{"refs", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("image store: %w", err)
		}
	}
	return s, nil
}

// local answers an image that was pulled before.
func (s *imageStore) local(asked name.Reference) (*image, error) {
	b, err := os.ReadFile(s.refFile(asked))
	if err != nil {
		return nil, err
	}
	var record imageRecord
	if err := json.Unmarshal(b, &record); err != nil {
		return nil, err
	}
	return s.load(record)
}

func (s *imageStore) load(record imageRecord) (*image, error) {
	dir := s.digestDir(record.Digest)
	b, err := os.ReadFile(filepath.Join(dir, "config.json"))
	if err != nil {
		return nil, err
	}
	img := &image{id: record.ID, rootfs: filepath.Join(dir, "rootfs")}
	return img, json.Unmarshal(b, &img.config)
}

func (s *imageStore) refFile(ref name.Reference) string {
	sum := sha256.Sum256([]byte(ref.Name()))
	return filepath.Join(s.dir, "refs", hex.EncodeToString(sum[:]))
}

func (s *imageStore) digestDir(digest string) string {
	return filepath.Join(s.dir, strings.ReplaceAll(digest, ":", "-"))
}

// pull fetches an image's manifest, and its layers unless they are here.
func (s *imageStore) pull(ctx context.Context, asked, from name.Reference, credentials []runtime.Credential) (*image, error) {
	remoteImage, err := remote.Image(from,
		remote.WithContext(ctx),
		remote.WithAuth(authenticator(from.Context().RegistryStr(), credentials)),
		remote.WithPlatform(v1.Platform{OS: "linux", Architecture: goruntime.GOARCH}),
		remote.WithTransport(remote.DefaultTransport.(*http.Transport)))
	if err != nil {
		return nil, err
	}
	digest, err := remoteImage.Digest()
	if err != nil {
		return nil, err
	}
	record := imageRecord{
		ID:     registryName(asked.Context().RegistryStr()) + "/" + asked.Context().RepositoryStr() + "@" + digest.String(),
		Digest: digest.String(),
	}
	if err := s.ensure(ctx, remoteImage, record.Digest); err != nil {
		return nil, err
	}
	b, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	if err := replaceFile(s.refFile(asked), b); err != nil {
		return nil, err
	}
	return s.load(record)
}

// ensure extracts an image unless it is here; once, however many ask.
func (s *imageStore) ensure(ctx context.Context, from v1.Image, digest string) error {
	turn := s.turn(digest)
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	dir := s.digestDir(digest)
	if _, err := os.Stat(filepath.Join(dir, "config.json")); err == nil {
		return nil
	}
	tmp, err := os.MkdirTemp(filepath.Join(s.dir, "tmp"), "image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := s.unpack(from, tmp); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(tmp, dir)
}

func (s *imageStore) turn(digest string) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extract[digest] == nil {
		s.extract[digest] = make(chan struct{}, 1)
	}
	return s.extract[digest]
}

// unpack writes an image's files and configuration to a directory.
func (s *imageStore) unpack(from v1.Image, dir string) error {
	config, err := from.ConfigFile()
	if err != nil {
		return fmt.Errorf("read image configuration: %w", err)
	}
	rootfs := filepath.Join(dir, "rootfs")
	if err := os.Mkdir(rootfs, 0o755); err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	layers, err := from.Layers()
	if err != nil {
		return fmt.Errorf("read image layers: %w", err)
	}
	if err := s.unpackLayers(layers, rootfs); err != nil {
		return err
	}
	b, err := json.Marshal(config.Config)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "config.json"), b, 0o644)
}

func (s *imageStore) unpackLayers(layers []v1.Layer, rootfs string) error {
	files, err := openRoot(rootfs)
	if err != nil {
		return err
	}
	defer files.close()
	x := &extractor{root: files, owners: s.owners}
	for _, layer := range layers {
		content, err := layer.Uncompressed()
		if err != nil {
			return fmt.Errorf("read layer: %w", err)
		}
		if err := errors.Join(x.apply(content), content.Close()); err != nil {
			return err
		}
	}
	return nil
}

// replaceFile writes a file so that readers see the old or the new content.
func replaceFile(path string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path))
	if err != nil {
		return err
	}
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}
