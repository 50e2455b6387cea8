package translate

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/ebb-node/ebb/eci"
)

func probe(h corev1.ProbeHandler) *corev1.Probe { return &corev1.Probe{ProbeHandler: h} }

func httpGet(port intstr.IntOrString, headers ...string) corev1.ProbeHandler {
	get := &corev1.HTTPGetAction{Port: port}
	for _, h := range headers {
		get.HTTPHeaders = append(get.HTTPHeaders, corev1.HTTPHeader{Name: h, Value: "x"})
	}
	return corev1.ProbeHandler{HTTPGet: get}
}

func tcp(port int) corev1.ProbeHandler {
	return corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt(port)}}
}

func exec(words ...string) corev1.ProbeHandler {
	return corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: words}}
}

func tcpHandler(port int32) eci.Handler { return eci.Handler{TCPSocket: &eci.TCPSocket{Port: port}} }

func TestProbes(t *testing.T) {
	live := func(h corev1.ProbeHandler) func(*corev1.Pod) {
		return app(func(c *corev1.Container) { c.LivenessProbe = probe(h) })
	}
	want := func(h eci.Handler) func(*eci.CreateRequest) {
		return wantApp(func(c *eci.Container) { c.Liveness = &eci.Probe{Handler: h} })
	}
	named := []corev1.ContainerPort{{Name: "web", ContainerPort: 8080}}
	wantNamed := wantApp(func(c *eci.Container) { c.Ports = []eci.Port{{Port: 8080, Protocol: "TCP"}} })
	long := strings.Fields(strings.Repeat("x ", 21))
	const l = app0 + ".livenessProbe"
	check(t, map[string]rule{
		"exec":          {pod: live(exec("cat", "/ok")), want: want(eci.Handler{Exec: []string{"cat", "/ok"}})},
		"exec too long": {pod: live(exec(long...)), refused: []string{l + ".exec.command"}},
		"TCP":           {pod: live(tcp(80)), want: want(tcpHandler(80))},
		"HTTP defaults": {pod: live(httpGet(intstr.FromInt(80))), want: want(eci.Handler{HTTPGet: &eci.HTTPGet{Path: "/", Port: 80, Scheme: "HTTP"}})},
		"HTTPS": {
			pod:  live(corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/z", Port: intstr.FromInt(443), Scheme: "HTTPS"}}),
			want: want(eci.Handler{HTTPGet: &eci.HTTPGet{Path: "/z", Port: 443, Scheme: "HTTPS"}}),
		},
		"named port": {
			pod:  both(live(httpGet(intstr.FromString("web"))), app(func(c *corev1.Container) { c.Ports = named })),
			want: both(wantNamed, want(eci.Handler{HTTPGet: &eci.HTTPGet{Path: "/", Port: 8080, Scheme: "HTTP"}})),
		},
		"unknown port":   {pod: live(httpGet(intstr.FromString("web"))), refused: []string{l + ".httpGet.port"}},
		"headers":        {pod: live(httpGet(intstr.FromInt(80), "Custom-Header")), want: want(tcpHandler(80)), warnings: []string{ReasonProbeWeakened}},
		"another host":   {pod: live(corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Host: "db", Port: intstr.FromInt(80)}}), refused: []string{l + ".httpGet.host"}},
		"TCP elsewhere":  {pod: live(corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Host: "db", Port: intstr.FromInt(80)}}), refused: []string{l + ".tcpSocket.host"}},
		"gRPC":           {pod: live(corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: 80}}), refused: []string{l + ".grpc"}},
		"empty":          {pod: live(corev1.ProbeHandler{}), refused: []string{l}},
		"readiness gRPC": {pod: app(func(c *corev1.Container) { c.ReadinessProbe = probe(corev1.ProbeHandler{GRPC: &corev1.GRPCAction{}}) }), refused: []string{app0 + ".readinessProbe.grpc"}},
		"all numbers": {
			pod: app(func(c *corev1.Container) {
				c.ReadinessProbe = &corev1.Probe{ProbeHandler: tcp(80), InitialDelaySeconds: 1, PeriodSeconds: 2, TimeoutSeconds: 3, SuccessThreshold: 4, FailureThreshold: 5}
			}),
			want: wantApp(func(c *eci.Container) {
				c.Readiness = &eci.Probe{Handler: tcpHandler(80), InitialDelaySeconds: 1, PeriodSeconds: 2, TimeoutSeconds: 3, SuccessThreshold: 4, FailureThreshold: 5}
			}),
		},
		"own grace period": {
			pod: app(func(c *corev1.Container) {
				c.LivenessProbe = &corev1.Probe{ProbeHandler: tcp(80), TerminationGracePeriodSeconds: ptr[int64](1)}
			}),
			want:     want(tcpHandler(80)),
			warnings: []string{ReasonFieldIgnored},
		},
	})
}

