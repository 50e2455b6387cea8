package reserve

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"knative.dev/serving/pkg/apis/autoscaling"
	"knative.dev/serving/pkg/apis/serving"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/settings"
	"github.com/ebb-node/ebb/reserve/shape"
)

// off says why a revision is to have no reserve; "" if it is to have one. What
// people decide comes before what merely is.
func (r *reconciler) off(s *scene) string {
	for _, why := range []func(*scene) string{r.switchedOff, scaledOtherwise, r.withoutTraffic, notReadyYet, unfit} {
		if text := why(s); text != "" {
			return text
		}
	}
	return ""
}

func (r *reconciler) switchedOff(s *scene) string {
	switch {
	case !s.revision.DeletionTimestamp.IsZero():
		return "the revision is being deleted"
	case s.problem != nil:
		return "its annotations are not valid"
	case s.settings.Switch == settings.Disable:
		return fmt.Sprintf("annotation %s says disable", settings.AnnotationReserve)
	case r.OptIn && s.settings.Switch != settings.Enable:
		return fmt.Sprintf("annotation %s does not say enable", settings.AnnotationReserve)
	}
	return ""
}

// scaledOtherwise is about revisions that never go to zero.
func scaledOtherwise(s *scene) string {
	annotations := s.revision.Annotations
	if _, class, _ := autoscaling.ClassAnnotation.Get(annotations); class != "" && class != autoscaling.KPA {
		return fmt.Sprintf("its autoscaler is %s, which never scales to zero as Knative's own does", class)
	}
	if _, least, _ := autoscaling.MinScaleAnnotation.Get(annotations); least != "" && least != "0" {
		return fmt.Sprintf("min-scale is %s", least)
	}
	return ""
}

// withoutTraffic goes by the routing state rather than the autoscaler's word for it:
// that one calls a revision unreachable also when its pods fail (serving
// pkg/reconciler/revision/resources/pa.go), when the reserve is needed most. A Route
// that moves away says so before load balancers have followed: what reserve there is
// stays until they have.
func (r *reconciler) withoutTraffic(s *scene) string {
	if s.revision.GetRoutingState() == servingv1.RoutingStateReserve {
		return "no route names it any more"
	}
	for i := range s.routes {
		for _, t := range s.routes[i].Status.Traffic {
			if t.RevisionName == s.revision.Name && (r.TaggedToo || t.Percent != nil && *t.Percent > 0) {
				return ""
			}
		}
	}
	if s.reserve != nil && leftBehind(s) {
		return ""
	}
	return "no route sends it traffic"
}

// leftBehind reports whether a Route of the revision is not at its end yet. Knative
// keeps the list of these on the Revision until they are (serving
// pkg/reconciler/labeler/metasync.go).
func leftBehind(s *scene) bool {
	named := strings.Split(s.revision.Annotations[serving.RoutesAnnotationKey], ",")
	for i := range s.routes {
		if route := &s.routes[i]; slices.Contains(named, route.Name) && !route.IsReady() {
			return true
		}
	}
	return false
}

func notReadyYet(s *scene) string {
	switch {
	case s.scaler == nil, s.standard == nil, !s.scaler.Status.IsScaleTargetInitialized():
		return "it has never been ready"
	}
	return ""
}

// unfit is about what no reserve can be for.
func unfit(s *scene) string {
	if device := shape.Device(&s.standard.Spec.Template.Spec); device != "" && s.settings.Type == settings.ECI {
		return fmt.Sprintf("it asks for %s, which no reserve spec has", device)
	}
	if wrong := (*instancespecs.SpecError)(nil); errors.As(s.noSpec, &wrong) {
		s.problem = s.noSpec
		return "its annotations are not valid"
	}
	return ""
}
