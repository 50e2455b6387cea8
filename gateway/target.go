package gateway

import (
	"strings"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/slb"
)

// target is an address that a load balancer can have as a member: one behind a
// network interface.
type target struct {
	eni, ip string
	port    int
	// about is shown in the console and read back at the next start: the name
	// of the pod, or relayDescription.
	about string
}

// relayDescription marks members that are replicas of the relay.
const relayDescription = "relay"

// maxDescription is the longest description of a member.
const maxDescription = 80

func (t target) member(weight int) slb.Member {
	return slb.Member{
		ServerID: t.eni, IP: t.ip, Port: t.port, Weight: weight,
		Description: t.about[:min(len(t.about), maxDescription)],
	}
}

// place is what tells members apart.
type place struct {
	eni, ip string
	port    int
}

func (t target) place() place { return place{t.eni, t.ip, t.port} }

func placeOf(m slb.Member) place { return place{m.ServerID, m.IP, m.Port} }

// onPort is the target on another port.
func (t target) onPort(port int) target {
	t.port = port
	return t
}

// podOf is the pod that a description names, if it is whole.
func podOf(about string) (types.NamespacedName, bool) {
	namespace, name, ok := strings.Cut(about, "/")
	return types.NamespacedName{Namespace: namespace, Name: name}, ok && len(about) < maxDescription
}
