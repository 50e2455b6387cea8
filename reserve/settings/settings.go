package settings

import (
	"errors"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Switch is what a revision says of having a reserve.
type Switch uint8

// The positions.
const (
	Unset Switch = iota
	Enable
	Disable
)

// Type is where a reserve runs.
type Type string

// The types.
const (
	ECI Type = "eci" // on the virtual node
	ECS Type = "ecs" // on ordinary nodes
)

// Settings are what a revision says of its reserve.
type Settings struct {
	Switch   Switch
	Type     Type
	Replicas int
	// Specs is the list as the user wrote it; "" stands for the default.
	Specs string
	// Resources of the user's container; nil leaves what it has.
	Resources Resources
	Spot      Spot
}

// Resources are requests and limits; nil members are not set.
type Resources struct {
	CPURequest, CPULimit, MemoryRequest, MemoryLimit *resource.Quantity
}

// Spot is how a reserve is bought as a spot instance.
type Spot struct {
	Strategy   string // "": it is not
	PriceLimit string // for an hour, with the strategy that has one
}

// Strategies of spot instances
// (https://github.com/AlibabaCloudDocs/csk, Use preemptible instances).
const (
	SpotAsPriceGo      = "SpotAsPriceGo"
	SpotWithPriceLimit = "SpotWithPriceLimit"
)

// maxReplicas bounds the pods that stand by for one revision: more would cost more
// than the standard pod that they replace.
const maxReplicas = 10

// Parse reads annotations; those that are absent or empty have their defaults. The
// error names every key that is wrong, with its value and what is allowed.
func Parse(annotations map[string]string) (Settings, error) {
	p := &parser{annotations: annotations}
	s := Settings{Type: ECI, Replicas: 1, Specs: p.text(AnnotationSpecs)}
	switch p.choice(AnnotationReserve, "enable", "disable") {
	case "enable":
		s.Switch = Enable
	case "disable":
		s.Switch = Disable
	}
	if t := p.choice(AnnotationType, string(ECI), string(ECS)); t != "" {
		s.Type = Type(t)
	}
	if n, ok := p.integer(AnnotationReplicas, 1, maxReplicas); ok {
		s.Replicas = n
	}
	s.Resources = p.resources()
	s.Spot = p.spot(s.Type)
	return s, errors.Join(p.problems...)
}
