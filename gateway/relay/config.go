package relay

import (
	"context"
	"crypto/tls"
	"net"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
)

// Config of the relay. All fields without a default are required.
type Config struct {
	// Bind is the address to listen on; empty: all of the machine's.
	Bind string
	// Port of the first entry; the others follow, see Entries.
	Port int
	// Certificate in a Secret that an Ingress names, for entries where TLS ends.
	// It is called for every handshake. Without it these entries stay closed.
	Certificate func(ctx context.Context, secret types.NamespacedName) (*tls.Certificate, error)
	// DefaultCertificate is the Secret with the certificate for clients without
	// a known server name. Default: that of the oldest Ingress with TLS.
	DefaultCertificate types.NamespacedName

	// Ledger says who has which host. Default: one of the relay's own.
	Ledger *ingress.Ledger
	// Finder finds the addresses of Services, in memory.
	Finder backend.Finder

	// Leave is how long requests are still taken after the end was announced:
	// as long as it takes until the load balancer sends no more of them.
	Leave time.Duration
	// Drain is how long requests in flight may then go on.
	Drain time.Duration

	Metrics prometheus.Registerer
	Log     logrus.FieldLogger
	Clock   clock.Clock // default: the real one

	listen func(Entry) (net.Listener, error) // in tests, other ports
}

func (c Config) withDefaults() Config {
	if c.Clock == nil {
		c.Clock = clock.RealClock{}
	}
	if c.listen == nil {
		c.listen = func(e Entry) (net.Listener, error) {
			return net.Listen("tcp", net.JoinHostPort(c.Bind, strconv.Itoa(e.Port(c.Port))))
		}
	}
	return c
}
