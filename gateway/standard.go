package gateway

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// standard is the configured default certificate of HTTPS listeners.
type standard struct {
	configured  bool
	certificate *certificate // nil: none is configured, or it is not known
}

// readStandard reads the configured default certificate for a load balancer,
// on whose Service it tells what is wrong. It returns when to look again; 0:
// none is configured.
func (g *gateway) readStandard(ctx context.Context, b *balancer) (s standard, again time.Duration) {
	if g.DefaultCertificate.Name == "" || g.Mode != ModeDirect { // else the relay shows it
		return s, 0
	}
	s.configured, again = true, g.SecretInterval
	var err error
	if s.certificate, err = g.secrets.certificate(ctx, g.DefaultCertificate, false); err != nil {
		again = sooner(again, badFresh)
	}
	g.tellStandard(ctx, b, err)
	return s, again
}

// tellStandard makes an Event of what is wrong with the default certificate,
// once for each time that it goes wrong.
func (g *gateway) tellStandard(ctx context.Context, b *balancer, err error) {
	fault := ""
	if err != nil {
		fault = "the default certificate: " + err.Error()
	}
	var is corev1.Service
	if g.reader.Get(ctx, types.NamespacedName{Namespace: g.Namespace, Name: serviceName(b.key)}, &is, client.UnsafeDisableDeepCopy) != nil {
		return // it is told with the next look
	}
	g.mu.Lock()
	known := b.fault == fault
	b.fault = fault
	g.mu.Unlock()
	if known || err == nil {
		return
	}
	g.Log.WithError(err).WithField("loadBalancer", b.key.String()).Error("the default certificate cannot be used")
	g.Recorder.Event(&is, corev1.EventTypeWarning, ReasonCertificateInvalid, fault)
}
