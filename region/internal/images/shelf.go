package images

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
)

// shelf passes requests on to a registry, after it has filled in the image
// that a request asks for.
type shelf struct {
	registry http.Handler
	push     func(Image) error
	items    map[string]*item // by the path of the manifest
}

// item is an image that may not have been made yet.
type item struct {
	image Image

	mu   sync.Mutex
	made bool
}

func newShelf(registry http.Handler, catalogue []Image, push func(Image) error) *shelf {
	s := &shelf{registry: registry, push: push, items: map[string]*item{}}
	for _, image := range catalogue {
		shared := &item{image: image}
		for _, name := range image.Names {
			repository, tag, _ := strings.Cut(name, ":")
			s.items["/v2/"+repository+"/manifests/"+tag] = shared
		}
	}
	return s
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	wanted := s.items[r.URL.Path]
	if wanted != nil && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		if err := wanted.ensure(s.push); err != nil {
			refuse(w, err)
			return
		}
	}
	s.registry.ServeHTTP(w, r)
}

// ensure makes the image once. After a failure the next request tries again.
func (i *item) ensure(push func(Image) error) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.made {
		return nil
	}
	err := push(i.image)
	i.made = err == nil
	return err
}

// refuse answers an error in the form of the distribution specification
// (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes).
func refuse(w http.ResponseWriter, reason error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"errors": []map[string]string{{"code": "MANIFEST_UNKNOWN", "message": reason.Error()}},
	})
}
