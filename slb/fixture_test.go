package slb

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"
)

var testOwner = Owner{Prefix: "ebb", Cluster: "cluster-1", LoadBalancer: "public"}

func testPlanner() Planner { return Planner{Owner: testOwner, Limits: DefaultLimits()} }

// pods are members a..b-1 with a weight.
func pods(from, to, weight int) []Member {
	var out []Member
	for i := from; i < to; i++ {
		out = append(out, pod(i, weight))
	}
	return out
}

func pod(i, weight int) Member {
	return Member{ServerID: fmt.Sprintf("eni-%d", i), IP: fmt.Sprintf("10.0.%d.%d", i/250, i%250+1), Port: 8012, Weight: weight}
}

// testCertificates are made once.
var testCertificates = sync.OnceValue(func() []Certificate {
	var out []Certificate
	for i := range 5 {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		template := &x509.Certificate{
			SerialNumber: big.NewInt(int64(i + 1)), Subject: pkix.Name{CommonName: fmt.Sprint("c", i)},
			NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0),
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if err != nil {
			panic(err)
		}
		keyDER, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			panic(err)
		}
		out = append(out, Certificate{
			PEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
			Key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
		})
	}
	return out
})

// bench is a load balancer in a fakeCloud with all that a plan needs.
type bench struct {
	testing.TB
	cloud   *fakeCloud
	client  *Client
	planner Planner
	parked  *parking
}

func newBench(t testing.TB) *bench {
	cloud := newFakeCloud()
	return &bench{
		TB: t, cloud: cloud, client: &Client{cloud: cloud}, planner: testPlanner(),
		parked: newParking(clock.RealClock{}, time.Hour),
	}
}

func (b *bench) read() Actual {
	b.Helper()
	a, err := b.client.Read(context.Background(), b.planner.Owner, fakeID)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// apply plans and carries out one plan, and returns what was left over.
func (b *bench) apply(d Desired) (Plan, State) {
	b.Helper()
	a := b.read()
	b.cloud.took()
	plan := b.planner.Plan(d, a)
	r := &run{
		Client: b.client, owner: b.planner.Owner, want: indexOf(d), now: a.clone(), parked: b.parked,
		log: silent(), touched: newTouched(), stuck: map[string]bool{},
	}
	r.steps(context.Background(), plan.Steps, func() bool { return false })
	if r.fatal != nil {
		b.Fatal(r.fatal)
	}
	after, err := b.client.refresh(context.Background(), b.planner.Owner, r.now, r.touched)
	if err != nil {
		b.Fatal(err)
	}
	return plan, newState(b.planner, d, after, r.failed)
}

// settle applies until nothing is left to do.
func (b *bench) settle(d Desired) State {
	b.Helper()
	for range 10 {
		plan, state := b.apply(d)
		if state.left == 0 {
			return state
		}
		b.Log(plan.Steps, plan.Problems, state.Problems)
	}
	b.Fatalf("it does not settle: refused: %v", b.cloud.refusals)
	return State{}
}

func silent() logrus.FieldLogger {
	log := logrus.New()
	log.SetLevel(logrus.PanicLevel)
	return log
}

// web is the simplest load balancer: a default group without members and one
// host on port 80.
func web(host string, members []Member) Desired {
	return Desired{
		Groups: []Group{{Key: "default"}, {Key: "app", Members: members}},
		Listeners: []Listener{{
			Protocol: HTTP, Port: 80, Group: "default", RequestTimeout: 180, IdleTimeout: 60,
			Rules: []Rule{{Domain: host, Group: "app"}},
		}},
	}
}
