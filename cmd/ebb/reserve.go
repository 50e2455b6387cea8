package main

import (
	"fmt"

	"github.com/sirupsen/logrus"
	"github.com/spf13/pflag"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/provider/node"
	"github.com/ebb-node/ebb/reserve"
)

// reserveOptions are the flags of the reserve.
type reserveOptions struct {
	enabled      bool
	optIn        bool
	tagged       bool
	nodeSelector map[string]string
	autoscaler   string
}

func (o *reserveOptions) add(f *pflag.FlagSet) {
	f.BoolVar(&o.enabled, "reserve", true, "keep a burstable pod for Knative revisions without traffic, once Knative is installed")
	f.BoolVar(&o.optIn, "reserve-opt-in", false, "only for revisions with knative.aliyun.com/reserve-instance: enable")
	f.BoolVar(&o.tagged, "reserve-tagged", false, "also for revisions that Routes name only by a tag, or with 0 %")
	f.StringToStringVar(&o.nodeSelector, "reserve-node-selector", map[string]string{"type": "virtual-kubelet"}, "labels of the nodes for reserve pods of type eci")
	f.StringVar(&o.autoscaler, "knative-autoscaler-address", "", "host:port of the WebSocket of Knative's autoscaler; empty: the pods of its Service")
}

// addReserve adds what keeps reserves.
func addReserve(o *options, manager ctrl.Manager, store *instancespecs.Store, events record.EventRecorder, log logrus.FieldLogger) error {
	taint := node.DefaultTaint()
	err := reserve.Add(manager, registry, reserve.Config{
		Market: store.Market, Region: o.region, OptIn: o.reserve.optIn, TaggedToo: o.reserve.tagged,
		NodeSelector:     o.reserve.nodeSelector,
		Untainted:        o.disableTaint,
		Tolerations:      []corev1.Toleration{{Key: taint.Key, Operator: corev1.TolerationOpExists, Effect: taint.Effect}},
		KnativeNamespace: reserve.DefaultKnativeNamespace, AutoscalerAddress: o.reserve.autoscaler,
		Recorder: events, Clock: clock.RealClock{}, Log: log,
	})
	if err != nil {
		return fmt.Errorf("reserve: %w", err)
	}
	return nil
}
