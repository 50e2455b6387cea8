package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Hosts of the coffee shop: the one that Knative gives the Service coffee, and
// the shop's own with a path for each drink.
const (
	coffeeHost = "coffee.default.example.com"
	cafeHost   = "cafe.knative-ask.cs.aliyun.com"
)

// openShop finds the load balancer that is Knative's gateway.
func openShop(ctx context.Context, s *Story) error {
	if _, err := s.quiet(ctx, "delete", "-f", "examples/coffee/deployment.yaml", "--wait=true"); err != nil {
		return err
	}
	_, err := s.quiet(ctx, "-n", "knative-serving", "wait", "--for=create", "service/ingress-gateway", "--timeout=60s")
	if err != nil {
		return err
	}
	if s.gateway, err = s.quiet(ctx, "-n", "knative-serving", "wait", "service/ingress-gateway",
		"--for=jsonpath={.status.loadBalancer.ingress[0].ip}", "--timeout=60s", "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}"); err != nil {
		return err
	}
	if _, err := s.kubectl(ctx, "-n", "knative-serving", "get", "svc", "ingress-gateway"); err != nil {
		return err
	}
	pods, err := s.kubectl(ctx, "-n", "knative-serving", "get", "pods")
	if err != nil {
		return err
	}
	if strings.Contains(pods, "gateway") || strings.Contains(pods, "kourier") {
		return errors.New("a gateway pod runs, and none should")
	}
	return nil
}

// firstCoffee deploys coffee and calls it through the load balancer.
func firstCoffee(ctx context.Context, s *Story) error {
	if err := s.serve(ctx, "examples/coffee/coffee.yaml", "coffee"); err != nil {
		return err
	}
	if _, err := s.kubectl(ctx, "get", "ksvc"); err != nil {
		return err
	}
	return s.curl(ctx, coffeeHost, "/", "Hello coffee!")
}

// tea gets a path of the shop's own host.
func tea(ctx context.Context, s *Story) error {
	if err := s.serve(ctx, "examples/coffee/tea-with-ingress.yaml", "tea"); err != nil {
		return err
	}
	return s.curl(ctx, cafeHost, "/tea", "Hello tea!")
}

// serve applies a Knative Service and waits until it is ready as it now is.
func (s *Story) serve(ctx context.Context, file, service string) error {
	if _, err := s.kubectl(ctx, "apply", "-f", file); err != nil {
		return err
	}
	for {
		shown, err := s.quiet(ctx, "get", "ksvc", service, "-o",
			`jsonpath={.metadata.generation} {.status.observedGeneration} {.status.conditions[?(@.type=="Ready")].status}`)
		if err != nil {
			return err
		}
		if f := strings.Fields(shown); len(f) == 3 && f[0] == f[1] && f[2] == "True" {
			return nil
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			why, _ := s.quiet(context.WithoutCancel(ctx), "get", "ksvc", service, "-o", "jsonpath={.status.conditions}")
			return fmt.Errorf("service %s is not ready: %s", service, why)
		}
	}
}

// curl asks for a path of a host at the load balancer, and checks the answer.
func (s *Story) curl(ctx context.Context, host, path, want string) error {
	s.alike("curl -H \"Host: %s\" http://%s%s", host, s.gateway, path)
	answer, err := s.ask(ctx, s.Region.HTTP(), host, path)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "   %s\n", strings.TrimSpace(answer))
	return expect("answer of "+host+path, answer, want)
}

// until asks until the answer is the wanted one.
func (s *Story) until(ctx context.Context, host, path, want string) error {
	client := s.Region.HTTP()
	defer client.CloseIdleConnections()
	for {
		answer, err := s.ask(ctx, client, host, path)
		if err != nil {
			return err
		}
		if strings.TrimSpace(answer) == want {
			return nil
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return fmt.Errorf("%s%s still answers %q, want %q", host, path, answer, want)
		}
	}
}

// ask the load balancer. Any answer but 200 is an error.
func (s *Story) ask(ctx context.Context, client *http.Client, host, path string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.gateway+path, nil)
	if err != nil {
		return "", err
	}
	request.Host = host
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s%s: %s: %s", host, path, response.Status, strings.TrimSpace(string(body)))
	}
	return string(body), err
}

// pause waits, or answers why it did not.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
