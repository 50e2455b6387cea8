package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/ebb-node/ebb/region/internal/load"
)

const (
	crowd     = 90
	rushHour  = 30 * time.Second
	lookEvery = 3 * time.Second
	// warm is how many answers show what a warm one takes.
	warm = 200
)

// versions of coffee that get a share of the customers.
var versions = []string{"coffee-v1", "coffee-v2", "coffee-v3"}

// rush lets a crowd in: pods come and go with it.
func rush(ctx context.Context, s *Story) error {
	fmt.Fprintf(s.Out, "   $ hey -z 30s -c %d --host \"%s\" \"http://%s/?sleep=100\"\n", crowd, coffeeHost, s.gateway)
	target := load.Target{URL: "http://" + s.gateway + "/?sleep=100", Host: coffeeHost}
	run := load.Start(ctx, s.Region.HTTP(), target, load.Shape{InFlight: crowd})
	most := map[string]int{}
	for start := time.Now(); time.Since(start) < rushHour; {
		if err := pause(ctx, lookEvery); err != nil {
			break
		}
		pods, err := s.standardPods(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "   %2.0f s: %2d pods of v1, %2d of v2, %2d of v3\n", time.Since(start).Seconds(), pods["coffee-v1"], pods["coffee-v2"], pods["coffee-v3"])
		for revision, n := range pods {
			most[revision] = max(most[revision], n)
		}
	}
	report := run.Stop()
	if err := s.served("the crowd", report); err != nil {
		return err
	}
	if most["coffee-v1"] < 4 || most["coffee-v1"] <= most["coffee-v3"] {
		return fmt.Errorf("at most %v pods ran; the versions should grow with their shares", most)
	}
	return nil
}

// standardPods counts the ready pods of each revision, reserves left out.
func (s *Story) standardPods(ctx context.Context) (map[string]int, error) {
	shown, err := s.quiet(ctx, "get", "pods", "-l", "serving.knative.dev/revision", "-o",
		`jsonpath={range .items[?(@.status.phase=="Running")]}{.metadata.labels.serving\.knative\.dev/revision}{"\n"}{end}`)
	counts := map[string]int{}
	for line := range strings.Lines(shown) {
		counts[strings.TrimSpace(line)]++
	}
	return counts, err
}

// ebbs waits until the tide is out: every version sleeps on its reserve.
func ebbs(ctx context.Context, s *Story) error {
	start := time.Now()
	for {
		asleep, err := s.asleep(ctx)
		if err != nil {
			return err
		}
		if asleep {
			break
		}
		if err := pause(ctx, time.Second); err != nil {
			pods, _ := s.quiet(context.WithoutCancel(ctx), "get", "pods")
			return fmt.Errorf("not every version is on its reserve:\n%s", pods)
		}
	}
	fmt.Fprintf(s.Out, "   %.0f s after the last customer:\n", time.Since(start).Seconds())
	if _, err := s.kubectl(ctx, "get", "pod"); err != nil {
		return err
	}
	if _, err := s.kubectl(ctx, "get", "pods", "-l", "serving.knative.dev/service=coffee", "-o",
		`custom-columns=NAME:.metadata.name,SPEC:.metadata.annotations.k8s\.aliyun\.com/eci-instance-spec,CPU:.metadata.annotations.k8s\.aliyun\.com/eci-instance-cpu,MEMORY:.metadata.annotations.k8s\.aliyun\.com/eci-instance-mem`); err != nil {
		return err
	}
	// The third version names its spec; what the cloud made of it is written
	// back.
	chosen, err := s.quiet(ctx, "get", "pods", "-o",
		`jsonpath={range .items[*]}{.metadata.name} {.metadata.annotations.k8s\.aliyun\.com/eci-instance-spec} {.metadata.annotations.k8s\.aliyun\.com/eci-instance-cpu} {.metadata.annotations.k8s\.aliyun\.com/eci-instance-mem}{"\n"}{end}`)
	if err != nil {
		return err
	}
	if !regexp.MustCompile(`(?m)^coffee-v3-deployment-reserve-\S+ ecs\.t5-c1m2\.large 2\.000 4\.00$`).MatchString(chosen) {
		return fmt.Errorf("the reserve of coffee-v3 is not an ecs.t5-c1m2.large with 2.000 CPUs and 4.00 GiB:\n%s", chosen)
	}
	return nil
}

