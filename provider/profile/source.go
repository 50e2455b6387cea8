package profile

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/provider/translate"
)

// Lifetime is how old a profile may be: one read serves a burst of pods, and a
// change counts before long.
const Lifetime = 30 * time.Second

// Source has the profile of a cluster. It is safe for concurrent use.
type Source struct {
	Kube            kubernetes.Interface
	Namespace, Name string // of the ConfigMap
	Log             logrus.FieldLogger
	Clock           clock.PassiveClock

	mu      sync.Mutex
	good    bool // profile was read once
	profile translate.Profile
	read    time.Time
	told    string // the problem that the log has
}

// Get returns the profile; a ConfigMap that is not there gives an empty one.
// When it cannot be read, or makes no sense, the last good one stays; an error
// means that there has been none yet.
func (s *Source) Get(ctx context.Context) (translate.Profile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.good && s.Clock.Since(s.read) < Lifetime {
		return s.profile, nil
	}
	profile, err := s.fetch(ctx)
	if err == nil {
		s.good, s.profile, s.read = true, profile, s.Clock.Now()
		s.tell(unsupported(profile))
		return profile, nil
	}
	err = fmt.Errorf("ConfigMap %s/%s: %w", s.Namespace, s.Name, err)
	if !s.good {
		return profile, err
	}
	s.read = s.Clock.Now()
	s.tell(err.Error() + "; what was read before stays in force")
	return s.profile, nil
}

func (s *Source) fetch(ctx context.Context) (translate.Profile, error) {
	object, err := s.Kube.CoreV1().ConfigMaps(s.Namespace).Get(ctx, s.Name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return translate.Profile{}, nil
	}
	if err != nil {
		return translate.Profile{}, err
	}
	return translate.ParseProfile(object.Data)
}

// tell logs a problem when it is new.
func (s *Source) tell(problem string) {
	if problem != "" && problem != s.told {
		s.Log.Warn(problem)
	}
	s.told = problem
}

// unsupported names the selectors that match by namespace: ebb has no right to
// read namespaces, so they match nothing.
func unsupported(p translate.Profile) string {
	var names []string
	for _, selector := range p.Selectors {
		if len(selector.Namespace) > 0 {
			names = append(names, selector.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return "eci-profile: selectors with a namespaceSelector have no effect: " + strings.Join(names, ", ")
}
