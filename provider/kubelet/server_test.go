package kubelet

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/utils/clock"
	clocktesting "k8s.io/utils/clock/testing"
)

const goodToken = "good-token"

// apiServer is a fake API server that knows one token, and lets its user do what
// allow says.
func apiServer(allow func(*authorizationv1.ResourceAttributes) bool) *fake.Clientset {
	kube := fake.NewClientset()
	kube.PrependReactor("create", "tokenreviews", func(a clienttesting.Action) (bool, runtime.Object, error) {
		review := a.(clienttesting.CreateAction).GetObject().(*authenticationv1.TokenReview).DeepCopy()
		review.Status.Authenticated = review.Spec.Token == goodToken
		review.Status.User = authenticationv1.UserInfo{Username: "barista", Groups: []string{"staff"}}
		return true, review, nil
	})
	kube.PrependReactor("create", "subjectaccessreviews", func(a clienttesting.Action) (bool, runtime.Object, error) {
		review := a.(clienttesting.CreateAction).GetObject().(*authorizationv1.SubjectAccessReview).DeepCopy()
		review.Status.Allowed = allow(review.Spec.ResourceAttributes)
		return true, review, nil
	})
	return kube
}

func allowAll(*authorizationv1.ResourceAttributes) bool { return true }

func silent() *logrus.Logger {
	log := logrus.New()
	log.SetOutput(io.Discard)
	return log
}

// site is a server under test and how to reach it.
type site struct {
	t      *testing.T
	url    string
	client *http.Client
	clock  *clocktesting.FakeClock
	kube   *fake.Clientset
}

// serve starts a server on a loopback port.
func serve(t *testing.T, pods Pods, cloud Cloud, kube *fake.Clientset) *site {
	t.Helper()
	fakeClock := clocktesting.NewFakeClock(time.Now())
	config, _, err := TLS(TLSOptions{NodeName: "ebb", NodeIP: net.IPv4(127, 0, 0, 1)}, silent(), clock.RealClock{})
	if err != nil {
		t.Fatal(err)
	}
	server := New(Config{
		NodeName: "ebb", TLS: config, Gate: NewGate("ebb", kube, silent(), fakeClock),
		Pods: pods, Cloud: cloud, Log: silent(), Clock: fakeClock,
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return &site{
		t: t, url: "https://" + listener.Addr().String(), clock: fakeClock, kube: kube,
		client: &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}},
	}
}

// get asks with the good token.
func (s *site) get(path string) (int, string) {
	s.t.Helper()
	return s.ask(http.MethodGet, path, "Bearer "+goodToken)
}

func (s *site) ask(method, path, authorization string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequest(method, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}
