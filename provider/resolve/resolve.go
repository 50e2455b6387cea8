package resolve

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Resolved holds what a pod names elsewhere, as plain values. It holds
// secrets and must not be printed.
type Resolved struct {
	// Containers has an entry for each container and init container, by name.
	Containers map[string]Container
	// Files has the files of each configMap, secret, projected and
	// downwardAPI volume, by the name of the volume.
	Files map[string]eci.ConfigFile
	// Claims has the persistent volume behind each persistentVolumeClaim and
	// ephemeral volume, by the name of the volume in the pod.
	Claims map[string]*corev1.PersistentVolume
	// VolumeSecrets has the content of the Secret that a flexVolume, a csi
	// volume or a persistent volume names, by the name of the volume.
	VolumeSecrets map[string]map[string]string
	// Credentials open the registries of imagePullSecrets.
	Credentials []eci.RegistryCredential
}

// Container is the resolved part of one container.
type Container struct {
	Env     []eci.EnvVar
	Command []string
	Args    []string
	// SubPaths holds the expanded subPathExpr of volume mounts, by their
	// index in the container's volumeMounts.
	SubPaths map[int]string
}

// resolver carries one resolution.
type resolver struct {
	ctx     context.Context
	pod     *corev1.Pod
	get     Getters
	node    NodeFacts
	objects map[objectName]object
	service map[string]string
	notes   []Note
	errs    []error
	out     *Resolved
}

// Resolve fetches what pod names. It reports everything that it finds: the
// error, when there is one, joins a PendingError or an UnsupportedError per
// problem, and the notes are valid with and without an error.
func Resolve(ctx context.Context, pod *corev1.Pod, get Getters, node NodeFacts) (*Resolved, []Note, error) {
	r := &resolver{
		ctx: ctx, pod: pod, get: get, node: node,
		objects: map[objectName]object{},
		out: &Resolved{
			Containers:    map[string]Container{},
			Files:         map[string]eci.ConfigFile{},
			Claims:        map[string]*corev1.PersistentVolume{},
			VolumeSecrets: map[string]map[string]string{},
		},
	}
	r.service = r.serviceEnv()
	for i := range pod.Spec.InitContainers {
		r.container(fmt.Sprintf("spec.initContainers[%d]", i), &pod.Spec.InitContainers[i])
	}
	for i := range pod.Spec.Containers {
		r.container(fmt.Sprintf("spec.containers[%d]", i), &pod.Spec.Containers[i])
	}
	for i := range pod.Spec.Volumes {
		r.volume(fmt.Sprintf("spec.volumes[%d]", i), &pod.Spec.Volumes[i])
	}
	r.pullSecrets()
	if err := errors.Join(r.errs...); err != nil {
		return nil, r.notes, err
	}
	return r.out, r.notes, nil
}

// container resolves the environment and what refers to it.
func (r *resolver) container(field string, c *corev1.Container) {
	env := r.containerEnv(field, c)
	r.out.Containers[c.Name] = Container{
		Env:      env.list(),
		Command:  r.expandWords(field+".command", c.Command, env),
		Args:     r.expandWords(field+".args", c.Args, env),
		SubPaths: r.subPaths(field, c, env),
	}
}