func TestStartupProbe(t *testing.T) {
	emulated := []string{ReasonStartupProbeEmulated}
	start := &corev1.Probe{ProbeHandler: tcp(80), InitialDelaySeconds: 5, PeriodSeconds: 2, FailureThreshold: 30}
	asReady := &eci.Probe{Handler: tcpHandler(80), InitialDelaySeconds: 5, PeriodSeconds: 2, FailureThreshold: 30}
	check(t, map[string]rule{
		"alone it becomes readiness": {
			pod:      app(func(c *corev1.Container) { c.StartupProbe = start }),
			want:     wantApp(func(c *eci.Container) { c.Readiness = asReady }),
			warnings: emulated,
		},
		"liveness waits for the longest start": {
			pod: app(func(c *corev1.Container) {
				c.StartupProbe = start
				c.LivenessProbe = &corev1.Probe{ProbeHandler: tcp(81), InitialDelaySeconds: 3}
			}),
			want: wantApp(func(c *eci.Container) {
				c.Readiness = asReady
				c.Liveness = &eci.Probe{Handler: tcpHandler(81), InitialDelaySeconds: 68}
			}),
			warnings: emulated,
		},
		"readiness of its own stays": {
			pod:      app(func(c *corev1.Container) { c.StartupProbe = start; c.ReadinessProbe = probe(tcp(82)) }),
			want:     wantApp(func(c *eci.Container) { c.Readiness = &eci.Probe{Handler: tcpHandler(82)} }),
			warnings: emulated,
		},
		"defaults": {
			pod: app(func(c *corev1.Container) { c.StartupProbe = probe(tcp(80)); c.LivenessProbe = probe(tcp(81)) }),
			want: wantApp(func(c *eci.Container) {
				c.Readiness = &eci.Probe{Handler: tcpHandler(80)}
				c.Liveness = &eci.Probe{Handler: tcpHandler(81), InitialDelaySeconds: 30}
			}),
			warnings: emulated,
		},
		"it is checked even where it is not used": {
			pod: app(func(c *corev1.Container) {
				c.ReadinessProbe, c.StartupProbe = probe(tcp(82)), probe(corev1.ProbeHandler{GRPC: &corev1.GRPCAction{}})
			}),
			refused: []string{app0 + ".startupProbe.grpc"},
		},
	})
}

func TestLifecycle(t *testing.T) {
	with := func(l corev1.Lifecycle) func(*corev1.Pod) {
		return app(func(c *corev1.Container) { c.Lifecycle = &l })
	}
	post := func(h corev1.LifecycleHandler) func(*corev1.Pod) { return with(corev1.Lifecycle{PostStart: &h}) }
	pre := func(h corev1.LifecycleHandler) func(*corev1.Pod) { return with(corev1.Lifecycle{PreStop: &h}) }
	wantPost := func(h eci.Handler) func(*eci.CreateRequest) {
		return wantApp(func(c *eci.Container) { c.PostStart = &h })
	}
	wantPre := func(h eci.Handler) func(*eci.CreateRequest) {
		return wantApp(func(c *eci.Container) { c.PreStop = &h })
	}
	const l = app0 + ".lifecycle"
	long := strings.Fields(strings.Repeat("x ", 21))
	check(t, map[string]rule{
		"post start exec": {pod: post(corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"a"}}}), want: wantPost(eci.Handler{Exec: []string{"a"}})},
		"pre stop exec":   {pod: pre(corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"a"}}}), want: wantPre(eci.Handler{Exec: []string{"a"}})},
		"exec too long":   {pod: pre(corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: long}}), refused: []string{l + ".preStop.exec.command"}},
		"Knative's drain": {
			pod:  pre(corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/wait-for-drain", Port: intstr.FromInt(8022)}}),
			want: wantPre(eci.Handler{HTTPGet: &eci.HTTPGet{Path: "/wait-for-drain", Port: 8022, Scheme: "HTTP"}}),
		},
		"HTTP with headers and host": {
			pod:  post(corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Host: "h", Port: intstr.FromInt(1), Scheme: "HTTPS", HTTPHeaders: []corev1.HTTPHeader{{Name: "N", Value: "v"}}}}),
			want: wantPost(eci.Handler{HTTPGet: &eci.HTTPGet{Host: "h", Path: "/", Port: 1, Scheme: "HTTPS", Headers: []eci.KeyValue{{Key: "N", Value: "v"}}}}),
		},
		"TCP":              {pod: pre(corev1.LifecycleHandler{TCPSocket: &corev1.TCPSocketAction{Host: "h", Port: intstr.FromInt(1)}}), want: wantPre(eci.Handler{TCPSocket: &eci.TCPSocket{Host: "h", Port: 1}})},
		"unknown port":     {pod: pre(corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromString("x")}}), refused: []string{l + ".preStop.httpGet.port"}},
		"pre stop sleep":   {pod: pre(corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 5}}), want: wantPre(eci.Handler{Exec: []string{"sleep", "5"}}), warnings: []string{ReasonHookEmulated}},
		"no sleep":         {pod: pre(corev1.LifecycleHandler{Sleep: &corev1.SleepAction{}})},
		"post start sleep": {pod: post(corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 5}}), refused: []string{l + ".postStart.sleep"}},
		"empty":            {pod: pre(corev1.LifecycleHandler{}), refused: []string{l + ".preStop"}},
		"stop signal":      {pod: with(corev1.Lifecycle{StopSignal: ptr(corev1.SIGUSR1)}), refused: []string{l + ".stopSignal"}},
	})
}
