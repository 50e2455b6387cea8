package main

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/provider/profile"
	"github.com/ebb-node/ebb/provider/translate"
)

// profile is where the cluster's defaults for pods come from; nil without.
func (n *virtualNode) profile(o *options) func(context.Context) (translate.Profile, error) {
	if o.profile == "" {
		return nil
	}
	namespace, name, _ := strings.Cut(o.profile, "/")
	source := &profile.Source{Kube: n.kube, Namespace: namespace, Name: name, Log: n.log, Clock: clock.RealClock{}}
	return source.Get
}

// checkProfile checks the form of --profile-configmap.
func (o *options) checkProfile() error {
	if o.profile == "" {
		return nil
	}
	if _, err := namespacedName(o.profile); err != nil {
		return fmt.Errorf("--profile-configmap: %w", err)
	}
	return nil
}
