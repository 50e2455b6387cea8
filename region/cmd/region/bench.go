package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/ebb-node/ebb/region/internal/bench"
	"github.com/ebb-node/ebb/region/internal/boot"
	"github.com/ebb-node/ebb/region/internal/cloudadmin"
	"github.com/ebb-node/ebb/region/internal/layout"
)

// createLatency is what the simulated cloud takes to answer a create.
const createLatency = 200 * time.Millisecond

// The documented quota of CreateContainerGroup: a bucket of 100 that fills by
// 20 a second (https://www.alibabacloud.com/help/doc-detail/89138.htm).
const (
	quotaBurst  = 100
	quotaRefill = 20
)

// benchCase is one way to run the same pods.
type benchCase struct {
	name   string
	lifted bool
	queue  string // --pod-queue-limiter of ebb
}

func benchCommand(flags *global) *cobra.Command {
	var pods int
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure how fast pods come up, and what they cost in API calls",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := flags.layout()
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if err := buildAll(cmd.Context(), l, out); err != nil {
				return err
			}
			for _, c := range []benchCase{
				{"ebb, quotas lifted", true, "ebb"},
				{"stock queue limiter, quotas lifted", true, "stock"},
				{"ebb, documented quota", false, "ebb"},
			} {
				if err := c.run(cmd.Context(), l, pods, out); err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
			}
			fmt.Fprintf(out, "\nFloor of the documented quota: (%d - %d) / %d per second = %.1f s.\n",
				pods, quotaBurst, quotaRefill, float64(pods-quotaBurst)/quotaRefill)
			return nil
		},
	}
	cmd.Flags().IntVar(&pods, "pods", 500, "how many pods to bind at once")
	return cmd
}

// run boots a region for one case, so that none inherits another's state.
func (c benchCase) run(ctx context.Context, l layout.Layout, pods int, out io.Writer) (err error) {
	up := upFlags{listen: boot.Listen{APIServer: "127.0.0.1:0", LoadBalancer: "127.0.0.1:0"}}
	up.cloudFlags = []string{"--runtime=simulated", "--latency=create=" + createLatency.String()}
	up.ebbFlags = []string{"--pod-queue-limiter=" + c.queue, "--node-pods=5000", "--node-cpu=10000", "--node-memory=40Ti"}
	if c.lifted {
		up.cloudFlags = append(up.cloudFlags, "--quotas=lifted")
		up.ebbFlags = append(up.ebbFlags, "--cloud-quota=lifted")
	}
	region, err := start(ctx, l, up, io.Discard)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end(region, nil)) }()
	client, err := benchClient(l)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	before, err := cloudadmin.CallCounts(ctx, region.Client)
	if err != nil {
		return err
	}
	result, err := bench.Pods(ctx, client, pods)
	if err != nil {
		return err
	}
	after, err := cloudadmin.CallCounts(ctx, region.Client)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s: %d pods, create call %v\n", c.name, pods, createLatency)
	fmt.Fprintf(out, "  all bound after       %6.2f s\n", result.Bound.Seconds())
	fmt.Fprintf(out, "  all Running after     %6.2f s\n", result.All.Seconds())
	fmt.Fprintf(out, "  bound to Running      %6.2f s median, %.2f s p99\n", result.Quantile(0.5).Seconds(), result.Quantile(0.99).Seconds())
	for _, action := range slices.Sorted(maps.Keys(after)) {
		if n := after[action] - before[action]; n > 0 {
			fmt.Fprintf(out, "  %-30s %5d calls, %.3f a pod\n", action, n, float64(n)/float64(pods))
		}
	}
	return nil
}

func benchClient(l layout.Layout) (kubernetes.Interface, error) {
	config, err := clientcmd.BuildConfigFromFlags("", l.Kubeconfig())
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = 5000, 5000
	return kubernetes.NewForConfig(config)
}
