package reserve

import (
	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/decide"
)

// Config is what a Controller works with.
type Config struct {
	// Market is the present catalogue, stock and prices.
	Market func() *instancespecs.Market
	Region string // of the reserve pods

	// OptIn gives a reserve only to revisions that ask for one. Otherwise all that
	// qualify have one, unless they say no.
	OptIn bool
	// TaggedToo gives a reserve also to revisions that Routes name only by a tag,
	// or with 0 %.
	TaggedToo bool

	// NodeSelector and Tolerations send reserve pods of type eci to virtual nodes.
	NodeSelector map[string]string
	Tolerations  []corev1.Toleration

	// Untainted: virtual nodes take every pod, so that standard pods that do not
	// ask for one are taken to run there, too.
	Untainted bool

	// KnativeNamespace is where Knative's autoscaler runs.
	KnativeNamespace string
	// AutoscalerAddress is host:port of its WebSocket; "" finds the pods of its
	// Service.
	AutoscalerAddress string

	Limits   decide.Limits
	Recorder record.EventRecorder
	Clock    clock.WithTicker
	Log      logrus.FieldLogger
}

// Places of the virtual node, as ACK's documentation selects and tolerates it
// (https://help.aliyun.com/en/eci/user-guide/schedule-pods-to-virtual-kubelet).
const (
	virtualNodeLabel, virtualNodeValue = "type", "virtual-kubelet"
	virtualNodeTaint                   = "virtual-kubelet.io/provider"
)

// DefaultKnativeNamespace is where Knative Serving is installed.
const DefaultKnativeNamespace = "knative-serving"

// complete fills in what was left out.
func (c *Config) complete() {
	if c.NodeSelector == nil {
		c.NodeSelector = map[string]string{virtualNodeLabel: virtualNodeValue}
	}
	if c.Tolerations == nil {
		c.Tolerations = []corev1.Toleration{{Key: virtualNodeTaint, Operator: corev1.TolerationOpExists}}
	}
	if c.KnativeNamespace == "" {
		c.KnativeNamespace = DefaultKnativeNamespace
	}
	if c.Limits == (decide.Limits{}) {
		c.Limits = decide.DefaultLimits()
	}
	if c.Clock == nil {
		c.Clock = clock.RealClock{}
	}
}
