package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// Config of the gateway. Fields without a default are required.
type Config struct {
	SLB *slb.Client
	ECS interfaceFinder // *ecs.Client
	// Backends finds pods in the caches of the Manager.
	Backends backend.Finder
	// Ledger says who has which host. Default: one of the gateway's own.
	Ledger   *ingress.Ledger
	Recorder record.EventRecorder
	Metrics  prometheus.Registerer
	Log      logrus.FieldLogger

	// Cluster tells clusters in one account apart: see slb.Owner.
	Cluster string
	// VPC and VSwitch of load balancers that are made, and of pods. Default VPC:
	// that of the load balancer for the intranet.
	VPC, VSwitch string
	// Mode is direct by default.
	Mode Mode
	// LoadBalancers are the ids of existing ones to use, first, second, ...;
	// they may be shared with others. Further ones are made.
	LoadBalancers map[ingress.Visibility][]string
	// MaxLoadBalancers of each visibility. Default DefaultMaxLoadBalancers.
	MaxLoadBalancers int
	// Limits of a load balancer. Default: those of an account that has not
	// asked for more.
	Limits *slb.Limits
	// DefaultCertificate is the Secret with the certificate for clients without
	// a known server name. Default: that of the oldest Ingress with TLS.
	DefaultCertificate types.NamespacedName
	// TLSCipherPolicy of HTTPS listeners, such as tls_cipher_policy_1_2.
	// Default: the service's.
	TLSCipherPolicy string
	// RequestTimeout of an answer: up to 180 s, which is the default.
	RequestTimeout time.Duration
	// IdleTimeout of a client's connection: up to 60 s, which is the default.
	IdleTimeout time.Duration

	// Namespace of the Services that show load balancers. Default
	// knative-serving.
	Namespace string
	// ClusterDomain is cluster.local by default.
	ClusterDomain string
	// RelayService has the relay's replicas as its endpoints.
	RelayService types.NamespacedName
	// RelayPort is that of the relay's first entry: see relay.Entries.
	RelayPort int

	// Interval between full read-backs of a load balancer. Default
	// slb.DefaultInterval.
	Interval time.Duration
	// SecretInterval is how old what is known of a Secret may be. Default
	// DefaultSecretInterval.
	SecretInterval time.Duration
	// MoveGrace is how long an Ingress that has moved stays reachable at its
	// former address. Default DefaultMoveGrace.
	MoveGrace time.Duration
	Clock     clock.WithTicker

	// In tests:
	secretReader client.Reader     // of Secrets, in place of the API server
	probes       http.RoundTripper // to the relay's replicas
	goneSettle   time.Duration
	missingAge   time.Duration
}

const (
	// DefaultMaxLoadBalancers bounds the bill: each one is paid for.
	DefaultMaxLoadBalancers = 4
	// DefaultSecretInterval is how late a renewed certificate may be shown.
	DefaultSecretInterval = 30 * time.Second
	// DefaultMoveGrace is longer than the time to live of most DNS records.
	DefaultMoveGrace = time.Hour
	// The longest that the service has
	// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancerhttplistener).
	maxRequestTimeout = 180 * time.Second
	maxIdleTimeout    = 60 * time.Second
	// expiryWarning is how long before its end a certificate is warned of.
	expiryWarning = 14 * 24 * time.Hour
)

func (c Config) withDefaults() Config {
	if c.Mode == "" {
		c.Mode = ModeDirect
	}
	if c.MaxLoadBalancers == 0 {
		c.MaxLoadBalancers = DefaultMaxLoadBalancers
	}
	if c.Limits == nil {
		limits := slb.DefaultLimits()
		c.Limits = &limits
	}
	for _, d := range []struct {
		field    *time.Duration
		standard time.Duration
	}{
		{&c.RequestTimeout, maxRequestTimeout}, {&c.IdleTimeout, maxIdleTimeout}, {&c.Interval, slb.DefaultInterval},
		{&c.SecretInterval, DefaultSecretInterval}, {&c.MoveGrace, DefaultMoveGrace},
		{&c.goneSettle, goneSettle}, {&c.missingAge, missingAge},
	} {
		if *d.field == 0 {
			*d.field = d.standard
		}
	}
	if c.Namespace == "" {
		c.Namespace = "knative-serving"
	}
	if c.ClusterDomain == "" {
		c.ClusterDomain = "cluster.local"
	}
	if c.Clock == nil {
		c.Clock = clock.RealClock{}
	}
	return c
}

func (c Config) validate() error {
	switch {
	case c.SLB == nil || c.ECS == nil || c.Backends == nil || c.Recorder == nil || c.Metrics == nil || c.Log == nil:
		return errors.New("gateway: SLB, ECS, Backends, Recorder, Metrics and Log must be given")
	case c.Cluster == "":
		return errors.New("gateway: Cluster is empty; give what tells this cluster from others of the account")
	case c.Mode != ModeDirect && c.Mode != ModeRelay:
		return fmt.Errorf("gateway: Mode is %q; use %s or %s", c.Mode, ModeDirect, ModeRelay)
	case c.RelayService.Name == "" || c.RelayPort < 1:
		return errors.New("gateway: RelayService and RelayPort must be given")
	case c.RequestTimeout < time.Second || c.RequestTimeout > maxRequestTimeout:
		return fmt.Errorf("gateway: RequestTimeout is %s; use 1 s to %s", c.RequestTimeout, maxRequestTimeout)
	case c.IdleTimeout < time.Second || c.IdleTimeout > maxIdleTimeout:
		return fmt.Errorf("gateway: IdleTimeout is %s; use 1 s to %s", c.IdleTimeout, maxIdleTimeout)
	case len(c.LoadBalancers[ingress.Intranet]) == 0 && c.VSwitch == "":
		return errors.New("gateway: VSwitch is empty; a load balancer for the intranet needs one, or give the id of one that exists")
	}
	return nil
}

// owner of what is on a load balancer.
func (c Config) owner(k balancerKey) slb.Owner {
	return slb.Owner{Prefix: ownerPrefix, Cluster: c.Cluster, LoadBalancer: k.String()}
}

// ownerPrefix begins the names of everything on load balancers.
const ownerPrefix = "ebb"
