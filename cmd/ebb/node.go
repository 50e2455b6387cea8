package main

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"github.com/sirupsen/logrus"
	vknode "github.com/virtual-kubelet/virtual-kubelet/node"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	crcache "sigs.k8s.io/controller-runtime/pkg/cache"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/provider"
	"github.com/ebb-node/ebb/provider/kubelet"
	"github.com/ebb-node/ebb/provider/node"
	"github.com/ebb-node/ebb/provider/objects"
	"github.com/ebb-node/ebb/provider/resolve"
	"github.com/ebb-node/ebb/provider/translate"
)

// virtualNode is the node job: everything that makes one virtual node.
type virtualNode struct {
	log      logrus.FieldLogger
	identity provider.Identity
	workers  int

	kube          kubernetes.Interface
	broadcaster   record.EventBroadcaster
	events        kubernetes.Interface
	podFactory    informers.SharedInformerFactory
	otherFactory  informers.SharedInformerFactory
	cloud         *eci.Client
	watch         *eci.Watch
	provider      *provider.Provider
	podController *vknode.PodController
	node          *node.Controller
	server        *kubelet.Server
	certificates  func(context.Context) error
}

// addNode builds the node job and adds it to the manager.
func addNode(o *options, manager ctrl.Manager, config *rest.Config, cloud *alicloud.Client, store *instancespecs.Store, log logrus.FieldLogger) error {
	n := &virtualNode{
		log: log, cloud: eci.New(cloud), workers: o.podWorkers,
		identity: provider.Identity{ClusterID: o.clusterID, NodeName: o.nodeName},
	}
	var err error
	if n.kube, err = kubernetes.NewForConfig(config); err != nil {
		return fmt.Errorf("client of the API server: %w", err)
	}
	if n.events, err = eventClient(config); err != nil {
		return err
	}
	for _, build := range []func(*options) error{n.buildProvider, n.buildPodController, n.buildNode, n.buildServer} {
		if err := build(o); err != nil {
			return err
		}
	}
	if err := n.addCredits(manager, store); err != nil {
		return err
	}
	return manager.Add(n)
}

// NeedLeaderElection keeps two replicas from being the same node.
func (n *virtualNode) NeedLeaderElection() bool { return true }

func (n *virtualNode) recorder() record.EventRecorder {
	if n.broadcaster == nil {
		n.broadcaster = record.NewBroadcaster()
	}
	return nodeRecorder(n.broadcaster, n.identity.NodeName)
}

// buildProvider builds what runs pods, and the watch that tells it how they
// fare.
func (n *virtualNode) buildProvider(o *options) error {
	// Managed fields are left out: virtual-kubelet compares whole pods byte by
	// byte, which took 20 ms a pod with them.
	bare := informers.WithTransform(crcache.TransformStripManagedFields())
	n.podFactory = informers.NewSharedInformerFactoryWithOptions(n.kube, 0, bare, informers.WithTweakListOptions(func(l *metav1.ListOptions) {
		l.FieldSelector = fields.OneTermEqualSelector("spec.nodeName", o.nodeName).String()
	}))
	n.otherFactory = informers.NewSharedInformerFactoryWithOptions(n.kube, 0, bare)
	n.watch = eci.NewWatch(n.cloud, eci.WatchConfig{
		Tags:     n.identity.Selector(),
		OnChange: func(g eci.Group) { n.provider.GroupChanged(g) },
		OnGone:   func(id string) { n.provider.GroupGone(id) },
		OnError:  func(err error) { n.log.WithError(err).Warn("cannot look at container groups, will try again") },
	})
	n.provider = provider.New(provider.Config{
		Identity: n.identity, Cloud: n.cloud, Watch: n.watch, Planner: n.planner(o), HostIP: o.nodeIP,
		Kube: n.kube, Pods: n.podFactory.Core().V1().Pods().Lister(), Recorder: n.recorder(), Log: n.log,
		Workers: o.podWorkers, OrphanGrace: o.orphanGrace,
	})
	if err := registry.Register(n.provider); err != nil {
		return fmt.Errorf("metrics of pods: %w", err)
	}
	_, err := n.podFactory.Core().V1().Pods().Informer().AddEventHandler(n.provider.PodHandler())
	return err
}

func (n *virtualNode) planner(o *options) provider.Planner {
	settings := translate.Config{
		Region: o.region, ZoneID: o.zone, VSwitchIDs: o.vSwitches, SecurityGroupID: o.securityGroup,
		ResourceGroupID: o.resourceGroup, Architecture: o.nodeArch, ClusterDNS: o.clusterDNS, ClusterDomain: o.clusterDomain,
	}
	return &provider.PodPlanner{
		Profile: n.profile(o),
		Getters: objects.Getters(n.kube, n.otherFactory.Core().V1().Services().Lister(), clock.RealClock{}),
		Node: resolve.NodeFacts{
			HostIP:        o.nodeIP,
			Size:          func(pod *corev1.Pod) corev1.ResourceList { return translate.InstanceSize(pod, settings) },
			APIServerHost: o.apiServerHost, APIServerPort: int32(o.apiServerPort),
		},
		Translate: settings,
	}
}

func (n *virtualNode) buildPodController(o *options) error {
	limiter := provider.LimiterPerPod
	if o.podQueueLimiter == limiterStock {
		limiter = provider.LimiterStock
	}
	var err error
	n.podController, err = n.provider.PodController(
		n.podFactory.Core().V1().Pods(), n.otherFactory.Core().V1().Services(), limiter)
	return err
}

func (n *virtualNode) buildNode(o *options) error {
	spec, err := o.spec()
	if err != nil {
		return err
	}
	n.node = &node.Controller{
		Spec: spec, Health: node.NewHealth(clock.RealClock{}), Kube: n.kube,
		Recorder: n.recorder(), Log: n.log, Clock: clock.RealClock{},
	}
	return nil
}

func (n *virtualNode) buildServer(o *options) error {
	config, certificates, err := kubelet.TLS(kubelet.TLSOptions{
		CertFile: o.certFile, KeyFile: o.keyFile, ClientCAFile: o.clientCAFile,
		NodeName: o.nodeName, NodeIP: net.ParseIP(o.nodeIP),
	}, n.log, clock.RealClock{})
	if err != nil {
		return err
	}
	n.certificates = certificates
	n.server = kubelet.New(kubelet.Config{
		NodeName: o.nodeName, Address: net.JoinHostPort("", strconv.Itoa(o.kubeletPort)), TLS: config,
		Gate: kubelet.NewGate(o.nodeName, n.kube, n.log, clock.RealClock{}),
		Pods: n.provider, Cloud: n.cloud, Log: n.log,
	})
	return nil
}

// startSink sends events to the API server.
func (n *virtualNode) startSink() { sendEvents(n.broadcaster, n.events) }
