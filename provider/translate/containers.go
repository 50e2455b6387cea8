package translate

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider/resolve"
)

// Limits of a group.
// https://www.alibabacloud.com/help/doc-detail/89138.htm
const (
	maxContainers = 20
	maxImage      = 255
)

// containers translates init containers, sidecars and containers.
func (t *translator) containers() {
	t.knativeProbes()
	sidecars := t.sidecars()
	for i := range t.pod.Spec.InitContainers {
		c := &t.pod.Spec.InitContainers[i]
		field := fmt.Sprintf("spec.initContainers[%d]", i)
		if isSidecar(c) {
			t.request.Containers = append(t.request.Containers, t.sidecar(field, c, sidecars[c.Name]))
		} else {
			t.request.InitContainers = append(t.request.InitContainers, t.initContainer(field, c))
		}
	}
	for i := range t.pod.Spec.Containers {
		c := &t.pod.Spec.Containers[i]
		field := fmt.Sprintf("spec.containers[%d]", i)
		if c.RestartPolicy != nil {
			t.refuse(field+".restartPolicy", onePolicy, useSpecPolicy)
		}
		t.request.Containers = append(t.request.Containers, t.appContainer(field, c))
	}
	t.checkCount("spec.containers", len(t.request.Containers), maxContainers, "containers")
	t.checkCount("spec.initContainers", len(t.request.InitContainers), maxContainers, "init containers")
	t.checkPorts()
}

// appContainer translates a container with what only those have.
func (t *translator) appContainer(field string, c *corev1.Container) eci.Container {
	out := t.container(field, c)
	out.Stdin, out.StdinOnce, out.TTY = c.Stdin, c.StdinOnce, c.TTY
	t.probes(field, c, &out)
	t.lifecycle(field, c, &out)
	return out
}

// container translates what init containers have as well.
func (t *translator) container(field string, c *corev1.Container) eci.Container {
	if len(c.RestartPolicyRules) > 0 {
		t.refuse(field+".restartPolicyRules", onePolicy, useSpecPolicy)
	}
	found := t.resolvedContainer(c.Name)
	out := eci.Container{
		Name:                     c.Name,
		Image:                    c.Image,
		Command:                  found.Command,
		Args:                     found.Args,
		WorkingDir:               c.WorkingDir,
		ImagePullPolicy:          string(c.ImagePullPolicy),
		Env:                      found.Env,
		Ports:                    t.ports(field, c),
		Mounts:                   t.mounts(field, c),
		Security:                 t.security(field, c.SecurityContext),
		TerminationMessagePath:   c.TerminationMessagePath,
		TerminationMessagePolicy: string(c.TerminationMessagePolicy),
	}
	t.resources(field, c, &out)
	if n := len(c.Image); n == 0 || n > maxImage {
		t.refuse(field+".image", fmt.Sprintf("has %d characters; ECI takes 1 to %d", n, maxImage), "")
	}
	for i, e := range c.Env {
		if !resolve.ValidEnvName(e.Name) {
			t.refuse(fmt.Sprintf("%s.env[%d].name", field, i), fmt.Sprintf("%q is not a name that ECI takes", e.Name),
				"use 1 to 128 letters, digits and underscores, not beginning with a digit")
		}
	}
	if len(c.VolumeDevices) > 0 {
		t.refuse(field+".volumeDevices", "ECI mounts file systems only", "use volumeMounts")
	}
	return out
}

// gpuResource is the one extended resource that ECI has.
const gpuResource corev1.ResourceName = "nvidia.com/gpu"

// resources sets a container's own limits. A request without a limit only
// counts for the size of the instance: as on any node the container may use
// more.
func (t *translator) resources(field string, c *corev1.Container, out *eci.Container) {
	limit := amountOf(corev1.ResourceRequirements{Limits: c.Resources.Limits}).size()
	out.CPU, out.Memory = limit.VCPU, limit.MemoryGiB
	for _, name := range extendedResources(c) {
		if name != gpuResource {
			t.refuse(fmt.Sprintf("%s.resources.limits[%s]", field, name), "ECI has no such resource", "")
		}
	}
	if gpus, ok := c.Resources.Limits[gpuResource]; ok {
		out.GPU = int(gpus.Value())
	}
	if len(c.Resources.Claims) > 0 {
		t.refuse(field+".resources.claims", "dynamic resource allocation is not supported", "ask for "+string(gpuResource))
	}
}
