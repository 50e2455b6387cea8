package control

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// Client talks to a running region.
type Client struct {
	socket string
	http   *http.Client
}

// NewClient makes a client for the region that serves on a socket.
func NewClient(socket string) *Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	return &Client{socket: socket, http: &http.Client{Transport: &http.Transport{DialContext: dial}}}
}

// Dial connects to a TCP address inside the region. Its form is that of
// net.Dialer.DialContext, so it fits into an http.Transport.
func (c *Client) Dial(ctx context.Context, _, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", c.socket)
	if err != nil {
		return nil, fmt.Errorf("the region does not answer on %s: %w", c.socket, err)
	}
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", address, address)
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, &http.Request{Method: http.MethodConnect})
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("connect to %s in the region: %w", address, err)
	}
	if response.StatusCode != http.StatusOK {
		reason, _ := io.ReadAll(response.Body)
		conn.Close()
		return nil, fmt.Errorf("connect to %s in the region: %s", address, strings.TrimSpace(string(reason)))
	}
	return &bufferedConn{UnixConn: conn.(*net.UnixConn), reader: reader}, nil
}

// bufferedConn gives back what was read beyond the answer to CONNECT.
type bufferedConn struct {
	*net.UnixConn
	reader *bufio.Reader
}

func (c *bufferedConn) Read(p []byte) (int, error) { return c.reader.Read(p) }

// HTTP is a client whose requests start inside the region.
func (c *Client) HTTP() *http.Client {
	// Many requests at once keep their connections: a new one for each would use
	// up the ports of the region's network.
	return &http.Client{Transport: &http.Transport{DialContext: c.Dial, MaxIdleConnsPerHost: keptConnections}}
}

const keptConnections = 256

// Components answers the process id of each component, as the region's own
// process namespace numbers them.
func (c *Client) Components(ctx context.Context) (map[string]int, error) {
	response, err := c.do(ctx, http.MethodGet, "/components")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	pids := map[string]int{}
	return pids, json.NewDecoder(response.Body).Decode(&pids)
}

// Memory answers what the region's processes hold, in bytes, by program.
func (c *Client) Memory(ctx context.Context) (map[string]int64, error) {
	response, err := c.do(ctx, http.MethodGet, "/memory")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	sizes := map[string]int64{}
	return sizes, json.NewDecoder(response.Body).Decode(&sizes)
}

// Signal sends a signal to a component by its name.
func (c *Client) Signal(ctx context.Context, name string, signal syscall.Signal) error {
	response, err := c.do(ctx, http.MethodPost, fmt.Sprintf("/components/%s/signal/%d", name, signal))
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func (c *Client) do(ctx context.Context, method, path string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://region"+path, nil)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("the region does not answer on %s: %w", c.socket, err)
	}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		reason, _ := io.ReadAll(response.Body)
		return nil, fmt.Errorf("region: %s", strings.TrimSpace(string(reason)))
	}
	return response, nil
}
