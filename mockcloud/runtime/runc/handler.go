package runc

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

const (
	// probeAgent begins with what servers tell health checks from traffic by;
	// Knative's queue-proxy among them.
	probeAgent = "kube-probe/eci"
	// maxProbeOutput is what is kept of an answer, as a kubelet keeps it.
	maxProbeOutput = 10 << 10
)

// handle does what a probe or hook asks for.
func (c *container) handle(ctx context.Context, r *run, h runtime.Handler) error {
	switch {
	case h.Exec != nil:
		return c.handleExec(ctx, r, h.Exec)
	case h.HTTP != nil:
		return handleHTTP(ctx, *h.HTTP, c.group.spec.IP.String())
	case h.TCP != nil:
		return handleTCP(ctx, *h.TCP, c.group.spec.IP.String())
	default:
		return fmt.Errorf("container %s: a probe or hook names no action", c.spec.Name)
	}
}

func (c *container) handleExec(ctx context.Context, r *run, command []string) error {
	output := &limitedBuffer{left: maxProbeOutput}
	code, err := c.exec(ctx, r, runtime.Exec{Command: command, Stdout: output, Stderr: output})
	switch {
	case err != nil:
		return err
	case code != 0:
		return fmt.Errorf("command exited with %d: %s", code, strings.TrimSpace(output.String()))
	default:
		return nil
	}
}

// probeClient speaks to a group once. Redirections count as an answer, and
// certificates are not verified.
var probeClient = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // a health check of any certificate
	},
}

func handleHTTP(ctx context.Context, h runtime.HTTPGet, address string) error {
	request, err := probeRequest(ctx, h, address)
	if err != nil {
		return err
	}
	response, err := probeClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxProbeOutput))
	if response.StatusCode < http.StatusOK || response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("HTTP status %d: %s", response.StatusCode, bytes.TrimSpace(body))
	}
	return nil
}

func probeRequest(ctx context.Context, h runtime.HTTPGet, address string) (*http.Request, error) {
	if h.Host != "" {
		address = h.Host
	}
	scheme := "http"
	if h.Scheme != "" {
		scheme = strings.ToLower(h.Scheme)
	}
	url := scheme + "://" + net.JoinHostPort(address, strconv.Itoa(h.Port)) + "/" + strings.TrimPrefix(h.Path, "/")
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", probeAgent)
	request.Header.Set("Accept", "*/*")
	for name, value := range h.Headers {
		if strings.EqualFold(name, "Host") {
			request.Host = value
			continue
		}
		request.Header.Set(name, value)
	}
	return request, nil
}

func handleTCP(ctx context.Context, t runtime.TCPSocket, address string) error {
	if t.Host != "" {
		address = t.Host
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(address, strconv.Itoa(t.Port)))
	if err != nil {
		return err
	}
	return conn.Close()
}

// limitedBuffer keeps the beginning of what several streams write to it.
type limitedBuffer struct {
	mu   sync.Mutex
	kept bytes.Buffer
	left int
}

func (b *limitedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.kept.String()
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	kept := p[:min(len(p), b.left)]
	b.left -= len(kept)
	b.kept.Write(kept)
	return len(p), nil
}