// asleep reports whether each version of coffee has a ready reserve and no
// other pod.
func (s *Story) asleep(ctx context.Context) (bool, error) {
	shown, err := s.quiet(ctx, "get", "deployments", "-l", "serving.knative.dev/service=coffee", "-o",
		`jsonpath={range .items[*]}{.metadata.name} {.spec.replicas} {.status.readyReplicas} {.status.replicas}{"\n"}{end}`)
	if err != nil {
		return false, err
	}
	pods, err := s.quiet(ctx, "get", "pods", "-l", "serving.knative.dev/service=coffee", "-o", `jsonpath={range .items[*]}{.metadata.name}{"\n"}{end}`)
	if err != nil {
		return false, err
	}
	for _, version := range versions {
		if !strings.Contains(shown, version+"-deployment-reserve 1 1 1") || strings.Count(pods, version+"-deployment-") != 1 {
			return false, nil
		}
	}
	return true, nil
}

// firstCustomer is answered by the reserve, as fast as by a warm pod; standard
// pods come up and take over, and nobody notices.
func firstCustomer(ctx context.Context, s *Story) error {
	client := s.Region.HTTP()
	defer client.CloseIdleConnections()
	start := time.Now()
	answer, err := s.ask(ctx, client, coffeeHost, "/")
	first := time.Since(start)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "   $ curl -H \"Host: %s\" http://%s/\n   %s   after %.1f ms\n", coffeeHost, s.gateway, strings.TrimSpace(answer), ms(first))
	customer := s.steady(ctx, coffeeHost, "/")
	over := s.handedOver(ctx)
	report := customer.Stop()
	if over != nil {
		return over
	}
	if err := s.served("until standard pods had taken over", report); err != nil {
		return err
	}
	slow, err := s.slowest(ctx, client)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "   the first answer took %.1f ms; of %d warm ones, 99 %% took at most %.1f ms\n", ms(first), warm, ms(slow))
	if first > slow+20*time.Millisecond {
		return fmt.Errorf("the first answer took %v, a warm one %v: that was no reserve", first, slow)
	}
	_, err = s.kubectl(ctx, "get", "pod", "-l", "serving.knative.dev/service=coffee")
	return err
}

// handedOver waits until every version has standard pods and no reserve pod.
func (s *Story) handedOver(ctx context.Context) error {
	for {
		pods, err := s.quiet(ctx, "get", "pods", "-l", "serving.knative.dev/service=coffee", "-o",
			`jsonpath={range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}`)
		if err != nil {
			return err
		}
		over := true
		for _, version := range versions {
			over = over && regexp.MustCompile(`(?m)^`+version+`-deployment-[^r]\S* True$`).MatchString(pods) && !strings.Contains(pods, version+"-deployment-reserve")
		}
		if over {
			return nil
		}
		if err := pause(ctx, time.Second); err != nil {
			return fmt.Errorf("the reserves have not handed over:\n%s", pods)
		}
	}
}

// slowest is what 99 of 100 warm answers take at most.
func (s *Story) slowest(ctx context.Context, client *http.Client) (time.Duration, error) {
	target := load.Target{URL: "http://" + s.gateway + "/", Host: coffeeHost}
	report := load.For(ctx, warm*time.Second/steadily, client, target, load.Shape{PerSecond: steadily})
	if report.Failed > 0 {
		return 0, errors.New(report.String())
	}
	return report.Quantile(0.99), nil
}

// bill shows what ebb's own tool tells of the reserves.
func bill(ctx context.Context, s *Story) error {
	output, err := s.ebb(ctx, "reserve", "status", "--kubeconfig="+s.Layout.Kubeconfig())
	if err != nil {
		return err
	}
	for _, version := range versions {
		if err := expect("ebb reserve status", output, version); err != nil {
			return err
		}
	}
	fmt.Fprintln(s.Out, "   Coffee asks for no CPU and no memory: its standard pods are the smallest that ECI sells,")
	fmt.Fprintln(s.Out, "   and cost less than a reserve. A day of a service with 2 vCPU and 4 GiB, at office hours:")
	_, err = s.ebb(ctx, "reserve", "simulate", "--trace", "office-hours")
	return err
}

// ebb shows a command of ebb's, runs it, shows and answers what it printed.
func (s *Story) ebb(ctx context.Context, args ...string) (string, error) {
	fmt.Fprintf(s.Out, "   $ ebb %s\n", strings.Join(args, " "))
	output, err := exec.CommandContext(ctx, s.Layout.Bin("ebb"), args...).CombinedOutput()
	for line := range strings.Lines(string(output)) {
		fmt.Fprintf(s.Out, "   %s\n", strings.TrimRight(line, "\n"))
	}
	if err != nil {
		err = fmt.Errorf("ebb %s: %w", args[0], err)
	}
	return string(output), err
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
