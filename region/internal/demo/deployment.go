package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ebb-node/ebb/region/internal/cloudadmin"
	"github.com/ebb-node/ebb/region/internal/cluster"
)

// deployment puts three pods on the virtual node.
func deployment(ctx context.Context, s *Story) error {
	if _, err := s.kubectl(ctx, "apply", "-f", "examples/coffee/deployment.yaml"); err != nil {
		return err
	}
	if _, err := s.kubectl(ctx, "rollout", "status", "deployment/coffee"); err != nil {
		return err
	}
	pods, err := s.kubectl(ctx, "get", "pods", "-l", "app=coffee", "-o",
		`custom-columns=NAME:.metadata.name,READY:.status.containerStatuses[0].ready,NODE:.spec.nodeName,IP:.status.podIP,CONTAINER GROUP:.metadata.annotations.k8s\.aliyun\.com/eci-instance-id`)
	if err != nil {
		return err
	}
	ready := 0
	for line := range strings.Lines(pods) {
		fields := strings.Fields(line)
		if len(fields) == 5 && fields[1] == "true" && fields[2] == cluster.NodeName && strings.HasPrefix(fields[4], "eci-") {
			ready++
		}
	}
	if ready != 3 {
		return fmt.Errorf("%d pods are ready on node %s with a container group, want 3", ready, cluster.NodeName)
	}
	return nil
}

// service calls the pods through a ClusterIP.
func service(ctx context.Context, s *Story) error {
	address, err := s.quiet(ctx, "get", "service", "coffee", "-o", "jsonpath={.spec.clusterIP}")
	if err != nil {
		return err
	}
	if err := s.answers(ctx, "http://"+address); err != nil {
		return err
	}
	s.alike("for i in $(seq 30); do curl http://%s; done     # the ClusterIP of Service coffee", address)
	for range 30 {
		answer, err := s.get(ctx, "http://"+address)
		if err != nil {
			return err
		}
		if err := expect("answer of Service coffee", answer, "Hello Coffee!"); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.Out, "   Hello Coffee!   (30 of 30)\n")
	return nil
}

// look reads a pod's log and runs a command in it.
func look(ctx context.Context, s *Story) error {
	log, err := s.kubectl(ctx, "logs", "-l", "app=coffee", "--tail=1", "--prefix")
	if err != nil {
		return err
	}
	if err := expect("log", log, "GET / from"); err != nil {
		return err
	}
	said, err := s.kubectl(ctx, "exec", "deployment/coffee", "--", "sh", "-c", "echo my address is $POD_IP")
	if err != nil {
		return err
	}
	return expect("exec", said, "my address is 10.244.")
}

// calls shows what all of this took of the cloud's API.
func calls(ctx context.Context, s *Story) error {
	now, err := cloudadmin.CallCounts(ctx, s.Region)
	if err != nil {
		return err
	}
	for _, action := range slices.Sorted(maps.Keys(now)) {
		if n := now[action] - s.before[action]; n > 0 {
			fmt.Fprintf(s.Out, "   %4d  %s\n", n, action)
		}
	}
	if created := now["CreateContainerGroup"] - s.before["CreateContainerGroup"]; created != 3 {
		return fmt.Errorf("CreateContainerGroup was called %d times, want 3", created)
	}
	return nil
}
