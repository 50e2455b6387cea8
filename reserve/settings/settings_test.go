package settings_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ebb-node/ebb/reserve/settings"
)

func TestParse(t *testing.T) {
	defaults := settings.Settings{Type: settings.ECI, Replicas: 1}
	changed := func(change func(*settings.Settings)) settings.Settings {
		s := defaults
		change(&s)
		return s
	}
	quantity := func(text string) *resource.Quantity { q := resource.MustParse(text); return &q }
	for _, r := range []struct {
		name        string
		annotations map[string]string
		want        settings.Settings
	}{
		{"nothing", nil, defaults},
		{"other annotations", map[string]string{"autoscaling.knative.dev/target": "10"}, defaults},
		{"empty values", map[string]string{settings.AnnotationReserve: "", settings.AnnotationReplicas: " "}, defaults},
		{"on", map[string]string{settings.AnnotationReserve: "enable"}, changed(func(s *settings.Settings) { s.Switch = settings.Enable })},
		{"off, in any case", map[string]string{settings.AnnotationReserve: " Disable "}, changed(func(s *settings.Settings) { s.Switch = settings.Disable })},
		{"ordinary nodes", map[string]string{settings.AnnotationType: "ecs"}, changed(func(s *settings.Settings) { s.Type = settings.ECS })},
		{"two", map[string]string{settings.AnnotationReplicas: "2"}, changed(func(s *settings.Settings) { s.Replicas = 2 })},
		{"specs", map[string]string{settings.AnnotationSpecs: "ecs.t5-c1m2.large"}, changed(func(s *settings.Settings) { s.Specs = "ecs.t5-c1m2.large" })},
		{
			"resources",
			map[string]string{settings.AnnotationCPURequest: "250m", settings.AnnotationCPULimit: "1", settings.AnnotationMemoryRequest: "1Gi", settings.AnnotationMemoryLimit: "1Gi"},
			changed(func(s *settings.Settings) {
				s.Resources = settings.Resources{CPURequest: quantity("250m"), CPULimit: quantity("1"), MemoryRequest: quantity("1Gi"), MemoryLimit: quantity("1Gi")}
			}),
		},
		{"spot", map[string]string{settings.AnnotationSpotStrategy: "spotaspricego"}, changed(func(s *settings.Settings) { s.Spot.Strategy = settings.SpotAsPriceGo })},
		{
			"spot with a limit",
			map[string]string{settings.AnnotationSpotStrategy: "SpotWithPriceLimit", settings.AnnotationSpotPriceLimit: "0.056"},
			changed(func(s *settings.Settings) {
				s.Spot = settings.Spot{Strategy: settings.SpotWithPriceLimit, PriceLimit: "0.056"}
			}),
		},
	} {
		t.Run(r.name, func(t *testing.T) {
			got, err := settings.Parse(r.annotations)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r.want, got); diff != "" {
				t.Errorf("wrong settings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestErrorsSayWhatIsAllowed(t *testing.T) {
	for _, r := range []struct {
		key, value, allowed string
		more                map[string]string
	}{
		{settings.AnnotationReserve, "true", "enable, disable", nil},
		{settings.AnnotationType, "acs", "eci, ecs", nil},
		{settings.AnnotationReplicas, "0", "from 1 to 10", nil},
		{settings.AnnotationReplicas, "two", "from 1 to 10", nil},
		{settings.AnnotationReplicas, "11", "from 1 to 10", nil},
		{settings.AnnotationCPURequest, "half", "500m", nil},
		{settings.AnnotationMemoryLimit, "-1Gi", "above 0", nil},
		{settings.AnnotationMemoryRequest, "2Gi", "limit of 1Gi", map[string]string{settings.AnnotationMemoryLimit: "1Gi"}},
		{settings.AnnotationSpotStrategy, "cheap", "SpotAsPriceGo, SpotWithPriceLimit", nil},
		{settings.AnnotationSpotStrategy, "SpotAsPriceGo", "eci", map[string]string{settings.AnnotationType: "ecs"}},
		{settings.AnnotationSpotPriceLimit, "0.12345", "3 decimals", map[string]string{settings.AnnotationSpotStrategy: "SpotWithPriceLimit"}},
		{settings.AnnotationSpotPriceLimit, "0.1", "SpotWithPriceLimit", nil},
	} {
		t.Run(r.key+"="+r.value, func(t *testing.T) {
			annotations := map[string]string{r.key: r.value}
			for k, v := range r.more {
				annotations[k] = v
			}
			_, err := settings.Parse(annotations)
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range []string{r.key, `"` + r.value + `"`, r.allowed} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q; want %s in it", err, part)
				}
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := settings.Parse(map[string]string{settings.AnnotationReserve: "on", settings.AnnotationReplicas: "many"})
	if err == nil || strings.Count(err.Error(), "annotation ") != 2 {
		t.Errorf("error %v; want both problems", err)
	}
}
