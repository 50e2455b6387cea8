package runc

import (
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

const holderVariable = "MOCKCLOUD_TEST_HOLDER"

func hold() {}

func TestSmoke(t *testing.T) {
	b := newBench(t)
	w := b.start(b.group("g1", b.app("main", "print=hello", "wait")))
	began := time.Now()
	w.running()
	t.Log("start took", time.Since(began))
	began = time.Now()
	w2 := b.start(func() runtime.Group {
		g := b.group("g2", b.app("main", "print=hello", "wait"))
		g.IP = g.IP.Next()
		return g
	}())
	w2.running()
	t.Log("second start took", time.Since(began))
	code, out := b.exec("g1", "main", runtime.Exec{Command: []string{"/app", "print=in exec", "processes", "exit=7"}})
	t.Log(code, out)
	b.rt.Stop("g1", 5*time.Second)
	s := w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
	t.Log(describe(w.history()), s.Phase, b.log("g1", "main"))
	began = time.Now()
	if err := b.rt.Remove("g1"); err != nil {
		t.Fatal(err)
	}
	t.Log("remove took", time.Since(began))
}
