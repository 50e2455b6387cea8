package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud/slb"
)

func TestFlagsThatAreRefused(t *testing.T) {
	tests := []struct {
		args  []string
		names string
	}{
		{[]string{"--vswitch=vsw-a"}, "id=zone=cidr"},
		{[]string{"--vswitch=vsw-a=z=10.0.0.0"}, "CIDR"},
		{[]string{"--vswitch=vsw-a=z=10.0.0.0/30"}, "vsw-a"},
		{[]string{"--quotas=none"}, "--quotas"},
		{[]string{"--exec-protocol=magic"}, "--exec-protocol"},
		{[]string{"--latency=create=soon"}, "create=soon"},
		{[]string{"--latency=lunch=1h"}, "lunch"},
		{[]string{"--speed=0"}, "--speed"},
		{[]string{"--runtime=docker"}, "--runtime"},
		{[]string{"--runtime=runc"}, "--gateway"},
		{[]string{"--log-level=loud"}, "--log-level"},
		{[]string{"--slb-intranet-range=10.0.0.0"}, "--slb-intranet-range"},
		{[]string{"--slb-internet-range=10.0.0.0/32"}, "internet range"},
		{[]string{"--slb-internet-range=10.250.0.0/16"}, "overlap"},
		{[]string{"--slb-quota=wishes=3"}, "wishes=3"},
		{[]string{"--slb-quota=rules=-1"}, "rules=-1"},
		{[]string{"--slb-source=here"}, "--slb-source"},
		{[]string{"--ecs-instance=i-a"}, "--ecs-instance"},
		{[]string{"--ecs-instance=vm=10.0.0.1"}, "i-id=address"},
		{[]string{"--tls-cert-file=x"}, "--tls-private-key-file"},
		{[]string{"--listen=nowhere"}, "--listen"},
		{[]string{"surplus"}, "surplus"},
	}
	t.Setenv(envKeyID, "id")
	t.Setenv(envKeySecret, "secret")
	for _, test := range tests {
		c := command()
		c.SetArgs(test.args)
		err := c.ExecuteContext(context.Background())
		if err == nil || !strings.Contains(err.Error(), test.names) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: %v, want one line that names %s", test.args, err, test.names)
		}
	}
}

func TestTheAccessKeyIsNeeded(t *testing.T) {
	t.Setenv(envKeyID, "id")
	t.Setenv(envKeySecret, "")
	c := command()
	c.SetArgs(nil)
	if err := c.ExecuteContext(context.Background()); err == nil || !strings.Contains(err.Error(), envKeySecret) {
		t.Errorf("error %v", err)
	}
}

func TestReadLatencies(t *testing.T) {
	l, err := readLatencies(map[string]string{"create": "200ms", "DescribeContainerLog": "1s", "pull": "2s", "schedule": "3s",
		"slb-write": "4s", "slb-configuring": "5s", "slb-effect": "6s"})
	if err != nil {
		t.Fatal(err)
	}
	if l.Calls["CreateContainerGroup"] != 200*time.Millisecond || l.Calls["DescribeContainerLog"] != time.Second ||
		l.Simulated.Pull != 2*time.Second || l.Schedule != 3*time.Second ||
		l.LoadBalancers != (slb.Latencies{Write: 4 * time.Second, Configuring: 5 * time.Second, Effect: 6 * time.Second}) {
		t.Errorf("latencies %+v", l)
	}
}

func TestRunServesUntilItIsTold(t *testing.T) {
	t.Setenv(envKeyID, "id")
	t.Setenv(envKeySecret, "secret")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	admin := free.Addr().String()
	free.Close()
	ctx, cancel := context.WithCancel(context.Background())
	c := command()
	c.SetArgs([]string{"--listen=127.0.0.1:0", "--admin-listen=" + admin, "--log-level=error", "--state-dir=" + filepath.Join(t.TempDir(), "s")})
	ended := make(chan error)
	go func() { ended <- c.ExecuteContext(ctx) }()
	for deadline := time.Now().Add(10 * time.Second); ; {
		answer, err := http.Get("http://" + admin + "/healthz")
		if err == nil {
			text, _ := io.ReadAll(answer.Body)
			answer.Body.Close()
			if string(text) != "ok\n" {
				t.Errorf("healthz %q", text)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
