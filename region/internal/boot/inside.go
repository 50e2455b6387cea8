// Package boot brings the region up and takes it down: Outside is the part on
// the host, Inside the part within the sandbox.
package boot

import (
	"context"
	"fmt"
	"time"

	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/control"
	"github.com/ebb-node/ebb/region/internal/images"
	"github.com/ebb-node/ebb/region/internal/layout"
	"github.com/ebb-node/ebb/region/internal/sandbox"
	"github.com/ebb-node/ebb/region/internal/supervise"
)

const (
	bootTimeout  = 2 * time.Minute
	closeTimeout = 20 * time.Second
)

// Options are what a user may choose of a region.
type Options struct {
	Layout     layout.Layout
	Rootless   bool
	CloudFlags []string // further flags of the mock cloud
	EbbFlags   []string // further flags of ebb
	// WithoutEbb leaves the node to the caller, and Knative away, whose pods
	// need it.
	WithoutEbb bool
	// WithoutKnative leaves Knative Serving away.
	WithoutKnative bool
	// KnativeAutoscaler are values of Knative's ConfigMap config-autoscaler.
	KnativeAutoscaler map[string]string
}

func (o Options) knative() bool { return !o.WithoutEbb && !o.WithoutKnative }

// Inside boots the region in the sandbox, reports each step, and stays until
// ctx is over or a component ends that should not.
func Inside(ctx context.Context, o Options, report func(string)) error {
	group := supervise.NewGroup()
	defer func() {
		// ebb ends before the cloud that it talks to, and the cloud removes its
		// containers before anything else goes.
		closing, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		group.Close(closing, "ebb", "mockcloud")
	}()
	booting, cancel := context.WithTimeoutCause(ctx, bootTimeout, fmt.Errorf("not ready after %v", bootTimeout))
	defer cancel()
	failed := make(chan error, 1)
	go func() { failed <- boot(booting, o, group, report) }()
	for {
		select {
		case err := <-failed:
			if err != nil {
				return err
			}
			report("ready")
			failed = nil
		case err := <-group.Failed():
			return err
		case <-ctx.Done():
			return nil
		}
	}
}

func boot(ctx context.Context, o Options, group *supervise.Group, report func(string)) error {
	l := o.Layout
	network := sandbox.Network{Bridge: cluster.Bridge, Gateway: cluster.Gateway, Services: cluster.ServiceCIDR, Local: []string{cluster.Internet, cluster.Intranet}}
	if err := network.SetUp(); err != nil {
		return err
	}
	if err := cluster.Credentials(l); err != nil {
		return err
	}
	if err := control.Serve(context.WithoutCancel(ctx), l.ControlSocket(), group); err != nil {
		return err
	}
	report("network and certificates")

	key, err := cluster.NewAccessKey(l)
	if err != nil {
		return err
	}
	admin, err := startControlPlane(ctx, o, group, key)
	if err != nil {
		return err
	}
	report("etcd and API server")
	installed := make(chan error, 1)
	if o.knative() {
		go func() { installed <- installKnative(ctx, o, admin) }()
	}
	if err := startControllers(ctx, l, group, admin); err != nil {
		return err
	}
	if !o.WithoutEbb {
		if err := startEbb(ctx, o, group, admin, key); err != nil {
			return err
		}
		report("virtual node")
	}
	if err := group.Start(cluster.Proxy(l)); err != nil {
		return err
	}
	if o.WithoutEbb {
		return nil // kube-proxy waits for its node
	}
	if err := until(ctx, "ClusterIP of DNS", dnsAnswers); err != nil {
		return err
	}
	if err := until(ctx, "namespace default", admin.usable); err != nil {
		return err
	}
	report("services and DNS")
	if o.knative() {
		return knativeReady(ctx, admin, installed, report)
	}
	return nil
}

// startControlPlane starts what everything else talks to: the registry, the
// cloud, etcd and the API server.
func startControlPlane(ctx context.Context, o Options, group *supervise.Group, key cluster.AccessKey) (*admin, error) {
	l := o.Layout
	if err := serveImages(l); err != nil {
		return nil, err
	}
	apiServer, err := cluster.APIServerProcess(l)
	if err != nil {
		return nil, err
	}
	if err := startAll(group, cluster.Etcd(l), apiServer, cluster.MockCloud(l, key, o.Rootless, o.CloudFlags)); err != nil {
		return nil, err
	}
	admin, err := newAdmin(l)
	if err != nil {
		return nil, err
	}
	return admin, until(ctx, "API server", admin.ready)
}

func startControllers(ctx context.Context, l layout.Layout, group *supervise.Group, admin *admin) error {
	dns, err := cluster.CoreDNS(l)
	if err != nil {
		return err
	}
	if err := startAll(group, cluster.ControllerManager(l), cluster.Scheduler(l), dns); err != nil {
		return err
	}
	return admin.apply(ctx, []byte(cluster.DNSObjects))
}

func startAll(group *supervise.Group, processes ...supervise.Process) error {
	for _, process := range processes {
		if err := group.Start(process); err != nil {
			return err
		}
	}
	return nil
}

// startEbb gives ebb its service account and starts it, as manifests/rbac.yaml
// has it: what is missing there shows here.
func startEbb(ctx context.Context, o Options, group *supervise.Group, admin *admin, key cluster.AccessKey) error {
	if err := admin.applyFile(ctx, o.Layout, "manifests/rbac.yaml"); err != nil {
		return err
	}
	if err := admin.apply(ctx, []byte(cluster.RelayObjects)); err != nil {
		return err
	}
	token, err := admin.token(ctx, "ebb-system", "ebb")
	if err != nil {
		return err
	}
	config := o.Layout.Run("ebb.kubeconfig")
	if err := cluster.WriteTokenConfig(o.Layout, config, token); err != nil {
		return err
	}
	if err := group.Start(cluster.Ebb(o.Layout, key, config, o.EbbFlags)); err != nil {
		return err
	}
	return until(ctx, "node "+cluster.NodeName, admin.nodeReady)
}

func serveImages(l layout.Layout) error {
	busybox, err := findBusybox()
	if err != nil {
		return err
	}
	catalogue, err := images.Catalogue(l.Bin, busybox)
	if err != nil {
		return err
	}
	return images.Serve(cluster.Registry, l.Cache("registry"), catalogue)
}
