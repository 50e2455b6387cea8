package runc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// withVolume mounts one volume "v" at /v in every container.
func withVolume(g runtime.Group, files ...runtime.File) runtime.Group {
	g.Volumes = []runtime.Volume{{Name: "v", Files: files}}
	for i := range g.Containers {
		g.Containers[i].Mounts = []runtime.Mount{{Volume: "v", Path: "/v"}}
	}
	return g
}

// act runs the tests' program in a container.
func (b *bench) act(container string, steps ...string) {
	b.Helper()
	if code, output := b.exec("g", container, runtime.Exec{Command: append([]string{"/app"}, steps...)}); code != 0 {
		b.Fatalf("%v: exit code %d, %s", steps, code, output)
	}
}

func ready(want bool) func(runtime.Status) bool {
	return func(s runtime.Status) bool { return s.Containers[0].Ready == want }
}

func TestReadinessByHTTP(t *testing.T) {
	b := newBench(t)
	g := withVolume(b.group("g", b.app("main", "serve=8080:/v/ready")))
	g.Containers[0].Readiness = &runtime.Probe{
		Handler: runtime.Handler{HTTP: &runtime.HTTPGet{Path: "/ready", Port: 8080,
			Headers: map[string]string{"Host": "coffee.example", "X-Test": "probe"}}},
		Period: 20 * time.Millisecond, FailureThreshold: 2,
	}
	w := b.start(g)
	w.until("probed in vain", func(s runtime.Status) bool { return s.Event != nil && s.Event.Reason == eventUnhealthy })
	if slices.ContainsFunc(w.history(), ready(true)) {
		t.Fatal("ready before the probe succeeded")
	}
	b.act("main", "write=/v/ready:1")
	w.until("ready", ready(true))
	w.untilLog(b, "g", "main", "GET coffee.example /ready kube-probe/eci probe")
	w.forget()
	b.act("main", "remove=/v/ready")
	w.until("not ready", ready(false))
	if last := w.history()[len(w.history())-1]; last.Containers[0].RestartCount != 0 || last.Phase != runtime.Running {
		t.Errorf("readiness must not restart: %s", describe([]runtime.Status{last}))
	}
}

func TestReadinessByHTTPS(t *testing.T) {
	certificate, key := selfSigned(t)
	b := newBench(t)
	g := withVolume(b.group("g", b.app("main", "serve-tls=8443:/v")),
		runtime.File{Path: "crt", Content: certificate}, runtime.File{Path: "key", Content: key})
	g.Containers[0].Readiness = &runtime.Probe{
		Handler: runtime.Handler{HTTP: &runtime.HTTPGet{Port: 8443, Scheme: "HTTPS"}}}
	b.start(g).until("ready", ready(true))
}

func TestReadinessByTCPAndCommand(t *testing.T) {
	b := newBench(t)
	g := withVolume(b.group("g", b.app("tcp", "wait-for=/v/go", "serve=8080"), b.app("command", "wait")))
	g.Containers[0].Readiness = &runtime.Probe{Handler: runtime.Handler{TCP: &runtime.TCPSocket{Port: 8080}}}
	g.Containers[1].Readiness = &runtime.Probe{Handler: runtime.Handler{Exec: []string{"/app", "exists=/v/go"}}, SuccessThreshold: 2}
	w := b.start(g)
	w.until("both probed in vain", func(runtime.Status) bool {
		return len(slices.DeleteFunc(w.events(), func(e string) bool { return e != eventUnhealthy })) >= 2
	})
	b.act("command", "write=/v/go:1")
	w.until("both ready", func(s runtime.Status) bool { return s.Containers[0].Ready && s.Containers[1].Ready })
}

