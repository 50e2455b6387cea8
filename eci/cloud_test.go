package eci_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/sirupsen/logrus"
)

// scenario is a client of a mock cloud over HTTP.
type scenario struct {
	*testing.T
	*eci.Client
	cloud *mockcloud.Server
	log   *bytes.Buffer // everything that the client logs
}

func newScenario(t *testing.T, cloud mockcloud.Config, change ...func(*alicloud.Config)) *scenario {
	t.Helper()
	server, err := mockcloud.NewServer(cloud)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &scenario{T: t, cloud: server, log: &bytes.Buffer{}}
	s.Client = s.client(change...)
	return s
}

// client is another client of the same cloud.
func (s *scenario) client(change ...func(*alicloud.Config)) *eci.Client {
	s.Helper()
	credentials, err := alicloud.StaticKey(s.cloud.AccessKeyID, s.cloud.AccessKeySecret, "")
	if err != nil {
		s.Fatal(err)
	}
	log := logrus.New()
	log.SetOutput(s.log)
	log.SetLevel(logrus.TraceLevel)
	cfg := alicloud.Config{
		Region: s.cloud.RegionID, Credentials: credentials, Logger: log,
		Endpoints: map[string]string{"eci": s.cloud.URL},
		Retry:     &alicloud.RetryPolicy{Attempts: 5, Base: 1, ThrottleBase: 1, Cap: 1},
	}
	for _, f := range change {
		f(&cfg)
	}
	c, err := alicloud.New(cfg)
	if err != nil {
		s.Fatal(err)
	}
	return eci.New(c)
}

// fault makes something go wrong in the cloud.
func (s *scenario) fault(f rpc.Fault) {
	s.Helper()
	if _, err := s.cloud.AddFault(f); err != nil {
		s.Fatal(err)
	}
}

// calls counts an action's calls by code; "" is success.
func (s *scenario) calls(action string) map[string]int { return s.cloud.Counts()[action] }

// create makes a group with a container that runs for ever.
func (s *scenario) create(name string, change ...func(*eci.CreateRequest)) string {
	s.Helper()
	r := request(name, change...)
	answer, err := s.Create(context.Background(), r)
	if err != nil {
		s.Fatal(err)
	}
	return answer.ContainerGroupID
}

func request(name string, change ...func(*eci.CreateRequest)) *eci.CreateRequest {
	r := &eci.CreateRequest{
		Name: name, ClientToken: "token-" + name, CPU: 1, Memory: 2,
		Containers: []eci.Container{{Name: "app", Image: "nginx"}},
		Tags:       []eci.KeyValue{{Key: "node", Value: "ebb"}, {Key: "uid", Value: "uid-" + name}},
	}
	for _, f := range change {
		f(r)
	}
	return r
}

// createMany makes n groups named prefix0...
func (s *scenario) createMany(prefix string, n int) []string {
	s.Helper()
	ids := make([]string, n)
	for i := range n {
		ids[i] = s.create(fmt.Sprintf("%s%d", prefix, i))
	}
	return ids
}

// advanceUntil moves the cloud's time on, second by second, until something
// has happened: the cloud does its work beside its time.
func (s *scenario) advanceUntil(happened func() bool) {
	s.Helper()
	for deadline := time.Now().Add(patience); !happened(); {
		if time.Now().After(deadline) {
			s.Fatal("it never happens")
		}
		s.cloud.Advance(time.Second)
	}
}

// unlimited turns the client's own rate limits off.
func unlimited(c *alicloud.Config) { c.Unlimited = true }
