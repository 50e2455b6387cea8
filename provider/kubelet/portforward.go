package kubelet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// dialTimeout bounds the connection to a pod: it is in the same network, or
// not to be reached at all.
const dialTimeout = 5 * time.Second

// portForward connects a stream to a port of a pod, by the pod's address: ECI
// has no call for it, so ebb has to reach the pods' network, and a server that
// listens on the pod's loopback address alone is out of reach.
func (s *Server) portForward(ctx context.Context, namespace, name string, port int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	pod, _, err := s.Pods.Lookup(namespace, name)
	if err != nil {
		return err
	}
	if pod.Status.PodIP == "" {
		return fmt.Errorf("pod %s/%s has no address yet", namespace, name)
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(pod.Status.PodIP, strconv.Itoa(int(port))))
	if err != nil {
		return fmt.Errorf("forward port %d of pod %s/%s: %w", port, namespace, name, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	return pipe(conn.(*net.TCPConn), stream)
}

// pipe copies in both directions until the pod has sent everything. What the
// caller has finished sending is passed on as an end.
func pipe(conn *net.TCPConn, stream io.ReadWriteCloser) error {
	sent := make(chan error, 1)
	go func() {
		_, err := io.Copy(conn, stream)
		_ = conn.CloseWrite()
		sent <- err
	}()
	_, err := io.Copy(stream, conn)
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	select {
	case err = <-sent: // the caller's half failed first
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		return err
	default:
		return nil
	}
}
