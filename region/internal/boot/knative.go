package boot

import (
	"context"
	"errors"
	"fmt"
	"os"

	"k8s.io/client-go/dynamic"

	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/knative"
)

// installKnative applies Knative's objects, and the rights that ebb has with
// them; the pods start as soon as there is a node for them.
func installKnative(ctx context.Context, o Options, admin *admin) error {
	stream, err := os.ReadFile(o.Layout.Knative())
	if err != nil {
		return fmt.Errorf("%w; 'region build' makes it", err)
	}
	objects, err := cluster.Knative(o.KnativeAutoscaler).Objects(stream)
	if err != nil {
		return fmt.Errorf("Knative's YAML: %w", err)
	}
	if err := knative.Install(ctx, admin.applier, objects); err != nil {
		return fmt.Errorf("install Knative: %w", err)
	}
	return admin.applyFile(ctx, o.Layout, "manifests/knative/rbac.yaml")
}

// knativeReady waits for what installKnative has started.
func knativeReady(ctx context.Context, admin *admin, installed <-chan error, report func(string)) error {
	if err := <-installed; err != nil {
		return err
	}
	told := map[string]bool{}
	err := until(ctx, "Knative", func(ctx context.Context) error {
		components, err := knative.Components(ctx, admin.client)
		if err != nil {
			return err
		}
		var missing []error
		for _, c := range components {
			switch {
			case !c.Ready:
				missing = append(missing, fmt.Errorf("%s: %s", c.Name, c.Reason))
			case !told[c.Name]:
				told[c.Name] = true
				report("Knative's " + c.Name)
			}
		}
		return errors.Join(missing...)
	})
	if err != nil {
		return err
	}
	client, err := dynamic.NewForConfig(admin.config)
	if err != nil {
		return err
	}
	if err := until(ctx, "Knative's webhook", func(ctx context.Context) error { return knative.Accepts(ctx, client) }); err != nil {
		return err
	}
	report("Knative takes Services")
	return nil
}