func TestLivenessKillsAndRestarts(t *testing.T) {
	b := newBench(t)
	g := withVolume(b.group("g", b.app("main", "wait")), runtime.File{Path: "alive"})
	g.RestartPolicy = restartAlways
	g.Containers[0].Liveness = &runtime.Probe{
		Handler:      runtime.Handler{Exec: []string{"/app", "exists=/v/alive"}},
		InitialDelay: 50 * time.Millisecond, Period: 20 * time.Millisecond, FailureThreshold: 2,
	}
	w := b.start(g)
	w.running()
	w.untilLog(b, "g", "main", "waiting")
	b.act("main", "remove=/v/alive")
	again := w.until("restarted", func(s runtime.Status) bool {
		return s.Containers[0].RestartCount == 1 && s.Containers[0].Current.State == running
	})
	// It was told to end, which it did well: the probe does not kill at once.
	if c := again.Containers[0]; c.Previous.ExitCode != 0 || c.Previous.State != terminated {
		t.Errorf("%s", describe([]runtime.Status{again}))
	}
	if !slices.Contains(w.events(), eventUnhealthy) || !slices.Contains(w.events(), eventKilling) {
		t.Errorf("events %v", w.events())
	}
}

func TestReadinessIsKeptWhileStopping(t *testing.T) {
	b := newBench(t)
	g := withVolume(b.group("g", b.app("main", "write=/v/ready:1", "wait-then=/v/end")))
	g.Containers[0].Readiness = &runtime.Probe{
		Handler: runtime.Handler{Exec: []string{"/app", "exists=/v/ready"}}, Period: 20 * time.Millisecond, FailureThreshold: 1,
	}
	w := b.start(g)
	w.until("ready", ready(true))
	b.rt.Stop("g", patience)
	w.untilLog(b, "g", "main", "told to end")
	w.forget()
	b.act("main", "remove=/v/ready")
	w.until("running but not ready", func(s runtime.Status) bool {
		return !s.Containers[0].Ready && s.Containers[0].Current.State == running
	})
	b.act("main", "write=/v/end:1")
	w.until("final", func(s runtime.Status) bool { return s.Phase == runtime.Succeeded })
}

func TestHooks(t *testing.T) {
	b := newBench(t)
	g := withVolume(b.group("g", b.app("main", "wait"), b.app("side", "serve=8022")))
	g.Containers[0].PostStart = &runtime.Handler{Exec: []string{"/app", "write=/v/started:1"}}
	g.Containers[0].PreStop = &runtime.Handler{HTTP: &runtime.HTTPGet{Path: "/drain", Port: 8022}}
	g.Containers[1].PreStop = &runtime.Handler{Exec: []string{"/app", "wait-for=/v/side-may-end"}}
	w := b.start(g)
	w.until("ready", ready(true))
	b.act("main", "exists=/v/started")
	b.rt.Stop("g", patience)
	w.until("main over", func(s runtime.Status) bool { return s.Containers[0].Current.State == terminated })
	if log := b.log("g", "side"); !strings.Contains(log, "/drain") {
		t.Errorf("hook not called: %q", log)
	}
	if s := w.history()[len(w.history())-1]; s.Containers[1].Current.State != running {
		t.Error("the second container did not wait for its hook")
	}
	b.act("side", "write=/v/side-may-end:1")
	w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
}

func TestHooksThatFail(t *testing.T) {
	b := newBench(t)
	g := b.group("g", b.app("main", "wait"))
	g.Containers[0].PostStart = &runtime.Handler{Exec: []string{"/app", "exit=5"}}
	w := b.start(g)
	w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
	if slices.ContainsFunc(w.history(), ready(true)) || !slices.Contains(w.events(), eventPostStart) {
		t.Errorf("%s", describe(w.history()))
	}
	g = b.group("g2", b.app("main", "wait"))
	g.IP = g.IP.Next()
	g.Containers[0].PreStop = &runtime.Handler{TCP: &runtime.TCPSocket{Port: 1}}
	w = b.start(g)
	w.untilLog(b, "g2", "main", "waiting")
	b.rt.Stop("g2", patience)
	end := w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
	if end.Phase != runtime.Succeeded || !slices.Contains(w.events(), eventPreStop) {
		t.Errorf("%s", describe(w.history()))
	}
}

// selfSigned makes a certificate that nobody trusts.
func selfSigned(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	b, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: b})
}
