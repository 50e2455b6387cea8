package translate

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/ebb-node/ebb/eci"
)

// reservedPorts are used by ECI itself.
// https://www.alibabacloud.com/help/doc-detail/89138.htm
var reservedPorts = []int32{111, 10250, 10255}

// ports translates the ports of a container. A number appears once, since the
// API wants that: the same number for another protocol is left out, which
// changes nothing because every port of a group is reachable.
func (t *translator) ports(field string, c *corev1.Container) []eci.Port {
	var out []eci.Port
	for i, p := range c.Ports {
		field := fmt.Sprintf("%s.ports[%d]", field, i)
		if p.HostPort != 0 {
			t.refuse(field+".hostPort", "a container group has an address of its own and no host to share", "remove it")
		}
		if slices.Contains(reservedPorts, p.ContainerPort) {
			t.refuse(field+".containerPort", fmt.Sprintf("%d is reserved by ECI", p.ContainerPort), "use another port")
		}
		protocol := p.Protocol
		if protocol == "" {
			protocol = corev1.ProtocolTCP
		}
		if protocol != corev1.ProtocolTCP && protocol != corev1.ProtocolUDP {
			t.refuse(field+".protocol", fmt.Sprintf("%q is not supported", protocol), "use TCP or UDP")
		}
		if !slices.ContainsFunc(out, func(o eci.Port) bool { return o.Port == p.ContainerPort }) {
			out = append(out, eci.Port{Port: p.ContainerPort, Protocol: string(protocol)})
		}
	}
	return out
}

// checkPorts refuses a port that two containers want: they share one address.
func (t *translator) checkPorts() {
	owner := map[int32]string{}
	for i := range t.request.Containers {
		c := &t.request.Containers[i]
		for _, p := range c.Ports {
			if first, taken := owner[p.Port]; taken {
				t.refuse("spec.containers[*].ports", fmt.Sprintf("containers %q and %q both have port %d", first, c.Name, p.Port),
					"give one of them another port")
			}
			owner[p.Port] = c.Name
		}
	}
}

// port resolves a port by number or by name among c's own.
func (t *translator) port(field string, c *corev1.Container, port intstr.IntOrString) int32 {
	if port.Type == intstr.Int {
		return port.IntVal
	}
	for _, p := range c.Ports {
		if p.Name == port.StrVal {
			return p.ContainerPort
		}
	}
	t.refuse(field, fmt.Sprintf("container %q has no port named %q", c.Name, port.StrVal), "")
	return 0
}
