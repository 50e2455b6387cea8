package kubelet

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
)

func TestLogQuery(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for query, want := range map[string]logQuery{
		"":                               {options: eci.LogOptions{Tail: 2000}},
		"tailLines=7":                    {options: eci.LogOptions{Tail: 7}},
		"tailLines=0":                    {none: true},
		"follow=true&tailLines=0":        {none: true, follow: true},
		"timestamps=1&limitBytes=10":     {options: eci.LogOptions{Tail: 2000, Timestamps: true}, limitBytes: 10},
		"previous=true&follow=true":      {options: eci.LogOptions{Tail: 2000, Previous: true}},
		"sinceSeconds=60":                {options: eci.LogOptions{Tail: 2000, Since: now.Add(-time.Minute)}},
		"sinceTime=2026-03-01T11:00:00Z": {options: eci.LogOptions{Tail: 2000, Since: now.Add(-time.Hour)}},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseLogQuery(values, now)
		if err != nil {
			t.Errorf("%q: %v", query, err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(logQuery{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
	}
	for _, query := range []string{
		"tailLines=-1", "tailLines=x", "limitBytes=0", "sinceSeconds=0", "sinceTime=yesterday", "follow=maybe",
		"sinceSeconds=5&sinceTime=2026-03-01T11:00:00Z",
	} {
		values, _ := url.ParseQuery(query)
		if _, err := parseLogQuery(values, now); err == nil || statusOf(err) != http.StatusBadRequest {
			t.Errorf("%q: %v, want a bad request", query, err)
		}
	}
}

func TestLogs(t *testing.T) {
	running := runningPod("latte", metav1.Now(), "app")
	waiting := runningPod("slow", metav1.Now(), "app")
	waiting.Status.ContainerStatuses[0].State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ImagePullBackOff"}}
	pending := runningPod("new", metav1.Now(), "app")
	pending.Status.Phase = corev1.PodPending
	lacking := runningPod("lacking", metav1.Now(), "app")
	lacking.Status.Phase = corev1.PodPending
	lacking.Status.ContainerStatuses[0].State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CreateContainerConfigError"}}
	cloud := &fakeCloud{log: "one\ntwo\n"}
	s := serve(t, newPods(running, waiting, pending, lacking), cloud, apiServer(allowAll))
	for path, want := range map[string]struct {
		status int
		body   string
	}{
		"/containerLogs/shop/latte/app":               {200, "one\ntwo\n"},
		"/containerLogs/shop/latte/app?limitBytes=5":  {200, "one\nt"},
		"/containerLogs/shop/latte/app?tailLines=0":   {200, ""},
		"/containerLogs/shop/latte/app?previous=true": {400, "previous terminated container app in pod latte not found"},
		"/containerLogs/shop/latte/app?tailLines=x":   {400, "tailLines"},
		"/containerLogs/shop/latte/other":             {404, `no container "other"`},
		"/containerLogs/shop/nobody/app":              {404, "shop/nobody"},
		"/containerLogs/else/latte/app":               {404, "else/latte"},
		"/containerLogs/shop/slow/app":                {400, `container "app" in pod "slow" is waiting to start: ImagePullBackOff`},
		"/containerLogs/shop/lacking/app":             {400, "is waiting to start: CreateContainerConfigError"},
		"/containerLogs/shop/new/app":                 {400, "is waiting to start: ContainerCreating"},
	} {
		status, body := s.get(path)
		if status != want.status || !strings.Contains(body, want.body) || want.status == 200 && body != want.body {
			t.Errorf("%s: %d %q, want %d %q", path, status, body, want.status, want.body)
		}
	}
}

func TestAFollowedLogArrivesLineByLineAndEndsWithTheContainer(t *testing.T) {
	pod := runningPod("latte", metav1.Now(), "app")
	pods, cloud := newPods(pod), &fakeCloud{lines: make(chan string)}
	s := serve(t, pods, cloud, apiServer(allowAll))
	r, err := http.NewRequest(http.MethodGet, s.url+"/containerLogs/shop/latte/app?follow=true", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+goodToken)
	answer, err := s.client.Do(r) // returns before anything was logged
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewReader(answer.Body)
	for _, want := range []string{"one\n", "two\n"} {
		cloud.lines <- want
		if got, err := lines.ReadString('\n'); err != nil || got != want {
			t.Fatalf("got %q, %v, want %q", got, err, want)
		}
	}
	ended := pod.DeepCopy()
	ended.Status.ContainerStatuses[0].State = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{}}
	pods.set(ended)
	cloud.lines <- "last\n"
	if rest, err := lines.ReadString(0); rest != "last\n" || err == nil {
		t.Errorf("the end is %q, %v", rest, err)
	}
}

func TestACloudThatRefusesALogIsToldApart(t *testing.T) {
	cloud := &fakeCloud{logErr: &eci.Error{Code: "InvalidContainerGroupId.NotFound", HTTPStatus: 404, Class: alicloud.ClassNotFound}}
	s := serve(t, newPods(runningPod("latte", metav1.Now(), "app")), cloud, apiServer(allowAll))
	if status, body := s.get("/containerLogs/shop/latte/app"); status != http.StatusNotFound || !strings.Contains(body, "NotFound") {
		t.Errorf("%d %q", status, body)
	}
}
