package report

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"

	netheader "knative.dev/networking/pkg/http/header"
	asmetrics "knative.dev/serving/pkg/autoscaler/metrics"
	"knative.dev/serving/pkg/networking"
)

// maxStat is more than a statistic can have: six numbers and the name of a pod.
const maxStat = 1024

// newClient is a client that keeps one connection to each pod.
func newClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1
	transport.Proxy = nil // pods are never behind one
	return &http.Client{Transport: transport, Timeout: readTimeout}
}

// statURL is where a pod's queue-proxy answers with its statistic.
func statURL(ip string) string {
	return "http://" + net.JoinHostPort(ip, strconv.Itoa(networking.AutoscalingQueueMetricsPort)) + "/metrics"
}

// read asks for a statistic.
func read(ctx context.Context, client *http.Client, url string) (asmetrics.Stat, error) {
	var stat asmetrics.Stat
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return stat, err
	}
	request.Header.Set("Accept", netheader.ProtobufMIMEType)
	response, err := client.Do(request)
	if err != nil {
		return stat, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxStat))
	switch {
	case err != nil:
		return stat, err
	case response.StatusCode != http.StatusOK:
		return stat, fmt.Errorf("%s answers with status %d", url, response.StatusCode)
	case response.Header.Get("Content-Type") != netheader.ProtobufMIMEType:
		return stat, fmt.Errorf("%s answers in %q, not in %s", url, response.Header.Get("Content-Type"), netheader.ProtobufMIMEType)
	}
	if err := stat.Unmarshal(body); err != nil {
		return stat, fmt.Errorf("%s answers with what is no statistic: %w", url, err)
	}
	return stat, nil
}
